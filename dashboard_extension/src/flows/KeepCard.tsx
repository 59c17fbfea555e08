import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { FlowArchiveDocument, FlowCopyDocument, FlowRenameDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Flow } from "./DraftCard";

interface Props {
  flow: Flow;
  title: string;
  open: (key: string) => void;
  again: () => Promise<void>;
}

/** A flow's name, copies of it, and where it goes when it is no longer wanted. */
export function KeepCard({ flow, title, open, again }: Props) {
  const { say } = useWords();
  return (
    <Card title={say("flows.keep")} className="keep">
      <div className="tables">
        <Rename key={flow.name} flow={flow} again={again} />
        <Copy flow={flow} title={title} open={open} />
      </div>
      {flow.state !== "ARCHIVED" && <PutAway flow={flow} again={again} />}
    </Card>
  );
}

function Rename({ flow, again }: Pick<Props, "flow" | "again">) {
  const { say } = useWords();
  const saving = useSaving();
  const [name, setName] = useState(flow.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void saving.save(
      async () => (await request(FlowRenameDocument, { key: flow.key, name: name.trim() })).flowRename,
      async () => {
        notify(say("flows.renamed"));
        await again();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field name="name" label={say("flows.name")} value={name} onChange={setName} />
      <div className="actions">
        <Button type="submit" variant="secondary" size="small" disabled={name.trim() === flow.name || saving.change.isRunning}>
          {say("flows.rename")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}

function Copy({ flow, title, open }: Pick<Props, "flow" | "title" | "open">) {
  const { say } = useWords();
  const saving = useSaving();
  const [key, setKey] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const newKey = key.trim();
    const name = say("flows.copy.name", { name: title });
    void saving.save(
      async () => (await request(FlowCopyDocument, { key: flow.key, newKey, name })).flowCopy,
      () => {
        open(newKey);
        return Promise.resolve();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field name="copy-key" label={say("flows.copy.key")} help={say("flows.key.help")} value={key} onChange={setKey} />
      <div className="actions">
        <Button type="submit" variant="secondary" size="small" disabled={!key.trim() || saving.change.isRunning}>
          {say("flows.copy")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}

function PutAway({ flow, again }: Pick<Props, "flow" | "again">) {
  const { say, number } = useWords();
  const saving = useSaving();
  const away = (exits: boolean) =>
    saving.save(
      async () => (await request(FlowArchiveDocument, { key: flow.key, exits })).flowArchive,
      async () => {
        notify(say("flows.archived"));
        await again();
      },
    );
  const inside = { n: flow.waiting, count: number(flow.waiting) };
  return (
    <div className="part">
      <h3>{say("flows.archive")}</h3>
      <p className="soft">{say("flows.archive.about")}</p>
      <div className="actions">
        <Ask
          label={say("flows.archive.stay")}
          question={say("flows.archive.stay.ask", inside)}
          yes={say("flows.archive.yes")}
          change={saving.change}
          onYes={() => away(false)}
        />
        {flow.waiting > 0 && (
          <Ask
            label={say("flows.archive.exits")}
            question={say("flows.archive.exits.ask", inside)}
            yes={say("flows.archive.yes")}
            change={saving.change}
            isGrave
            onYes={() => away(true)}
          />
        )}
      </div>
      <Trouble saving={saving} />
    </div>
  );
}
