import { Button } from "@saleor/macaw-ui";

import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { MailSenderAskDocument, type MailFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";

type Sender = MailFieldsFragment["senders"][number];

/** In whose name mails leave, and whether their holders have said that they may. */
export function Senders({ senders, again }: { senders: readonly Sender[]; again: () => Promise<void> }) {
  const { say } = useWords();
  return (
    <div className="part">
      <h3>{say("mail.senders")}</h3>
      {senders.length === 0 && <p className="soft">{say("mail.senders.none")}</p>}
      {senders.length > 0 && (
        <ul className="list">
          {senders.map((sender) => (
            <SenderLine key={sender.address} sender={sender} again={again} />
          ))}
        </ul>
      )}
    </div>
  );
}

function SenderLine({ sender, again }: { sender: Sender; again: () => Promise<void> }) {
  const { say, moment } = useWords();
  const saving = useSaving();
  const { address, channels, askedAt, verifiedAt, isTrusted, maySend } = sender;
  const ask = () =>
    saving.save(async () => (await request(MailSenderAskDocument, { address })).mailSenderAsk, again);
  const standing = () => {
    if (verifiedAt) return say("mail.sender.verified", { time: moment(verifiedAt) });
    if (isTrusted) return say("mail.sender.trusted");
    if (maySend) return say("mail.sender.own");
    return askedAt ? say("mail.sender.asked", { time: moment(askedAt) }) : say("mail.sender.waits");
  };
  return (
    <li>
      <div>
        <strong>{address}</strong>
        {channels.length > 0 && <span className="soft"> ({channels.join(", ")})</span>}
        <span className={maySend ? "note" : "bad note"}>{standing()}</span>
        {!maySend && (
          <div className="actions">
            <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={ask}>
              {say(askedAt ? "mail.sender.again" : "mail.sender.ask")}
            </Button>
          </div>
        )}
        <Trouble saving={saving} />
      </div>
    </li>
  );
}
