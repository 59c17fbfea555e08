import { expect, test } from "vitest";

import { shownIn } from "./shown";

const HTML = "<head><style>@media (prefers-color-scheme: dark) { a }</style></head><body>$&</body>";

test("the look that is chosen holds, whatever the browser's own is", () => {
  expect(shownIn(HTML, "dark")).toContain("@media (min-width: 1px) { a }");
  expect(shownIn(HTML, "light")).toContain("@media (max-width: 0px) { a }");
  expect(shownIn(HTML, "dark")).toContain("color-scheme: dark !important");
});

test("links open nowhere, and nothing else is changed", () => {
  expect(shownIn(HTML, "light")).toContain('<base target="_blank">');
  expect(shownIn(HTML, "light").endsWith("<body>$&</body>")).toBe(true);
  expect(shownIn("plain", "dark").endsWith("plain")).toBe(true);
});
