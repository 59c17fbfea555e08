import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Ask } from "../frame/Ask";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { MailAccountRemoveDocument, MailAccountVerifyDocument, type MailAccountVerdict } from "../generated/dashboard";
import { useWords } from "../words/words";
import { AccountForm } from "./AccountForm";
import type { Account, Provider } from "./accounts";

interface Props {
  account: Account;
  providers: readonly Provider[];
  again: () => Promise<void>;
}

interface Said {
  verdict: MailAccountVerdict;
  reason: string;
}

/** One account: whether its provider takes it, and what can be done about it. */
export function AccountPart({ account, providers, again }: Props) {
  const { say, moment } = useWords();
  const saving = useSaving();
  const [said, setSaid] = useState<Said | null>(null);
  const provider = providers.find((one) => one.provider === account.provider);
  const { channel } = account;
  const verify = () =>
    saving.save(async () => {
      const { mailAccountVerify } = await request(MailAccountVerifyDocument, { channel });
      const { verdict, reason, errors } = mailAccountVerify;
      setSaid(verdict && { verdict, reason });
      return { errors };
    }, again);
  const remove = () =>
    saving.save(async () => (await request(MailAccountRemoveDocument, { channel })).mailAccountRemove, again);
  return (
    <div className="part">
      <h3>{channel === "" ? say("mail.every") : say("mail.of", { channel })}</h3>
      <p>
        {provider?.name ?? account.provider}
        {account.verifiedAt && (
          <span className="soft"> · {say("mail.verified", { time: moment(account.verifiedAt) })}</span>
        )}
      </p>
      {account.heldAt && (
        <div className="warning" role="status">
          <p>{say("mail.held", { time: moment(account.heldAt) })}</p>
          <p>{account.heldReason}</p>
        </div>
      )}
      {said && (
        <p role="status" className={said.verdict === "REFUSED" ? "bad" : "soft"}>
          {say(`mail.said.${said.verdict}`)} {account.heldReason === said.reason ? "" : said.reason}
        </p>
      )}
      {provider?.canVerify === false && <p className="soft">{say("mail.untold")}</p>}
      <div className="actions">
        {provider?.canVerify && (
          <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={verify}>
            {say("mail.verify")}
          </Button>
        )}
        <Ask
          label={say("state.remove")}
          question={say("mail.remove.ask")}
          yes={say("state.remove")}
          change={saving.change}
          isGrave
          onYes={remove}
        />
      </div>
      <Trouble saving={saving} />
      <details>
        <summary>{say("mail.change")}</summary>
        <AccountForm providers={providers} account={account} again={again} />
      </details>
    </div>
  );
}
