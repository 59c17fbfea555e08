import { Button } from "@saleor/macaw-ui";

import { PhaseBadge } from "../customers/PhaseBadge";
import { Bar } from "../frame/Bar";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { RescoringApplyDocument, RescoringDiscardDocument, type RescoringFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { fitWords, Silences } from "./Rung";

interface Props {
  rescoring: RescoringFieldsFragment;
  again: () => Promise<void>;
}

/** A change on its way to all customers: counted, waiting for a yes, being applied, applied. */
export function Proposal({ rescoring, again }: Props) {
  const words = useWords();
  const { say, number, date } = words;
  const saving = useSaving();
  const { id, kind, state, percent, customers, fit } = rescoring;
  const isMoving = state === "PREVIEWING" || state === "APPLYING";
  const apply = () =>
    saving.save(
      async () => (await request(RescoringApplyDocument, { id })).rescoringApply,
      async () => {
        notify(say("proposal.begun"));
        await again();
      },
    );
  const discard = () =>
    saving.save(async () => (await request(RescoringDiscardDocument, { id })).rescoringDiscard, again);
  if (state === "DISCARDED") return null;
  if (state === "APPLIED") {
    return (
      <p className="all-set soft">
        {say(`proposal.applied.${kind}`, {
          n: customers,
          count: number(customers),
          date: rescoring.finishedAt ? date(rescoring.finishedAt) : "",
        })}
      </p>
    );
  }
  return (
    <Card
      title={say(`proposal.title.${kind}`)}
      className="proposal"
      beside={<span className="soft">{say(`proposal.${state}`)}</span>}
    >
      {kind === "REFIT" && fit && (
        <>
          <p>{fitWords(fit, words)}</p>
          <Silences silences={fit.silences} />
        </>
      )}
      {isMoving && (
        <div className="progress" role="status">
          <Bar label={say(`proposal.${state}`)} percent={percent} />
          <span className="figure">{number(Math.floor(percent))} %</span>
        </div>
      )}
      <p>
        <strong>
          {say(state === "PREVIEWING" ? "proposal.sofar" : "proposal.moves", { n: customers, count: number(customers) })}
        </strong>
      </p>
      <Moves moves={rescoring.moves} />
      <Trouble saving={saving} />
      {state !== "APPLYING" && (
        <div className="actions">
          <Button disabled={state !== "PROPOSED" || saving.change.isRunning} onClick={apply}>
            {say("proposal.apply")}
          </Button>
          <Button variant="secondary" disabled={saving.change.isRunning} onClick={discard}>
            {say("proposal.discard")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Moves({ moves }: { moves: RescoringFieldsFragment["moves"] }) {
  const { say, number } = useWords();
  if (moves.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={say("proposal.who")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("movement.from")}</th>
            <th scope="col">{say("movement.to")}</th>
            <th scope="col" className="figure">
              {say("movement.customers")}
            </th>
          </tr>
        </thead>
        <tbody>
          {moves.map(({ before, after, customers }) => (
            <tr key={`${before} ${after}`}>
              <td>
                <PhaseBadge phase={before} />
              </td>
              <td>
                <PhaseBadge phase={after} />
              </td>
              <td className="figure">{number(customers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
