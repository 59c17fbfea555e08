import { Input } from "@saleor/macaw-ui";
import { useId } from "react";

interface Props {
  name: string;
  label: string;
  value: string;
  help?: string | null;
  /** It is not shown while it is typed. */
  isSecret?: boolean;
  error?: string | undefined;
  onChange: (value: string) => void;
}

/** One line of text with its label; an error says what to change and takes the help's place. */
export function Field({ name, label, value, help, isSecret, error, onChange }: Props) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className="field">
      <Input
        id={id}
        name={name}
        label={label}
        value={value}
        size="small"
        role={undefined} // Macaw gives "input", which is no role
        type={isSecret ? "password" : "text"}
        autoComplete={isSecret ? "new-password" : "off"}
        error={error !== undefined}
        aria-invalid={error !== undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {note && (
        <p id={`${id}-note`} className={error ? "bad note" : "soft note"} role={error ? "alert" : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}
