import { Button } from "@saleor/macaw-ui";

import { Card } from "../frame/Card";
import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import type { Change } from "../frame/question";
import { request } from "../frame/request";
import {
  TemplateVersionsDocument,
  type TemplateQuery,
  type TemplateRowFragment,
  type VersionFieldsFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";

/** The most that the app gives at once. */
const PAGE = 50;

interface Props {
  template: TemplateRowFragment;
  viewer: TemplateQuery["viewer"];
  language: string;
  versions: readonly VersionFieldsFragment[];
  change: Change;
  publish: (number: number) => Promise<void>;
  /** Brings an old version's words into the editor. */
  take: (version: VersionFieldsFragment) => void;
}

/** What was ever saved in a language, the newest first. */
export function VersionList({ template, viewer, language, versions, change, publish, take }: Props) {
  const { say, moment } = useWords();
  const more = useMore(
    versions.map(paged),
    async (after) => {
      const answer = await request(TemplateVersionsDocument, { key: template.key, language, before: Number(after) });
      return (answer.template?.versions ?? []).map(paged);
    },
    PAGE,
  );
  const by = ({ savedBy }: VersionFieldsFragment) =>
    say(savedBy === null ? "versions.ready" : savedBy === viewer.userId ? "versions.you" : "versions.staff");
  return (
    <Card title={say("versions.title")}>
      <ul className="list versions">
        {more.rows.map((version) => (
          <li key={version.number} data-version={version.number}>
            <span>
              <strong>{say("versions.number", { version: version.number })}</strong> · {moment(version.savedAt)} · {by(version)}
              {version.isPublished && <strong> · {say("versions.isSent")}</strong>}
              <span className="soft note">{version.subject}</span>
            </span>
            <span className="actions">
              <Button
                variant="secondary"
                size="small"
                aria-label={say("versions.take.which", { version: version.number })}
                onClick={() => take(version)}
              >
                {say("versions.take")}
              </Button>
              {!version.isPublished && (
                <Button
                  variant="secondary"
                  size="small"
                  aria-label={say("versions.publish.which", { version: version.number })}
                  disabled={change.isRunning}
                  onClick={() => publish(version.number)}
                >
                  {say("versions.publish")}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <MoreButton more={more} what={say("versions.title")} />
    </Card>
  );
}

function paged(version: VersionFieldsFragment) {
  return { ...version, cursor: String(version.number) };
}
