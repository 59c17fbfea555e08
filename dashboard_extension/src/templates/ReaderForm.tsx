import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { RefusalLine } from "../frame/states";
import { AccountWithEmailDocument } from "../generated/dashboard";
import { ChannelChoice } from "../installations/ChannelChoice";
import { useWords } from "../words/words";
import type { Reader } from "./reader";

/** The choice of a reader. */
export function ReaderForm({ reader, setReader }: { reader: Reader; setReader: (reader: Reader) => void }) {
  const { say } = useWords();
  const change = useChange();
  const [email, setEmail] = useState(reader.email);
  const [isUnknown, setUnknown] = useState(false);
  const find = async () => {
    const { accountWithEmail } = await request(AccountWithEmailDocument, { email });
    setUnknown(accountWithEmail === null);
    if (accountWithEmail) setReader({ ...reader, userId: accountWithEmail.label, email });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() !== "") void change.run(find);
    else setReader({ ...reader, userId: null, email: "" });
  };
  return (
    <details className="part" open={reader.userId !== null || undefined}>
      <summary>{say("reader.title")}</summary>
      <form className="form one" onSubmit={submit} noValidate>
        <Field
          name="reader"
          label={say("reader.email")}
          help={reader.userId === null ? say("reader.help") : say("reader.is", { email: reader.email })}
          error={isUnknown ? say("reader.unknown") : undefined}
          value={email}
          onChange={(typed) => {
            setEmail(typed);
            setUnknown(false);
          }}
        />
        <Button type="submit" variant="secondary" disabled={change.isRunning}>
          {say("reader.show")}
        </Button>
        <RefusalLine refusal={change.refusal} />
      </form>
      <ChannelChoice
        label={say("reader.channel")}
        none={say("reader.channel.none")}
        value={reader.channel}
        onChange={(channel) => setReader({ ...reader, channel })}
      />
    </details>
  );
}
