import type { CustomerQuery } from "../generated/dashboard";
import { useWords, type Words } from "../words/words";

type Activity = NonNullable<CustomerQuery["customer"]>["activities"][number];

/** What the customer did last, newest first. */
export function ActivityList({ activities }: { activities: Activity[] }) {
  const { say, moment, money } = useWords();
  return (
    <section>
      <h2>{say("activities.title")}</h2>
      {activities.length === 0 && <p className="soft">{say("activities.none")}</p>}
      <ul className="list">
        {activities.map((activity, index) => (
          <li key={index}>
            <span>
              {named(activity, say)}
              {activity.money && <span className="soft">, {money(activity.money)}</span>}
            </span>
            <time className="soft" dateTime={activity.at}>
              {moment(activity.at)}
            </time>
          </li>
        ))}
      </ul>
    </section>
  );
}

function named({ kind, reference }: Activity, say: Words["say"]): string {
  // A mail is named by its step, touch-2; people read its number.
  const number = kind === "MESSAGE" ? (/\d+$/.exec(reference)?.[0] ?? "") : reference;
  const isNumbered = kind === "MESSAGE" || kind === "ORDER" || kind === "RETURN";
  return isNumbered && number !== "" ? say(`activity.${kind}.number`, { reference: number }) : say(`activity.${kind}`);
}
