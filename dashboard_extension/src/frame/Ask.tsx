import { Button } from "@saleor/macaw-ui";
import { useId, useState, type ReactNode } from "react";

import { useWords } from "../words/words";
import type { Change } from "./question";

interface Props {
  label: string;
  question: string;
  yes: string;
  change: Change;
  isGrave?: boolean;
  onYes: () => Promise<void>;
  /** What it brings about, looked up once it is asked. */
  children?: ReactNode;
}

/** A button that asks once more, in the page itself: the Dashboard's frame has no confirm(). The keyboard stays with it. */
export function Ask({ label, question, yes, change, isGrave, onYes, children }: Props) {
  const { say } = useWords();
  const id = useId();
  const [isAsking, setAsking] = useState<boolean | null>(null); // null: it never has
  const agreed = async () => {
    await onYes();
    setAsking(false);
  };
  return (
    <div className="ask">
      {isAsking && children}
      {isAsking ? (
        <div className="actions" role="group" aria-labelledby={id}>
          <span id={id}>{question}</span>
          <Button
            variant={isGrave ? "error" : "primary"}
            size="small"
            disabled={change.isRunning}
            onClick={agreed}
          >
            {yes}
          </Button>
          <Button variant="secondary" size="small" autoFocus onClick={() => setAsking(false)}>
            {say("keys.cancel")}
          </Button>
        </div>
      ) : (
        <Button variant="secondary" size="small" autoFocus={isAsking === false} onClick={() => setAsking(true)}>
          {label}
        </Button>
      )}
    </div>
  );
}
