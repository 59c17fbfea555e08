import { expect, test } from "vitest";

import { fine, gravest, rolling, top } from "./rates";

const day = (sent: number, bounced: number, complained = 0) => ({ day: "2026-03-11", sent, bounced, complained });

test("a day's share is that of the days up to it", () => {
  const days = [day(0, 0), day(100, 10), day(100, 0, 3), day(0, 0), day(200, 2)];
  expect(rolling(days, 2, "BOUNCES")).toEqual([null, 0.1, 0.05, 0, 0.01]);
  expect(rolling(days, 2, "COMPLAINTS")).toEqual([null, 0, 0.015, 0.03, 0]);
});

test("a picture shows the pause, and is not flattened by one bad day", () => {
  expect(top([null, 0.01], 0.05)).toBeCloseTo(0.0575);
  expect(top([0.08], 0.05)).toBeCloseTo(0.084);
  expect(top([1], 0.05)).toBeCloseTo(0.1);
});

test("small shares keep their digits", () => {
  expect(fine(0.0012, "en")).toBe("0.12%");
  expect(fine(0.05, "en")).toBe("5%");
});

test.each([
  [[], "OK"],
  [["OK", "WARNING"], "WARNING"],
  [["UNKNOWN", "OK"], "UNKNOWN"],
  [["WARNING", "ERROR", "OK"], "ERROR"],
] as const)("of %j the gravest is %s", (levels, expected) => {
  expect(gravest(levels.map((level) => ({ level })))).toBe(expected);
});
