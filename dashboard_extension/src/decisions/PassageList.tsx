import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { Loading, RefusalPage } from "../frame/states";
import { FlowPassagesDocument, type PassageFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { CustomerFlow } from "./FlowsPart";

const PAGE = 5;

/** A customer's passages through one flow, the newest first. */
export function PassageList({ userId, flow }: { userId: string; flow: CustomerFlow }) {
  const { locale } = useWords();
  const asked = { userId, flow: flow.key, language: locale };
  const { answer, refusal, again } = useQuestion(FlowPassagesDocument, asked);
  if (answer === null) return refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={3} />;
  return <Passages first={answer.flowPassages} asked={asked} />;
}

interface Props {
  first: PassageFieldsFragment[];
  asked: { userId: string; flow: string; language: string };
}

function Passages({ first, asked }: Props) {
  const { say } = useWords();
  const more = useMore(
    first,
    async (after) => (await request(FlowPassagesDocument, { ...asked, after })).flowPassages,
    PAGE,
  );
  return (
    <>
      <ul className="rows">
        {more.rows.map((passage, place) => (
          <Passage key={passage.id} passage={passage} isNewest={place === 0} />
        ))}
      </ul>
      <MoreButton more={more} what={say("decisions.title")} />
    </>
  );
}

function Passage({ passage, isNewest }: { passage: PassageFieldsFragment; isNewest: boolean }) {
  const { say, moment, number } = useWords();
  const { decisions, state, words } = passage;
  return (
    <li data-state={state}>
      <details open={isNewest}>
        <summary>
          <span>
            <strong>{say(`decisions.state.${state}`)}</strong>
            <span className="note">{words}</span>
          </span>
          <span className="soft">{say("decisions.count", { n: decisions.length, count: number(decisions.length) })}</span>
        </summary>
        <ol className="list">
          {decisions.map((decision, place) => (
            <li key={place} data-kind={decision.kind}>
              <span>{decision.words}</span>
              <time className="soft" dateTime={decision.at}>
                {moment(decision.at)}
              </time>
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}
