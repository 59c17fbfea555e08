import { useState } from "react";

import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { Copied } from "../frame/Copied";
import { WebhookEndpointsDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { EndpointForm } from "./EndpointForm";
import { EndpointPart } from "./EndpointPart";

/** The shop's own systems that are told what happens; a secret is shown once, when it was made. */
export function EndpointsCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(WebhookEndpointsDocument, {});
  const [secret, setSecret] = useState<{ id: string; text: string } | null>(null);
  return (
    <Card title={say("endpoints.title")}>
      <p className="soft">{say("endpoints.about")}</p>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={3} />)}
      {answer?.webhookEndpoints.length === 0 && <p>{say("endpoints.none")}</p>}
      {answer?.webhookEndpoints.map((endpoint) => (
        <EndpointPart
          key={endpoint.id}
          endpoint={endpoint}
          again={again}
          made={(text) => setSecret({ id: endpoint.id, text })}
        >
          {secret?.id === endpoint.id && (
            <>
              <Copied label={say("endpoints.secret")} text={secret.text} />
              <p role="status">{say("endpoints.once")}</p>
            </>
          )}
        </EndpointPart>
      ))}
      {answer && (
        <EndpointForm
          isFirst={answer.webhookEndpoints.length === 0}
          hasReceiver={answer.webhookEndpoints.some(({ events }) => events.includes("MESSAGE_SEND"))}
          again={again}
          made={setSecret}
        />
      )}
    </Card>
  );
}
