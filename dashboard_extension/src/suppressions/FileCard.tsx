import { Button } from "@saleor/macaw-ui";
import { useId, useState } from "react";

import { Bar } from "../frame/Bar";
import { Card } from "../frame/Card";
import { useChange, type Errors } from "../frame/question";
import { request } from "../frame/request";
import { save } from "../frame/save";
import { RefusalLine } from "../frame/states";
import { SuppressionsImportDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { pieces } from "./pieces";

interface Props {
  channel: string;
  again: () => Promise<void>;
}

interface Taken {
  lines: number;
  added: number;
  unread: number[];
  errors: Errors[];
}

const NOTHING: Taken = { lines: 0, added: 0, unread: [], errors: [] };
const MOST_NAMED = 10;

/** Lists of other services in, ours out. */
export function FileCard({ channel, again }: Props) {
  const { say } = useWords();
  const id = useId();
  const change = useChange();
  const saving = useChange();
  const [taken, setTaken] = useState<Taken | null>(null);
  const [percent, setPercent] = useState(0);
  const take = (input: HTMLInputElement) =>
    change.run(async () => {
      const file = input.files?.[0];
      if (!file) return;
      const parts = pieces(await file.text());
      input.value = "";
      let sum = NOTHING;
      setTaken(null);
      try {
        for (const [place, { csv, before }] of parts.entries()) {
          setPercent((100 * place) / parts.length);
          const { suppressionsImport: one } = await request(SuppressionsImportDocument, { channel, csv });
          sum = {
            lines: sum.lines + one.lines,
            added: sum.added + one.added,
            unread: [...sum.unread, ...one.unreadLines.map((line) => line + before)],
            errors: one.errors,
          };
          if (one.errors.length > 0) break;
        }
      } finally {
        setTaken(sum);
        await again();
      }
    });
  return (
    <Card title={say("suppressions.files.title")} className="lists">
      <p className="soft">{say("suppressions.files.about")}</p>
      <div className="actions">
        <span className="field">
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
            {say("suppressions.import")}
          </label>
        </span>
        <Button
          variant="secondary"
          size="small"
          disabled={saving.isRunning}
          onClick={() =>
            saving.run(() => save(`files/suppressions.csv?channel=${encodeURIComponent(channel)}`, "suppressions.csv"))
          }
        >
          {say("suppressions.download")}
        </Button>
      </div>
      {change.isRunning && <Bar label={say("suppressions.importing")} percent={percent} />}
      {taken && <TakenLines taken={taken} isBroken={change.refusal !== null} />}
      {change.refusal && <RefusalLine refusal={change.refusal} />}
      <RefusalLine refusal={saving.refusal} />
    </Card>
  );
}

function TakenLines({ taken: { lines, added, unread, errors }, isBroken }: { taken: Taken; isBroken: boolean }) {
  const { say, number } = useWords();
  const named = unread.slice(0, MOST_NAMED).map(number).join(", ");
  return (
    <div role="status">
      <p>
        {say("suppressions.taken", { n: lines, lines: number(lines), added: number(added) })}{" "}
        {isBroken && say("suppressions.taken.broken")}
      </p>
      {unread.length > 0 && (
        <p className="soft">
          {say("suppressions.unread", {
            n: unread.length,
            count: number(unread.length),
            lines: unread.length > MOST_NAMED ? `${named}…` : named,
          })}
        </p>
      )}
      {errors.length > 0 && <p className="bad">{errors.map(({ message }) => message).join(" ")}</p>}
    </div>
  );
}
