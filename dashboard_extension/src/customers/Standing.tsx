import type { CustomerQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { PhaseBadge } from "./PhaseBadge";

type Customer = NonNullable<CustomerQuery["customer"]>;

/** The essentials: phase, score, why, what changes it and when. In a widget they fit into 200 px. */
export function Standing({ customer, isWide }: { customer: Customer; isWide: boolean }) {
  const { say, date, number, money } = useWords();
  const { score, next, spent } = customer;
  // A few words for the widget's 200 px; with room enough the whole of it, as the app says it everywhere.
  const short = useShortWhy(customer.why);
  return (
    <section className="standing">
      <h1 data-part="phase">
        <PhaseBadge phase={customer.phase} />
        {customer.phaseSince && (
          <span className="soft since">{say("customer.since", { date: date(customer.phaseSince) })}</span>
        )}
      </h1>
      <div className="score" data-part="score">
        <span className="soft">
          {say("customer.score")}, {say(`part.${score.part}`)}
        </span>
        <span>
          <strong>{number(score.value)}</strong>
          <span className="soft">/100, {say(`band.${score.band}`)}</span>
        </span>
        <div
          className="track"
          role="meter"
          aria-label={say("customer.score")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={score.value}
          aria-valuetext={say("customer.score.of", { score: number(score.value) })}
        >
          <i style={{ width: `${score.value}%` }} />
        </div>
      </div>
      <dl>
        <div data-part="why">
          <dt>{say("why.title")}</dt>
          <dd>{isWide ? customer.why.words : short}</dd>
        </div>
        {!isWide && (
          <div data-part="next">
            <dt>{say("next.title")}</dt>
            {next.length === 0 && <dd>{say("next.none")}</dd>}
            {next.map(({ trigger, phase, at }) => (
              <dd key={trigger}>
                {say(`next.${trigger}`, {
                  date: at ? date(at) : "",
                  phase: say(`phase.${phase}`).toLocaleLowerCase(),
                })}
              </dd>
            ))}
          </div>
        )}
        <div>
          <dt>{say("consent.title")}</dt>
          <dd>{say(`consent.${customer.consent}`)}</dd>
        </div>
        {spent.length > 0 && (
          <div>
            <dt>{say("spent.title")}</dt>
            <dd>{spent.map(money).join(", ")}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function useShortWhy({ reason, orders, lastOrderAt }: Customer["why"]): string {
  const { say, date, number } = useWords();
  return say(`why.${reason}`, { n: orders, count: number(orders), date: lastOrderAt ? date(lastOrderAt) : "" });
}
