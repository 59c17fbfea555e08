import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Choice } from "../frame/Choice";
import { Field } from "../frame/Field";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { RefusalLine } from "../frame/states";
import {
  AttributeMappingPreviewDocument,
  type AttributeMappingInput,
  type AttributeMappingPreviewQuery,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { BLANK, inputOf, ORIGINS, TYPES, type TypedMapping } from "./mappings";

interface Props {
  isRunning: boolean;
  add: (mapping: AttributeMappingInput, then: () => void) => Promise<void>;
}

/** A new key and its meaning; it can be tried on the shop's real rows before it is saved. */
export function MappingForm({ isRunning, add }: Props) {
  const { say } = useWords();
  const preview = useChange();
  const [typed, setTyped] = useState(BLANK);
  const [seen, setSeen] = useState<AttributeMappingPreviewQuery["attributeMappingPreview"] | null>(null);
  const input = inputOf(typed);
  const change = (news: Partial<TypedMapping>) => {
    setTyped({ ...typed, ...news });
    setSeen(null);
  };
  const look = () =>
    preview.run(async () => {
      if (input) setSeen((await request(AttributeMappingPreviewDocument, { input })).attributeMappingPreview);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (input) void add(input, () => change(BLANK));
  };
  return (
    <details className="part">
      <summary>{say("mappings.add")}</summary>
      <form className="form" onSubmit={submit} noValidate>
        <fieldset>
          <Choice
            name="origin"
            label={say("mappings.origin")}
            value={typed.origin}
            values={ORIGINS}
            shown={(one) => say(`origin.${one}`)}
            onChange={(origin) => change({ origin })}
          />
          <Field name="key" label={say("mappings.key")} value={typed.key} onChange={(key) => change({ key })} />
          <Choice
            name="meaning"
            label={say("mappings.meaning")}
            value={typed.isConsent ? "consent" : "attribute"}
            values={["attribute", "consent"]}
            shown={(one) => say(`mappings.is.${one}`)}
            onChange={(one) => change({ isConsent: one === "consent" })}
          />
          {typed.isConsent ? <Words typed={typed} change={change} /> : <Attribute typed={typed} change={change} />}
        </fieldset>
        {seen && <Rows seen={seen} isConsent={typed.isConsent} />}
        <RefusalLine refusal={preview.refusal} />
        <div className="actions">
          <Button type="button" variant="secondary" disabled={!input || preview.isRunning} onClick={look}>
            {say("mappings.preview")}
          </Button>
          <Button type="submit" disabled={!input || isRunning}>
            {say("settings.save")}
          </Button>
        </div>
      </form>
    </details>
  );
}

interface PartProps {
  typed: TypedMapping;
  change: (news: Partial<TypedMapping>) => void;
}

function Words({ typed, change }: PartProps) {
  const { say } = useWords();
  const help = say("mappings.commas");
  return (
    <>
      <Field name="yes" label={say("mappings.yes")} help={help} value={typed.yes} onChange={(yes) => change({ yes })} />
      <Field name="no" label={say("mappings.no")} help={help} value={typed.no} onChange={(no) => change({ no })} />
    </>
  );
}

function Attribute({ typed, change }: PartProps) {
  const { say } = useWords();
  return (
    <>
      <Field name="name" label={say("mappings.name")} value={typed.name} onChange={(name) => change({ name })} />
      <Choice
        name="type"
        label={say("mappings.type")}
        value={typed.type}
        values={TYPES}
        shown={(one) => say(`type.${one}`)}
        onChange={(type) => change({ type })}
      />
      {typed.type === "CHOICE" && (
        <Field
          name="choices"
          label={say("mappings.choices")}
          help={say("mappings.commas")}
          value={typed.choices}
          onChange={(choices) => change({ choices })}
        />
      )}
      {typed.type === "DATE" && (
        <label className="check">
          <input
            type="checkbox"
            checked={typed.isDayFirst}
            onChange={(event) => change({ isDayFirst: event.target.checked })}
          />
          {say("mappings.isDayFirst")}
        </label>
      )}
    </>
  );
}

interface RowsProps {
  seen: AttributeMappingPreviewQuery["attributeMappingPreview"];
  isConsent: boolean;
}

function Rows({ seen, isConsent }: RowsProps) {
  const { say, name, number } = useWords();
  if (seen.rows.length === 0) return <p role="status">{say("mappings.rows.none")}</p>;
  const sums = { fit: number(seen.fit), unfit: number(seen.unfit), yes: number(seen.yes), no: number(seen.no) };
  return (
    <div role="status">
      <p>{say(isConsent ? "mappings.rows.consent" : "mappings.rows", sums)}</p>
      <div className="scroll" tabIndex={0} role="group" aria-label={say("mappings.preview")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say("mappings.rows.text")}</th>
              <th scope="col">{say("mappings.rows.value")}</th>
            </tr>
          </thead>
          <tbody>
            {seen.rows.map(({ text, value, fault }, index) => (
              <tr key={index}>
                <td>{text}</td>
                <td className={fault ? "bad" : undefined}>{fault ? name("fault", fault) : (value ?? "–")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
