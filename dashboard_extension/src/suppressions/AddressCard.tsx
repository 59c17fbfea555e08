import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { RefusalLine, Trouble } from "../frame/states";
import { SuppressionAddDocument, SuppressionOfDocument, type SuppressionFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { LiftForm } from "./LiftForm";

interface Props {
  channel: string;
  again: () => Promise<void>;
}

interface Found {
  address: string;
  suppression: SuppressionFieldsFragment | null;
}

/** One address: whether it is on the list, put there or taken off. */
export function AddressCard({ channel, again }: Props) {
  const { say } = useWords();
  const look = useChange();
  const saving = useSaving();
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const address = typed.trim();
  const find = async (wanted: string) => {
    const { suppressions } = await request(SuppressionOfDocument, { channel, address: wanted });
    setFound({ address: wanted, suppression: suppressions.suppressions[0] ?? null });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (address !== "") void look.run(() => find(address));
  };
  const changed = async () => {
    await Promise.all([found ? find(found.address) : Promise.resolve(), again()]);
  };
  const add = (wanted: string) =>
    saving.save(
      async () => (await request(SuppressionAddDocument, { channel, address: wanted })).suppressionAdd,
      changed,
    );
  return (
    <Card title={say("suppressions.address.title")} className="one-address">
      <p className="soft">{say("suppressions.address.about")}</p>
      <form className="form one" onSubmit={submit} noValidate>
        <Field
          name="address"
          label={say(channel === "sms" ? "suppressions.phone" : "suppressions.address")}
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setFound(null);
          }}
        />
        <Button type="submit" variant="secondary" disabled={address === "" || look.isRunning}>
          {say("suppressions.look")}
        </Button>
      </form>
      <RefusalLine refusal={look.refusal} />
      {found?.suppression && (
        <LiftForm key={found.suppression.at} suppression={found.suppression} again={changed} />
      )}
      {found && !found.suppression && (
        <>
          <p role="status">{say("suppressions.is.off", { address: found.address })}</p>
          <Ask
            label={say("suppressions.add")}
            question={say("suppressions.add.ask", { address: found.address })}
            yes={say("suppressions.add.yes")}
            change={saving.change}
            onYes={() => add(found.address)}
            isGrave
          />
        </>
      )}
      <Trouble saving={saving} />
    </Card>
  );
}
