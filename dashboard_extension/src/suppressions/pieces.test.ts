import { expect, test } from "vitest";

import { pieces } from "./pieces";

test.each([
  ["", []],
  ["email\n", []],
  ["a@b.c", [["a@b.c", 0]]],
  ["\ufeffemail\na@b.c\nb@b.c", [["email\na@b.c\nb@b.c", 0]]],
  [
    "email,reason\na@b.c,manual\nb@b.c,\nc@b.c,\n",
    [
      ["email,reason\na@b.c,manual\nb@b.c,\n", 0],
      ["email,reason\nc@b.c,\n", 2],
    ],
  ],
  [
    "a@b.c\r\nb@b.c\r\nc@b.c\r\nd@b.c",
    [
      ["a@b.c\r\nb@b.c\r\nc@b.c\r\n", 0],
      ["d@b.c", 3],
    ],
  ],
  [
    `${"0".repeat(64)}\n\n\nc@b.c\n`,
    [
      [`${"0".repeat(64)}\n\n\n`, 0],
      ["c@b.c\n", 3],
    ],
  ],
])("%j in pieces of three lines", (text, found) => {
  expect(pieces(text, 3).map(({ csv, before }) => [csv, before])).toEqual(found);
});
