import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { DeliveryReportsSetUpDocument, type DeliveryReportsQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { providerName } from "./providers";

export type Provider = DeliveryReportsQuery["deliveryReports"]["providers"][number];

interface Props {
  provider: Provider;
  isNew: boolean;
  /** Called with the address, which is told only now. */
  then: (address: string) => Promise<void>;
}

/** Asks for what a provider signs with, if it does, and makes the address that it is to report to. */
export function SetUpForm({ provider: { provider, signs, mustSign }, isNew, then }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const [key, setKey] = useState("");
  const isMissing = mustSign && key.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isMissing) return;
    let address = "";
    void saving.save(
      async () => {
        const made = (await request(DeliveryReportsSetUpDocument, { provider, signingKey: key })).deliveryReportsSetUp;
        address = made.address ?? "";
        return made;
      },
      async () => {
        setKey("");
        await then(address);
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      {signs && (
        <Field
          name={`key-${provider}`}
          label={say("reports.key", { provider: providerName(provider) })}
          help={say(mustSign ? "reports.key.must" : "reports.key.may")}
          value={key}
          onChange={setKey}
        />
      )}
      <div className="actions">
        <Button type="submit" variant="secondary" disabled={isMissing || saving.change.isRunning}>
          {say(isNew ? "reports.make" : "reports.make.again")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}
