import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { DeliveriesDocument, DeliveriesUpdateDocument, type DeliveriesQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { daysOf, given, MOST_DAYS, type Typed, typedOf } from "./rules";

type Settings = DeliveriesQuery["deliverySettings"];

/** When an order counts as delivered: Saleor does not say. */
export function DeliveryCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(DeliveriesDocument, {});
  return (
    <Card title={say("delivered.title")} className="delivered">
      <p className="soft">{say("delivered.about")}</p>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer && <Form key={JSON.stringify(answer)} settings={answer.deliverySettings} again={again} />}
    </Card>
  );
}

function Form({ settings, again }: { settings: Settings; again: () => Promise<void> }) {
  const { say, number } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState<Typed>(typedOf(settings));
  const range = say("wrong.range", { least: number(0), most: number(MOST_DAYS) });
  const update = given(typed);
  const isChanged = JSON.stringify(typed) !== JSON.stringify(typedOf(settings));
  const setRule = (place: number, news: Partial<Typed["rules"][number]>) =>
    setTyped({ ...typed, rules: typed.rules.map((rule, index) => (index === place ? { ...rule, ...news } : rule)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!update) return;
    void saving.save(
      async () => (await request(DeliveriesUpdateDocument, update)).deliverySettingsUpdate,
      async () => {
        notify(say("settings.saved"));
        // Rules that name no method were not saved.
        setTyped({ ...typed, rules: typed.rules.filter(({ method }) => method.trim() !== "") });
        await again();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field
        name="metadataKey"
        label={say("delivered.key")}
        help={say("delivered.key.help")}
        value={typed.metadataKey}
        onChange={(metadataKey) => setTyped({ ...typed, metadataKey })}
      />
      <h3>{say("delivered.else")}</h3>
      <p className="soft note">{say("delivered.else.about")}</p>
      <div className="channels">
        {typed.rules.map(({ method, days }, place) => (
          <div key={place} className="channel" data-rule={place}>
            <Field
              name={`method-${place}`}
              label={say("delivered.method")}
              value={method}
              onChange={(method) => setRule(place, { method })}
            />
            <Field
              name={`days-${place}`}
              label={say("delivered.days")}
              value={days}
              error={daysOf(days) === null ? range : undefined}
              onChange={(days) => setRule(place, { days })}
            />
            <Button
              variant="secondary"
              size="small"
              aria-label={say("delivered.remove.which", { method })}
              onClick={() => setTyped({ ...typed, rules: typed.rules.filter((_, index) => index !== place) })}
            >
              {say("delivered.remove")}
            </Button>
          </div>
        ))}
        <Button
          variant="secondary"
          size="small"
          onClick={() => setTyped({ ...typed, rules: [...typed.rules, { method: "", days: "3" }] })}
        >
          {say("delivered.add")}
        </Button>
      </div>
      <Field
        name="otherwiseWorkingDays"
        label={say("delivered.otherwise")}
        help={say("delivered.otherwise.help")}
        value={typed.otherwise}
        error={daysOf(typed.otherwise) === null ? range : undefined}
        onChange={(otherwise) => setTyped({ ...typed, otherwise })}
      />
      <div className="actions">
        <Button type="submit" variant="secondary" disabled={!update || !isChanged || saving.change.isRunning}>
          {say("settings.save")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}
