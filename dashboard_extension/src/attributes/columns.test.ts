import { describe, expect, test } from "vitest";

import { fileMapping, typedOf, type Meaning } from "./columns";
import { BLANK, inputOf, listed } from "./mappings";

test.each([
  ["yes, sí ,,  ja", ["yes", "sí", "ja"]],
  ["", []],
  [" , ", []],
])("%j lists %j", (text, words) => {
  expect(listed(text)).toEqual(words);
});

describe("a key's meaning is complete, or nothing is sent", () => {
  test.each([
    [{ ...BLANK, key: "tier", name: "Tier" }, { origin: "USER", key: "tier", attribute: { name: "Tier", type: "TEXT", choices: [], isDayFirst: false } }],
    [{ ...BLANK, key: " ", name: "Tier" }, null],
    [{ ...BLANK, key: "tier" }, null],
    [{ ...BLANK, key: "tier", name: "Tier", type: "CHOICE" as const }, null],
    [{ ...BLANK, key: "news", isConsent: true, yes: "y", no: "n" }, { origin: "USER", key: "news", consent: { yes: ["y"], no: ["n"] } }],
    [{ ...BLANK, key: "news", isConsent: true, yes: "y" }, null],
  ])("%j", (typed, input) => {
    expect(inputOf(typed)).toEqual(input);
  });
});

const meant = (...meanings: Meaning[]) => {
  const typed = typedOf(["A", "B", "C"], null);
  return fileMapping({ ...typed, columns: typed.columns.map((one, place) => ({ ...one, meaning: meanings[place] ?? "nothing" })) });
};

describe("a file's columns", () => {
  test("become places by what they mean", () => {
    expect(meant("attribute", "email", "consent")).toMatchObject({
      email: 1,
      consent: 2,
      firstName: null,
      attributes: [{ column: 0, attribute: { name: "A", type: "TEXT" } }],
    });
  });
  test("without an e-mail are no mapping", () => {
    expect(meant("attribute", "firstName")).toBeNull();
  });
  test("of which two mean the same are no mapping", () => {
    expect(meant("email", "language", "language")).toBeNull();
  });
  test("come back as they were typed", () => {
    const given = meant("email", "attribute");
    const mapping = given && { firstName: null, lastName: null, language: null, consent: null, consentDate: null, consentSource: null, consentText: null, everyone: null, yes: ["y"], no: [], neither: [], isDayFirst: true, date: "2026-01-01", source: "s", text: "t", email: 0, attributes: [{ column: 1, attribute: { name: "B", type: "TEXT" as const, choices: [], isDayFirst: true } }] };
    expect(mapping && fileMapping(typedOf(["A", "B", "C"], mapping))).toMatchObject(mapping ?? {});
  });
});
