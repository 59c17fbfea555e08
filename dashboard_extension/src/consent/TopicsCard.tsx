import { Button } from "@saleor/macaw-ui";
import { ArrowDown, ArrowUp } from "lucide-react";

import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { ConsentTopicsUpdateDocument, type ConsentTopicInput } from "../generated/dashboard";
import { useWords } from "../words/words";
import { TopicForm } from "./TopicForm";
import { held, moved, textIn, type Topic } from "./topics";

interface Props {
  topics: Topic[];
  again: () => Promise<void>;
}

/** The kinds of message that people may want or not: their order, their names, which are offered. */
export function TopicsCard({ topics, again }: Props) {
  const { say, language } = useWords();
  const saving = useSaving();
  const offered = topics.filter(({ isArchived }) => !isArchived);
  const archived = topics.filter(({ isArchived }) => isArchived);
  const taken = topics.map(({ key }) => key);
  const save = (wanted: ConsentTopicInput[], then: () => void = () => undefined) =>
    saving.save(
      async () => (await request(ConsentTopicsUpdateDocument, { topics: wanted })).consentTopicsUpdate,
      async () => {
        notify(say("settings.saved"));
        await again();
        then();
      },
    );
  const all = offered.map(held);
  return (
    <Card title={say("topics.title")} className="topics">
      <p className="soft">{say("topics.about")}</p>
      <ol className="rows">
        {offered.map((topic, place) => (
          <li key={topic.key} data-topic={topic.key}>
            <TopicHead topic={topic}>
              {([-1, 1] as const).map((step) => (
                <Button
                  key={step}
                  variant="tertiary"
                  size="small"
                  icon={step === -1 ? <ArrowUp size={16} /> : <ArrowDown size={16} />}
                  aria-label={say(step === -1 ? "topics.up" : "topics.down", { name: textIn(topic.names, language) })}
                  disabled={saving.change.isRunning || offered[place + step] === undefined}
                  onClick={() => void save(moved(all, place, step))}
                />
              ))}
            </TopicHead>
            <details>
              <summary>{say("topics.change")}</summary>
              <TopicForm
                topic={topic}
                taken={taken}
                isRunning={saving.change.isRunning}
                save={(input, then) => save(all.map((one) => (one.key === input.key ? input : one)), then)}
              />
              <Ask
                label={say("topics.archive")}
                question={say("topics.archive.ask")}
                yes={say("topics.archive.yes")}
                change={saving.change}
                onYes={() => save(all.filter(({ key }) => key !== topic.key))}
              />
            </details>
          </li>
        ))}
      </ol>
      <Trouble saving={saving} />
      <details className="part">
        <summary>{say("topics.add")}</summary>
        <TopicForm taken={taken} isRunning={saving.change.isRunning} save={(input, then) => save([...all, input], then)} />
      </details>
      {archived.length > 0 && (
        <details className="part">
          <summary>{say("topics.archived")}</summary>
          <ul className="rows">
            {archived.map((topic) => (
              <li key={topic.key} data-topic={topic.key}>
                <TopicHead topic={topic}>
                  <Button
                    variant="secondary"
                    size="small"
                    disabled={saving.change.isRunning}
                    onClick={() => void save([...all, held(topic)])}
                  >
                    {say("topics.offer")}
                  </Button>
                </TopicHead>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function TopicHead({ topic, children }: { topic: Topic; children: React.ReactNode }) {
  const { language } = useWords();
  const other = language === "en" ? "es" : "en";
  const translated = topic.names.find((one) => one.language === other)?.text;
  return (
    <div className="row-head">
      <span>
        <strong>{textIn(topic.names, language)}</strong>
        {translated && (
          <span className="soft" lang={other}>
            {" "}
            {translated}
          </span>
        )}
        <span className="soft note">{textIn(topic.descriptions, language)}</span>
      </span>
      <span className="actions">{children}</span>
    </div>
  );
}
