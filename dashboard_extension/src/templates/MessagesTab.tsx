import { useState } from "react";

import { remember, remembered } from "../frame/memory";
import { TemplateEditor } from "./TemplateEditor";
import { TemplatesCard } from "./TemplatesCard";

/** The templates of messages, or the one that is open. */
export function MessagesTab({ language }: { language: string }) {
  const [key, setKey] = useState(remembered("template") ?? "");
  const open = (chosen: string) => {
    remember("template", chosen);
    setKey(chosen);
  };
  if (key === "") return <TemplatesCard language={language} open={open} />;
  return <TemplateEditor key={key} templateKey={key} close={() => open("")} />;
}
