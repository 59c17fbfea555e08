import { Input } from "@saleor/macaw-ui";
import { useId, type ReactNode } from "react";

import { useWords } from "../words/words";
import { UNITS, type Delay, type Unit, type Wrong } from "./delays";

interface Props {
  name: string;
  label: string;
  /** From when it counts, and where the text of its message is. */
  note: ReactNode;
  delay: Delay;
  wrong: Wrong;
  onChange: (delay: Delay) => void;
}

/** A delay: a number with its unit. */
export function DelayField({ name, label, note, delay, wrong, onChange }: Props) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="delay" data-delay={name}>
      <div>
        <label htmlFor={id}>{label}</label>
        <span className="soft note" id={`${id}-note`}>
          {note}
        </span>
      </div>
      <Input
        id={id}
        name={name}
        size="small"
        role={undefined} // Macaw gives "input", which is no role
        type="number"
        inputMode="numeric"
        min={0}
        step={1}
        value={delay.number}
        error={wrong !== null}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-wrong` : `${id}-note`}
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
