import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { ActivityRetentionSetDocument, type OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { FigureForm } from "./FigureForm";

interface Props {
  installation: OverviewQuery["installation"];
  again: () => Promise<void>;
}

/** How long visits and products viewed are kept. */
export function RetentionCard({ installation, again }: Props) {
  const { say } = useWords();
  return (
    <Card title={say("retention.title")}>
      <FigureForm
        name="activityRetentionDays"
        label={say("retention.days")}
        help={say("retention.help")}
        held={installation.activityRetentionDays}
        least={30}
        most={3650}
        save={async (days) => (await request(ActivityRetentionSetDocument, { days })).activityRetentionSet}
        again={again}
      />
    </Card>
  );
}
