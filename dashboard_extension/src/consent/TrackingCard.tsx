import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { notify } from "../frame/bridge";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { ConsentTrackingSetDocument } from "../generated/dashboard";
import { useWords } from "../words/words";

interface Props {
  isDefault: boolean;
  again: () => Promise<void>;
}

/** Whether it is noted what people open and click who were never asked. */
export function TrackingCard({ isDefault, again }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const turn = () =>
    saving.save(
      async () => (await request(ConsentTrackingSetDocument, { isDefault: !isDefault })).consentTrackingSet,
      async () => {
        notify(say("settings.saved"));
        await again();
      },
    );
  const to = isDefault ? "off" : "on";
  return (
    <Card title={say("tracking.title")} className="tracking">
      <p>
        <strong>{say(isDefault ? "tracking.is.on" : "tracking.is.off")}</strong>
      </p>
      <p className="soft">{say("tracking.law")}</p>
      <Ask
        label={say(`tracking.${to}`)}
        question={say(`tracking.${to}.ask`)}
        yes={say(`tracking.${to}.yes`)}
        change={saving.change}
        onYes={turn}
        isGrave={!isDefault}
      />
      <Trouble saving={saving} />
    </Card>
  );
}
