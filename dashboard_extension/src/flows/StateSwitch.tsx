import { Button } from "@saleor/macaw-ui";
import { useId, useState } from "react";

import { notify } from "../frame/bridge";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { FlowSwitchDocument, FlowUnarchiveDocument, type FlowRowFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { Consequences } from "./Consequences";

const STATES = ["ON", "SHADOW", "OFF"] as const;

type Chosen = (typeof STATES)[number];

interface Props {
  flow: FlowRowFragment;
  title: string;
  again: () => Promise<void>;
}

/** On, on trial, or off; each is asked once more, with what it brings about. */
export function StateSwitch({ flow, title, again }: Props) {
  const { say } = useWords();
  const id = useId();
  const saving = useSaving();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  if (flow.state === "ARCHIVED") return <Back flow={flow} again={again} />;
  const turn = (state: Chosen) =>
    saving.save(
      async () => (await request(FlowSwitchDocument, { key: flow.key, state })).flowSwitch,
      async () => {
        notify(`${title}: ${say(`flows.state.${state}`)}`);
        setChosen(null);
        await again();
      },
    );
  return (
    <div className="state-switch">
      <div className="choices" role="group" aria-label={say("flows.switch", { flow: title })}>
        {STATES.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={flow.state === state}
            disabled={saving.change.isRunning || (flow.version === null && state !== "OFF")}
            onClick={() => setChosen(state === flow.state ? null : state)}
          >
            {say(`flows.state.${state}`)}
          </button>
        ))}
      </div>
      {flow.version === null && <span className="soft note">{say("flows.switch.first")}</span>}
      {chosen && (
        <div className="asked" role="group" aria-labelledby={id}>
          <p id={id}>{say(`flows.ask.${chosen}`)}</p>
          {chosen === "ON" && <Consequences flowKey={flow.key} />}
          <div className="actions">
            <Button size="small" disabled={saving.change.isRunning} onClick={() => turn(chosen)}>
              {say(`flows.ask.${chosen}.yes`)}
            </Button>
            <Button variant="secondary" size="small" autoFocus onClick={() => setChosen(null)}>
              {say("keys.cancel")}
            </Button>
          </div>
        </div>
      )}
      <Trouble saving={saving} />
    </div>
  );
}

function Back({ flow, again }: Omit<Props, "title">) {
  const { say } = useWords();
  const saving = useSaving();
  const bring = () =>
    saving.save(async () => (await request(FlowUnarchiveDocument, { key: flow.key })).flowUnarchive, again);
  return (
    <div className="actions">
      <span className="soft">{say("flows.state.ARCHIVED")}</span>
      <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={bring}>
        {say("flows.unarchive")}
      </Button>
      <Trouble saving={saving} />
    </div>
  );
}
