import type { Phase } from "../generated/dashboard";

/** In the order of the way that people take. */
export const PHASES: readonly Phase[] = ["EDUCATION", "SALES", "RETENTION", "LOSS"];

/** The Dashboard's customers list, filtered by what the projection wrote. */
export function customersList(phase: Phase): string {
  const filter = new URLSearchParams({
    "0[s0.metadata][0]": "lifecycle.phase",
    "0[s0.metadata][1]": phase.toLowerCase(),
  });
  return `/customers/?${filter.toString()}`;
}
