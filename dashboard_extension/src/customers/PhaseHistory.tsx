import type { CustomerQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { PhaseBadge } from "./PhaseBadge";

type Change = NonNullable<CustomerQuery["customer"]>["phaseChanges"][number];

/** The phases that the customer went through, newest first, each with what moved them. */
export function PhaseHistory({ changes }: { changes: Change[] }) {
  const { say, date } = useWords();
  return (
    <section>
      <h2>{say("changes.title")}</h2>
      <ul className="list">
        {changes.map(({ before, after, cause, at }) => (
          <li key={at}>
            <span>
              <PhaseBadge phase={after} />
              <span className="soft note">{before ? say(`cause.${cause}`) : say("changes.first")}</span>
            </span>
            <time className="soft" dateTime={at}>
              {date(at)}
            </time>
          </li>
        ))}
      </ul>
    </section>
  );
}
