import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { useChange, type Question } from "../frame/question";
import { request } from "../frame/request";
import { Loading, RefusalLine, RefusalPage } from "../frame/states";
import { CartFlowUpdateDocument, type CartFlowQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { DelaysForm } from "./DelaysForm";
import { Results } from "./Results";

interface Props {
  question: Question<CartFlowQuery>;
  again: () => Promise<void>;
}

/** The cart flow: its switch, its delays, its results. It takes a permission of its own. */
export function CartFlowCard({ question, again }: Props) {
  const { say } = useWords();
  const flow = question.answer?.cartFlow;
  if (!flow) {
    return (
      <Card title={say("flow.title")}>
        {question.refusal ? (
          <RefusalPage refusal={question.refusal} again={question.again} />
        ) : question.answer ? (
          <p className="soft">{say("flow.none")}</p>
        ) : (
          <Loading lines={3} />
        )}
      </Card>
    );
  }
  return (
    <Card title={say("flow.title")} beside={<Switch isOn={flow.isOn} again={again} />}>
      <p className="soft">{say("flow.about")}</p>
      <div className="flow">
        <DelaysForm key={flow.version} flow={flow} again={again} />
        <Results results={flow.results} />
      </div>
    </Card>
  );
}

function Switch({ isOn, again }: { isOn: boolean; again: () => Promise<void> }) {
  const { say } = useWords();
  const change = useChange();
  const turn = () =>
    change.run(async () => {
      await request(CartFlowUpdateDocument, { input: { isOn: !isOn } });
      notify(say(isOn ? "flow.switched.off" : "flow.switched.on"));
      await again();
    });
  return (
    <span className="switching">
      <RefusalLine refusal={change.refusal} />
      <span aria-hidden="true">{say(isOn ? "flow.on" : "flow.off")}</span>
      <button
        type="button"
        className="switch"
        role="switch"
        aria-checked={isOn}
        aria-label={say("flow.switch")}
        disabled={change.isRunning}
        onClick={turn}
      />
    </span>
  );
}
