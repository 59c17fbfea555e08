import { expect, test } from "vitest";

import { lines, placeOf } from "./code";

test("lines come in the pieces that they are shown in", () => {
  expect(lines('<mj-text a="1">{{ x }}\n<!-- a\n\nb --></mj-text>')).toEqual([
    [
      { kind: "tag", text: "<mj-text" },
      { kind: "plain", text: ' a="1"' },
      { kind: "tag", text: ">" },
      { kind: "liquid", text: "{{ x }}" },
    ],
    [{ kind: "comment", text: "<!-- a" }],
    [],
    [
      { kind: "comment", text: "b -->" },
      { kind: "tag", text: "</mj-text" },
      { kind: "tag", text: ">" },
    ],
  ]);
});

test("no letter is lost", () => {
  const source = "a < b {{ open\n{% x %}> <\n";
  expect(lines(source).map((line) => line.map(({ text }) => text).join("")).join("\n")).toBe(source);
});

test.each([
  [1, "one"],
  [2, "two"],
  [3, ""],
  [9, ""],
  [0, "one"],
])("line %i is where it stands", (line, text) => {
  const source = "one\ntwo\n";
  expect(source.slice(...placeOf(source, line))).toBe(text);
});
