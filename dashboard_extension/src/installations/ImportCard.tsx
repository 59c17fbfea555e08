import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Ask } from "../frame/Ask";
import { Bar } from "../frame/Bar";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { roughly, typedNumber } from "../frame/figures";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { useWhile } from "../frame/while";
import { ImportDocument, ImportStartDocument, type ImportQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

type Import = NonNullable<ImportQuery["import"]>;

/** What the shop held before the app, and how far it has been read; `isBrief`: only while it is being read. */
export function ImportCard({ isBrief = false }: { isBrief?: boolean }) {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(ImportDocument, {});
  const found = answer?.import ?? null;
  const isOver = found === null || found.state === "FINISHED";
  useWhile(!isOver, again);
  if (isBrief && isOver) return null;
  if (isBrief) {
    return (
      <Card title={say("import.title")}>
        <Parts parts={found?.parts ?? []} />
      </Card>
    );
  }
  if (answer === null) {
    return (
      <Card title={say("import.title")}>
        {refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />}
      </Card>
    );
  }
  return (
    <Card title={say("import.title")} beside={<span className="soft">{say(`import.is.${found?.state ?? "NONE"}`)}</span>}>
      <p className="soft">{say("import.about")}</p>
      {found && <Parts parts={found.parts} />}
      {found && <CaughtUp found={found} />}
      <Pace key={found?.pagesPerSecond} found={found} isOver={isOver} again={again} />
    </Card>
  );
}

function Parts({ parts }: { parts: Import["parts"] }) {
  const { say, name, number } = useWords();
  return (
    <ul className="parts">
      {parts.map(({ kind, state, done, total, skipped, percent, rate, secondsLeft, error }) => {
        const left = secondsLeft === null ? null : roughly(secondsLeft);
        return (
          <li key={kind} data-kind={kind}>
            <div>
              <strong>{name("import.kind", kind)}</strong>
              <span className="figure">
                {total === null ? number(done) : say("import.done", { done: number(done), total: number(total) })}
              </span>
            </div>
            <Bar label={name("import.kind", kind)} percent={percent ?? 0} />
            <p className="soft note">
              {[
                say(`import.state.${state}`),
                percent !== null && state !== "FINISHED" && `${number(Math.floor(percent))} %`,
                rate !== null && state === "RUNNING" && say("import.rate", { rate: number(Math.round(rate)) }),
                left && state === "RUNNING" && say("import.left", { n: left.n, unit: left.unit }),
                skipped > 0 && say("import.skipped", { n: skipped, count: number(skipped) }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
            {error !== "" && <p className="bad note">{say("import.trouble", { error })}</p>}
          </li>
        );
      })}
    </ul>
  );
}

function CaughtUp({ found }: { found: Import }) {
  const { say, moment } = useWords();
  return (
    <>
      {found.caughtUpAt && <p className="soft note">{say("import.caughtUp", { time: moment(found.caughtUpAt) })}</p>}
      {found.catchUpError !== "" && <p className="bad note">{say("import.trouble", { error: found.catchUpError })}</p>}
    </>
  );
}

const SLOWEST = 0.1;
const FASTEST = 50;

interface PaceProps {
  found: Import | null;
  isOver: boolean;
  again: () => Promise<void>;
}

function Pace({ found, isOver, again }: PaceProps) {
  const { say, number } = useWords();
  const saving = useSaving();
  const held = found?.pagesPerSecond ?? null;
  const [typed, setTyped] = useState(held === null ? "" : String(held));
  const pace = typedNumber(typed);
  const isRight = typed === "" || (pace !== null && pace >= SLOWEST && pace <= FASTEST);
  const start = (restart: boolean) =>
    saving.save(async () => {
      const { importStart } = await request(ImportStartDocument, { restart, pagesPerSecond: pace });
      return importStart;
    }, again);
  return (
    <div className="form pace">
      <Field
        name="pagesPerSecond"
        label={say("import.pace")}
        help={say("import.pace.help")}
        value={typed}
        error={isRight ? undefined : say("wrong.range", { least: number(SLOWEST), most: number(FASTEST) })}
        onChange={setTyped}
      />
      <div className="actions">
        {!isOver && (
          <Button
            variant="secondary"
            size="small"
            disabled={!isRight || pace === held || saving.change.isRunning}
            onClick={() => start(false)}
          >
            {say("import.pace.save")}
          </Button>
        )}
        {found === null ? (
          <Button size="small" disabled={!isRight || saving.change.isRunning} onClick={() => start(false)}>
            {say("import.start")}
          </Button>
        ) : (
          <Ask
            label={say("import.again")}
            question={say("import.again.ask")}
            yes={say("import.again.yes")}
            change={saving.change}
            onYes={() => start(true)}
          />
        )}
      </div>
      <Trouble saving={saving} />
    </div>
  );
}
