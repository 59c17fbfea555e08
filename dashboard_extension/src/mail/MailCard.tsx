import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { MailDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { AccountForm } from "./AccountForm";
import { AccountPart } from "./AccountPart";
import { Senders } from "./Senders";

/** Through whose account mails leave, and in whose name. */
export function MailCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(MailDocument, {});
  if (answer === null) {
    return (
      <Card title={say("mail.title")}>
        {refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={3} />}
      </Card>
    );
  }
  const { accounts, operatorsProvider, providers, senders } = answer.mail;
  const operators = providers.find(({ provider }) => provider === operatorsProvider)?.name ?? operatorsProvider;
  const hasOwnForAll = accounts.some(({ channel }) => channel === "");
  return (
    <Card title={say("mail.title")}>
      {!hasOwnForAll && (
        <p className="soft">{say(accounts.length > 0 ? "mail.others" : "mail.operators", { provider: operators })}</p>
      )}
      {accounts.map((account) => (
        <AccountPart key={account.channel} account={account} providers={providers} again={again} />
      ))}
      <details className="part">
        <summary>{say("mail.add")}</summary>
        <AccountForm key={accounts.length} providers={providers} again={again} />
      </details>
      <Senders senders={senders} again={again} />
    </Card>
  );
}
