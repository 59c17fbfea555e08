import { useId } from "react";

interface Props {
  name: string;
  label: string;
  value: string;
  max?: string;
  onChange: (value: string) => void;
}

/** A day, as the browser lets it be chosen; "" while none is, else like 2026-12-31. */
export function DayField({ name, label, value, max, onChange }: Props) {
  const id = useId();
  return (
    <div className="field choice">
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} type="date" value={value} max={max} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
