import { expect, test } from "vitest";

import { inputOf, moved, textIn, typedOf } from "./topics";

const nothing = { en: "", es: "" };

test.each([
  ["News & offers", [], "news-offers"],
  ["¡Año nuevo!", [], "ano-nuevo"],
  ["Ofertas", ["ofertas", "ofertas-2"], "ofertas-3"],
  ["新着", [], "topic"],
  ["新着", ["topic"], "topic-2"],
  ["a".repeat(60), [], "a".repeat(36)],
])("a topic that is called %s, beside %j, gets the key %s", (name, taken, key) => {
  expect(inputOf({ names: { en: "", es: name }, descriptions: nothing }, taken)?.key).toBe(key);
});

test("without a name there is no topic", () => {
  expect(inputOf({ names: { en: " ", es: "" }, descriptions: nothing }, [])).toBeNull();
});

test("a topic keeps its key and the languages that are not shown here", () => {
  const topic = {
    key: "news",
    names: [
      { language: "fr", text: "Nouvelles" },
      { language: "en", text: "News" },
    ],
    descriptions: [],
    isArchived: false,
  };
  const typed = typedOf(topic);
  expect(typed).toEqual({ names: { en: "News", es: "" }, descriptions: nothing });
  expect(inputOf({ ...typed, names: { en: "What is new", es: "Novedades" } }, ["news"], topic)).toEqual({
    key: "news",
    names: [
      { language: "en", text: "What is new" },
      { language: "es", text: "Novedades" },
      { language: "fr", text: "Nouvelles" },
    ],
    descriptions: [],
  });
});

test.each([
  [0, 1, ["b", "a", "c"]],
  [2, -1, ["a", "c", "b"]],
  [0, -1, ["a", "b", "c"]],
  [2, 1, ["a", "b", "c"]],
] as const)("the row at %d moves by %d", (place, step, rows) => {
  expect(moved(["a", "b", "c"], place, step)).toEqual(rows);
});

test.each([
  ["es", "Novedades"],
  ["de", "News"],
])("a reader of %s reads %s", (language, text) => {
  const texts = [
    { language: "es", text: "Novedades" },
    { language: "en", text: "News" },
  ];
  expect(textIn(texts, language)).toBe(text);
});
