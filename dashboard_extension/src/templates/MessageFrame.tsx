import { useEffect, useRef, useState } from "react";

import { useWords } from "../words/words";
import page from "./preview.html?url";
import { shownIn, type Look } from "./shown";

interface Props {
  html: string;
  look: Look;
  width: "320" | "600";
}

/**
 * A mail, as a mail program of that width shows it. It stands in a sandboxed frame, where nothing runs, inside a frame
 * whose own policy lets its styles and pictures be; ours does not.
 */
export function MessageFrame({ html, look, width }: Props) {
  const { say } = useWords();
  const outer = useRef<HTMLIFrameElement>(null);
  const [isThere, setThere] = useState(false);
  const title = say("preview.frame");
  useEffect(() => {
    const around = outer.current?.contentDocument;
    if (!around || !isThere) return;
    const inner = around.querySelector("iframe") ?? around.createElement("iframe");
    inner.setAttribute("sandbox", "");
    inner.title = title;
    inner.srcdoc = shownIn(html, look);
    if (!inner.isConnected) around.body.append(inner);
  }, [html, look, isThere, title]);
  return (
    <iframe
      ref={outer}
      className="mail"
      src={page}
      title={title}
      width={width}
      height={620}
      onLoad={() => setThere(true)}
    />
  );
}
