import { describe, expect, test } from "vitest";

import { changeOf, channelsOf, figuresOf, isWrong, type Policy, type Typed } from "./figures";

const POLICY: Policy = {
  version: 1,
  before: { halfLifeDays: 7, weights: [{ kind: "ACCOUNT", weight: 4 }, { kind: "CART", weight: 12 }] },
  customer: { halfLifeDays: 90, weights: [{ kind: "ORDER", weight: 30 }] },
  theta: 10,
  k: 20,
  warmFrom: 25,
  hotFrom: 55,
  keepsReturnedBuyers: true,
  loss: { share: 1 / 3, earliestDays: 30, latestDays: 180, setDays: null, perChannel: [{ channel: "b2b", days: 200 }] },
  fit: null,
  appliesRefits: true,
  nextRefitAt: "2026-11-29T03:00:00Z",
};

const typed = (figures: Record<string, string>, more: Partial<Typed> = {}): Typed => ({
  figures,
  channels: null,
  keepsReturnedBuyers: null,
  ...more,
});

describe("only what was changed is proposed", () => {
  test.each<[string, Typed, unknown]>([
    ["nothing typed", typed({}), null],
    ["the same typed again", typed({ theta: "10", "loss.setDays": "", "loss.share": "33.3" }), null],
    ["days of one's own", typed({ "loss.setDays": "120" }), { loss: { setDays: 120 } }],
    ["a comma", typed({ theta: "10,5" }), { theta: 10.5 }],
    ["the share in percent", typed({ "loss.share": "25" }), { loss: { share: 0.25 } }],
    ["two bounds", typed({ "loss.earliestDays": "20", "loss.latestDays": "99" }), { loss: { earliestDays: 20, latestDays: 99 } }],
    [
      "one weight sends its whole list",
      typed({ "before.weights.CART": "15" }),
      { before: { weights: [{ kind: "ACCOUNT", weight: 4 }, { kind: "CART", weight: 15 }] } },
    ],
    ["a half-life", typed({ "customer.halfLifeDays": "60" }), { customer: { halfLifeDays: 60 } }],
    ["the channels as they were", typed({}, { channels: channelsOf(POLICY) }), null],
    ["no channel any more", typed({}, { channels: [] }), { loss: { perChannel: [] } }],
    ["returned orders", typed({}, { keepsReturnedBuyers: false }), { keepsReturnedBuyers: false }],
  ])("%s", (_, given, change) => {
    expect(changeOf(POLICY, given)).toEqual(change);
  });

  test("an emptied field takes the merchant's own days back", () => {
    const set = { ...POLICY, loss: { ...POLICY.loss, setDays: 120 } };
    expect(changeOf(set, typed({ "loss.setDays": " " }))).toEqual({ loss: { setDays: null } });
  });
});

test.each([
  ["loss.setDays", "", false],
  ["loss.setDays", "1", false],
  ["loss.setDays", "0.9", true],
  ["loss.setDays", "3650", false],
  ["loss.setDays", "3651", true],
  ["loss.share", "", true],
  ["loss.share", "99", false],
  ["loss.share", "99.1", true],
  ["theta", "much", true],
])("in %s %j is wrong: %s", (path, text, wrong) => {
  const figure = figuresOf(POLICY).find((one) => one.path === path);
  expect(figure && isWrong(figure, text)).toBe(wrong);
});
