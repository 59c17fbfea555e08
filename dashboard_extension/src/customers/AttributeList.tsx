import type { CustomerQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

type Attribute = NonNullable<CustomerQuery["customer"]>["attributes"][number];

/** What mapped metadata and imported files say of the customer. */
export function AttributeList({ attributes }: { attributes: Attribute[] }) {
  const { say, date } = useWords();
  return (
    <section>
      <h2>{say("attributes.title")}</h2>
      <ul className="list">
        {attributes.map(({ name, value, origin, at }) => (
          <li key={name}>
            <span>
              {name}
              <span className="soft note">{say("attributes.origin", { origin: say(`origin.${origin}`), date: date(at) })}</span>
            </span>
            <span>{value}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
