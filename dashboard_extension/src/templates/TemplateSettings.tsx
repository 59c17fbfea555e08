import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Choice } from "../frame/Choice";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import {
  TemplateArchiveDocument,
  TemplateDeleteDocument,
  TemplateUpdateDocument,
  type TemplateRowFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { nameOf } from "./names";
import { forget } from "./unsaved";

interface Props {
  template: TemplateRowFragment;
  again: () => Promise<void>;
  close: () => void;
}

/** What a template is called and for, and the ways to be rid of it. */
export function TemplateSettings({ template, again, close }: Props) {
  const words = useWords();
  const { say, name: named } = words;
  const saving = useSaving();
  const [name, setName] = useState(template.name);
  const [purpose, setPurpose] = useState(template.purpose);
  const { key } = template;
  const isUsed = template.usedBy.length > 0;
  const isChanged = name !== template.name || purpose !== template.purpose;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void saving.save(
      async () =>
        (
          await request(TemplateUpdateDocument, {
            key,
            name: name === template.name ? null : name.trim(),
            purpose: purpose === template.purpose ? null : purpose,
          })
        ).templateUpdate,
      async () => {
        await again();
        notify(say("settings.saved"));
      },
    );
  };
  const archive = (isArchived: boolean) =>
    saving.save(
      async () => (await request(TemplateArchiveDocument, { key, isArchived })).templateArchive,
      again,
    );
  const remove = () =>
    saving.save(
      async () => (await request(TemplateDeleteDocument, { key })).templateDelete,
      () => {
        forget(key);
        close();
        return Promise.resolve();
      },
    );
  return (
    <Card title={say("templates.settings")}>
      <form className="form" onSubmit={submit} noValidate>
        <fieldset>
          <Field
            name="name"
            label={say("templates.name")}
            help={name === "" ? say("templates.name.help", { name: nameOf({ key, name: "" }, words) }) : null}
            value={name}
            onChange={setName}
          />
          {isUsed ? (
            <p>
              <span className="soft note">{say("templates.purpose")}</span>
              {say(`purpose.${template.purpose}`)}
              <span className="soft note">{say("templates.purpose.used")}</span>
            </p>
          ) : (
            <Choice
              name="purpose"
              label={say("templates.purpose")}
              value={purpose}
              values={["COMMERCIAL", "SERVICE"] as const}
              shown={(one) => say(`purpose.${one}`)}
              onChange={setPurpose}
            />
          )}
        </fieldset>
        <div className="actions">
          <Button type="submit" disabled={!isChanged || saving.change.isRunning}>
            {say("settings.save")}
          </Button>
        </div>
      </form>
      <Trouble saving={saving} />
      <div className="part">
        {isUsed ? (
          <p className="soft">
            {say("templates.used", { flows: template.usedBy.map((flow) => named("flow.named", flow)).join(", ") })}
          </p>
        ) : (
          <div className="actions">
            {template.archivedAt === null ? (
              <Ask
                label={say("templates.archive")}
                question={say("templates.archive.ask")}
                yes={say("templates.archive")}
                change={saving.change}
                onYes={() => archive(true)}
              />
            ) : (
              <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={() => archive(false)}>
                {say("templates.restore")}
              </Button>
            )}
            <Ask
              label={say("templates.delete")}
              question={say("templates.delete.ask")}
              yes={say("templates.delete")}
              change={saving.change}
              isGrave
              onYes={remove}
            />
          </div>
        )}
      </div>
    </Card>
  );
}
