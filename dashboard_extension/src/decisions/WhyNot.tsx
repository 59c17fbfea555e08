import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Choice } from "../frame/Choice";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { FlowWhyNotDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { flowName, type CustomerFlow } from "./FlowsPart";

/** Why a customer is not in a flow, or got no message of it, looked at when it is asked. */
export function WhyNot({ userId, flows }: { userId: string; flows: CustomerFlow[] }) {
  const words = useWords();
  const { say } = words;
  const [chosen, choose] = useState(flows[0]?.key ?? "");
  const [asked, ask] = useState<string | null>(null);
  const named = (key: string) => {
    const flow = flows.find((one) => one.key === key);
    return flow ? flowName(flow, words) : key;
  };
  return (
    <div className="why-not">
      <h3>{say("decisions.whyNot")}</h3>
      <p className="soft">{say("decisions.whyNot.about")}</p>
      <div className="ask">
        {flows.length > 1 && (
          <Choice
            name="flow"
            label={say("decisions.whyNot.flow")}
            value={chosen}
            values={flows.map(({ key }) => key)}
            shown={named}
            onChange={(key) => {
              choose(key);
              ask(null);
            }}
          />
        )}
        <Button variant="secondary" size="small" onClick={() => ask(chosen)} disabled={asked === chosen}>
          {say("decisions.whyNot.ask", { flow: named(chosen) })}
        </Button>
      </div>
      {asked !== null && <Findings userId={userId} flow={asked} />}
    </div>
  );
}

function Findings({ userId, flow }: { userId: string; flow: string }) {
  const { say, locale, moment } = useWords();
  const { answer, refusal, again } = useQuestion(FlowWhyNotDocument, { userId, flow, language: locale });
  if (answer === null) return refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={2} />;
  const { findings, refusals } = answer.flowWhyNot ?? { findings: [], refusals: [] };
  return (
    <div className="stack" role="status">
      {findings.length === 0 && <p>{say("decisions.whyNot.nothing")}</p>}
      <ul className="list">
        {findings.map(({ obstacle, words }, place) => (
          <li key={place} data-obstacle={obstacle}>
            <span>{words}</span>
          </li>
        ))}
      </ul>
      {refusals.length > 0 && (
        <>
          <h4>{say("decisions.refusals")}</h4>
          <ul className="list">
            {refusals.map(({ at, words }) => (
              <li key={at}>
                <span>{words}</span>
                <time className="soft" dateTime={at}>
                  {moment(at)}
                </time>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
