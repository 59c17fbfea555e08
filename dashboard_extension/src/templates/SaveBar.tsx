import { Button } from "@saleor/macaw-ui";

import { Ask } from "../frame/Ask";
import type { Saving } from "../frame/saving";
import { Trouble } from "../frame/states";
import type { VersionFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { isKept } from "./unsaved";

interface Props {
  isChanged: boolean;
  /** The newest first. */
  versions: readonly VersionFieldsFragment[];
  saving: Saving;
  publish: () => Promise<void>;
  draft: () => Promise<void>;
  discard: () => void;
}

/** What becomes of what was typed, and what is sent meanwhile. */
export function SaveBar({ isChanged, versions, saving, publish, draft, discard }: Props) {
  const { say } = useWords();
  const { isRunning } = saving.change;
  const [newest] = versions;
  const sent = versions.find(({ isPublished }) => isPublished)?.number;
  const discarded = () => {
    discard();
    return Promise.resolve();
  };
  return (
    <div className="save-bar">
      <Trouble saving={saving} />
      <div className="actions">
        <Button disabled={isRunning || (!isChanged && newest?.isPublished !== false)} onClick={publish}>
          {say("words.publish")}
        </Button>
        <Button variant="secondary" disabled={!isChanged || isRunning} onClick={draft}>
          {say("words.draft")}
        </Button>
        {isChanged && newest && (
          <Ask
            label={say("words.discard")}
            question={say("words.discard.ask")}
            yes={say("words.discard")}
            change={saving.change}
            onYes={discarded}
          />
        )}
        <span className="soft" role="status">
          {isChanged && <strong>{say(isKept() ? "words.unsaved" : "words.unkept")} </strong>}
          {!isChanged && newest && !newest.isPublished && <strong>{say("words.isDraft", { version: newest.number })} </strong>}
          {sent === undefined ? say("words.neverSent") : say("words.sent", { version: sent })}
        </span>
      </div>
    </div>
  );
}
