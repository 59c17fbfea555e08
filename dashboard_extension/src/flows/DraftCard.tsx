import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { CodeField } from "../frame/CodeField";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { FlowDraftSaveDocument, type FlowDetailQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { PublishPart } from "./PublishPart";
import { documentText } from "./said";

export type Flow = NonNullable<FlowDetailQuery["flow"]>;

/** What is being written of a flow, as JSON, with what keeps it from being published. */
export function DraftCard({ flow, again }: { flow: Flow; again: () => Promise<void> }) {
  const { say, moment } = useWords();
  const saving = useSaving();
  const held = documentText(flow.draft ?? flow.document ?? {});
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? held;
  const read = parsed(text);
  const isChanged = text !== held;
  const put = (document: unknown, told: string) =>
    saving.save(
      async () => (await request(FlowDraftSaveDocument, { key: flow.key, document, draftAt: flow.draftAt })).flowDraftSave,
      async () => {
        notify(told);
        await again();
      },
    );
  return (
    <Card
      title={say("flows.draft")}
      className="draft"
      beside={
        <span className="soft">
          {flow.draftAt === null ? say("flows.draft.none") : say("flows.draft.at", { time: moment(flow.draftAt) })}
        </span>
      }
    >
      <div className="drafted">
        <CodeField name="draft" label={say("flows.draft.json")} value={text} help={say("flows.draft.help")} onChange={setTyped} />
        <div className="faults" role="status">
          {read === undefined ? (
            <p className="bad">{say("flows.draft.noJson")}</p>
          ) : isChanged ? (
            <p className="soft">{say("flows.draft.save.first")}</p>
          ) : flow.faults.length > 0 ? (
            <>
              <h3>{say("flows.faults", { n: flow.faults.length })}</h3>
              <ul>
                {flow.faults.map(({ path, message }) => (
                  <li key={`${path} ${message}`} className="bad" data-fault={path}>
                    {path && <code>{path}</code>} {message}
                  </li>
                ))}
              </ul>
            </>
          ) : (
            flow.draftAt !== null && <p>{say("flows.faults.none")}</p>
          )}
        </div>
      </div>
      <div className="actions">
        <Button
          size="small"
          disabled={read === undefined || !isChanged || saving.change.isRunning}
          onClick={() => put(read, say("flows.draft.saved"))}
        >
          {say("flows.draft.save")}
        </Button>
        {isChanged && (
          <Button variant="secondary" size="small" onClick={() => setTyped(null)}>
            {say("flows.draft.undo")}
          </Button>
        )}
        {flow.draftAt !== null && !isChanged && (
          <Ask
            label={say("flows.draft.drop")}
            question={say("flows.draft.drop.ask")}
            yes={say("flows.draft.drop.yes")}
            change={saving.change}
            isGrave
            onYes={() => put(null, say("flows.draft.dropped"))}
          />
        )}
      </div>
      <Trouble saving={saving} />
      {flow.draftAt !== null && !isChanged && flow.faults.length === 0 && (
        <PublishPart flow={flow} draftAt={flow.draftAt} again={again} />
      )}
    </Card>
  );
}

/** The JSON of a text; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
