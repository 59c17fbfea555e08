import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { HoldoutDocument, HoldoutSetDocument, type HoldoutQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

/** How many customers no flow writes to. */
export function HoldoutCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(HoldoutDocument, {});
  return (
    <Card title={say("holdout.title")} className="holdout">
      <p className="soft">{say("holdout.about")}</p>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={2} />)}
      {answer && <Form key={answer.holdout.percent} holdout={answer.holdout} again={again} />}
    </Card>
  );
}

function Form({ holdout, again }: { holdout: HoldoutQuery["holdout"]; again: () => Promise<void> }) {
  const { say } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState(String(holdout.percent));
  const isGood = /^\d{1,2}$/.test(typed.trim()) && Number(typed) <= holdout.most;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isGood) return;
    void saving.save(
      async () => (await request(HoldoutSetDocument, { percent: Number(typed) })).holdoutSet,
      async () => {
        notify(say("settings.saved"));
        await again();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field
        name="holdout"
        label={say("holdout.percent")}
        value={typed}
        help={say("holdout.help")}
        error={isGood ? undefined : say("holdout.wrong", { most: holdout.most })}
        onChange={setTyped}
      />
      <div className="actions">
        <Button type="submit" disabled={!isGood || saving.change.isRunning}>
          {say("settings.save")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}
