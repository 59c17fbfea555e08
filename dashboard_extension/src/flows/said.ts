import type { CostFieldsFragment, ExistingFieldsFragment, FlowRowFragment, LiftFieldsFragment } from "../generated/dashboard";
import type { Words } from "../words/words";
import { duration, record, type Step } from "./steps";

/** What a flow is called: by the merchant, or by us where the app brings it. */
export function nameOf({ key, name }: Pick<FlowRowFragment, "key" | "name">, { say, knows }: Words): string {
  const known = `decisions.flow.${key}`;
  return name || (knows(known) ? say(known) : key);
}

/** How long an ISO duration is, in words; as it stands where it cannot be read. */
export function long(iso: unknown, { say, number }: Words): string {
  const delay = duration(iso);
  if (!delay) return written(iso);
  return say(`flows.long.${delay.unit}`, { n: Number(delay.number), count: number(Number(delay.number)) });
}

/** What a step does, in words. */
export function stepWords({ kind, held }: Step, words: Words): string {
  const { say, knows, name } = words;
  const id = `flows.step.${kind}`;
  if (!knows(id)) return kind.replaceAll("_", " ");
  const channels = Array.isArray(held.channels) ? held.channels.map((one) => name("channel", String(one))) : [];
  const incentive = record(held.incentive);
  return say(id, {
    duration: long(held.duration ?? held.at_most ?? incentive.lasts, words),
    own: held.incentive ? (incentive.percent === 0 ? "delivery" : "code") : written(held.recommends) || "other",
    percent: words.number(Number(incentive.percent ?? 0)),
    since: held.since === "anchor" ? "anchor" : "step",
    at: written(held.at).slice(0, 5),
    usual: held.usual === true ? "yes" : "no",
    template: written(held.template),
    channels: channels.join(", ") || name("channel", "email"),
    attribute: written(held.attribute),
    value: held.value === null ? "–" : written(held.value),
    tag: written(held.tag),
    event: written(held.event),
    flow: written(held.flow),
    text: written(held.text),
  });
}

/** What a value of JSON looks like, shortened. */
export function written(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** What comes first in an object of a flow's document; the database keeps no order. */
const FIRST = ["schema_version", "key", "kind", "topic", "trigger", "entry", "fact", "op", "when", "rule", "steps"];

/** The document as text, in the order in which people read it. */
export function documentText(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) => {
    if (typeof held !== "object" || held === null || Array.isArray(held)) return held;
    const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
    return Object.fromEntries(Object.entries(held).sort(([one], [other]) => place(one) - place(other)));
  }, 2);
}

/** Who was there before the flow and comes in when it is switched on. */
export function existingWords({ people, perHour }: ExistingFieldsFragment, { say, number }: Words): string {
  return say("flows.existing", { n: people, count: number(people), pace: number(perHour) });
}

/** What holding people out costs each week. */
export function costWords(cost: CostFieldsFragment, { say, number, money, share }: Words): string {
  if (cost.share === 0) return say("flows.cost.nobody");
  const held = { n: Math.round(cost.people), count: number(Math.round(cost.people)), share: share(cost.share) };
  const people = say("flows.cost.people", held);
  if (cost.conversions === null) return `${people} ${say("flows.cost.unknown")}`;
  const orders = Math.round(cost.conversions * 10) / 10;
  const revenue = cost.revenue.map(money).join(", ");
  const given = { orders: number(orders), revenue };
  return `${people} ${say(revenue ? "flows.cost.orders" : "flows.cost.ordersOnly", given)}`;
}

/** What may be said of those who were written to against those held out. */
export function liftWords(lift: LiftFieldsFragment, { say, number, share }: Words): string {
  if (lift.relative === null || lift.relativeLow === null) {
    return lift.weeks === null
      ? say("flows.lift.notYet")
      : say("flows.lift.weeks", { n: lift.weeks, count: number(lift.weeks) });
  }
  const signed = (value: number) => `${value < 0 ? "−" : "+"}${share(Math.abs(value))}`;
  const interval = {
    lift: signed(lift.relative),
    low: signed(lift.relativeLow),
    high: lift.relativeHigh === null ? "∞" : signed(lift.relativeHigh),
  };
  return say(`flows.verdict.${lift.verdict}`, interval);
}
