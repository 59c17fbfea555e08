import { useQuestion } from "../frame/question";
import { Loading, RefusalLine } from "../frame/states";
import { FlowSwitchedOnDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { costWords, existingWords } from "./said";

/** What switching a flow on brings about: who comes in of those who are there, and what its holdout costs. */
export function Consequences({ flowKey }: { flowKey: string }) {
  const words = useWords();
  const { answer, refusal } = useQuestion(FlowSwitchedOnDocument, { key: flowKey });
  if (refusal) return <RefusalLine refusal={refusal} />;
  if (!answer) return <Loading lines={1} />;
  const { existing = null, holdout = null } = answer.flow ?? {};
  return (
    <>
      {existing !== null && existing.people > 0 && <p data-existing={existing.people}>{existingWords(existing, words)}</p>}
      {holdout && <p data-cost={holdout.share}>{costWords(holdout, words)}</p>}
    </>
  );
}
