import { notify } from "../frame/bridge";
import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { DeliverabilityResumeDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { LevelSign } from "./LevelSign";
import { fine, rolling, top, type Deliverability } from "./rates";

interface Props {
  found: Deliverability;
  again: () => Promise<void>;
}

const LEVELS = { GOOD: "OK", WARNED: "WARNING", PAUSED: "ERROR" } as const;

/** How much bounces and is complained of, and the pause that follows, with the way out of it. */
export function RatesCard({ found, again }: Props) {
  const { say, number } = useWords();
  return (
    <Card
      title={say("rates.title")}
      beside={<span className="soft">{say("rates.sent", { n: found.sent, count: number(found.sent) })}</span>}
    >
      {found.pausedAt !== null && <Pause found={found} pausedAt={found.pausedAt} again={again} />}
      {found.rates.map((rate) => (
        <Rate key={rate.harm} rate={rate} found={found} />
      ))}
      <p className="soft note">{say("rates.about")}</p>
    </Card>
  );
}

function Pause({ found, pausedAt, again }: Props & { pausedAt: string }) {
  const { say, name, moment } = useWords();
  const saving = useSaving();
  const resume = () =>
    saving.save(
      async () => (await request(DeliverabilityResumeDocument, {})).deliverabilityResume,
      async () => {
        notify(say("rates.resumed"));
        await again();
      },
    );
  return (
    <div className="warning" role="status">
      <p>
        <strong>{say("rates.paused", { time: moment(pausedAt) })}</strong>{" "}
        {found.pauseReason && name("rates.why", found.pauseReason)}
      </p>
      <Ask
        label={say("rates.resume")}
        question={say("rates.resume.ask")}
        yes={say("rates.resume.yes")}
        change={saving.change}
        onYes={resume}
      />
      <Trouble saving={saving} />
    </div>
  );
}

function Rate({ rate, found }: { rate: Deliverability["rates"][number]; found: Deliverability }) {
  const { say, number, locale, day } = useWords();
  const shares = rolling(found.days, found.windowDays, rate.harm);
  const most = top(shares, rate.pauseFrom);
  const step = 100 / shares.length;
  const [first, last] = [found.days[0], found.days.at(-1)];
  const limits = { warn: fine(rate.warnFrom, locale), pause: fine(rate.pauseFrom, locale) };
  return (
    <section className="rate" data-harm={rate.harm} data-standing={rate.standing}>
      <h3>
        <LevelSign level={LEVELS[rate.standing]} />
        {say(`harm.${rate.harm}`)}
        <span className="figure">
          {rate.rate === null ? "–" : fine(rate.rate, locale)}
          <span className="soft"> ({number(rate.count)})</span>
        </span>
      </h3>
      <figure className="days">
        <svg viewBox="0 0 100 60" preserveAspectRatio="none" role="img" aria-label={say("rates.picture", limits)}>
          {shares.map((share, index) => {
            const height = (Math.min(share ?? 0, most) / most) * 60;
            const on = found.days[index]?.day ?? "";
            return (
              <g key={on}>
                <title>{`${day(on)}: ${share === null ? "–" : fine(share, locale)}`}</title>
                <rect className="hover" x={index * step} width={step} y={0} height={60} />
                <rect
                  className={(share ?? 0) >= rate.pauseFrom ? "loss" : (share ?? 0) >= rate.warnFrom ? "warned" : "sales"}
                  x={index * step + step * 0.15}
                  width={step * 0.7}
                  y={60 - height}
                  height={height}
                />
              </g>
            );
          })}
          {[rate.warnFrom, rate.pauseFrom].map((limit) => (
            <line key={limit} x1={0} x2={100} y1={60 - (limit / most) * 60} y2={60 - (limit / most) * 60} />
          ))}
        </svg>
        <figcaption className="soft">
          <span>{first && day(first.day)}</span>
          <span>{say("rates.limits", limits)}</span>
          <span>{last && day(last.day)}</span>
        </figcaption>
      </figure>
    </section>
  );
}
