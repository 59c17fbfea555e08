import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { useWords } from "../words/words";
import { copy } from "./copy";

/** A text to be taken elsewhere, with the button that puts it into the clipboard. */
export function Copied({ label, text }: { label: string; text: string }) {
  const { say } = useWords();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className="copied">
      <span className="soft">{label}</span>
      <code tabIndex={0}>{text}</code>
      <Button
        variant="secondary"
        size="small"
        aria-label={say("keys.copy.what", { what: label })}
        onClick={() => setCopied(copy(text))}
      >
        {say(isCopied ? "keys.copied" : "keys.copy")}
      </Button>
      <span className="unseen" role="status">
        {isCopied ? say("keys.copied") : ""}
      </span>
    </div>
  );
}
