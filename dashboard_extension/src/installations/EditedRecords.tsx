import { lead } from "../frame/bridge";
import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { Loading, RefusalLine } from "../frame/states";
import { EditedRecordsDocument } from "../generated/dashboard";
import { useWords } from "../words/words";

const ROWS = 20;

/** The records in which staff have changed the phase: they are left alone until it moves. */
export function EditedRecords({ count }: { count: number }) {
  const { say, number } = useWords();
  return (
    <details className="part">
      <summary>{say("edited.title", { n: count, count: number(count) })}</summary>
      <p className="soft">{say("edited.about")}</p>
      <Records />
    </details>
  );
}

function Records() {
  const { say, name, moment } = useWords();
  const { answer, refusal } = useQuestion(EditedRecordsDocument, { after: null });
  const more = useMore(
    answer?.editedRecords ?? [],
    async (after) => (await request(EditedRecordsDocument, { after })).editedRecords,
    ROWS,
  );
  if (answer === null) return refusal ? <RefusalLine refusal={refusal} /> : <Loading lines={3} />;
  return (
    <>
      <ul className="list">
        {more.rows.map(({ userId, phase, editedAt, cursor }) => (
          <li key={cursor}>
            <span>
              <button type="button" className="link" onClick={() => lead(`/customers/${encodeURIComponent(userId)}`)}>
                {userId}
              </button>
              <span className="soft note">
                {say("edited.written", { phase: name("phase", phase.toUpperCase()).toLocaleLowerCase() })}
              </span>
            </span>
            <time className="soft" dateTime={editedAt}>
              {moment(editedAt)}
            </time>
          </li>
        ))}
      </ul>
      <MoreButton more={more} what={say("edited.all")} />
    </>
  );
}
