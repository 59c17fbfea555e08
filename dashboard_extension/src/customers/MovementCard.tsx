import { Card } from "../frame/Card";
import type { OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { PhaseBadge } from "./PhaseBadge";

type Movement = OverviewQuery["movement"];

const HEIGHT = 96;
const WIDTH = 100;

/** Who came into which phase: a bar for each day, and the sums as a table. */
export function MovementCard({ movement }: { movement: Movement }) {
  const { say, number } = useWords();
  const moves = [...movement.moves].sort((one, other) => other.customers - one.customers);
  return (
    <Card
      title={say("movement.title")}
      beside={
        <span className="soft">
          {say("movement.entered", { n: movement.entered, count: number(movement.entered) })}
        </span>
      }
    >
      <Picture days={movement.days} />
      {moves.length === 0 ? (
        <p className="soft">{say("movement.none")}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="group" aria-label={say("movement.title")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("movement.from")}</th>
                <th scope="col">{say("movement.to")}</th>
                <th scope="col">{say("movement.why")}</th>
                <th scope="col" className="figure">
                  {say("movement.customers")}
                </th>
              </tr>
            </thead>
            <tbody>
              {moves.map(({ before, after, cause, customers }) => (
                <tr key={`${before} ${after} ${cause}`}>
                  <td>
                    <PhaseBadge phase={before} />
                  </td>
                  <td>
                    <PhaseBadge phase={after} />
                  </td>
                  <td className="soft">{say(`cause.${cause}`)}</td>
                  <td className="figure">{number(customers)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Picture({ days }: { days: Movement["days"] }) {
  const { say, day, number } = useWords();
  const sums = days.map(({ into }) => into.reduce((sum, { customers }) => sum + customers, 0));
  const most = Math.max(0, ...sums);
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const step = WIDTH / days.length;
  return (
    <figure className="days">
      {most > 0 && <p className="soft note">{say("movement.most", { count: number(most) })}</p>}
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say("movement.picture")}
      >
        {days.map(({ day: date, into }, index) => {
          let top = HEIGHT;
          return (
            <g key={date}>
              <title>{say("movement.day", { day: day(date), count: number(sums[index] ?? 0) })}</title>
              <rect className="hover" x={index * step} width={step} y={0} height={HEIGHT} />
              {into.map(({ phase, customers }) => {
                const height = most ? (customers / most) * (HEIGHT - 2) : 0;
                top -= height;
                return (
                  <rect
                    key={phase}
                    className={phase.toLowerCase()}
                    x={index * step + step * 0.15}
                    width={step * 0.7}
                    y={top}
                    height={height}
                  />
                );
              })}
            </g>
          );
        })}
      </svg>
      <figcaption className="soft">
        <span>{day(first.day)}</span>
        <span className="key">
          {first.into.map(({ phase }) => (
            <span key={phase} className={phase.toLowerCase()}>
              <i aria-hidden="true" />
              {say(`phase.short.${phase}`)}
            </span>
          ))}
        </span>
        <span>{day(last.day)}</span>
      </figcaption>
    </figure>
  );
}
