import { expect, test } from "vitest";

import { touchName } from "./touches";

const nothing = { source: null, medium: null, campaign: null, referrerHost: null, clickIdName: null };

test.each([
  [{ source: "news", medium: "email", campaign: "spring", referrerHost: "mail.example" }, "news / email / spring"],
  [{ source: "news", campaign: "spring" }, "news / spring"],
  [{ referrerHost: "search.example", clickIdName: "gclid" }, "search.example"],
  [{ clickIdName: "gclid" }, "gclid"],
  [{}, ""],
])("%j is called %j", (told, name) => {
  expect(touchName({ ...nothing, ...told })).toBe(name);
});
