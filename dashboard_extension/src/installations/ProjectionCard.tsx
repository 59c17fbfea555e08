import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { useWhile } from "../frame/while";
import {
  PhaseAttributeSetDocument,
  ProjectionPaceSetDocument,
  ProjectionProgressDocument,
  type OverviewQuery,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { EditedRecords } from "./EditedRecords";
import { FigureForm } from "./FigureForm";
import { ProjectionQuestion } from "./ProjectionQuestion";

interface Props {
  installation: OverviewQuery["installation"];
  again: () => Promise<void>;
}

/** Whether Saleor's records hold the phase, how far they do, and whose were edited; it can be answered anew. */
export function ProjectionCard({ installation, again }: Props) {
  const { say, number, moment } = useWords();
  const [isAsking, setAsking] = useState(false);
  // Watched by a small question of its own: all the page's figures every few seconds would be a load.
  const watched = useQuestion(ProjectionProgressDocument, {});
  const isProjecting = installation.isProjecting;
  const projection = { ...installation.projection, ...watched.answer?.installation.projection };
  const state = isProjecting === null ? "open" : isProjecting ? "yes" : projection.isClearing ? "clearing" : "no";
  useWhile(projection.waiting > 0, watched.again);
  const answered = async () => {
    await Promise.all([again(), watched.again()]);
    setAsking(false);
  };
  return (
    <Card title={say("projection.label")}>
      <p>{say(`projection.is.${state}`)}</p>
      {(isProjecting === true || projection.isClearing) && (
        <p className="soft" role="status">
          {say(projection.isClearing ? "projection.emptying" : "projection.waiting", {
            n: projection.waiting,
            count: number(projection.waiting),
          })}
        </p>
      )}
      {projection.trouble !== "" && (
        <p className="warning" role="status">
          {say("projection.trouble", {
            error: projection.trouble,
            time: projection.resumesAt ? moment(projection.resumesAt) : "–",
          })}
        </p>
      )}
      {isAsking ? (
        <ProjectionQuestion projection={projection} again={answered} isOn={isProjecting === true} />
      ) : (
        <div className="actions">
          <Button variant="secondary" onClick={() => setAsking(true)}>
            {say(isProjecting === true ? "projection.switch.off" : "projection.change")}
          </Button>
        </div>
      )}
      {isProjecting === true && (
        <>
          <FigureForm
            name="perMinute"
            label={say("projection.perMinute")}
            help={say("projection.perMinute.help")}
            held={projection.perMinute}
            least={1}
            most={60000}
            save={async (perMinute) => (await request(ProjectionPaceSetDocument, { perMinute })).projectionPaceSet}
            again={again}
          />
          <AttributePart installation={installation} again={again} />
          {projection.edited > 0 && <EditedRecords count={projection.edited} />}
        </>
      )}
    </Card>
  );
}

/** From this Saleor on, customers have attributes. */
const ATTRIBUTES_SINCE = [3, 23] as const;

function AttributePart({ installation, again }: Props) {
  const { say, number } = useWords();
  const saving = useSaving();
  const { hasAttribute, attributeTrouble } = installation.projection;
  const [major = 0, minor = 0] = installation.saleorVersion.split(".").map(Number);
  const isOffered = major > ATTRIBUTES_SINCE[0] || (major === ATTRIBUTES_SINCE[0] && minor >= ATTRIBUTES_SINCE[1]);
  if (!isOffered && !hasAttribute) return null;
  const turn = () => {
    let customers = 0;
    return saving.save(
      async () => {
        const { phaseAttributeSet } = await request(PhaseAttributeSetDocument, { isOn: !hasAttribute });
        customers = phaseAttributeSet.customers;
        return phaseAttributeSet;
      },
      async () => {
        notify(say(hasAttribute ? "attribute.off" : "attribute.on", { n: customers, count: number(customers) }));
        await again();
      },
    );
  };
  return (
    <div className="part">
      <div className="switching">
        <button
          type="button"
          className="switch"
          role="switch"
          aria-checked={hasAttribute}
          aria-label={say("attribute.label")}
          disabled={saving.change.isRunning}
          onClick={turn}
        />
        <span aria-hidden="true">{say("attribute.label")}</span>
      </div>
      <p className="soft note">{say("attribute.about")}</p>
      {attributeTrouble !== "" && <p className="bad">{say("attribute.trouble", { error: attributeTrouble })}</p>}
      <Trouble saving={saving} />
    </div>
  );
}
