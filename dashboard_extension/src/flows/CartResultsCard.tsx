import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { CartFlowDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { Results } from "./Results";

/** What became of the carts of the last 30 days, and why. */
export function CartResultsCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(CartFlowDocument, {});
  return (
    <Card title={say("flow.results.carts")}>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer?.cartFlow && <Results results={answer.cartFlow.results} />}
    </Card>
  );
}
