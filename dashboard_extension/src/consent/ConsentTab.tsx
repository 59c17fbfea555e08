import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { ConsentSettingsDocument } from "../generated/dashboard";
import { SoftOptInCard } from "./SoftOptInCard";
import { TopicsCard } from "./TopicsCard";
import { TrackingCard } from "./TrackingCard";

/** What people are asked for, and where the law asks for less or more. */
export function ConsentTab() {
  const { answer, refusal, again } = useQuestion(ConsentSettingsDocument, {});
  if (answer === null) return refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={6} />;
  const settings = answer.consentSettings;
  return (
    <div className="columns">
      <TopicsCard topics={settings.topics} again={again} />
      <div className="stack">
        <SoftOptInCard settings={settings} again={again} />
        <TrackingCard isDefault={settings.isTrackingDefault} again={again} />
      </div>
    </div>
  );
}
