import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import type { ConsentTopicInput } from "../generated/dashboard";
import { useWords } from "../words/words";
import { inputOf, LANGUAGES, typedOf, type Language, type Topic } from "./topics";

interface Props {
  topic?: Topic;
  taken: readonly string[];
  isRunning: boolean;
  save: (topic: ConsentTopicInput, then: () => void) => Promise<void>;
}

const PARTS = ["names", "descriptions"] as const;
const LONGEST = { names: 60, descriptions: 300 };

/** A topic's name and description in both languages. */
export function TopicForm({ topic, taken, isRunning, save }: Props) {
  const { say } = useWords();
  const [typed, setTyped] = useState(() => typedOf(topic));
  const wrong = (part: (typeof PARTS)[number], language: Language) =>
    typed[part][language].trim().length > LONGEST[part]
      ? say("topics.wrong.length", { most: LONGEST[part] })
      : undefined;
  const isWrong = PARTS.some((part) => LANGUAGES.some((language) => wrong(part, language) !== undefined));
  const input = isWrong ? null : inputOf(typed, taken, topic);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (input) void save(input, () => topic ?? setTyped(typedOf()));
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <fieldset>
        {PARTS.flatMap((part) =>
          LANGUAGES.map((language) => (
            <Field
              key={`${part}-${language}`}
              name={`${part}-${language}`}
              label={say(`topics.${part}.${language}`)}
              value={typed[part][language]}
              error={wrong(part, language)}
              onChange={(text) => setTyped({ ...typed, [part]: { ...typed[part], [language]: text } })}
            />
          )),
        )}
      </fieldset>
      <div className="actions">
        <Button type="submit" variant="secondary" disabled={input === null || isRunning}>
          {say("settings.save")}
        </Button>
      </div>
    </form>
  );
}
