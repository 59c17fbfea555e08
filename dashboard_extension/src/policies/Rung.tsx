import type { FitFieldsFragment } from "../generated/dashboard";
import { useWords, type Words } from "../words/words";
import type { Policy } from "./figures";

/** What is assumed of any shop: after one order, two, and more. */
const ASSUMED = [180, 90, 40];

/** When a buyer counts as lost now, and where that comes from, in words with the shop's figures. */
export function Rung({ policy }: { policy: Policy }) {
  const words = useWords();
  const { say, days } = words;
  const { setDays, perChannel, earliestDays, latestDays } = policy.loss;
  const assumed = ASSUMED.map((silence) => Math.min(Math.max(silence, earliestDays), latestDays));
  return (
    <div className="rung">
      <p>{setDays === null ? fitWords(policy.fit, words) : say("rung.set", { days: days(setDays) })}</p>
      {setDays === null && <Silences silences={policy.fit?.silences ?? assumed} />}
      {perChannel.length > 0 && (
        <p>
          {say("rung.channels", {
            channels: perChannel.map((one) => `${one.channel} ${days(one.days)}`).join(", "),
          })}
        </p>
      )}
    </div>
  );
}

/** Where a fit's figures come from. */
export function fitWords(fit: FitFieldsFragment | null, { say, name, number, day }: Words): string {
  if (fit === null) return say("rung.none");
  const rung = fit.rung === "shop-fit" || fit.rung === "shop-median" ? fit.rung : "fixed";
  return say(`rung.${rung}`, {
    n: fit.buyers,
    buyers: number(fit.buyers),
    reorderers: number(fit.reorderers),
    date: day(fit.day),
    why: fit.reason && name("fit.reason", fit.reason),
  });
}

/** Days of silence after one order, two, and more. */
export function Silences({ silences }: { silences: readonly number[] }) {
  const { say, days } = useWords();
  return (
    <dl className="tiles silences">
      {(["one", "two", "more"] as const).map((orders, index) => {
        const silence = silences[index];
        return silence === undefined ? null : (
          <div key={orders}>
            <dt>{say(`silence.${orders}`)}</dt>
            <dd>{days(silence)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
