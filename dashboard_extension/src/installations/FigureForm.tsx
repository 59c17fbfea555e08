import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Field } from "../frame/Field";
import { typedNumber } from "../frame/figures";
import type { Errors } from "../frame/question";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { useWords } from "../words/words";

interface Props {
  name: string;
  label: string;
  help: string;
  held: number;
  least: number;
  most: number;
  save: (figure: number) => Promise<{ errors: Errors[] }>;
  again: () => Promise<void>;
}

/** One whole number that is saved by itself. */
export function FigureForm({ name, label, help, held, least, most, save, again }: Props) {
  const { say, number } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState<string | null>(null);
  const figure = typed === null ? held : typedNumber(typed);
  const isRight = figure !== null && Number.isInteger(figure) && figure >= least && figure <= most;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isRight) return;
    void saving.save(
      () => save(figure),
      async () => {
        notify(say("settings.saved"));
        await again();
        setTyped(null);
      },
    );
  };
  return (
    <form className="form one" onSubmit={submit} noValidate>
      <Field
        name={name}
        label={label}
        help={help}
        value={typed ?? String(held)}
        error={isRight ? undefined : say("wrong.range", { least: number(least), most: number(most) })}
        onChange={setTyped}
      />
      <Button type="submit" variant="secondary" disabled={!isRight || figure === held || saving.change.isRunning}>
        {say("settings.save")}
      </Button>
      <Trouble saving={saving} />
    </form>
  );
}
