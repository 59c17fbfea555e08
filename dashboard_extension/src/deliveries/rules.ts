import { typedNumber } from "../frame/figures";
import type { DeliveriesQuery, DeliveriesUpdateMutationVariables } from "../generated/dashboard";

export const MOST_DAYS = 60;

/** The settings as they are typed. */
export interface Typed {
  metadataKey: string;
  rules: { method: string; days: string }[];
  otherwise: string;
}

export function typedOf({ metadataKey, rules, otherwiseWorkingDays }: DeliveriesQuery["deliverySettings"]): Typed {
  return {
    metadataKey,
    rules: rules.map(({ method, workingDays }) => ({ method, days: String(workingDays) })),
    otherwise: String(otherwiseWorkingDays),
  };
}

/** The working days that were typed, or null when it is no number of them. */
export function daysOf(typed: string): number | null {
  const days = typedNumber(typed);
  return days !== null && Number.isInteger(days) && days >= 0 && days <= MOST_DAYS ? days : null;
}

/** What is to be saved, without rules that name no method; null while something is no number of days. */
export function given({ metadataKey, rules, otherwise }: Typed): DeliveriesUpdateMutationVariables | null {
  const named = rules.filter(({ method }) => method.trim() !== "");
  const otherwiseWorkingDays = daysOf(otherwise);
  const read = named.map(({ method, days }) => ({ method: method.trim(), workingDays: daysOf(days) ?? -1 }));
  if (otherwiseWorkingDays === null || read.some(({ workingDays }) => workingDays < 0)) return null;
  return { metadataKey: metadataKey.trim(), rules: read, otherwiseWorkingDays };
}
