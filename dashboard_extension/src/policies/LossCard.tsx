import { useState } from "react";

import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { useWhile } from "../frame/while";
import { LossRulesDocument, RefitSettingsUpdateDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Policy } from "./figures";
import { PolicyForm } from "./PolicyForm";
import { Proposal } from "./Proposal";
import { Rung } from "./Rung";

/** When a buyer counts as lost and what makes the score: what holds, what is proposed, and a form to change it. */
export function LossCard({ again: overview }: { again: () => Promise<void> }) {
  const { say } = useWords();
  const rules = useQuestion(LossRulesDocument, {});
  const [told, setTold] = useState(0);
  const state = rules.answer?.rescoring?.state;
  useWhile(state === "PREVIEWING" || state === "APPLYING", rules.again);
  if (rules.answer === null) {
    return (
      <Card title={say("loss.title")}>
        {rules.refusal ? <RefusalPage refusal={rules.refusal} again={rules.again} /> : <Loading lines={4} />}
      </Card>
    );
  }
  const { policy, rescoring } = rules.answer;
  const proposed = async () => {
    await rules.again();
    setTold(told + 1);
  };
  const settled = async () => {
    await Promise.all([rules.again(), overview()]);
  };
  return (
    <>
      <Card title={say("loss.title")}>
        <Rung policy={policy} />
        <Refits policy={policy} again={rules.again} />
      </Card>
      {rescoring && <Proposal rescoring={rescoring} again={settled} />}
      <Card title={say("policy.title")}>
        <PolicyForm
          key={`${policy.version} ${told}`}
          policy={policy}
          isBusy={rescoring?.state === "APPLYING"}
          again={proposed}
        />
      </Card>
    </>
  );
}

function Refits({ policy, again }: { policy: Policy; again: () => Promise<void> }) {
  const { say, moment } = useWords();
  const saving = useSaving();
  const { appliesRefits } = policy;
  const turn = () =>
    saving.save(
      async () => (await request(RefitSettingsUpdateDocument, { automatic: !appliesRefits })).refitSettingsUpdate,
      again,
    );
  return (
    <div className="part">
      <div className="switching">
        <button
          type="button"
          className="switch"
          role="switch"
          aria-checked={appliesRefits}
          aria-label={say("refit.automatic")}
          disabled={saving.change.isRunning}
          onClick={turn}
        />
        <span aria-hidden="true">{say("refit.automatic")}</span>
      </div>
      <p className="soft note">
        {say(appliesRefits ? "refit.on" : "refit.off")} {say("refit.next", { time: moment(policy.nextRefitAt) })}
      </p>
      <Trouble saving={saving} />
    </div>
  );
}
