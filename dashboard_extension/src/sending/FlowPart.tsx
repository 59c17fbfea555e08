import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { Consequences } from "../flows/Consequences";
import { nameOf } from "../flows/said";
import { FlowsDocument, FlowSwitchDocument, type FlowRowFragment } from "../generated/dashboard";
import { useWords } from "../words/words";

/** Which flows send, and the switch of each. It takes a permission of its own. */
export function FlowPart({ again }: { again: () => Promise<void> }) {
  const { say } = useWords();
  const { answer, refusal, again: look } = useQuestion(FlowsDocument, { isArchived: false });
  const turned = async () => {
    await Promise.all([look(), again()]);
  };
  // One that was never published has nothing to send.
  const flows = answer?.flows.filter(({ version }) => version !== null);
  return (
    <section className="part" aria-label={say("sending.flows")}>
      <h3>{say("sending.flows")}</h3>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={look} /> : <Loading lines={1} />)}
      {flows?.length === 0 && <p className="soft">{say("flows.none")}</p>}
      {flows && flows.length > 0 && (
        <ul className="rows">
          {flows.map((flow) => (
            <FlowRow key={flow.key} flow={flow} turned={turned} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FlowRow({ flow, turned }: { flow: FlowRowFragment; turned: () => Promise<void> }) {
  const words = useWords();
  const { say } = words;
  const saving = useSaving();
  const title = nameOf(flow, words);
  const isOn = flow.state === "ON";
  const turn = () =>
    saving.save(
      async () => (await request(FlowSwitchDocument, { key: flow.key, state: isOn ? "OFF" : "ON" })).flowSwitch,
      async () => {
        notify(`${title}: ${say(isOn ? "flows.state.OFF" : "flows.state.ON")}`);
        await turned();
      },
    );
  return (
    <li data-flow={flow.key} data-on={isOn}>
      <p>
        {title}: <strong>{flow.state === "SHADOW" ? say("flows.state.SHADOW") : say(isOn ? "sending.flow.on" : "sending.flow.off")}</strong>
      </p>
      <Ask
        label={say(isOn ? "sending.flow.stop" : "sending.flow.start", { flow: title })}
        question={say(isOn ? "sending.flow.stop.ask" : "sending.flow.start.ask")}
        yes={say(isOn ? "sending.flow.stop.yes" : "sending.flow.start.yes")}
        change={saving.change}
        onYes={turn}
        isGrave={isOn}
      >
        {!isOn && <Consequences flowKey={flow.key} />}
      </Ask>
      <Trouble saving={saving} />
    </li>
  );
}
