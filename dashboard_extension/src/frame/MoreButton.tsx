import { Button } from "@saleor/macaw-ui";

import { useWords } from "../words/words";
import type { More } from "./more";
import { RefusalLine } from "./states";

/** The button that shows the next page, while there is one. */
export function MoreButton<Row>({ more, what }: { more: More<Row>; what: string }) {
  const { say } = useWords();
  if (more.next === null) return <RefusalLine refusal={more.change.refusal} />;
  return (
    <div className="actions">
      <Button
        variant="secondary"
        size="small"
        aria-label={`${say("state.more")}: ${what}`}
        disabled={more.change.isRunning}
        onClick={more.next}
      >
        {say("state.more")}
      </Button>
      <RefusalLine refusal={more.change.refusal} />
    </div>
  );
}
