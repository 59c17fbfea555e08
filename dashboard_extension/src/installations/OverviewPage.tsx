import { Text } from "@saleor/macaw-ui";

import { FilesCard } from "../attributes/FilesCard";
import { MappingsCard } from "../attributes/MappingsCard";
import { MovementCard } from "../customers/MovementCard";
import { PhasesCard } from "../customers/PhasesCard";
import { later } from "../frame/later";
import { remember } from "../frame/memory";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { Tabs } from "../frame/Tabs";
import { OverviewDocument } from "../generated/dashboard";
import { LossCard } from "../policies/LossCard";
import { useWords } from "../words/words";
import { ChannelBrandsCard } from "./ChannelBrandsCard";
import { Checklist } from "./Checklist";
import { ImportCard } from "./ImportCard";
import { KeysCard } from "./KeysCard";
import { ProjectionCard } from "./ProjectionCard";
import { RetentionCard } from "./RetentionCard";
import { SettingsCard } from "./SettingsCard";

const MessagesTab = later(async () => (await import("../templates/MessagesTab")).MessagesTab);
const FlowsTab = later(async () => (await import("../flows/FlowsTab")).FlowsTab);
const FlowList = later(async () => (await import("../flows/FlowList")).FlowList);
const IncentivesCard = later(async () => (await import("../incentives/IncentivesCard")).IncentivesCard);
const DeliveryCard = later(async () => (await import("../deliveries/DeliveryCard")).DeliveryCard);
const MailCard = later(async () => (await import("../mail/MailCard")).MailCard);
const EndpointsCard = later(async () => (await import("../webhooks/EndpointsCard")).EndpointsCard);
const ArrivalTab = later(async () => (await import("../deliverability/ArrivalTab")).ArrivalTab);
const SendingTab = later(async () => (await import("../sending/SendingTab")).SendingTab);
const ConsentTab = later(async () => (await import("../consent/ConsentTab")).ConsentTab);
const SuppressionsTab = later(async () => (await import("../suppressions/SuppressionsTab")).SuppressionsTab);

/** The app's page: what is left to do, who stands where, the flows, the settings. */
export function OverviewPage() {
  const { say } = useWords();
  const overview = useQuestion(OverviewDocument, {});
  if (overview.answer === null) {
    return (
      <div className="page">
        {overview.refusal ? <RefusalPage refusal={overview.refusal} again={overview.again} /> : <Loading lines={8} />}
      </div>
    );
  }
  const { installation, checklist, phases, movement, viewer } = overview.answer;
  const { again } = overview;
  return (
    <div className="page">
      <header className="head">
        <Text as="h1" size={8} fontWeight="medium">
          {say("overview.title")}
        </Text>
        <span className="soft">{installation.shopName}</span>
      </header>
      {installation.state !== "ACTIVE" && (
        <p className="warning" role="status">
          {say("overview.inactive")}
        </p>
      )}
      {viewer.appPermissionsMissing.length > 0 && (
        <p className="warning" role="status">
          {say("overview.missing", { permissions: viewer.appPermissionsMissing.join(", ") })}
        </p>
      )}
      <Tabs
        label={say("overview.title")}
        tabs={[
          {
            key: "overview",
            title: say("tab.overview"),
            content: (go) => (
              <>
                <Checklist items={checklist} installation={installation} again={again} />
                <ImportCard isBrief />
                <div className="columns">
                  <PhasesCard phases={phases} isProjecting={installation.isProjecting === true} />
                  <MovementCard movement={movement} />
                </div>
                <FlowList
                  isBrief
                  open={(key) => {
                    remember("flow", key);
                    go("flows");
                  }}
                  changed={again}
                />
              </>
            ),
          },
          { key: "flows", title: say("tab.flows"), content: (go) => <FlowsTab write={(key) => write(key, go)} /> },
          { key: "messages", title: say("tab.messages"), content: () => <MessagesTab language={installation.language} /> },
          { key: "sending", title: say("tab.sending"), content: () => <SendingTab /> },
          { key: "arrival", title: say("tab.arrival"), content: () => <ArrivalTab /> },
          { key: "consent", title: say("tab.consent"), content: () => <ConsentTab /> },
          { key: "suppressions", title: say("tab.suppressions"), content: () => <SuppressionsTab /> },
          { key: "rules", title: say("tab.rules"), content: () => <LossCard again={again} /> },
          {
            key: "data",
            title: say("tab.data"),
            content: () => (
              <div className="columns">
                <div className="stack">
                  <ImportCard />
                  <FilesCard />
                </div>
                <div className="stack">
                  <ProjectionCard installation={installation} again={again} />
                  <MappingsCard />
                </div>
              </div>
            ),
          },
          {
            key: "settings",
            title: say("tab.settings"),
            content: () => (
              <div className="columns uneven">
                <SettingsCard installation={installation} again={again} />
                <div className="stack">
                  <MailCard />
                  <IncentivesCard />
                  <DeliveryCard />
                  <ChannelBrandsCard brand={installation.brand} />
                  <RetentionCard installation={installation} again={again} />
                  <KeysCard installation={installation} again={again} />
                  <EndpointsCard />
                </div>
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}

/** Opens the text of a message in its tab. */
function write(template: string, go: (tab: string) => void): void {
  remember("template", template);
  go("messages");
}
