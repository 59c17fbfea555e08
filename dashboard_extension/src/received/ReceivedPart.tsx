import { topicName } from "../consent/topics";
import { countryName } from "../consent/countries";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { ReceivedDocument, type ReceivedQuery } from "../generated/dashboard";
import { LiftForm } from "../suppressions/LiftForm";
import { useWords } from "../words/words";
import { MessageList } from "./MessageList";

/** What a customer receives: what they said of which messages, the addresses that are never written to, what was sent. */
export function ReceivedPart({ userId }: { userId: string }) {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(ReceivedDocument, { userId });
  return (
    <section className="received" aria-label={say("received.title")}>
      <h2>{say("received.title")}</h2>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer && (
        <div className="columns">
          {answer.customerConsent && (
            <ConsentPart consent={answer.customerConsent} topics={answer.consentSettings.topics} again={again} />
          )}
          <MessageList
            userId={userId}
            messages={answer.customerMessages}
            templates={[...answer.templates, ...answer.archived]}
          />
        </div>
      )}
    </section>
  );
}

type Consent = NonNullable<ReceivedQuery["customerConsent"]>;

interface Props {
  consent: Consent;
  topics: ReceivedQuery["consentSettings"]["topics"];
  again: () => Promise<void>;
}

function ConsentPart({ consent, topics, again }: Props) {
  const { say, language, moment } = useWords();
  const { choices, words, suppressions } = consent;
  const isOneChannel = choices.every(({ channel }) => channel === choices[0]?.channel);
  const called = (topic: string) => (topic === "" ? say("received.every") : topicName(topics, topic, language));
  return (
    <div className="stack">
      {suppressions.map((one) => (
        <div className="listed" key={one.addressHash}>
          <LiftForm suppression={one} again={again} />
        </div>
      ))}
      <ul className="list" aria-label={say("received.choices")}>
        {choices.map((choice) => (
          <li key={`${choice.topic} ${choice.channel}`} data-topic={choice.topic} data-basis={choice.basis}>
            <span>
              {called(choice.topic)}
              {!isOneChannel && <span className="soft note">{say("received.on", { channel: choice.channel })}</span>}
            </span>
            <Answer choice={choice} />
          </li>
        ))}
      </ul>
      <Wishes consent={consent} />
      {words.length > 0 && (
        <details className="words">
          <summary>{say("received.words")}</summary>
          <ul className="list">
            {words.map((word) => (
              <li key={`${word.topic} ${word.channel} ${word.source}`}>
                <span>
                  {say(word.isGranted ? "received.yes" : "received.no", { topic: called(word.topic) })}
                  <span className="soft note">
                    {[say(`source.${word.source}`), word.text && say("received.text", { text: word.text })]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </span>
                <time className="soft" dateTime={word.at}>
                  {moment(word.at)}
                </time>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** What holds of one topic, and who says so. */
function Answer({ choice: { basis, refusal, source, since } }: { choice: Consent["choices"][number] }) {
  const { say, date } = useWords();
  const why = refusal ? say(`refusal.${refusal}`) : source ? say(`source.${source}`) : "";
  const at = since ? date(since) : "";
  return (
    <span className="answer">
      {say(`basis.${basis}`)}
      <span className="soft note">{[why, at].filter(Boolean).join(", ")}</span>
    </span>
  );
}

/** How they want to be written to. */
function Wishes({ consent: { frequency, pausedUntil, isPersonalised, isTracked, language, country } }: { consent: Consent }) {
  const { say, date, locale } = useWords();
  const wishes = [
    say(`frequency.${frequency}`),
    pausedUntil && new Date(pausedUntil) > new Date() && say("received.paused", { date: date(pausedUntil) }),
    isPersonalised !== null && say(isPersonalised ? "received.personal" : "received.impersonal"),
    say(isTracked ? "received.tracked" : "received.untracked"),
    language && say("received.language", { language: languageName(language, locale) }),
    country && say("received.country", { country: countryName(country, locale) }),
  ].filter((one): one is string => Boolean(one));
  return (
    <ul className="soft wishes">
      {wishes.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}

function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(code) ?? code;
  } catch {
    return code; // not a code to the browser
  }
}
