import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import {
  FlowCreateDocument,
  FlowsBroughtDocument,
  FlowsDocument,
  type FlowRowFragment,
  type FlowsBroughtQuery,
} from "../generated/dashboard";
import { useWords, type Words } from "../words/words";
import { liftWords, nameOf } from "./said";
import { StateSwitch } from "./StateSwitch";

/** A flow to begin with: it is only a draft. */
const FIRST = {
  schema_version: 2,
  topic: "marketing",
  trigger: { kind: "manual" },
  steps: [
    { key: "wait", kind: "wait", duration: "P1D" },
    { key: "first", kind: "send", template: "" },
  ],
};

interface Props {
  open: (key: string) => void;
  /** Only those that are in use; none is made here. */
  isBrief?: boolean;
  /** Told after a switch. */
  changed?: () => Promise<void>;
}

/** All flows of the shop, each with what it brought and its switch. */
export function FlowList({ open, isBrief = false, changed }: Props) {
  const { say } = useWords();
  const [isArchived, setArchived] = useState(false);
  const { answer, refusal, again } = useQuestion(FlowsDocument, { isArchived });
  // Counted apart: it takes longer, and the list need not wait for it.
  const brought = useQuestion(FlowsBroughtDocument, { isArchived });
  const results = new Map(brought.answer?.flows.map((flow) => [flow.key, flow.results]));
  const turned = async () => {
    await Promise.all([again(), changed?.()]);
  };
  return (
    <Card title={say("flows.title")} className="flow-list">
      <p className="soft">{say("flows.about")}</p>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer?.flows.length === 0 && <p className="soft">{say(isArchived ? "flows.archived.none" : "flows.none")}</p>}
      {answer && answer.flows.length > 0 && (
        <ul className="rows">
          {answer.flows.map((flow) => (
            <Row key={flow.key} flow={flow} results={results.get(flow.key) ?? null} open={open} again={turned} />
          ))}
        </ul>
      )}
      {answer && !isBrief && (
        <div className="part">
          <label className="check plain">
            <input type="checkbox" checked={isArchived} onChange={({ target }) => setArchived(target.checked)} />
            {say("flows.archived.show")}
          </label>
          <details>
            <summary>{say("flows.new")}</summary>
            <NewFlow open={open} />
          </details>
        </div>
      )}
    </Card>
  );
}

type Brought = FlowsBroughtQuery["flows"][number]["results"];

interface RowProps {
  flow: FlowRowFragment;
  results: Brought;
  open: (key: string) => void;
  again: () => Promise<void>;
}

function Row({ flow, results, open, again }: RowProps) {
  const words = useWords();
  const { say, number, name, knows } = words;
  const title = nameOf(flow, words);
  const about = `flows.about.${flow.key}`;
  return (
    <li data-flow={flow.key} data-state={flow.state}>
      <div className="row-head">
        <div>
          <button type="button" className="link name" onClick={() => open(flow.key)}>
            {title}
          </button>
          <p className="soft note">
            {knows(about) ? say(about) : flow.trigger ? name("flows.trigger", flow.trigger) : say("flows.unpublished")}
            {flow.version !== null && ` · ${say("flows.version", { version: number(flow.version) })}`}
            {flow.draftAt !== null && ` · ${say("flows.hasDraft")}`}
          </p>
        </div>
        <dl className="small-figures">
          <div>
            <dt>{say("flows.waiting")}</dt>
            <dd>{number(flow.waiting)}</dd>
          </div>
          <div>
            <dt>{say("flows.entered")}</dt>
            <dd>{number(flow.entered)}</dd>
          </div>
          {results && (
            <div>
              <dt>{say("flows.sent")}</dt>
              <dd>{number(results.sent)}</dd>
            </div>
          )}
        </dl>
      </div>
      {results && results.sent > 0 && <p className="note">{broughtWords(results, words)}</p>}
      <StateSwitch flow={flow} title={title} again={again} />
    </li>
  );
}

/** The lift first, as far as it is known, then what other tools would tell. */
function broughtWords({ conversion, attributed }: NonNullable<Brought>, words: Words): string {
  const { say, number, money } = words;
  const orders = attributed.reduce((sum, one) => sum + one.orders, 0);
  const revenue = attributed.map((one) => money(one.revenue)).join(", ");
  const lift = say("flows.row.lift", { lift: liftWords(conversion, words) });
  return revenue ? `${lift} · ${say("flows.row.orders", { n: orders, orders: number(orders), revenue })}` : lift;
}

function NewFlow({ open }: { open: (key: string) => void }) {
  const { say } = useWords();
  const saving = useSaving();
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = { key: key.trim(), name: name.trim(), document: FIRST };
    void saving.save(
      async () => (await request(FlowCreateDocument, made)).flowCreate,
      () => {
        open(made.key);
        return Promise.resolve();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field name="flow-name" label={say("flows.name")} value={name} onChange={setName} />
      <Field name="flow-key" label={say("flows.key")} help={say("flows.key.help")} value={key} onChange={setKey} />
      <div className="actions">
        <Button type="submit" size="small" disabled={!key.trim() || saving.change.isRunning}>
          {say("flows.new.make")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}
