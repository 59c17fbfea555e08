import { expect, test } from "vitest";

import { duration, keysOf, stepsOf } from "./steps";

const send = (key: string) => ({ key, kind: "send", template: key });

test.each([
  ["P2D", { number: "2", unit: "days" }],
  ["PT30M", { number: "30", unit: "minutes" }],
  ["PT3600S", { number: "1", unit: "hours" }],
  ["P1W", { number: "7", unit: "days" }],
  ["P1DT1H", { number: "25", unit: "hours" }],
  ["P1M", null],
  ["", null],
  [7, null],
])("%j lasts %j", (iso, delay) => {
  expect(duration(iso)).toEqual(delay);
});

test("steps inside of others come with the paths of their rules", () => {
  const steps = stepsOf({
    steps: [
      { key: "wait", kind: "wait", duration: "P1D" },
      { key: "which", kind: "branch", cases: [{ when: {}, then: [send("a")] }], otherwise: [send("b")] },
      { key: "for", kind: "wait_for", rule: {}, at_most: "P1D", then: [{ key: "half", kind: "split", shares: [] }] },
    ],
  });
  expect(keysOf(steps)).toEqual(["wait", "which", "a", "b", "for", "half"]);
  expect(steps[1]?.ways.map(({ kind, rule }) => [kind, rule])).toEqual([
    ["when", "steps[1].cases[0].when"],
    ["otherwise", ""],
  ]);
  expect(steps[2]?.ways[0]?.rule).toBe("steps[2].rule");
});

test("weights become shares of all", () => {
  const shares = [{ weight: 1, then: [send("a")] }, { weight: 3 }];
  expect(stepsOf({ steps: [{ key: "s", kind: "split", shares }] })[0]?.ways.map(({ share }) => share)).toEqual([0.25, 0.75]);
});

test.each([null, "no", [], { steps: null }, { steps: [7, {}, { key: 7 }] }])("%j has no steps", (document) => {
  expect(stepsOf(document)).toEqual([]);
});
