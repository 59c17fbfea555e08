import type { DeliverabilityQuery } from "../generated/dashboard";

export type Deliverability = DeliverabilityQuery["deliverability"];
export type Harm = Deliverability["rates"][number]["harm"];
type Day = Deliverability["days"][number];

/** For each day the share of what was sent in the days up to it that came to harm; null where nothing was sent. */
export function rolling(days: readonly Day[], windowDays: number, harm: Harm): (number | null)[] {
  return days.map((_, index) => {
    const window = days.slice(Math.max(0, index + 1 - windowDays), index + 1);
    const sent = window.reduce((sum, day) => sum + day.sent, 0);
    const harmed = window.reduce((sum, day) => sum + (harm === "BOUNCES" ? day.bounced : day.complained), 0);
    return sent ? harmed / sent : null;
  });
}

/** How high a picture of these shares reaches: over the pause, and over the highest, though never over twice the pause. */
export function top(shares: readonly (number | null)[], pauseFrom: number): number {
  const most = Math.max(0, ...shares.map((share) => share ?? 0));
  return Math.min(Math.max(pauseFrom * 1.15, most * 1.05), pauseFrom * 2);
}

/** A share with the digits that small ones need: 0.12 %. */
export function fine(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(share);
}

const ORDER = ["ERROR", "WARNING", "UNKNOWN", "OK"] as const;

/** The gravest level of some findings; OK where there are none. */
export function gravest(findings: readonly { level: (typeof ORDER)[number] }[]): (typeof ORDER)[number] {
  return ORDER.find((level) => findings.some((finding) => finding.level === level)) ?? "OK";
}
