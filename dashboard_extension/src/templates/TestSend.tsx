import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import {
  TemplateTestSendDocument,
  type TemplateQuery,
  type TemplateRowFragment,
  type TemplateWordsInput,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Reader } from "./reader";

interface Props {
  template: TemplateRowFragment;
  words: TemplateWordsInput;
  viewer: TemplateQuery["viewer"];
  reader: Reader;
}

/** One mail with the words as they stand, to whoever tries them. */
export function TestSend({ template: { context, purpose }, words, viewer, reader }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const [to, setTo] = useState(viewer.email);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    let address: string | null = null;
    setSentTo(null);
    void saving.save(
      async () => {
        const { templateTestSend } = await request(TemplateTestSendDocument, {
          context,
          purpose,
          words,
          to: to.trim(),
          userId: reader.userId,
          channel: reader.channel,
        });
        address = templateTestSend.address;
        return templateTestSend;
      },
      () => {
        setSentTo(address);
        return Promise.resolve();
      },
    );
  };
  return (
    <form className="form one part" onSubmit={submit} noValidate>
      <Field name="to" label={say("test.to")} help={say("test.help")} value={to} onChange={setTo} />
      <Button type="submit" variant="secondary" disabled={saving.change.isRunning || to.trim() === ""}>
        {say("test.send")}
      </Button>
      {sentTo !== null && <p role="status">{say("test.sent", { address: sentTo })}</p>}
      <Trouble saving={saving} />
    </form>
  );
}
