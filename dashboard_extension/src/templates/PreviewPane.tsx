import { useState } from "react";

import { useFrame } from "../frame/question";
import type { TemplateQuery, TemplateRowFragment, TemplateWordsInput } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Looked } from "./check";
import { MessageFrame } from "./MessageFrame";
import type { Reader } from "./reader";
import { ReaderForm } from "./ReaderForm";
import type { Look } from "./shown";
import { TestSend } from "./TestSend";

const VIEWS = ["320", "600", "text"] as const;
const LOOKS = ["light", "dark"] as const;

interface Props {
  looked: Looked;
  reader: Reader;
  setReader: (reader: Reader) => void;
  template: TemplateRowFragment;
  words: TemplateWordsInput;
  viewer: TemplateQuery["viewer"];
}

/** How the words read: on a phone, on a screen, as plain text, by day and by night, to anybody. */
export function PreviewPane({ looked, reader, setReader, template, words, viewer }: Props) {
  const { say, name } = useWords();
  const { theme } = useFrame();
  const [view, setView] = useState<(typeof VIEWS)[number]>("320");
  const [look, setLook] = useState<Look>(theme);
  const { preview, isCurrent } = looked;
  return (
    <section className="preview" aria-label={say("preview.title")}>
      <div className="actions">
        <Choices label={say("preview.view")} values={VIEWS} value={view} shown="preview.view" onChange={setView} />
        <Choices label={say("preview.look")} values={LOOKS} value={look} shown="preview.look" onChange={setLook} />
      </div>
      <p className="note" role="status">
        {preview === null
          ? say(isCurrent ? "preview.none" : "state.loading")
          : isCurrent && looked.faults.some(({ isError }) => isError)
            ? say("preview.old")
            : " "}
      </p>
      {preview && <p className="subject">{preview.subject}</p>}
      {preview?.html &&
        (view === "text" ? (
          <pre className="plain-text" tabIndex={0} aria-label={say("preview.view.text")}>
            {preview.text}
          </pre>
        ) : (
          <MessageFrame html={preview.html} look={look} width={view} />
        ))}
      {preview && preview.invented.length > 0 && (
        <p className="soft note">
          {say("preview.invented", { groups: preview.invented.map((group) => name("group", group)).join(", ") })}
        </p>
      )}
      <ReaderForm reader={reader} setReader={setReader} />
      <TestSend {...{ template, words, viewer, reader }} />
    </section>
  );
}

interface ChoicesProps<Value extends string> {
  label: string;
  values: readonly Value[];
  value: Value;
  shown: "preview.view" | "preview.look";
  onChange: (value: Value) => void;
}

function Choices<Value extends string>({ label, values, value, shown, onChange }: ChoicesProps<Value>) {
  const { name } = useWords();
  return (
    <div role="group" aria-label={label} className="choices">
      {values.map((one) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => onChange(one)}>
          {name(shown, one)}
        </button>
      ))}
    </div>
  );
}
