import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Choice } from "../frame/Choice";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { CustomerFileReadDocument, type CustomerFileMappingInput, type FileFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { fileMapping, MEANINGS, typedOf, type Column, type TypedFile } from "./columns";
import { TYPES } from "./mappings";

interface Props {
  file: FileFieldsFragment;
  again: () => Promise<void>;
}

// A file knows no choices: its words would have to be listed first.
const FILE_TYPES = TYPES.filter((type) => type !== "CHOICE");

/** What each column means and which words are a yes; then all lines are read and counted, and nobody is imported. */
export function FileForm({ file, again }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState(() => typedOf(file.columns, file.mapping ?? file.guessed));
  const mapping = fileMapping(typed);
  const hasConsent = typed.everyone !== "" || typed.columns.some(({ meaning }) => meaning.startsWith("consent"));
  const read = async (wanted: CustomerFileMappingInput) =>
    (await request(CustomerFileReadDocument, { id: file.id, mapping: wanted })).customerFileRead;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mapping) void saving.save(() => read(mapping), again);
  };
  const column = (place: number, news: Partial<Column>) =>
    setTyped({ ...typed, columns: typed.columns.map((one, at) => (at === place ? { ...one, ...news } : one)) });
  return (
    <form className="form" onSubmit={submit} noValidate>
      {typed.columns.map((one, place) => (
        <ColumnFields
          key={place}
          title={file.columns[place] ?? ""}
          sample={file.sample.map((line) => line[place] ?? "").find(Boolean) ?? ""}
          column={one}
          onChange={(news) => column(place, news)}
        />
      ))}
      {mapping === null && (
        <p className="bad" role="alert">
          {say("file.wrong.columns")}
        </p>
      )}
      <Choice
        name="everyone"
        label={say("file.everyone")}
        value={typed.everyone}
        values={["", "yes", "no"] as const}
        shown={(one) => say(`file.everyone.${one || "none"}`)}
        onChange={(everyone) => setTyped({ ...typed, everyone })}
      />
      {hasConsent && <ConsentFields typed={typed} onChange={(news) => setTyped({ ...typed, ...news })} />}
      <label className="check">
        <input
          type="checkbox"
          checked={typed.isDayFirst}
          onChange={(event) => setTyped({ ...typed, isDayFirst: event.target.checked })}
        />
        {say("mappings.isDayFirst")}
      </label>
      <Trouble saving={saving} />
      <div className="actions">
        <Button type="submit" variant="secondary" disabled={mapping === null || saving.change.isRunning}>
          {say("file.read")}
        </Button>
      </div>
    </form>
  );
}

interface ColumnProps {
  title: string;
  sample: string;
  column: Column;
  onChange: (news: Partial<Column>) => void;
}

function ColumnFields({ title, sample, column, onChange }: ColumnProps) {
  const { say } = useWords();
  return (
    <div className="column">
      <Choice
        name={`column-${title}`}
        label={sample === "" ? title : say("file.column", { title, sample })}
        value={column.meaning}
        values={MEANINGS}
        shown={(one) => say(`meaning.${one}`)}
        onChange={(meaning) => onChange({ meaning })}
      />
      {column.meaning === "attribute" && (
        <>
          <Field
            name={`name-${title}`}
            label={say("mappings.name")}
            value={column.name}
            onChange={(name) => onChange({ name })}
          />
          <Choice
            name={`type-${title}`}
            label={say("mappings.type")}
            value={column.type}
            values={FILE_TYPES}
            shown={(one) => say(`type.${one}`)}
            onChange={(type) => onChange({ type })}
          />
        </>
      )}
    </div>
  );
}

const TEXTS = ["yes", "no", "neither", "date", "source", "text"] as const;

function ConsentFields({ typed, onChange }: { typed: TypedFile; onChange: (news: Partial<TypedFile>) => void }) {
  const { say } = useWords();
  return (
    <fieldset>
      <legend>{say("file.consent")}</legend>
      {TEXTS.map((one) => (
        <Field
          key={one}
          name={one}
          label={say(`file.consent.${one}`)}
          help={say(`file.consent.${one}.help`)}
          value={typed[one]}
          onChange={(text) => onChange({ [one]: text })}
        />
      ))}
    </fieldset>
  );
}
