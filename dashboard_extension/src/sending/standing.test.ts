import { expect, test } from "vitest";

import { standing, typedPace } from "./standing";

const AT = "2026-03-11T10:00:00Z";
const channel = {
  channel: "email",
  offAt: null,
  offReason: "",
  perMinute: null,
  resumesAt: null,
  trouble: "",
  serviceOnly: "",
  waiting: 0,
  scheduled: 0,
  leaving: 0,
  waits: [],
};

test.each([
  [{}, {}, "sends"],
  [{}, { resumesAt: AT }, "paced"],
  [{}, { serviceOnly: "paused", resumesAt: AT }, "paused"],
  [{}, { serviceOnly: "warm_up" }, "warmUp"],
  [{}, { serviceOnly: "paused", resumesAt: AT, trouble: "421" }, "resting"],
  [{}, { serviceOnly: "paused", offAt: AT }, "channelOff"],
  [{}, { resumesAt: AT, trouble: "421" }, "resting"],
  [{}, { resumesAt: AT, trouble: "421", offAt: AT }, "channelOff"],
  [{ offAt: AT }, { offAt: AT }, "off"],
  [{ offAt: AT, heldAt: AT }, {}, "held"],
])("%j with %j %s", (all, one, stands) => {
  expect(standing({ offAt: null, heldAt: null, ...all }, { ...channel, ...one })).toBe(stands);
});

test.each([
  ["", null],
  [" 40 ", 40],
  ["1", 1],
  ["0", undefined],
  ["600000", 600_000],
  ["600001", undefined],
  ["4,5", undefined],
  ["-1", undefined],
  ["many", undefined],
])("a pace typed as '%s' is %s", (text, pace) => {
  expect(typedPace(text, 600_000)).toBe(pace);
});
