import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { CartFlowUpdateDocument, SendingFlowsDocument } from "../generated/dashboard";
import { useWords } from "../words/words";

/** Which flows send, and the switch of each. It takes a permission of its own. */
export function FlowPart({ again }: { again: () => Promise<void> }) {
  const { say } = useWords();
  const { answer, refusal, again: look } = useQuestion(SendingFlowsDocument, {});
  const saving = useSaving();
  const flow = answer?.cartFlow;
  const isOn = flow?.isOn === true;
  const turn = () =>
    saving.save(
      async () => (await request(CartFlowUpdateDocument, { input: { isOn: !isOn } })).cartFlowUpdate,
      async () => {
        notify(say(isOn ? "flow.switched.off" : "flow.switched.on"));
        await Promise.all([look(), again()]);
      },
    );
  return (
    <section className="part" aria-label={say("sending.flows")}>
      <h3>{say("sending.flows")}</h3>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={look} /> : <Loading lines={1} />)}
      {answer && !flow && <p className="soft">{say("flow.none")}</p>}
      {flow && (
        <>
          <p data-flow={flow.key} data-on={isOn}>
            {say("flow.title")}: <strong>{say(isOn ? "sending.flow.on" : "sending.flow.off")}</strong>
          </p>
          <Ask
            label={say(isOn ? "sending.flow.stop" : "sending.flow.start")}
            question={say(isOn ? "sending.flow.stop.ask" : "sending.flow.start.ask")}
            yes={say(isOn ? "sending.flow.stop.yes" : "sending.flow.start.yes")}
            change={saving.change}
            onYes={turn}
            isGrave={isOn}
          />
        </>
      )}
      <Trouble saving={saving} />
    </section>
  );
}
