import { Button } from "@saleor/macaw-ui";

import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving, type Saving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import {
  TemplateArchiveDocument,
  TemplateCopyDocument,
  TemplateDeleteDocument,
  TemplatesDocument,
  type TemplateRowFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { languageName, nameOf } from "./names";
import { NewTemplateForm } from "./NewTemplateForm";
import { forget, unsavedLanguages } from "./unsaved";

interface Props {
  /** The shop's main one. */
  language: string;
  open: (key: string) => void;
}

/** All templates; those that are put away stand apart. */
export function TemplatesCard({ language, open }: Props) {
  const words = useWords();
  const { say, number } = words;
  const { answer, refusal, again } = useQuestion(TemplatesDocument, {});
  const saving = useSaving();
  if (answer === null) {
    return (
      <Card title={say("templates.title")}>
        {refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={8} />}
      </Card>
    );
  }
  const { templates, archived } = answer;
  const keys = new Set([...templates, ...archived].map(({ key }) => key));
  const copy = (template: TemplateRowFragment) => {
    const newKey = freeKey(template.key, keys);
    const name = say("templates.copyOf", { name: nameOf(template, words) }).slice(0, 100);
    return saving.save(
      async () => (await request(TemplateCopyDocument, { key: template.key, newKey, name })).templateCopy,
      () => {
        open(newKey);
        return Promise.resolve();
      },
    );
  };
  return (
    <Card title={say("templates.title")}>
      <p className="soft">{say("templates.about")}</p>
      {templates.length === 0 && <p>{say("templates.none")}</p>}
      <ul className="templates">
        {templates.map((template) => (
          <Row key={template.key} template={template} open={open}>
            <Button
              variant="secondary"
              size="small"
              aria-label={say("templates.copy.which", { name: nameOf(template, words) })}
              disabled={saving.change.isRunning}
              onClick={() => copy(template)}
            >
              {say("templates.copy")}
            </Button>
          </Row>
        ))}
      </ul>
      <Trouble saving={saving} />
      <NewTemplateForm language={language} taken={keys} open={open} />
      {archived.length > 0 && (
        <details className="part">
          <summary>{say("templates.archived", { n: archived.length, count: number(archived.length) })}</summary>
          <ul className="templates">
            {archived.map((template) => (
              <Row key={template.key} template={template} open={open}>
                <ArchivedActions template={template} saving={saving} again={again} />
              </Row>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Row(props: { template: TemplateRowFragment; open: (key: string) => void; children: React.ReactNode }) {
  const words = useWords();
  const { say, locale } = words;
  const { template } = props;
  const flows = template.usedBy.map((flow) => words.name("flow.named", flow));
  const typed = unsavedLanguages(template.key);
  return (
    <li data-key={template.key}>
      <div>
        <button type="button" className="link" onClick={() => props.open(template.key)}>
          <strong>{nameOf(template, words)}</strong>
        </button>{" "}
        <span className="soft">{template.key}</span>
        <span className="soft note">
          {[
            say(`purpose.${template.purpose}`),
            ...template.writtenLanguages.map((code) => {
              const sent = template.variants.find(({ language }) => language === code);
              const named = languageName(code, locale);
              return sent
                ? say("templates.version", { language: named, version: sent.number })
                : say("templates.draftOnly", { language: named });
            }),
            ...(flows.length > 0 ? [say("templates.usedBy", { flows: flows.join(", ") })] : []),
          ].join(" · ")}
        </span>
        {typed.length > 0 && <span className="note">{say("templates.unsaved")}</span>}
      </div>
      {props.children}
    </li>
  );
}

interface ActionsProps {
  template: TemplateRowFragment;
  saving: Saving;
  again: () => Promise<void>;
}

function ArchivedActions({ template: { key }, saving, again }: ActionsProps) {
  const { say } = useWords();
  const restore = () =>
    saving.save(
      async () => (await request(TemplateArchiveDocument, { key, isArchived: false })).templateArchive,
      again,
    );
  const remove = () =>
    saving.save(
      async () => (await request(TemplateDeleteDocument, { key })).templateDelete,
      async () => {
        forget(key);
        await again();
      },
    );
  return (
    <div className="actions">
      <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={restore}>
        {say("templates.restore")}
      </Button>
      <Ask
        label={say("templates.delete")}
        question={say("templates.delete.ask")}
        yes={say("templates.delete")}
        change={saving.change}
        isGrave
        onYes={remove}
      />
    </div>
  );
}

/** A key for a copy that no other template has. */
function freeKey(key: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const end = count === 1 ? "-copy" : `-copy-${count}`;
    const free = key.slice(0, 60 - end.length) + end;
    if (!taken.has(free)) return free;
  }
}
