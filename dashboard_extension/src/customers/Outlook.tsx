import type { CustomerQuery, TouchFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { touchName } from "./touches";

type Customer = NonNullable<CustomerQuery["customer"]>;

/** What is to be expected of the customer, and where they came from; what is not known is not shown. */
export function Outlook({ customer }: { customer: Customer }) {
  const { say, name, share, date } = useWords();
  const { chanceWithin30Days, chanceWithin90Days, nextOrderAt, lossAt, lossRung, firstTouch, lastTouch } = customer;
  const touch = ({ at, ...told }: TouchFieldsFragment) =>
    say("touch.at", { name: touchName(told) || say("touch.unnamed"), date: date(at) });
  const rows: [string, string, string?][] = [];
  if (chanceWithin30Days !== null) {
    const later =
      chanceWithin90Days === null ? "" : say("outlook.within", { share: share(chanceWithin90Days), days: 90 });
    rows.push([say("outlook.chance"), say("outlook.within", { share: share(chanceWithin30Days), days: 30 }), later]);
  }
  if (nextOrderAt) rows.push([say("outlook.next"), date(nextOrderAt), say("outlook.next.about")]);
  if (lossAt) rows.push([say("outlook.loss"), date(lossAt), name("outlook.rung", lossRung)]);
  if (firstTouch) rows.push([say("touch.first"), touch(firstTouch)]);
  if (lastTouch) rows.push([say("touch.last"), touch(lastTouch)]);
  rows.push([say("record.title"), say(`record.${customer.projectionState}`)]);
  return (
    <dl className="outlook">
      {rows.map(([title, text, note]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            {text}
            {note && <span className="soft note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
