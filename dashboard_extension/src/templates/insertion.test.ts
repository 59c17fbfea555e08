import { expect, test } from "vitest";

import { insertionOf } from "./insertion";

const LOOP = "{% for line in cart.lines %}{{ line.product }}{% endfor %}";

test.each([
  ["a value", "shop.name", "Hello ", "{{ shop.name }}"],
  ["a loop over its list", "cart.lines[].product", "Hello ", LOOP],
  ["the item inside the loop", "cart.lines[].product", "{% for one in cart.lines %}", "{{ one.product }}"],
  ["a loop behind the loop", "cart.lines[].product", "{% for one in cart.lines %}x{%- endfor -%}", LOOP],
  ["a loop inside another list's", "cart.lines[].product", "{% for one in products %}", LOOP],
  ["the outer item inside two loops", "cart.lines[].product", "{%- for one in cart.lines -%}{% for two in products %}", "{{ one.product }}"],
  ["a loop over plain values", "voucher.conditions[]", "", "{% for condition in voucher.conditions %}{{ condition }}{% endfor %}"],
])("a name is written as %s", (_, name, before, written) => {
  expect(insertionOf(name, before)).toBe(written);
});
