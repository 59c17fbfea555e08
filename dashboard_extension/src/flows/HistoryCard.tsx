import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { FlowRestoreDocument, FlowVersionsDocument, type FlowVersionRowFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Flow } from "./DraftCard";
import { written } from "./said";

const paged = (version: FlowVersionRowFragment) => ({ ...version, cursor: String(version.number) });

/** Every published version, the newest first, with what it changed of the one before. */
export function HistoryCard({ flow, again }: { flow: Flow; again: () => Promise<void> }) {
  const { say, number, moment } = useWords();
  const saving = useSaving();
  const more = useMore(flow.versions.map(paged), async (after) => {
    const answer = await request(FlowVersionsDocument, { key: flow.key, before: Number(after) });
    return (answer.flow?.versions ?? []).map(paged);
  });
  const restore = (version: number) =>
    saving.save(
      async () =>
        (await request(FlowRestoreDocument, { key: flow.key, number: version, draftAt: flow.draftAt })).flowRestore,
      async () => {
        notify(say("flows.draft.saved"));
        await again();
      },
    );
  return (
    <Card title={say("flows.history")}>
      {more.rows.length === 0 && <p className="soft">{say("flows.history.none")}</p>}
      <ul className="rows">
        {more.rows.map((version) => (
          <li key={version.number} data-version={version.number}>
            <div className="row-head">
              <strong>{say("flows.version", { version: number(version.number) })}</strong>
              <time className="soft" dateTime={version.publishedAt}>
                {moment(version.publishedAt)}
              </time>
            </div>
            {version.number > 1 && <Changes changes={version.changes} />}
            {version.number !== flow.version && (
              <Ask
                label={say("flows.restore")}
                question={say(flow.draftAt === null ? "flows.restore.ask" : "flows.restore.replace")}
                yes={say("flows.restore.yes")}
                change={saving.change}
                onYes={() => restore(version.number)}
              />
            )}
          </li>
        ))}
      </ul>
      <MoreButton more={more} what={say("flows.history")} />
      <Trouble saving={saving} />
    </Card>
  );
}

function Changes({ changes }: { changes: FlowVersionRowFragment["changes"] }) {
  const { say } = useWords();
  if (changes.length === 0) return <p className="soft">{say("flows.changed.nothing")}</p>;
  return (
    <ul className="changes">
      {changes.map(({ path, how, before, after }) => (
        <li key={`${path} ${how}`} data-how={how}>
          {say(`flows.change.${how}`)} <code>{path}</code>
          {how !== "MOVED" && (
            <span className="soft">
              {" "}
              {[before, after].filter((one) => one !== null).map(written).join(" → ")}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
