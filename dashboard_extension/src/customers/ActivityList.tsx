import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { request } from "../frame/request";
import { OlderActivitiesDocument, type ActivityFieldsFragment } from "../generated/dashboard";
import { useWords, type Words } from "../words/words";
import { touchName } from "./touches";

/** What the customer did last, newest first. */
export function ActivityList({ userId, activities }: { userId: string; activities: ActivityFieldsFragment[] }) {
  const { say, date, moment, money } = useWords();
  const more = useMore(activities, async (after) => {
    const { customer } = await request(OlderActivitiesDocument, { userId, after });
    return customer?.activities ?? [];
  });
  return (
    <section>
      <h2>{say("activities.title")}</h2>
      {activities.length === 0 && <p className="soft">{say("activities.none")}</p>}
      <ul className="list">
        {more.rows.map((activity) => {
          const from = activity.touch && touchName(activity.touch);
          return (
            <li key={activity.cursor}>
              <span>
                {named(activity, say)}
                {activity.money && <span className="soft">, {money(activity.money)}</span>}
                {activity.kind === "VISIT" && activity.reference !== "" && (
                  <span className="soft note">{activity.reference}</span>
                )}
                {activity.delivery && (
                  <span className="soft note" data-delivery={activity.delivery.source}>
                    {say(activity.delivery.hasCome ? "delivered.on" : "delivered.expected", {
                      date: date(activity.delivery.at),
                      how: say(`delivered.source.${activity.delivery.source}`),
                    })}
                  </span>
                )}
                {from && <span className="soft note">{say("touch.from", { name: from })}</span>}
              </span>
              <time className="soft" dateTime={activity.at}>
                {moment(activity.at)}
              </time>
            </li>
          );
        })}
      </ul>
      <MoreButton more={more} what={say("activities.title")} />
    </section>
  );
}

function named({ kind, reference }: ActivityFieldsFragment, say: Words["say"]): string {
  if (kind === "CONSENT" && /: (yes|no)$/.test(reference)) {
    return say(reference.endsWith("yes") ? "activity.CONSENT.yes" : "activity.CONSENT.no");
  }
  // A mail is named by its step, touch-2; people read its number.
  const number = kind === "MESSAGE" ? (/\d+$/.exec(reference)?.[0] ?? "") : reference;
  const isNumbered = kind === "MESSAGE" || kind === "ORDER" || kind === "RETURN";
  return isNumbered && number !== "" ? say(`activity.${kind}.number`, { reference: number }) : say(`activity.${kind}`);
}
