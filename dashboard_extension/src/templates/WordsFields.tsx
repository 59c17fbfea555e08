import { useRef, useState } from "react";

import { CodeField, type CodeHandle } from "../frame/CodeField";
import type { TemplateContext } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Fault, Looked } from "./check";
import { FaultList } from "./FaultList";
import { NameList } from "./NameList";
import { preheaderOf, withPreheader } from "./preheader";
import type { Words } from "./unsaved";

interface Props {
  context: TemplateContext;
  words: Words;
  change: (news: Partial<Words>) => void;
  looked: Looked;
}

/** The words as they are typed, what is wrong with them, and what can be written in. */
export function WordsFields({ context, words, change, looked }: Props) {
  const { say } = useWords();
  const subject = useRef<CodeHandle>(null);
  const preheader = useRef<CodeHandle>(null);
  const mjml = useRef<CodeHandle>(null);
  const text = useRef<CodeHandle>(null);
  const handles = { subject, preheader, mjml, text };
  const [last, setLast] = useState<keyof typeof handles>("mjml");
  const [isTextOpen, setTextOpen] = useState(words.text !== "");
  const of = (part: string) => looked.faults.filter((fault) => fault.part === part);
  const jump = ({ part, line }: Fault) => {
    if (part === "text") setTextOpen(true);
    const handle = part === "subject" ? subject : part === "text" ? text : mjml;
    // After the part is open.
    setTimeout(() => handle.current?.jump(line));
  };
  return (
    <div className="form">
      <CodeField
        name="subject"
        label={say("words.subject")}
        handle={subject}
        isOneLine
        value={words.subject}
        marks={of("subject")}
        onFocus={() => setLast("subject")}
        onChange={(subject) => change({ subject })}
      />
      <CodeField
        name="preheader"
        label={say("words.preheader")}
        help={say("words.preheader.help")}
        handle={preheader}
        isOneLine
        value={preheaderOf(words.mjml)}
        onFocus={() => setLast("preheader")}
        onChange={(text) => change({ mjml: withPreheader(words.mjml, text) })}
      />
      <CodeField
        name="mjml"
        label={say("words.mjml")}
        handle={mjml}
        startsAt="<mj-body"
        value={words.mjml}
        marks={of("html")}
        onFocus={() => setLast("mjml")}
        onChange={(mjml) => change({ mjml })}
      />
      <FaultList looked={looked} jump={jump} />
      <NameList context={context} insert={(written) => handles[last].current?.insert(written)} />
      <details className="part" open={isTextOpen} onToggle={(event) => setTextOpen(event.currentTarget.open)}>
        <summary>{say("words.text")}</summary>
        <CodeField
          name="text"
          label={say("words.text")}
          help={say("words.text.help")}
          handle={text}
          placeholder={looked.text}
          value={words.text}
          marks={of("text")}
          onFocus={() => setLast("text")}
          onChange={(text) => change({ text })}
        />
      </details>
    </div>
  );
}
