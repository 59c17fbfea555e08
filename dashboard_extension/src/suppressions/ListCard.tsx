import { useState } from "react";

import { Card } from "../frame/Card";
import { Choice } from "../frame/Choice";
import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { useQuestion, type Question } from "../frame/question";
import { request } from "../frame/request";
import { Loading, RefusalPage } from "../frame/states";
import {
  SuppressionsDocument,
  type SuppressionCountsQuery,
  type SuppressionReason,
  type SuppressionsQuery,
} from "../generated/dashboard";
import { useWords } from "../words/words";

export const REASONS = ["UNSUBSCRIBED", "MANUAL", "SOFT_BOUNCES", "BOUNCED", "COMPLAINED"] as const satisfies SuppressionReason[];

interface Props {
  channel: string;
  counts: Question<SuppressionCountsQuery>;
}

/** How many addresses are never written to and why, and the latest of them. */
export function ListCard({ channel, counts: { answer, refusal, again } }: Props) {
  const { say, number } = useWords();
  const counts = answer?.suppressions.counts ?? [];
  const sum = counts.reduce((all, { count }) => all + count, 0);
  // The list is asked anew when there are other sums.
  const key = JSON.stringify([channel, counts]);
  return (
    <Card title={say("suppressions.title")} className="suppressions">
      <p className="soft">{say("suppressions.about")}</p>
      {answer === null ? (
        refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />
      ) : (
        <>
          <p>
            <strong>{say("suppressions.sum", { n: sum, count: number(sum) })}</strong>
          </p>
          {counts.length > 0 && (
            <>
              <ul className="list counted">
                {counts.map(({ reason, count }) => (
                  <li key={reason} data-reason={reason}>
                    <span>
                      {say(`suppression.${reason}`)}
                      <span className="soft note">{say(`suppression.${reason}.about`)}</span>
                    </span>
                    <span className="figure">{number(count)}</span>
                  </li>
                ))}
              </ul>
              <Latest key={key} channel={channel} />
            </>
          )}
        </>
      )}
    </Card>
  );
}

function Latest({ channel }: { channel: string }) {
  const { say } = useWords();
  const [reason, setReason] = useState<SuppressionReason | "">("");
  const variables = { channel, reason: reason || null };
  const { answer, refusal, again } = useQuestion(SuppressionsDocument, { ...variables, after: null });
  return (
    <div className="part latest">
      <h3>{say("suppressions.latest")}</h3>
      <Choice
        name="reason"
        label={say("suppressions.reason")}
        value={reason}
        values={["", ...REASONS]}
        shown={(one) => (one === "" ? say("suppressions.every") : say(`suppression.${one}`))}
        onChange={setReason}
      />
      {answer === null ? (
        refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={3} />
      ) : (
        <Rows key={reason} page={answer.suppressions} variables={variables} />
      )}
    </div>
  );
}

interface RowsProps {
  page: SuppressionsQuery["suppressions"];
  variables: { channel: string; reason: SuppressionReason | null };
}

const marked = ({ suppressions, endCursor }: SuppressionsQuery["suppressions"]) =>
  suppressions.map((row) => ({ ...row, cursor: endCursor ?? "" }));

function Rows({ page, variables }: RowsProps) {
  const { say, moment } = useWords();
  const more = useMore(marked(page), async (after) =>
    marked((await request(SuppressionsDocument, { ...variables, after })).suppressions),
  );
  if (more.rows.length === 0) return <p className="soft">{say("suppressions.none")}</p>;
  return (
    <>
      <ul className="list" aria-label={say("suppressions.latest")}>
        {more.rows.map(({ addressHash, reason, at }) => (
          <li key={addressHash}>
            <span>{say(`suppression.${reason}`)}</span>
            <time className="soft" dateTime={at}>
              {moment(at)}
            </time>
          </li>
        ))}
      </ul>
      <MoreButton more={more} what={say("suppressions.latest")} />
    </>
  );
}
