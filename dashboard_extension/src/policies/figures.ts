import { typedNumber } from "../frame/figures";
import type { ActivityKind, PolicyFieldsFragment, PolicyInput } from "../generated/dashboard";

export type Policy = PolicyFieldsFragment;

/** One figure of the policy as a field: where it is, what it may be, and what it is now. */
export interface Figure {
  path: string;
  least: number;
  most: number;
  held: string;
  isOptional?: boolean;
}

export interface Typed {
  /** What was typed, by path; what is not there was not touched. */
  figures: Readonly<Record<string, string>>;
  channels: readonly ChannelDays[] | null;
  keepsReturnedBuyers: boolean | null;
}

export interface ChannelDays {
  channel: string;
  days: string;
}

export const DAYS = { least: 1, most: 3650 } as const;
const PARTS = ["before", "customer"] as const;

/** All figures with their bounds, in the order of the form. The share is shown in percent. */
export function figuresOf(policy: Policy): Figure[] {
  const { loss } = policy;
  return [
    { path: "loss.setDays", ...DAYS, held: loss.setDays === null ? "" : shown(loss.setDays), isOptional: true },
    { path: "loss.share", least: 1, most: 99, held: String(Math.round(loss.share * 1000) / 10) },
    { path: "loss.earliestDays", ...DAYS, held: shown(loss.earliestDays) },
    { path: "loss.latestDays", ...DAYS, held: shown(loss.latestDays) },
    ...PARTS.flatMap((part) => [
      { path: `${part}.halfLifeDays`, least: 0.01, most: 3650, held: shown(policy[part].halfLifeDays) },
      ...policy[part].weights.map(({ kind, weight }) => ({
        path: `${part}.weights.${kind}`,
        least: -1000,
        most: 1000,
        held: shown(weight),
      })),
    ]),
    { path: "theta", least: 0.000001, most: 1000000, held: shown(policy.theta) },
    { path: "k", least: 0.000001, most: 1000000, held: shown(policy.k) },
    { path: "warmFrom", least: 0.01, most: 99.98, held: shown(policy.warmFrom) },
    { path: "hotFrom", least: 0.02, most: 99.99, held: shown(policy.hotFrom) },
  ];
}

function shown(figure: number): string {
  return String(Math.round(figure * 1e6) / 1e6);
}

/** The channels that have days of their own, as fields. */
export function channelsOf(policy: Policy): ChannelDays[] {
  return policy.loss.perChannel.map(({ channel, days }) => ({ channel, days: shown(days) }));
}

/** Is what stands in a field no number that it takes? */
export function isWrong({ least, most, isOptional }: Pick<Figure, "least" | "most" | "isOptional">, text: string): boolean {
  if (isOptional && text.trim() === "") return false;
  const figure = typedNumber(text);
  return figure === null || figure < least || figure > most;
}

/** What would change, or null when nothing would. All figures have to be right. */
export function changeOf(policy: Policy, typed: Typed): PolicyInput | null {
  const changed = new Map(
    figuresOf(policy)
      .filter(({ path, held }) => typed.figures[path] !== undefined && typed.figures[path].trim() !== held)
      .map(({ path }) => [path, typedNumber(typed.figures[path] ?? "")]),
  );
  const input: PolicyInput = {};
  for (const name of ["theta", "k", "warmFrom", "hotFrom"] as const) {
    const figure = changed.get(name);
    if (figure !== undefined) input[name] = figure;
  }
  for (const part of PARTS) {
    const halfLifeDays = changed.get(`${part}.halfLifeDays`);
    if (halfLifeDays !== undefined) input[part] = { ...input[part], halfLifeDays };
    if ([...changed.keys()].some((path) => path.startsWith(`${part}.weights.`))) {
      // A list takes the place of the one that holds, so all of it is sent.
      const weights = policy[part].weights.map(({ kind, weight }: { kind: ActivityKind; weight: number }) => ({
        kind,
        weight: changed.get(`${part}.weights.${kind}`) ?? weight,
      }));
      input[part] = { ...input[part], weights };
    }
  }
  const setDays = changed.get("loss.setDays");
  if (setDays !== undefined) input.loss = { ...input.loss, setDays };
  const share = changed.get("loss.share");
  if (share !== undefined && share !== null) input.loss = { ...input.loss, share: share / 100 };
  for (const name of ["earliestDays", "latestDays"] as const) {
    const figure = changed.get(`loss.${name}`);
    if (figure !== undefined) input.loss = { ...input.loss, [name]: figure };
  }
  if (typed.channels && JSON.stringify(typed.channels) !== JSON.stringify(channelsOf(policy))) {
    const perChannel = typed.channels.map(({ channel, days }) => ({
      channel: channel.trim(),
      days: typedNumber(days) ?? 0,
    }));
    input.loss = { ...input.loss, perChannel };
  }
  if (typed.keepsReturnedBuyers !== null && typed.keepsReturnedBuyers !== policy.keepsReturnedBuyers) {
    input.keepsReturnedBuyers = typed.keepsReturnedBuyers;
  }
  return Object.keys(input).length > 0 ? input : null;
}
