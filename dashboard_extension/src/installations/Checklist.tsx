import { Button, Text } from "@saleor/macaw-ui";
import { Check, Circle } from "lucide-react";

import { Card } from "../frame/Card";
import { notify } from "../frame/bridge";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { FlowSwitchDocument, type ChecklistKey, type OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { BrandForm } from "./BrandForm";
import type { FieldName } from "./fields";
import { ProjectionQuestion } from "./ProjectionQuestion";

type Installation = OverviewQuery["installation"];

interface Props {
  items: OverviewQuery["checklist"];
  installation: Installation;
  again: () => Promise<void>;
}

const FIELDS: Partial<Record<ChecklistKey, readonly FieldName[]>> = {
  SENDER: ["senderName", "senderEmail"],
  COMPANY: ["company", "postalAddress", "contactEmail"],
  CART_LINK: ["cartUrl"],
};

/** What is left to do before mails leave, each item with its form or its button; one line once all is done. */
export function Checklist({ items, installation, again }: Props) {
  const { say, number } = useWords();
  const done = items.filter(({ isDone }) => isDone).length;
  if (done === items.length) {
    return (
      <p className="all-set soft">
        <Check size={16} aria-hidden="true" /> {say("checklist.complete")}
      </p>
    );
  }
  if (items.every(({ key, isDone }) => isDone || key === "CART_FLOW")) {
    // Once all else is done, a flow that is off was switched off.
    return <p className="all-set soft">{say("checklist.off")}</p>;
  }
  // One thing at a time: the first open item is unfolded, the others wait for a click.
  const first = items.find(({ isDone }) => !isDone)?.key;
  return (
    <Card
      title={say("checklist.title")}
      className="checklist"
      beside={
        <span className="progress">
          <span className="soft">{say("checklist.progress", { done: number(done), all: number(items.length) })}</span>
          <progress value={done} max={items.length} aria-label={say("checklist.title")} />
        </span>
      }
    >
      <ol>
        {items.map(({ key, isDone }) => (
          <li key={key} data-done={isDone} data-key={key}>
            {isDone ? <Check size={18} aria-label={say("checklist.done")} /> : <Circle size={18} aria-label={say("checklist.open")} />}
            {isDone ? (
              <Text size={4}>{say(`checklist.${key}`)}</Text>
            ) : (
              <details open={key === first}>
                <summary>{say(`checklist.${key}`)}</summary>
                <p className="soft">{say(`checklist.${key}.text`)}</p>
                <Todo item={key} installation={installation} again={again} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Todo({ item, installation, again }: { item: ChecklistKey } & Omit<Props, "items">) {
  const fields = FIELDS[item];
  if (fields) return <BrandForm fields={fields} installation={installation} again={again} />;
  if (item === "PROJECTION") return <ProjectionQuestion projection={installation.projection} again={again} />;
  return item === "EVENTS" ? <LookAgain again={again} /> : <SwitchOn again={again} />;
}

function LookAgain({ again }: { again: () => Promise<void> }) {
  const { say } = useWords();
  const change = useChange();
  return (
    <Button variant="secondary" disabled={change.isRunning} onClick={() => change.run(again)}>
      {say("checklist.EVENTS.again")}
    </Button>
  );
}

function SwitchOn({ again }: { again: () => Promise<void> }) {
  const { say } = useWords();
  const saving = useSaving();
  const switchOn = () =>
    saving.save(
      async () => (await request(FlowSwitchDocument, { key: "abandoned-cart", state: "ON" })).flowSwitch,
      async () => {
        notify(say("flow.switched.on"));
        await again();
      },
    );
  return (
    <>
      <Button disabled={saving.change.isRunning} onClick={() => void switchOn()}>
        {say("checklist.CART_FLOW.on")}
      </Button>
      <Trouble saving={saving} />
    </>
  );
}
