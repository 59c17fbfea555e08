import { useId, useState } from "react";

import { Card } from "../frame/Card";
import { useChange, useQuestion } from "../frame/question";
import { Loading, RefusalLine, RefusalPage } from "../frame/states";
import { useWhile } from "../frame/while";
import { CustomerFilesDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { FilePart } from "./FilePart";
import { handIn } from "./hand-in";

const MOVING = ["UPLOADING", "READING", "IMPORTING"];

/** Customers from elsewhere, as files: handed in, looked through, and imported when the counts are as they should be. */
export function FilesCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(CustomerFilesDocument, {});
  const files = answer?.customerFiles ?? [];
  useWhile(files.some(({ state }) => MOVING.includes(state)), again);
  return (
    <Card title={say("files.title")}>
      <p className="soft">{say("files.about")}</p>
      <HandIn again={again} />
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={2} />)}
      {files.map((file) => (
        <FilePart key={file.id} file={file} again={again} />
      ))}
    </Card>
  );
}

function HandIn({ again }: { again: () => Promise<void> }) {
  const { say, name } = useWords();
  const id = useId();
  const change = useChange();
  const [told, setTold] = useState<string | null>(null);
  const take = (input: HTMLInputElement) =>
    change.run(async () => {
      const file = input.files?.[0];
      if (!file) return;
      setTold(await handIn(file));
      input.value = "";
      await again();
    });
  return (
    <div className="field">
      {/* The browser words its own control in its own language, so it is there for the keyboard only. */}
      <input
        id={id}
        type="file"
        className="unseen"
        accept=".csv,text/csv,text/plain"
        disabled={change.isRunning}
        onChange={(event) => void take(event.currentTarget)}
      />
      <label htmlFor={id} className="choose">
        {say("files.choose")}
      </label>
      {change.isRunning && <p role="status">{say("files.handing")}</p>}
      {told !== null && (
        <p className="bad" role="alert">
          {name("files.wrong", told)}
        </p>
      )}
      <RefusalLine refusal={change.refusal} />
    </div>
  );
}
