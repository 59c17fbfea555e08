import { describe, expect, test } from "vitest";

import { inSeconds, readable, type Delay } from "./delays";

describe("a stored delay is shown in the greatest whole unit", () => {
  test.each([
    [1800, "30", "minutes"],
    [3600, "1", "hours"],
    [5400, "90", "minutes"],
    [86400, "1", "days"],
    [90000, "25", "hours"],
    [259200, "3", "days"],
    [61, "61", "seconds"],
  ])("%i seconds: %s %s", (seconds, number, unit) => {
    expect(readable(seconds)).toEqual({ number, unit });
  });
});

describe("a typed delay becomes seconds, or nothing", () => {
  test.each<[string, Delay["unit"], number | null]>([
    ["1", "minutes", 60],
    ["400", "days", 34560000],
    ["401", "days", null],
    ["0", "days", null],
    ["-1", "hours", null],
    ["1.5", "hours", null],
    ["", "hours", null],
    ["many", "hours", null],
  ])("%j %s", (number, unit, seconds) => {
    expect(inSeconds({ number, unit })).toBe(seconds);
  });
});

test("nothing at all is a delay only where it may be", () => {
  const none: Delay = { number: "0", unit: "days" };
  expect([inSeconds(none), inSeconds(none, 0)]).toEqual([null, 0]);
});
