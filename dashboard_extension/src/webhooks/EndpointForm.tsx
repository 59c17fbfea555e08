import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { RefusalLine } from "../frame/states";
import { WebhookEndpointAddDocument, type WebhookEvent } from "../generated/dashboard";
import { useWords } from "../words/words";

export const EVENTS = [
  "CONSENT_GIVEN",
  "CONSENT_WITHDRAWN",
  "ADDRESS_SUPPRESSED",
  "FLOW_STEP",
  "MESSAGE_SEND",
] as const satisfies readonly WebhookEvent[];

interface Props {
  isFirst: boolean;
  hasReceiver: boolean;
  again: () => Promise<void>;
  made: (secret: { id: string; text: string }) => void;
}

/** One more address; of messages there is one receiver, so that box goes once there is one. */
export function EndpointForm({ isFirst, hasReceiver, again, made }: Props) {
  const { say, name } = useWords();
  const saving = useSaving();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<readonly WebhookEvent[]>(["CONSENT_GIVEN", "CONSENT_WITHDRAWN"]);
  const wrong = (field: string) => saving.errors.find((error) => error.field === field)?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void saving.save(
      async () => {
        const { webhookEndpointAdd } = await request(WebhookEndpointAddDocument, { url, events: [...events] });
        const { secret, endpoint } = webhookEndpointAdd;
        if (secret && endpoint) made({ id: endpoint.id, text: secret });
        return webhookEndpointAdd;
      },
      async () => {
        setUrl("");
        await again();
      },
    );
  };
  return (
    <details className="part" open={isFirst || undefined}>
      <summary>{say("endpoints.add")}</summary>
      <form className="form" onSubmit={submit} noValidate>
        <Field
          name="url"
          label={say("endpoints.url")}
          value={url}
          help={say("endpoints.url.help")}
          error={wrong("url")}
          onChange={setUrl}
        />
        <fieldset>
          <legend>{say("endpoints.events")}</legend>
          {EVENTS.filter((one) => one !== "MESSAGE_SEND" || !hasReceiver).map((one) => (
            <label key={one} className="check">
              <input
                type="checkbox"
                checked={events.includes(one)}
                onChange={({ target }) =>
                  setEvents(target.checked ? [...events, one] : events.filter((other) => other !== one))
                }
              />
              {name("endpoints.event", one)}
            </label>
          ))}
          {wrong("events") && (
            <p className="bad note" role="alert">
              {wrong("events")}
            </p>
          )}
        </fieldset>
        <RefusalLine refusal={saving.change.refusal} />
        <div className="actions">
          <Button type="submit" disabled={!url.trim() || events.length === 0 || saving.change.isRunning}>
            {say("endpoints.add.yes")}
          </Button>
        </div>
      </form>
    </details>
  );
}
