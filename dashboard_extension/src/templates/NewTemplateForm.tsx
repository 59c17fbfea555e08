import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Choice } from "../frame/Choice";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { RefusalLine } from "../frame/states";
import { TemplateCreateDocument, type MessagePurpose, type TemplateContext } from "../generated/dashboard";
import { useWords } from "../words/words";
import { keyOf, skeleton } from "./skeleton";

const CONTEXTS = ["CUSTOMER", "OFFER", "CART", "OPT_IN"] as const satisfies readonly TemplateContext[];
const PURPOSES = ["COMMERCIAL", "SERVICE"] as const satisfies readonly MessagePurpose[];

interface Props {
  language: string;
  taken: ReadonlySet<string>;
  open: (key: string) => void;
}

/** A new template with a few words to begin from; nothing sends it until a flow does. */
export function NewTemplateForm({ language: main, taken, open }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const [name, setName] = useState("");
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [context, setContext] = useState<TemplateContext>("CUSTOMER");
  const [purpose, setPurpose] = useState<MessagePurpose>("COMMERCIAL");
  const [language, setLanguage] = useState(main);
  const key = typedKey ?? keyOf(name);
  // A cart or an offer is commercial whatever one calls it, and a confirmation never is.
  const fitting = context === "CUSTOMER" ? purpose : context === "OPT_IN" ? "SERVICE" : "COMMERCIAL";
  const told = (field: string) => saving.errors.find((error) => error.field === field)?.message;
  const rest = saving.errors.filter(({ field }) => !["key", "name", "language"].includes(field ?? ""));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = { language, ...skeleton(name.trim(), language, context, fitting === "COMMERCIAL") };
    void saving.save(
      async () =>
        (await request(TemplateCreateDocument, { key, name: name.trim(), context, purpose: fitting, words }))
          .templateCreate,
      () => {
        open(key);
        return Promise.resolve();
      },
    );
  };
  return (
    <details className="part">
      <summary>{say("templates.new")}</summary>
      <form className="form" onSubmit={submit} noValidate>
        <fieldset>
          <Field name="name" label={say("templates.name")} value={name} error={told("name")} onChange={setName} />
          <Field
            name="key"
            label={say("templates.key")}
            help={say("templates.key.help")}
            value={key}
            error={taken.has(key) ? say("templates.key.taken") : told("key")}
            onChange={setTypedKey}
          />
          <Choice
            name="context"
            label={say("templates.context")}
            value={context}
            values={CONTEXTS}
            shown={(one) => say(`context.${one}`)}
            onChange={setContext}
          />
          {context === "CUSTOMER" && (
            <Choice
              name="purpose"
              label={say("templates.purpose")}
              value={purpose}
              values={PURPOSES}
              shown={(one) => say(`purpose.${one}`)}
              onChange={setPurpose}
            />
          )}
          <Field
            name="language"
            label={say("templates.language")}
            help={say("templates.language.help")}
            value={language}
            error={told("language")}
            onChange={setLanguage}
          />
        </fieldset>
        {rest.length > 0 && (
          <p className="bad" role="alert">
            {rest.map(({ message }) => message).join(" ")}
          </p>
        )}
        <RefusalLine refusal={saving.change.refusal} />
        <div className="actions">
          <Button type="submit" disabled={name.trim() === "" || taken.has(key) || saving.change.isRunning}>
            {say("templates.make")}
          </Button>
        </div>
      </form>
    </details>
  );
}
