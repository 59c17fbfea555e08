import { useId } from "react";

interface Props<Value extends string> {
  name: string;
  label: string;
  value: Value;
  values: readonly Value[];
  shown: (value: Value) => string;
  onChange: (value: Value) => void;
}

/** One of a few values, with its label. */
export function Choice<Value extends string>({ name, label, value, values, shown, onChange }: Props<Value>) {
  const id = useId();
  return (
    <div className="field choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {shown(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
