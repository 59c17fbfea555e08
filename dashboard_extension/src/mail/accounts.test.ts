import { expect, test } from "vitest";

import { errorField, given, shownIn, type Account, type Provider } from "./accounts";

const provider: Provider = {
  provider: "mailgun",
  name: "Mailgun",
  isInstalled: true,
  canVerify: false,
  fields: [
    { name: "api_key", isSecret: true, isNeeded: true, choices: [] },
    { name: "sender_domain", isSecret: false, isNeeded: false, choices: [] },
    { name: "region", isSecret: false, isNeeded: true, choices: ["us", "eu"] },
  ],
};
const account: Account = {
  channel: "",
  provider: "mailgun",
  verifiedAt: null,
  heldAt: null,
  heldReason: "",
  settings: [
    { name: "api_key", isSet: true, value: null, endsWith: "cdef" },
    { name: "sender_domain", isSet: true, value: "shop.example", endsWith: null },
    { name: "region", isSet: true, value: "eu", endsWith: null },
  ],
};

test("a secret that nobody typed is not sent, so that it stays", () => {
  expect(given(provider, {}, account)).toEqual([
    { name: "sender_domain", value: "shop.example" },
    { name: "region", value: "eu" },
  ]);
  expect(given(provider, { api_key: "new" }, account)[0]).toEqual({ name: "api_key", value: "new" });
});

test("a field that was emptied is sent empty", () => {
  expect(given(provider, { sender_domain: "" }, account)[0]).toEqual({ name: "sender_domain", value: "" });
});

test("the first choice stands where nothing is chosen", () => {
  const shown = provider.fields.map((field) => shownIn(field, {}, undefined));
  expect(shown).toEqual(["", "", "us"]);
});

test("an error finds its field", () => {
  expect(errorField("secret_access_key")).toBe("settings.secretAccessKey");
});
