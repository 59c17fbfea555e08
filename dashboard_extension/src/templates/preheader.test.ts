import { expect, test } from "vitest";

import { preheaderOf, withPreheader } from "./preheader";

const BODY = "<mj-body></mj-body></mjml>";

test.each([
  ["as it stands", `<mjml><mj-head><mj-preview>Soon</mj-preview></mj-head>${BODY}`, "Soon"],
  ["on several lines", `<mjml><mj-head><mj-preview>\n  Soon\n  there\n</mj-preview></mj-head>${BODY}`, "Soon there"],
  ["with signs that MJML escapes", `<mjml><mj-head><mj-preview>A &amp; B &lt;c&gt;</mj-preview></mj-head>${BODY}`, "A & B <c>"],
  ["with Liquid left alone", "<mj-preview>{% if a &amp; b %}x{% endif %}</mj-preview>", "{% if a &amp; b %}x{% endif %}"],
  ["none in an empty element", `<mjml><mj-head><mj-preview /></mj-head>${BODY}`, ""],
  ["none without the element", `<mjml>${BODY}`, ""],
])("the preheader is read %s", (_, mjml, found) => {
  expect(preheaderOf(mjml)).toBe(found);
});

test.each([
  ["in the element", "<mj-head><mj-preview>Old</mj-preview></mj-head>"],
  ["in an empty element", "<mj-head><mj-preview/></mj-head>"],
  ["in a head without the element", '<mj-head foo="bar"></mj-head>'],
  ["without a head", ""],
])("another one is written %s, and read back", (_, head) => {
  const text = "A & B < {{ shop.name | money: 'a' }} $& $1";
  const mjml = withPreheader(`<mjml lang="en">${head}${BODY}`, text);
  expect(preheaderOf(mjml)).toBe(text);
  expect(mjml.match(/<mj-preview/g)).toHaveLength(1);
  expect(mjml.endsWith(BODY)).toBe(true);
});

test("nothing is written where nothing is said", () => {
  expect(withPreheader(`<mjml>${BODY}`, "")).toBe(`<mjml>${BODY}`);
});
