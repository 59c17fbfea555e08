import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { request } from "../frame/request";
import { OlderMessagesDocument, type MessageFieldsFragment } from "../generated/dashboard";
import { providerName } from "../reports/providers";
import { nameOf } from "../templates/names";
import { useWords, type Words } from "../words/words";

interface Props {
  userId: string;
  messages: MessageFieldsFragment[];
  templates: { key: string; name: string }[];
}

/** The messages to a customer, newest first: where each stands and why, and what was told of it afterwards. */
export function MessageList({ userId, messages, templates }: Props) {
  const { say } = useWords();
  const more = useMore(
    messages,
    async (after) => (await request(OlderMessagesDocument, { userId, after })).customerMessages,
  );
  return (
    <div className="messages">
      <h3>{say("received.messages")}</h3>
      {messages.length === 0 && <p className="soft">{say("received.messages.none")}</p>}
      <ul className="rows">
        {more.rows.map((message) => (
          <Message
            key={message.id}
            message={message}
            title={nameOf({ key: message.template, name: templates.find(({ key }) => key === message.template)?.name ?? "" }, { say })}
          />
        ))}
      </ul>
      <MoreButton more={more} what={say("received.messages")} />
    </div>
  );
}

function Message({ message, title }: { message: MessageFieldsFragment; title: string }) {
  const { say, moment, ...words } = useWords();
  const { state, queuedAt, settledAt, deliveredAt, clickedAt, events } = message;
  const ends = [
    deliveredAt && say("received.delivered", { time: moment(deliveredAt) }),
    clickedAt && say("received.clicked", { time: moment(clickedAt) }),
  ].filter(Boolean);
  return (
    <li data-state={state}>
      <div className="row-head">
        <span>
          <strong>{title}</strong>
          <span className="note">
            {say(`message.${state}`)}
            {message.reason !== "" && <span className="soft">: {reasonOf(message, { say, ...words })}</span>}
          </span>
          {ends.length > 0 && <span className="soft note">{ends.join(" · ")}</span>}
          <span className="soft note">
            {say(`purpose.${message.purpose}`)}
            {message.channel !== "email" && ` · ${words.name("channel", message.channel)}`}
          </span>
        </span>
        <time className="soft" dateTime={settledAt ?? queuedAt}>
          {moment(settledAt ?? queuedAt)}
        </time>
      </div>
      {events.length > 0 && (
        <details>
          <summary>{say("received.events")}</summary>
          <ul className="list">
            {events.map((event, place) => (
              <li key={place}>
                <span>
                  {eventName(event, say)}
                  <span className="soft note">
                    {[event.provider && providerName(event.provider), event.detail].filter(Boolean).join(": ")}
                  </span>
                </span>
                <time className="soft" dateTime={event.at}>
                  {moment(event.at)}
                </time>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** The reason of a message that still waits is said as why it waits. */
function reasonOf({ state, reason }: MessageFieldsFragment, { say, knows, name }: Pick<Words, "say" | "knows" | "name">) {
  const waits = `wait.${reason}`;
  return state === "QUEUED" && knows(waits) ? say(waits) : name("reason", reason);
}

function eventName({ kind, verdict, isPermanent }: MessageFieldsFragment["events"][number], say: Words["say"]): string {
  if (verdict === "SCANNER") return say(kind === "CLICKED" ? "event.CLICKED.scanner" : "event.OPENED.scanner");
  if (kind === "BOUNCED" && isPermanent) return say("event.BOUNCED.permanent");
  return say(`event.${kind}`);
}
