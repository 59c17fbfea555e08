import { expect, test } from "vitest";

import { given, typedOf, type Typed } from "./rules";

const HELD = { metadataKey: "delivered_at", rules: [{ method: "DHL", workingDays: 2 }], otherwiseWorkingDays: 5 };

test("what is held is given as it is", () => {
  expect(given(typedOf(HELD))).toEqual(HELD);
});

test.each<[Partial<Typed>, unknown]>([
  [{ metadataKey: "  at " }, { metadataKey: "at" }],
  [{ otherwise: "0" }, { otherwiseWorkingDays: 0 }],
  [{ rules: [{ method: " Post ", days: "60" }] }, { rules: [{ method: "Post", workingDays: 60 }] }],
  [{ rules: [{ method: " ", days: "x" }] }, { rules: [] }], // names no method
])("%o", (news, changed) => {
  expect(given({ ...typedOf(HELD), ...news })).toEqual({ ...HELD, ...(changed as object) });
});

test.each<Partial<Typed>>([
  { otherwise: "" },
  { otherwise: "61" },
  { otherwise: "1.5" },
  { rules: [{ method: "DHL", days: "-1" }] },
])("%o is no number of days", (news) => {
  expect(given({ ...typedOf(HELD), ...news })).toBeNull();
});
