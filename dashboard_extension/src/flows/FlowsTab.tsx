import { useState } from "react";

import { remember, remembered } from "../frame/memory";
import { FlowList } from "./FlowList";
import { FlowPage } from "./FlowPage";

/** Every flow of the shop, or the one that is opened. */
export function FlowsTab({ write }: { write: (template: string) => void }) {
  const [key, setKey] = useState(remembered("flow") ?? "");
  const open = (chosen: string) => {
    remember("flow", chosen);
    setKey(chosen);
  };
  return key ? (
    <FlowPage key={key} flowKey={key} close={() => open("")} open={open} write={write} />
  ) : (
    <FlowList open={open} />
  );
}
