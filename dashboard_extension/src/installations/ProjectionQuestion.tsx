import { Button } from "@saleor/macaw-ui";

import { notify } from "../frame/bridge";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { RefusalLine } from "../frame/states";
import { ProjectionSetDocument, type OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

interface Props {
  projection: OverviewQuery["installation"]["projection"];
  again: () => Promise<void>;
  /** Phases are written now: a no says what becomes of them. */
  isOn?: boolean;
}

/** May the phase stand on Saleor's records? With how many it would be, how fast, and who could read it. */
export function ProjectionQuestion({ projection, again, isOn: wasOn = false }: Props) {
  const { say, number } = useWords();
  const change = useChange();
  const answer = (isOn: boolean, clears = false) =>
    change.run(async () => {
      const { projectionSet } = await request(ProjectionSetDocument, { isOn, clears });
      const written = { n: projectionSet.customers, count: number(projectionSet.customers) };
      notify(isOn ? say("projection.saved.yes", written) : say("projection.saved.no"));
      await again();
    });
  return (
    <div className="question">
      <p>
        <strong>{say(wasOn ? "projection.stop.question" : "projection.question")}</strong>
      </p>
      {wasOn ? (
        <p>{say("projection.stop.about")}</p>
      ) : (
        <ul>
          <li>{say("projection.gain")}</li>
          <li>{say("projection.readers")}</li>
          <li>
            {say("projection.pace", {
              n: projection.customers,
              count: number(projection.customers),
              perMinute: number(projection.perMinute),
              perRequest: number(projection.perRequest),
            })}
          </li>
        </ul>
      )}
      <div className="actions">
        {!wasOn && (
          <Button disabled={change.isRunning} onClick={() => answer(true)}>
            {say("projection.yes")}
          </Button>
        )}
        <Button variant="secondary" disabled={change.isRunning} onClick={() => answer(false)}>
          {say(wasOn ? "projection.stop" : "projection.no")}
        </Button>
        {wasOn && (
          <Button variant="secondary" disabled={change.isRunning} onClick={() => answer(false, true)}>
            {say("projection.stop.clear")}
          </Button>
        )}
      </div>
      <RefusalLine refusal={change.refusal} />
    </div>
  );
}
