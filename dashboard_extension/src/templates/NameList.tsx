import { useQuestion } from "../frame/question";
import { Loading, RefusalLine } from "../frame/states";
import { TemplateNamesDocument, type TemplateContext } from "../generated/dashboard";
import { useWords } from "../words/words";
import { insertionOf } from "./insertion";

interface Props {
  context: TemplateContext;
  insert: (text: (before: string) => string) => void;
}

/** What may stand between braces; a click writes it where the cursor is. */
export function NameList({ context, insert }: Props) {
  const { say } = useWords();
  const { answer, refusal } = useQuestion(TemplateNamesDocument, { context });
  return (
    <details className="part">
      <summary>{say("names.title")}</summary>
      <p className="soft note">{say("names.about")}</p>
      {answer === null && (refusal ? <RefusalLine refusal={refusal} /> : <Loading lines={2} />)}
      {answer && (
        <>
          <Names names={answer.templateNames.names} insert={(name) => insert((before) => insertionOf(name, before))} />
          <p className="soft note">{say("names.filters")}</p>
          <Names names={answer.templateNames.filters} insert={(filter) => insert(() => ` | ${filter}`)} />
        </>
      )}
    </details>
  );
}

function Names({ names, insert }: { names: readonly string[]; insert: (name: string) => void }) {
  const { say } = useWords();
  return (
    <ul className="names">
      {names.map((name) => (
        <li key={name}>
          <button type="button" aria-label={say("names.insert", { name })} onClick={() => insert(name)}>
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}
