import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { useWhile } from "../frame/while";
import { DeliverabilityDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { DomainsCard } from "./DomainsCard";
import { RatesCard } from "./RatesCard";
import { WarmUpCard } from "./WarmUpCard";

/** Will my mail arrive? What DNS says of the senders, what comes back, how fast a new sender begins. */
export function ArrivalTab() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(DeliverabilityDocument, {});
  useWhile(answer?.deliverability.domains.some(({ isBeingChecked }) => isBeingChecked) ?? false, again);
  if (answer === null) {
    return (
      <Card title={say("arrival.title")}>
        {refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={6} />}
      </Card>
    );
  }
  const found = answer.deliverability;
  return (
    <div className="columns uneven">
      <DomainsCard domains={found.domains} again={again} />
      <div className="stack">
        <RatesCard found={found} again={again} />
        <WarmUpCard warmUp={found.warmUp} again={again} />
      </div>
    </div>
  );
}
