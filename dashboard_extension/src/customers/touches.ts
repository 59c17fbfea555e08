import type { TouchFieldsFragment } from "../generated/dashboard";

/** Where somebody came from, in the shop's own words for it: source, medium and campaign; else host or click. */
export function touchName(touch: Omit<TouchFieldsFragment, "at">): string {
  const told = [touch.source, touch.medium, touch.campaign].filter(Boolean).join(" / ");
  return told || touch.referrerHost || touch.clickIdName || "";
}
