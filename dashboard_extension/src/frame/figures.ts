const SECONDS = { days: 86400, hours: 3600, minutes: 60 } as const;

/** About how long that is, in the greatest unit of which it has one and a half, rounded up; never under a minute. */
export function roughly(seconds: number): { n: number; unit: keyof typeof SECONDS } {
  const unit = (["days", "hours"] as const).find((one) => seconds >= 1.5 * SECONDS[one]) ?? "minutes";
  return { n: Math.max(1, Math.ceil(seconds / SECONDS[unit])), unit };
}

/** The number that was typed, with a point or a comma, or null when it is none. */
export function typedNumber(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}
