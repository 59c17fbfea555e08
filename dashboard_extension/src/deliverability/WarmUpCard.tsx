import { Ask } from "../frame/Ask";
import { Bar } from "../frame/Bar";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { WarmUpSetDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Deliverability } from "./rates";

interface Props {
  warmUp: Deliverability["warmUp"];
  again: () => Promise<void>;
}

/** How many may leave today while a new sender becomes known, and when that ends. */
export function WarmUpCard({ warmUp, again }: Props) {
  const { say, number, day } = useWords();
  const saving = useSaving();
  const set = (isOn: boolean) => () =>
    saving.save(
      async () => (await request(WarmUpSetDocument, { isOn })).warmUpSet,
      async () => {
        notify(say(isOn ? "warmUp.begun" : "warmUp.ended"));
        await again();
      },
    );
  const { isOn, limit, used, endsOn, begunOn } = warmUp;
  return (
    <Card title={say("warmUp.title")} beside={<span className="soft">{say(isOn ? "warmUp.on" : "warmUp.off")}</span>}>
      <p className="soft">{say("warmUp.about")}</p>
      {isOn && limit !== null && (
        <div className="warm-up">
          <p>{say("warmUp.today", { used: number(used), limit: number(limit) })}</p>
          <Bar label={say("warmUp.title")} percent={(used / limit) * 100} />
          <p className="soft note">
            {begunOn === null ? say("warmUp.notYet") : endsOn && say("warmUp.ends", { day: day(endsOn) })}
            {used >= limit && ` ${say("warmUp.full")}`}
          </p>
        </div>
      )}
      {isOn ? (
        <Ask
          label={say("warmUp.end")}
          question={say("warmUp.end.ask")}
          yes={say("warmUp.end.yes")}
          change={saving.change}
          onYes={set(false)}
        />
      ) : (
        <Ask
          label={say("warmUp.begin")}
          question={say("warmUp.begin.ask")}
          yes={say("warmUp.begin.yes")}
          change={saving.change}
          onYes={set(true)}
        />
      )}
      <Trouble saving={saving} />
    </Card>
  );
}
