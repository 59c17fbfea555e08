import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { request } from "../frame/request";
import { OlderChangesDocument, type ChangeFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { PhaseBadge } from "./PhaseBadge";

/** The phases that the customer went through, newest first, each with what moved them. */
export function PhaseHistory({ userId, changes }: { userId: string; changes: ChangeFieldsFragment[] }) {
  const { say, locale } = useWords();
  const more = useMore(changes, async (after) => {
    const { customer } = await request(OlderChangesDocument, { userId, after, language: locale });
    return customer?.phaseChanges ?? [];
  });
  return (
    <section>
      <h2>{say("changes.title")}</h2>
      <ul className="list">
        {more.rows.map(({ after, words, cursor }) => (
          <li key={cursor}>
            <span>
              <PhaseBadge phase={after} />
              <span className="soft note">{words}</span>
            </span>
          </li>
        ))}
      </ul>
      <MoreButton more={more} what={say("changes.title")} />
    </section>
  );
}
