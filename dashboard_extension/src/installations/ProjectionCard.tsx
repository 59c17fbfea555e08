import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Card } from "../frame/Card";
import type { OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { ProjectionQuestion } from "./ProjectionQuestion";

interface Props {
  installation: OverviewQuery["installation"];
  again: () => Promise<void>;
}

/** Whether Saleor's records hold the phase; the question can be answered again at any time. */
export function ProjectionCard({ installation, again }: Props) {
  const { say } = useWords();
  const [isAsking, setAsking] = useState(false);
  const { isProjecting } = installation;
  const state = isProjecting === null ? "open" : isProjecting ? "yes" : "no";
  const answered = async () => {
    await again();
    setAsking(false);
  };
  return (
    <Card title={say("projection.label")}>
      <p>{say(`projection.is.${state}`)}</p>
      {isAsking ? (
        <ProjectionQuestion projection={installation.projection} again={answered} />
      ) : (
        <div className="actions">
          <Button variant="secondary" onClick={() => setAsking(true)}>
            {say("projection.change")}
          </Button>
        </div>
      )}
    </Card>
  );
}
