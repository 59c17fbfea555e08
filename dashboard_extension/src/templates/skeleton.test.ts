import { expect, test } from "vitest";

import { inLanguage, keyOf, skeleton } from "./skeleton";

test.each([
  ["Año nuevo & más", "ano-nuevo-mas"],
  ["  --Hi--  ", "hi"],
  ["日本", ""],
  ["x".repeat(59) + " y", "x".repeat(59)],
])("%s is known by a key", (name, key) => {
  expect(keyOf(name)).toBe(key);
});

test("a name cannot break its template", () => {
  const { subject, mjml } = skeleton("<b> {{ x }} & y", "es", "CUSTOMER", true);
  expect(subject).toBe("<b>  x  & y");
  expect(mjml).toContain("&lt;b&gt;  x  &amp; y</h1>");
});

test("the language stands at the root only", () => {
  expect(inLanguage('<mjml lang="en" dir="ltr"><p lang="en">', "pt-BR")).toBe('<mjml lang="pt-BR" dir="ltr"><p lang="en">');
});
