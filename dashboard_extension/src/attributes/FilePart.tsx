import { Button } from "@saleor/macaw-ui";

import { Ask } from "../frame/Ask";
import { Bar } from "../frame/Bar";
import { roughly } from "../frame/figures";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { RefusalLine, Trouble } from "../frame/states";
import { CustomerFileDeleteDocument, CustomerFileStartDocument, type FileFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { FileForm } from "./FileForm";
import { saveRefused } from "./hand-in";

interface Props {
  file: FileFieldsFragment;
  again: () => Promise<void>;
}

/** One file: what its columns mean, what its import would do, how far it is. */
export function FilePart({ file, again }: Props) {
  const { say, number, moment } = useWords();
  const saving = useSaving();
  const { id, name, state, lines, percent, rate, secondsLeft, counts } = file;
  const isMoving = state === "UPLOADING" || state === "READING" || state === "IMPORTING";
  const left = secondsLeft === null ? null : roughly(secondsLeft);
  const start = () =>
    saving.save(async () => (await request(CustomerFileStartDocument, { id })).customerFileStart, again);
  const drop = () =>
    saving.save(async () => (await request(CustomerFileDeleteDocument, { id })).customerFileDelete, again);
  return (
    <section className="file" data-state={state} aria-label={name}>
      <h3>{name}</h3>
      <p className="soft note">
        {[say(`file.${state}`), say("file.lines", { n: lines, count: number(lines) }), moment(file.uploadedAt)].join(" · ")}
      </p>
      {isMoving && <Bar label={say(`file.${state}`)} percent={percent} />}
      {isMoving && rate !== null && (
        <p className="soft note">
          {[
            percent !== null && `${number(Math.floor(percent))} %`,
            say("import.rate", { rate: number(Math.round(rate)) }),
            left && say("import.left", { n: left.n, unit: left.unit }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      )}
      {counts && <Counts id={id} counts={counts} isDone={state === "DONE"} />}
      {(state === "UPLOADED" || state === "READY") && (
        <details open={state === "UPLOADED"}>
          <summary>{say("file.columns")}</summary>
          <FileForm file={file} again={again} />
        </details>
      )}
      <div className="actions">
        {state === "READY" && (
          <Button disabled={saving.change.isRunning} onClick={start}>
            {say("file.start")}
          </Button>
        )}
        {!isMoving && (
          <Ask
            label={say("file.delete")}
            question={say("file.delete.ask")}
            yes={say("file.delete")}
            change={saving.change}
            onYes={drop}
            isGrave
          />
        )}
      </div>
      <Trouble saving={saving} />
    </section>
  );
}

interface CountsProps {
  id: string;
  counts: NonNullable<FileFieldsFragment["counts"]>;
  isDone: boolean;
}

const FIGURES = ["new", "known", "yes", "no", "without", "staysNo", "repeated", "valuesLeftOut"] as const;

function Counts({ id, counts, isDone }: CountsProps) {
  const { say, name, number } = useWords();
  const change = useChange();
  const sum = counts.refused.reduce((lines, one) => lines + one.lines, 0);
  return (
    <div className="counts">
      <p>
        <strong>
          {say(isDone ? "file.people.done" : "file.people", { n: counts.people, count: number(counts.people) })}
        </strong>
      </p>
      <ul className="list">
        {FIGURES.filter((one) => counts[one] > 0).map((one) => (
          <li key={one}>
            <span>{say(`file.count.${one}`)}</span>
            <span className="figure">{number(counts[one])}</span>
          </li>
        ))}
        {counts.refused.map(({ reason, lines }) => (
          <li key={reason}>
            <span>{say("file.refused", { why: name("file.reason", reason) })}</span>
            <span className="figure">{number(lines)}</span>
          </li>
        ))}
      </ul>
      {sum > 0 && isDone && (
        <Button
          variant="secondary"
          size="small"
          disabled={change.isRunning}
          onClick={() => change.run(() => saveRefused(id))}
        >
          {say("file.refused.save")}
        </Button>
      )}
      <RefusalLine refusal={change.refusal} />
    </div>
  );
}
