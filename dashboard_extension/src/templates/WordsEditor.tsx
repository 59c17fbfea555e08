import { useEffect, useState, type ReactNode } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import {
  TemplatePublishDocument,
  TemplateSaveDocument,
  type TemplateQuery,
  type TemplateRowFragment,
  type VersionFieldsFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { beside, useLooked } from "./check";
import { PreviewPane } from "./PreviewPane";
import { NOBODY } from "./reader";
import { SaveBar } from "./SaveBar";
import { begun, isChangedFrom, keep, unsaved, wordsOf, type Words } from "./unsaved";
import { VersionList } from "./VersionList";
import { WordsFields } from "./WordsFields";

interface Props {
  template: TemplateRowFragment;
  viewer: TemplateQuery["viewer"];
  language: string;
  /** The newest first. */
  versions: readonly VersionFieldsFragment[];
  /** The choice of languages; a new one begins with the words that it is given. */
  languages: (words: Words) => ReactNode;
  again: () => Promise<void>;
}

/** The words of a template in one language: typed, looked through, shown, tried, saved, sent. */
export function WordsEditor({ template, viewer, language, versions, languages, again }: Props) {
  const { say, language: spoken } = useWords();
  const saving = useSaving();
  const [newest] = versions;
  const [typed, setTyped] = useState(() => unsaved(template.key, language) ?? begun(newest));
  const [reader, setReader] = useState(NOBODY);
  const { key, context, purpose } = template;
  const words = { language, subject: typed.subject, mjml: typed.mjml, text: typed.text };
  const looked = useLooked({ context, purpose, words, userId: reader.userId, channel: reader.channel }, spoken);
  const isChanged = isChangedFrom(versions, typed);
  useEffect(() => keep(key, language, isChanged ? typed : null), [key, language, isChanged, typed]);

  const save = (publishes: boolean) => {
    let number = typed.from;
    return saving.save(
      async () => {
        const { templateSave } = await request(TemplateSaveDocument, { key, words, publishes, language: spoken });
        number = templateSave.version?.number ?? number;
        const isFaulty = templateSave.faults.some(({ isError }) => isError);
        const mend = { field: null, code: "INVALID" as const, message: say("words.mend") };
        return { errors: isFaulty ? [mend] : beside(templateSave) };
      },
      async () => {
        setTyped((before) => ({ ...before, from: number }));
        await again();
        notify(say(publishes ? "words.published" : "words.drafted", { version: number }));
      },
    );
  };
  const publish = (number: number) =>
    saving.save(
      async () => (await request(TemplatePublishDocument, { key, language, number })).templatePublish,
      async () => {
        await again();
        notify(say("words.published", { version: number }));
      },
    );

  return (
    <>
      <Card title={say("words.title")} beside={languages(typed)}>
        {isChanged && newest && newest.number > typed.from && (
          <p className="warning" role="status">
            {say("words.overtaken", { version: newest.number })}
          </p>
        )}
        <div className="editor">
          <WordsFields
            context={context}
            words={typed}
            change={(news) => setTyped((before) => ({ ...before, ...news }))}
            looked={looked}
          />
          <PreviewPane {...{ looked, reader, setReader, template, words, viewer }} />
        </div>
        <SaveBar
          {...{ isChanged, versions, saving }}
          publish={() => (isChanged || !newest ? save(true) : publish(newest.number))}
          draft={() => save(false)}
          discard={() => setTyped(begun(newest))}
        />
      </Card>
      {newest && (
        <VersionList
          {...{ template, viewer, language, versions, publish }}
          change={saving.change}
          take={(version) => setTyped({ ...wordsOf(version), from: newest.number })}
        />
      )}
    </>
  );
}
