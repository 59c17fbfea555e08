import { lead } from "../frame/bridge";
import { Card } from "../frame/Card";
import type { OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { customersList } from "./phases";

/** How many customers stand in each phase; a count leads to the customers list where the phase can be filtered. */
export function PhasesCard({ phases, isProjecting }: { phases: OverviewQuery["phases"]; isProjecting: boolean }) {
  const { say, number, share } = useWords();
  const total = phases.reduce((sum, { customers }) => sum + customers, 0);
  return (
    <Card
      title={say("phases.title")}
      beside={<span className="soft">{say("phases.total", { n: total, count: number(total) })}</span>}
    >
      {total === 0 && (
        <p className="soft">
          <strong>{say("phases.empty.title")}</strong> {say("phases.empty.text")}
        </p>
      )}
      <ul className="bars">
        {phases.map(({ phase, customers }) => (
          <li key={phase} className={phase.toLowerCase()}>
            <div>
              <strong>{say(`phase.${phase}`)}</strong>
              <span className="soft">{say(`phase.about.${phase}`)}</span>
            </div>
            <div>
              {isProjecting ? (
                <button
                  type="button"
                  className="link figure"
                  title={say("phases.list", { phase: say(`phase.short.${phase}`) })}
                  onClick={() => lead(customersList(phase))}
                >
                  {number(customers)}
                </button>
              ) : (
                <span className="figure">{number(customers)}</span>
              )}
              <span className="soft share">{share(total ? customers / total : 0)}</span>
            </div>
            <div className="track" aria-hidden="true">
              <i style={{ width: `${total ? (100 * customers) / total : 0}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
