import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { DkimSelectorsSetDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Deliverability } from "./rates";

interface Props {
  domain: Deliverability["domains"][number];
  again: () => Promise<void>;
}

/** Below which names the keys stand, where the provider gives each sender its own; open while that has to be said. */
export function SelectorsForm({ domain, again }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const held = domain.selectors.join(", ");
  const [typed, setTyped] = useState(held);
  const isAsked = domain.findings.some(({ code }) => code === "dkim_selectors_unknown");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const selectors = typed.split(/[\s,;]+/).filter(Boolean);
    void saving.save(
      async () => (await request(DkimSelectorsSetDocument, { domain: domain.domain, selectors })).dkimSelectorsSet,
      async () => {
        notify(say("settings.saved"));
        await again();
      },
    );
  };
  return (
    <details open={isAsked}>
      <summary>{say("arrival.selectors")}</summary>
      <form className="form one" onSubmit={submit} noValidate>
        <Field
          name="selectors"
          label={say("arrival.selectors.label")}
          help={say("arrival.selectors.help")}
          value={typed}
          onChange={setTyped}
        />
        <Button type="submit" variant="secondary" disabled={typed === held || saving.change.isRunning}>
          {say("settings.save")}
        </Button>
        <Trouble saving={saving} />
      </form>
    </details>
  );
}
