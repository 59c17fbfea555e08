import { describe, expect, test } from "vitest";

import type { SettingsFieldsFragment } from "../generated/dashboard";
import { changesOf, costAt, typedOf, wrongDelays, type Typed } from "./settings";

const CART: SettingsFieldsFragment = {
  delays: [
    { key: "idle", seconds: 1800, counts: "CART_CHANGE", template: "" },
    { key: "touch-1", seconds: 3600, counts: "CART_CHANGE", template: "abandoned-cart-1" },
    { key: "touch-2", seconds: 86400, counts: "CART_CHANGE", template: "abandoned-cart-2" },
  ],
  daysBefore: null,
  incentive: null,
  mayHaveIncentive: true,
  holdout: 0.1,
  perHour: null,
};
const LOST: SettingsFieldsFragment = {
  delays: [
    { key: "touch-2", seconds: 604800, counts: "MESSAGE_BEFORE", template: "win-back-2" },
    { key: "touch-3", seconds: 604800, counts: "MESSAGE_BEFORE", template: "win-back-3" },
  ],
  daysBefore: 0,
  incentive: { percent: 10, lastsDays: 7 },
  mayHaveIncentive: true,
  holdout: 0.1,
  perHour: null,
};
const BOUGHT: SettingsFieldsFragment = {
  ...CART,
  delays: [
    { key: "review", seconds: 604800, counts: "DELIVERY", template: "review-request" },
    { key: "nudge", seconds: 0, counts: "USUAL_DAY", template: "first-purchase-3" },
  ],
  mayHaveIncentive: false,
};

const given = (settings: SettingsFieldsFragment, news: Partial<Typed>) =>
  changesOf({ ...typedOf(settings), ...news }, settings);
const hours = (...numbers: string[]) => numbers.map((number) => ({ number, unit: "hours" as const }));

test.each([CART, LOST, BOUGHT])("what was not touched is not saved", (settings) => {
  expect(changesOf(typedOf(settings), settings)).toEqual({});
});

describe("only what differs is saved", () => {
  test.each<[SettingsFieldsFragment, Partial<Typed>, unknown]>([
    [CART, { delays: hours("1", "2", "24") }, { delays: [{ key: "idle", seconds: 3600 }, { key: "touch-1", seconds: 7200 }] }],
    [CART, { holdout: "5" }, { holdout: 0.05 }],
    [CART, { holdout: "2,5" }, { holdout: 0.025 }],
    [CART, { hasCode: true, percent: "5", lastsDays: "2" }, { incentive: { percent: 5, lastsDays: 2 } }],
    [LOST, { percent: "0" }, { incentive: { percent: 0, lastsDays: 7 } }],
    [LOST, { hasCode: false }, { withoutIncentive: true }],
    [LOST, { hasCode: false, percent: "x" }, { withoutIncentive: true }],
    [LOST, { daysBefore: "7", perHour: "200" }, { daysBefore: 7, perHour: 200 }],
    [{ ...LOST, perHour: 50 }, { perHour: "60" }, { perHour: 60 }],
    [{ ...LOST, perHour: 50 }, { perHour: " " }, { withoutPace: true }],
  ])("%#: %o", (settings, news, changes) => {
    expect(given(settings, news)).toEqual(changes);
  });
});

describe("nothing is saved while something is wrong", () => {
  test.each<[SettingsFieldsFragment, Partial<Typed>]>([
    [CART, { delays: hours("1", "24", "24") }],
    [CART, { delays: hours("", "1", "24") }],
    [CART, { holdout: "51" }],
    [CART, { holdout: "" }],
    [CART, { hasCode: true, percent: "51" }],
    [CART, { hasCode: true, lastsDays: "1.5" }],
    [LOST, { daysBefore: "31" }],
    [LOST, { daysBefore: "" }],
    [LOST, { perHour: "0" }],
    [{ ...LOST, perHour: 50 }, { perHour: "0" }],
  ])("%#: %o", (settings, news) => {
    expect(given(settings, news)).toBeNull();
  });
});

describe("each message leaves later than the one before that counts from the same moment", () => {
  test.each([
    [CART, hours("2", "1", "24"), [null, null, null]], // the idle time is no message's
    [CART, hours("1", "x", "1"), [null, "number", null]],
    [CART, hours("1", "24", "2"), [null, null, "order"]],
    [CART, hours("1", "0", "2"), [null, "number", null]],
    [LOST, hours("168", "1"), [null, null]], // counted from one another
    [LOST, hours("168", "0"), [null, "number"]],
    [BOUGHT, hours("168", "0"), [null, null]], // on the usual day itself
  ])("%#", (settings, delays, wrong) => {
    expect(wrongDelays(delays, settings.delays)).toEqual(wrong);
  });
});

describe("what another holdout would cost", () => {
  const cost = { share: 0.1, people: 4, conversions: 1, revenue: [{ amount: "30.000", currency: "EUR" }] };

  test("goes with its share", () => {
    expect(costAt(0.05, cost)).toEqual({ share: 0.05, people: 2, conversions: 0.5, revenue: [{ amount: "15", currency: "EUR" }] });
    expect(costAt(0.1, cost)).toBe(cost);
  });

  test("is not known where there is none now", () => {
    const none = { share: 0, people: 0, conversions: null, revenue: [] };
    expect(costAt(0.05, none)).toBeNull();
    expect(costAt(0, none)).toBe(none);
  });

  test("stays unknown where no orders were seen", () => {
    expect(costAt(0.2, { ...cost, conversions: null, revenue: [] })?.conversions).toBeNull();
  });
});
