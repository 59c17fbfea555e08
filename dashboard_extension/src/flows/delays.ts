export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86400 } as const;

export type Unit = keyof typeof UNITS;

/** A delay as it is typed: the number may be anything until it is saved. */
export interface Delay {
  number: string;
  unit: Unit;
}

const LONGEST = 400 * UNITS.days;

/** The delay in the greatest unit that keeps it a whole number. */
export function readable(seconds: number): Delay {
  const unit = (["days", "hours", "minutes"] as const).find((one) => seconds % UNITS[one] === 0) ?? "seconds";
  return { number: String(seconds / UNITS[unit]), unit };
}

/** The seconds of a typed delay, or null when it is none that a flow takes. */
export function inSeconds({ number, unit }: Delay, least = 1): number | null {
  const seconds = Number(number) * UNITS[unit];
  return /^\d+$/.test(number.trim()) && seconds >= least && seconds <= LONGEST ? seconds : null;
}

export type Wrong = "number" | "numberOrNone" | "order" | null;
