import type { CustomerQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

type Share = NonNullable<CustomerQuery["customer"]>["score"]["parts"][number];

/** How much each kind of activity gives to the score now. */
export function ScoreShares({ parts }: { parts: Share[] }) {
  const { say, number } = useWords();
  return (
    <section>
      <h2>{say("shares.title")}</h2>
      <ul className="list">
        {parts.map(({ kind, points }) => (
          <li key={kind}>
            <span>{say(`share.${kind}`)}</span>
            <span className="figure">{number(Math.round(points * 10) / 10)}</span>
          </li>
        ))}
      </ul>
      <p className="soft note">{say(parts.length ? "shares.about" : "shares.none")}</p>
    </section>
  );
}
