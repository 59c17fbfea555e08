import { describe, expect, test } from "vitest";

import { inSeconds, readable, wrongTouches, type Delay } from "./delays";

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

const hours = (number: string): Delay => ({ number, unit: "hours" });

test.each([
  [["1", "24"], [null, null]],
  [["24", "24"], [null, "order"]],
  [["25", "24"], [null, "order"]],
  [["x", "24"], ["number", null]],
  [["1", "x", "2"], [null, "number", null]],
])("mails after %j hours", (typed, wrong) => {
  expect(wrongTouches(typed.map(hours))).toEqual(wrong);
});
