import { AttentionCard } from "../attention/AttentionCard";
import { HoldoutCard } from "../attention/HoldoutCard";
import { ReportsCard } from "../reports/ReportsCard";
import { SendingCard } from "./SendingCard";

/** What leaves and what holds it, and who reports what became of it. */
export function SendingTab() {
  return (
    <div className="columns uneven">
      <SendingCard />
      <div className="stack">
        <AttentionCard />
        <HoldoutCard />
        <ReportsCard />
      </div>
    </div>
  );
}
