import { Button } from "@saleor/macaw-ui";
import { useId, useState, type ReactNode } from "react";

import { Ask } from "../frame/Ask";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import {
  WebhookEndpointRemoveDocument,
  WebhookEndpointRotateDocument,
  WebhookEndpointSwitchDocument,
  WebhookEndpointTestDocument,
  type WebhookEndpointsQuery,
  type WebhookEndpointTestMutation,
} from "../generated/dashboard";
import { useWords } from "../words/words";

type Endpoint = WebhookEndpointsQuery["webhookEndpoints"][number];

interface Props {
  endpoint: Endpoint;
  again: () => Promise<void>;
  made: (secret: string) => void;
  children: ReactNode;
}

/** One address: what it is told, how it stands, what it did not take, and what can be done about it. */
export function EndpointPart({ endpoint, again, made, children }: Props) {
  const { say, name } = useWords();
  const id = useId();
  const saving = useSaving();
  const [told, setTold] = useState<WebhookEndpointTestMutation["webhookEndpointTest"] | null>(null);
  const named = { id: endpoint.id };
  const nothing = async () => {};
  const test = () =>
    saving.save(async () => {
      setTold(null);
      const { webhookEndpointTest } = await request(WebhookEndpointTestDocument, named);
      if (webhookEndpointTest.errors.length === 0) setTold(webhookEndpointTest);
      return webhookEndpointTest;
    }, nothing);
  const rotate = () =>
    saving.save(async () => {
      const { webhookEndpointRotate } = await request(WebhookEndpointRotateDocument, named);
      if (webhookEndpointRotate.secret) made(webhookEndpointRotate.secret);
      return webhookEndpointRotate;
    }, again);
  const switchIt = () =>
    saving.save(
      async () =>
        (await request(WebhookEndpointSwitchDocument, { ...named, isOn: endpoint.offAt !== null })).webhookEndpointSwitch,
      again,
    );
  const remove = () =>
    saving.save(async () => (await request(WebhookEndpointRemoveDocument, named)).webhookEndpointRemove, again);
  return (
    <section className="part endpoint" aria-labelledby={id}>
      <h3 id={id}>
        <code>{endpoint.url}</code>
      </h3>
      <p className="soft">{endpoint.events.map((event) => name("endpoints.event", event)).join(" · ")}</p>
      <Standing endpoint={endpoint} />
      <Failures endpoint={endpoint} />
      {children}
      {told && (
        <p role="status" className={told.isTaken ? undefined : "bad"}>
          {told.isTaken
            ? say("endpoints.test.taken", { status: told.status ?? "" })
            : say("endpoints.test.refused", { answer: told.answer || String(told.status ?? "") })}
        </p>
      )}
      <div className="actions">
        <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={test}>
          {say("endpoints.test")}
        </Button>
        <Ask
          label={say("endpoints.rotate")}
          question={say("endpoints.rotate.ask")}
          yes={say("endpoints.rotate.yes")}
          change={saving.change}
          onYes={rotate}
        />
        <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={switchIt}>
          {say(endpoint.offAt ? "endpoints.on" : "endpoints.off")}
        </Button>
        <Ask
          label={say("state.remove")}
          question={say("endpoints.remove.ask")}
          yes={say("state.remove")}
          change={saving.change}
          isGrave
          onYes={remove}
        />
      </div>
      <Trouble saving={saving} />
    </section>
  );
}

function Standing({ endpoint }: { endpoint: Endpoint }) {
  const { say, name, moment, number } = useWords();
  const { offAt, offReason, failingSince, resumesAt, lastTakenAt, waiting, givenUp, formerSecretUntil } = endpoint;
  return (
    <>
      {offAt && (
        <p className="warning" role="status">
          {say("endpoints.offSince", { time: moment(offAt), why: name("endpoints.why", offReason ?? "MERCHANT") })}
          {endpoint.trouble && offReason === "FAILING" && ` ${say("endpoints.said", { text: endpoint.trouble })}`}
        </p>
      )}
      {!offAt && failingSince && (
        <p className="warning" role="status">
          {say("endpoints.failing", { time: moment(failingSince) })}
          {endpoint.trouble && ` ${say("endpoints.said", { text: endpoint.trouble })}`}
          {resumesAt && ` ${say("endpoints.resumes", { time: moment(resumesAt) })}`}
        </p>
      )}
      <p className="soft">
        {[
          lastTakenAt ? say("endpoints.taken", { time: moment(lastTakenAt) }) : say("endpoints.untold"),
          waiting > 0 && say("endpoints.waiting", { n: waiting, count: number(waiting) }),
          givenUp > 0 && say("endpoints.givenUp", { n: givenUp, count: number(givenUp) }),
          formerSecretUntil && say("endpoints.former", { time: moment(formerSecretUntil) }),
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
    </>
  );
}

function Failures({ endpoint }: { endpoint: Endpoint }) {
  const { say, moment } = useWords();
  if (endpoint.failures.length === 0) return null;
  return (
    <details>
      <summary>{say("endpoints.failures")}</summary>
      <ul className="failures">
        {endpoint.failures.map((one, place) => (
          <li key={place}>
            <b>{one.event}</b>{" "}
            {say("endpoints.failure", {
              n: one.attempts,
              error: one.error,
              time: one.nextAttemptAt ? moment(one.nextAttemptAt) : "–",
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
