import { Button, Text } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { TemplateDocument, TemplateVersionsDocument, type TemplateQuery, type TemplateRowFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { languageName, nameOf } from "./names";
import { inLanguage } from "./skeleton";
import { TemplateSettings } from "./TemplateSettings";
import { keep, unsaved, unsavedLanguages, type Words } from "./unsaved";
import { WordsEditor } from "./WordsEditor";

interface Props {
  templateKey: string;
  close: () => void;
}

/** One template: its words by language, and what it is called and for. */
export function TemplateEditor({ templateKey, close }: Props) {
  const words = useWords();
  const { say } = words;
  const { answer, refusal, again } = useQuestion(TemplateDocument, { key: templateKey });
  const [chosen, setChosen] = useState<string | null>(null);
  const back = (
    <div>
      <button type="button" className="link" onClick={close}>
        ← {say("templates.back")}
      </button>
    </div>
  );
  if (answer === null) {
    return (
      <>
        {back}
        {refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={8} />}
      </>
    );
  }
  const { template, viewer } = answer;
  if (!template) {
    return (
      <>
        {back}
        <p role="status">{say("templates.gone")}</p>
      </>
    );
  }
  const languages = [...new Set([...template.writtenLanguages, ...unsavedLanguages(template.key)])].sort();
  const language = chosen ?? (languages.includes(words.language) ? words.language : (languages[0] ?? words.language));
  return (
    <>
      {back}
      <header className="head">
        <Text as="h2" size={6} fontWeight="medium">
          {nameOf(template, words)}
        </Text>
        <span className="soft">{template.key}</span>
        {template.archivedAt !== null && <span className="soft">{say("templates.isArchived")}</span>}
      </header>
      <Versions key={language} {...{ template, viewer, language, languages, again }} choose={setChosen} />
      <TemplateSettings template={template} again={again} close={close} />
    </>
  );
}

interface VersionsProps {
  template: TemplateRowFragment;
  viewer: TemplateQuery["viewer"];
  language: string;
  languages: string[];
  choose: (language: string) => void;
  again: () => Promise<void>;
}

function Versions({ template, viewer, language, languages, choose, again }: VersionsProps) {
  const { say } = useWords();
  const { answer, refusal, ...question } = useQuestion(TemplateVersionsDocument, {
    key: template.key,
    language,
    before: null,
  });
  const versions = answer?.template?.versions;
  if (!versions) {
    return refusal ? <RefusalPage refusal={refusal} again={question.again} /> : <Loading lines={8} />;
  }
  const reload = async () => {
    await Promise.all([again(), question.again()]);
  };
  return (
    <WordsEditor
      {...{ template, viewer, language, versions }}
      again={reload}
      languages={(words: Words) => (
        <div className="languages">
          <div role="group" aria-label={say("templates.languages")} className="choices">
            {languages.map((one) => (
              <LanguageButton key={one} code={one} isOpen={one === language} template={template} choose={choose} />
            ))}
          </div>
          <NewLanguage templateKey={template.key} languages={languages} words={words} choose={choose} />
        </div>
      )}
    />
  );
}

interface LanguageProps {
  code: string;
  isOpen: boolean;
  template: TemplateRowFragment;
  choose: (language: string) => void;
}

function LanguageButton({ code, isOpen, template, choose }: LanguageProps) {
  const { say, locale } = useWords();
  const isUnsaved = unsaved(template.key, code) !== undefined;
  return (
    <button type="button" aria-pressed={isOpen} onClick={() => choose(code)}>
      {languageName(code, locale)}
      {isUnsaved && <span title={say("templates.unsaved")}> •</span>}
    </button>
  );
}

interface NewLanguageProps {
  templateKey: string;
  languages: readonly string[];
  words: Words;
  choose: (language: string) => void;
}

/** A new language begins with the words of the one that is open. */
function NewLanguage({ templateKey, languages, words, choose }: NewLanguageProps) {
  const { say } = useWords();
  const [typed, setTyped] = useState("");
  const code = canonical(typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code === null) return;
    if (!languages.includes(code)) keep(templateKey, code, { ...words, mjml: inLanguage(words.mjml, code), from: 0 });
    choose(code);
  };
  return (
    <details>
      <summary>{say("templates.language.add")}</summary>
      <form className="form one" onSubmit={submit} noValidate>
        <Field
          name="newLanguage"
          label={say("templates.language")}
          help={say("templates.language.new")}
          value={typed}
          onChange={setTyped}
        />
        <Button type="submit" variant="secondary" disabled={code === null}>
          {say("templates.add")}
        </Button>
      </form>
    </details>
  );
}

/** A language as BCP-47 writes it, or null. */
function canonical(typed: string): string | null {
  try {
    return Intl.getCanonicalLocales(typed.trim())[0] ?? null;
  } catch {
    return null;
  }
}
