import { useState } from "react";

import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { CustomerFlowsDocument, type CustomerFlowsQuery } from "../generated/dashboard";
import { useWords, type Words } from "../words/words";
import { PassageList } from "./PassageList";
import { WhyNot } from "./WhyNot";

export type CustomerFlow = CustomerFlowsQuery["customerFlows"][number];

/** What became of a customer in flows, flow by flow, and why they are not in one. */
export function FlowsPart({ userId }: { userId: string }) {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(CustomerFlowsDocument, { userId });
  const flows = answer?.customerFlows ?? [];
  const entered = flows.filter(({ passages }) => passages > 0);
  return (
    <section className="flows" aria-label={say("decisions.title")}>
      <h2>{say("decisions.title")}</h2>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer && entered.length === 0 && <p className="soft">{say("decisions.none")}</p>}
      {entered.map((flow, place) => (
        <FlowStory key={flow.key} userId={userId} flow={flow} isFirst={place === 0} />
      ))}
      {flows.length > 0 && <WhyNot userId={userId} flows={flows} />}
    </section>
  );
}

/** Is asked for when it is opened: somebody may have been in many flows. */
function FlowStory({ userId, flow, isFirst }: { userId: string; flow: CustomerFlow; isFirst: boolean }) {
  const words = useWords();
  const { say, number } = words;
  const [isOpen, setOpen] = useState(isFirst);
  return (
    <details data-flow={flow.key} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{flowName(flow, words)}</strong>
        <span className="soft">
          {[say("decisions.passages", { n: flow.passages, count: number(flow.passages) }), standing(flow, words)]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </summary>
      {isOpen && <PassageList userId={userId} flow={flow} />}
    </details>
  );
}

/** What a flow is called: by whoever made it, else by us if we brought it, else by its key. */
export function flowName({ key, name }: CustomerFlow, words: Pick<Words, "name">): string {
  return name !== "" ? name : words.name("decisions.flow", key);
}

function standing({ isOn, isShadow, isArchived }: CustomerFlow, { say }: Words): string {
  if (isArchived) return say("decisions.archived");
  if (!isOn) return say("decisions.off");
  return isShadow ? say("decisions.shadow") : "";
}
