import { typedNumber } from "../frame/figures";
import type { CostFieldsFragment, FlowSettingsInput, SettingsFieldsFragment } from "../generated/dashboard";
import { inSeconds, readable, type Delay, type Wrong } from "./delays";

type Settings = SettingsFieldsFragment;

/** The settings as they are typed. */
export interface Typed {
  delays: Delay[];
  daysBefore: string;
  hasCode: boolean;
  percent: string;
  lastsDays: string;
  /** In percent. */
  holdout: string;
  perHour: string;
}

const FIGURES = {
  daysBefore: { least: 0, most: 30 },
  percent: { least: 0, most: 50 },
  lastsDays: { least: 1, most: 60 },
  holdout: { least: 0, most: 50 },
  perHour: { least: 1, most: 100_000 },
} as const;

export type Figure = keyof typeof FIGURES;

/** What may be typed there. */
export const limits = (figure: Figure) => FIGURES[figure];

export function typedOf({ delays, daysBefore, incentive, holdout, perHour }: Settings): Typed {
  return {
    delays: delays.map(({ seconds }) => readable(seconds)),
    daysBefore: String(daysBefore ?? ""),
    hasCode: incentive !== null,
    percent: String(incentive?.percent ?? 10),
    // A cart is soon forgotten: two days, where nothing else was set.
    lastsDays: String(incentive?.lastsDays ?? (delays.some(({ counts }) => counts === "CART_CHANGE") ? 2 : 7)),
    holdout: String(Math.round(holdout * 1000) / 10),
    perHour: String(perHour ?? ""),
  };
}

/** The whole number that was typed (of the holdout: with a decimal), or null when it is none that may be there. */
export function figureOf(figure: Figure, typed: Typed): number | null {
  const number = typedNumber(typed[figure]);
  const { least, most } = FIGURES[figure];
  if (number === null || number < least || number > most) return null;
  return figure === "holdout" || Number.isInteger(number) ? number : null;
}

/** What is wrong with each delay: a number each (0 where that says something), and of those that count from the same moment each message later than the one before. */
export function wrongDelays(typed: readonly Delay[], delays: Settings["delays"]): Wrong[] {
  return delays.map(({ counts, template }, index) => {
    const seconds = secondsOf(typed[index] as Delay, delays[index] as Settings["delays"][number]);
    if (seconds === null) return counts === "USUAL_DAY" ? "numberOrNone" : "number";
    if (!template || counts === "MESSAGE_BEFORE") return null;
    const before = delays.findLastIndex((one, place) => place < index && one.template && one.counts === counts);
    if (before < 0) return null;
    const other = secondsOf(typed[before] as Delay, delays[before] as Settings["delays"][number]);
    return other !== null && seconds <= other ? "order" : null;
  });
}

/** What is to be saved: only what differs. Null while something is wrong. */
export function changesOf(typed: Typed, settings: Settings): FlowSettingsInput | null {
  if (wrongDelays(typed.delays, settings.delays).some((wrong) => wrong !== null)) return null;
  const shown: Figure[] = ["holdout"];
  if (settings.daysBefore !== null) shown.push("daysBefore");
  // Where it is left empty the app finds a pace itself.
  const hasNoPace = typed.perHour.trim() === "";
  if (hasPace(settings) && !hasNoPace) shown.push("perHour");
  if (typed.hasCode) shown.push("percent", "lastsDays");
  const figures = Object.fromEntries(shown.map((figure) => [figure, figureOf(figure, typed)]));
  if (Object.values(figures).some((figure) => figure === null)) return null;
  const { holdout, daysBefore, perHour, percent, lastsDays } = figures as Partial<Record<Figure, number>>;
  const delays = settings.delays.flatMap((held, index) => {
    const seconds = secondsOf(typed.delays[index] as Delay, held);
    return seconds === null || seconds === held.seconds ? [] : [{ key: held.key, seconds }];
  });
  const share = (holdout ?? 0) / 100;
  const { incentive } = settings;
  const isOther = incentive?.percent !== percent || incentive?.lastsDays !== lastsDays;
  return {
    ...(delays.length > 0 && { delays }),
    ...(Math.abs(share - settings.holdout) > 1e-6 && { holdout: share }),
    ...(daysBefore !== undefined && daysBefore !== settings.daysBefore && { daysBefore }),
    ...(perHour !== undefined && perHour !== settings.perHour && { perHour }),
    ...(hasNoPace && settings.perHour !== null && { withoutPace: true }),
    ...(percent !== undefined && lastsDays !== undefined && isOther && { incentive: { percent, lastsDays } }),
    ...(!typed.hasCode && incentive !== null && { withoutIncentive: true }),
  };
}

/** What holding out that share of people would cost, from what the present share costs; null where that says nothing. */
export function costAt(share: number, cost: CostFieldsFragment): CostFieldsFragment | null {
  if (share === cost.share) return cost;
  if (cost.share === 0) return share === 0 ? cost : null;
  const times = share / cost.share;
  return {
    share,
    people: cost.people * times,
    conversions: cost.conversions === null ? null : cost.conversions * times,
    revenue: cost.revenue.map(({ amount, currency }) => ({ amount: String(Number(amount) * times), currency })),
  };
}

/** Does the flow let in people who are there already? */
export const hasPace = ({ daysBefore, perHour }: Settings) => daysBefore !== null || perHour !== null;

// Only the usual day is a moment that is still to come when the flow begins to wait for it.
function secondsOf(typed: Delay, { counts }: Settings["delays"][number]): number | null {
  return inSeconds(typed, counts === "USUAL_DAY" ? 0 : 1);
}
