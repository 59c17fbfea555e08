import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Choice } from "../frame/Choice";
import { notify } from "../frame/bridge";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { RefusalLine } from "../frame/states";
import { MailAccountSaveDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { errorField, given, shownIn, type Account, type Provider, type Typed } from "./accounts";

interface Props {
  providers: readonly Provider[];
  /** The one that is changed; none: a new one. */
  account?: Account;
  again: () => Promise<void>;
}

/** An account at a provider. What is secret is typed in and never shown again. */
export function AccountForm({ providers, account, again }: Props) {
  const { say, name } = useWords();
  const saving = useSaving();
  const [channel, setChannel] = useState(account?.channel ?? "");
  const [chosen, setChosen] = useState(account?.provider ?? "smtp");
  const [typed, setTyped] = useState<Typed>({});
  const provider = providers.find((one) => one.provider === chosen);
  if (!provider) return null;
  const stored = account?.provider === chosen ? account : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void saving.save(
      async () => {
        const settings = given(provider, typed, stored);
        return (await request(MailAccountSaveDocument, { provider: chosen, settings, channel })).mailAccountSave;
      },
      async () => {
        setTyped({});
        notify(say("mail.saved"));
        await again();
      },
    );
  };
  const wrong = (field: string) => saving.errors.find((error) => error.field === field)?.message;
  const known = new Set(["channel", ...provider.fields.map((field) => errorField(field.name))]);
  const elsewhere = saving.errors.filter(({ field }) => !known.has(field ?? ""));
  return (
    <form className="form" onSubmit={submit} noValidate autoComplete="off">
      {!account && (
        <Field
          name="channel"
          label={say("mail.channel")}
          help={say("mail.channel.help")}
          value={channel}
          error={wrong("channel")}
          onChange={setChannel}
        />
      )}
      <Choice
        name="provider"
        label={say("mail.provider")}
        value={chosen}
        values={providers.filter(({ isInstalled }) => isInstalled).map((one) => one.provider)}
        shown={(one) => providers.find(({ provider }) => provider === one)?.name ?? one}
        onChange={(one) => {
          setChosen(one);
          setTyped({});
        }}
      />
      {provider.fields.map((field) => {
        const label = say(field.isNeeded ? "mail.field" : "mail.field.optional", { name: name("mail.field", field.name) });
        const change = (value: string) => setTyped({ ...typed, [field.name]: value });
        if (field.choices.length > 0) {
          return (
            <Choice
              key={field.name}
              name={field.name}
              label={label}
              value={shownIn(field, typed, stored)}
              values={field.choices}
              shown={(one) => name("mail.choice", one)}
              onChange={change}
            />
          );
        }
        const held = stored?.settings.find((one) => one.name === field.name);
        const kept = field.isSecret && held?.isSet;
        return (
          <Field
            key={field.name}
            name={field.name}
            label={label}
            isSecret={field.isSecret}
            value={shownIn(field, typed, stored)}
            help={kept ? (held.endsWith ? say("mail.kept.end", { end: held.endsWith }) : say("mail.kept")) : null}
            error={wrong(errorField(field.name))}
            onChange={change}
          />
        );
      })}
      {elsewhere.length > 0 && (
        <p className="bad" role="alert">
          {elsewhere.map(({ message }) => message).join(" ")}
        </p>
      )}
      <RefusalLine refusal={saving.change.refusal} />
      <div className="actions">
        <Button type="submit" disabled={saving.change.isRunning}>
          {say("settings.save")}
        </Button>
      </div>
    </form>
  );
}
