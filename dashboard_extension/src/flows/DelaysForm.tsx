import { Button, Input } from "@saleor/macaw-ui";
import { useId, useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { RefusalLine } from "../frame/states";
import { CartFlowUpdateDocument, type FlowFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { inSeconds, readable, UNITS, wrongTouches, type Delay, type Unit, type Wrong } from "./delays";

interface Props {
  flow: FlowFieldsFragment;
  again: () => Promise<void>;
}

/** When a cart counts as abandoned and when each mail leaves; saving makes a new version of the flow. */
export function DelaysForm({ flow, again }: Props) {
  const { say, date, number } = useWords();
  const change = useChange();
  const [idle, setIdle] = useState(readable(flow.idleSeconds));
  const [touches, setTouches] = useState(flow.touches.map(({ afterSeconds }) => readable(afterSeconds)));
  const [told, setTold] = useState("");
  const idleSeconds = inSeconds(idle);
  const wrong = wrongTouches(touches);
  const touchSeconds = touches.map(inSeconds).filter((seconds) => seconds !== null);
  const isRight = idleSeconds !== null && wrong.every((one) => one === null);
  const isChanged =
    idleSeconds !== flow.idleSeconds || flow.touches.some(({ afterSeconds }, index) => afterSeconds !== touchSeconds[index]);

  const save = async () => {
    const input = { idleSeconds, touchSeconds };
    const { cartFlowUpdate } = await request(CartFlowUpdateDocument, { input });
    setTold(cartFlowUpdate.errors.map(({ message }) => message).join(" "));
    if (cartFlowUpdate.errors.length > 0) return;
    notify(say("flow.saved"));
    await again();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRight) void change.run(save);
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <h3>{say("flow.delays")}</h3>
      <DelayField
        name="idle"
        label={say("flow.idle")}
        delay={idle}
        wrong={idleSeconds === null ? "number" : null}
        onChange={setIdle}
      />
      {touches.map((delay, index) => (
        <DelayField
          key={flow.touches[index]?.key}
          name={`touch-${index + 1}`}
          label={say("flow.touch", { number: number(index + 1) })}
          delay={delay}
          wrong={wrong[index] ?? null}
          onChange={(changed) => setTouches(touches.with(index, changed))}
        />
      ))}
      <p className="soft note">{say("flow.counted")}</p>
      {told && (
        <p className="bad" role="alert">
          {told}
        </p>
      )}
      <RefusalLine refusal={change.refusal} />
      <div className="actions">
        <Button type="submit" disabled={!isRight || !isChanged || change.isRunning}>
          {say("flow.save")}
        </Button>
        <span className="soft">
          {say("flow.version", { version: number(flow.version), date: date(flow.publishedAt) })}
        </span>
      </div>
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  delay: Delay;
  wrong: Wrong;
  onChange: (delay: Delay) => void;
}

function DelayField({ name, label, delay, wrong, onChange }: FieldProps) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="delay">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        name={name}
        size="small"
        role={undefined} // Macaw gives "input", which is no role
        type="number"
        inputMode="numeric"
        min={1}
        step={1}
        value={delay.number}
        error={wrong !== null}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange({ ...delay, number: event.target.value })}
      />
      <select
        name={`${name}-unit`}
        aria-label={say("flow.unit", { label })}
        value={delay.unit}
        onChange={(event) => onChange({ ...delay, unit: event.target.value as Unit })}
      >
        {(Object.keys(UNITS) as Unit[])
          // Seconds are for trying the app out: shown where they are set, not offered.
          .filter((unit) => unit !== "seconds" || delay.unit === "seconds")
          .map((unit) => (
            <option key={unit} value={unit}>
              {say(`unit.${unit}`)}
            </option>
          ))}
      </select>
      {wrong && (
        <p id={`${id}-wrong`} className="bad note" role="alert">
          {say(`flow.wrong.${wrong}`)}
        </p>
      )}
    </div>
  );
}
