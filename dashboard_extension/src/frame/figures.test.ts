import { expect, test } from "vitest";

import { roughly, typedNumber } from "./figures";

test.each([
  [0, 1, "minutes"],
  [60, 1, "minutes"],
  [61, 2, "minutes"],
  [5399, 90, "minutes"],
  [5400, 2, "hours"],
  [129599, 36, "hours"],
  [129600, 2, "days"],
])("%i seconds are about %i %s", (seconds, n, unit) => {
  expect(roughly(seconds)).toEqual({ n, unit });
});

test.each([
  ["7", 7],
  ["7.5", 7.5],
  [" 7,5 ", 7.5],
  ["-3", -3],
  ["", null],
  ["1e3", null],
  ["1,000.5", null],
  ["many", null],
])("%j is the number %j", (text, number) => {
  expect(typedNumber(text)).toBe(number);
});
