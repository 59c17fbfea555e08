"""Vouchers over the API: made, listed, used in a checkout, and what is refused; as seen on a real Saleor."""

from typing import Any

import pytest

from saleor_lifecycle.sandbox import catalogue
from saleor_lifecycle.sandbox.records import Variant, VoucherCode
from saleor_lifecycle.sandbox.server import Sandbox

CREATE = """mutation ($input: VoucherInput!) { voucherCreate(input: $input) {
    voucher { id name singleUse usageLimit codes(first: 9) { edges { node { id code isActive } } } }
    errors { field code voucherCodes } } }"""
LIST = """mutation ($id: ID!, $input: VoucherChannelListingInput!) {
  voucherChannelListingUpdate(id: $id, input: $input) {
    voucher { channelListings { discountValue currency channel { slug } } } errors { field code } } }"""
UPDATE = """mutation ($id: ID!, $input: VoucherInput!) { voucherUpdate(id: $id, input: $input) {
    voucher { name codes(first: 9) { edges { node { code } } } } errors { code voucherCodes } } }"""
DELETE_CODES = """mutation ($ids: [ID!]!) { voucherCodeBulkDelete(ids: $ids) {
    count errors { path code voucherCodes } } }"""
DELETE = "mutation ($id: ID!) { voucherDelete(id: $id) { voucher { id } errors { code } } }"
OFFERED = """query ($ids: [ID!]!) { vouchers(first: 9, channel: "default-channel", filter: {ids: $ids}) {
    edges { node { id discountValue codes(first: 9) { edges { node { code isActive } } } } } } }"""
OPEN = "mutation ($input: CheckoutCreateInput!) { checkoutCreate(input: $input) { checkout { id } } }"
APPLY = """mutation ($id: ID!, $code: String!) { checkoutAddPromoCode(id: $id, promoCode: $code) {
    checkout { voucherCode discount { amount } totalPrice { gross { amount } } } errors { field message code } } }"""
TAKE_OFF = """mutation ($id: ID!, $code: String!) { checkoutRemovePromoCode(id: $id, promoCode: $code) {
    checkout { voucherCode totalPrice { gross { amount } } } errors { code } } }"""
ORDER = """mutation ($id: ID!) { checkoutComplete(id: $id) {
    order { id voucherCode total { gross { amount } } } errors { code } } }"""
CANCEL = "mutation ($id: ID!) { orderCancel(id: $id) { order { status } errors { code } } }"
MAIN = catalogue.CHANNEL.id


class Vouchers:
    """What the staff and shoppers do with vouchers; each answer is that of the mutation."""

    def __init__(self, sandbox: Sandbox, ask: Any, staff: str) -> None:
        self.shop, self._ask, self._staff = sandbox.shop, ask, staff

    def make(self, *codes: str, **given: Any) -> dict[str, Any]:
        terms = {"singleUse": True, "discountValueType": "PERCENTAGE", "addCodes": codes} | given
        return self._run(CREATE, input=terms)

    def made(self, *codes: str, **given: Any) -> str:
        """The id of a voucher of ten percent that is listed."""
        identifier = str(self.make(*codes, **given)["voucher"]["id"])
        self.enlist(identifier)
        return identifier

    def enlist(self, identifier: str, **terms: Any) -> dict[str, Any]:
        added = [{"channelId": MAIN, "discountValue": 10} | terms]
        return self._run(LIST, id=identifier, input={"addChannels": added})

    def update(self, identifier: str, **given: Any) -> dict[str, Any]:
        return self._run(UPDATE, id=identifier, input=given)

    def delete(self, identifier: str) -> dict[str, Any]:
        return self._run(DELETE, id=identifier)

    def delete_codes(self, *ids: str) -> dict[str, Any]:
        return self._run(DELETE_CODES, ids=ids)

    def cancel(self, order: str) -> dict[str, Any]:
        return self._run(CANCEL, id=order)

    def offered(self, identifier: str) -> list[Any]:
        return [edge["node"] for edge in self._ask(OFFERED, self._staff, ids=[identifier])["data"]["vouchers"]["edges"]]

    def cart(self, email: str = "ann@example.com") -> str:
        """A cart of 29.00."""
        lines = [{"variantId": self.shop.all(Variant)[0].id, "quantity": 2}]
        asked = {"channel": "default-channel", "email": email, "lines": lines}
        return str(self._ask(OPEN, input=asked)["data"]["checkoutCreate"]["checkout"]["id"])

    def apply(self, cart: str, code: str) -> dict[str, Any]:
        return dict(self._ask(APPLY, id=cart, code=code)["data"]["checkoutAddPromoCode"])

    def take_off(self, cart: str, code: str) -> dict[str, Any]:
        return dict(self._ask(TAKE_OFF, id=cart, code=code)["data"]["checkoutRemovePromoCode"])

    def order(self, cart: str) -> dict[str, Any]:
        return dict(self._ask(ORDER, id=cart)["data"]["checkoutComplete"])

    def _run(self, mutation: str, **variables: Any) -> dict[str, Any]:
        answer = self._ask(mutation, self._staff, **variables)
        return dict(next(iter(answer["data"].values())))


@pytest.fixture
def vouchers(sandbox: Sandbox, ask: Any, staff: str) -> Vouchers:
    return Vouchers(sandbox, ask, staff)


def test_code_is_invalid_until_its_voucher_is_listed(vouchers: Vouchers) -> None:
    voucher = vouchers.make("ONE")["voucher"]["id"]
    cart = vouchers.cart()
    before = vouchers.apply(cart, "ONE")
    vouchers.enlist(voucher)

    assert before["errors"] == [{"field": "promoCode", "message": "Promo code is invalid", "code": "INVALID"}]
    assert vouchers.apply(cart, "ONE")["checkout"] == {
        "voucherCode": "ONE",
        "discount": {"amount": 2.9},
        "totalPrice": {"gross": {"amount": 26.1}},
    }


def test_listing_has_the_channels_terms(vouchers: Vouchers) -> None:
    listed = vouchers.enlist(vouchers.make("ONE")["voucher"]["id"])["voucher"]

    listing = {"discountValue": 10.0, "currency": "EUR", "channel": {"slug": "default-channel"}}
    assert listed == {"channelListings": [listing]}


def test_single_use_code_is_used_once_and_the_order_names_it(vouchers: Vouchers) -> None:
    voucher = vouchers.made("ONE", "TWO")
    cart = vouchers.cart()
    vouchers.apply(cart, "ONE")
    order = vouchers.order(cart)["order"]

    assert (order["voucherCode"], order["total"]["gross"]["amount"]) == ("ONE", 26.1)
    codes = vouchers.offered(voucher)[0]["codes"]["edges"]
    assert [(edge["node"]["code"], edge["node"]["isActive"]) for edge in codes] == [("ONE", False), ("TWO", True)]
    assert vouchers.apply(vouchers.cart("eve@example.com"), "ONE")["errors"][0]["code"] == "INVALID"


def test_code_is_bound_to_nobody(vouchers: Vouchers) -> None:
    vouchers.made("ONE")

    assert vouchers.apply(vouchers.cart("a.stranger@example.com"), "ONE")["errors"] == []


def test_a_second_code_replaces_the_first(vouchers: Vouchers) -> None:
    vouchers.made("ONE", "TWO")
    cart = vouchers.cart()
    vouchers.apply(cart, "ONE")

    assert vouchers.apply(cart, "TWO")["checkout"]["voucherCode"] == "TWO"


def test_code_is_taken_off_again(vouchers: Vouchers) -> None:
    vouchers.made("ONE")
    cart = vouchers.cart()
    vouchers.apply(cart, "ONE")

    taken = {"voucherCode": None, "totalPrice": {"gross": {"amount": 29.0}}}
    assert vouchers.take_off(cart, "ONE")["checkout"] == taken
    assert vouchers.take_off(cart, "ONE")["errors"] == [{"code": "NOT_FOUND"}]


def test_cancelled_order_gives_its_code_back(vouchers: Vouchers) -> None:
    vouchers.made("ONE")
    cart = vouchers.cart()
    vouchers.apply(cart, "ONE")
    vouchers.cancel(vouchers.order(cart)["order"]["id"])

    assert vouchers.apply(vouchers.cart(), "ONE")["errors"] == []


def test_one_use_kills_all_codes_under_a_usage_limit(vouchers: Vouchers) -> None:
    vouchers.made("ONE", "TWO", singleUse=False, usageLimit=1)
    cart = vouchers.cart()
    vouchers.apply(cart, "ONE")
    vouchers.order(cart)

    assert vouchers.apply(vouchers.cart("eve@example.com"), "TWO")["errors"][0]["code"] == "INVALID"


@pytest.mark.parametrize(
    ("email", "refusal"), [("ann@example.com", ["VOUCHER_NOT_APPLICABLE"]), ("eve@example.com", [])]
)
def test_customer_uses_one_code_of_a_voucher_that_is_once_per_customer(
    email: str, refusal: list[str], vouchers: Vouchers
) -> None:
    vouchers.made("ONE", "TWO", applyOncePerCustomer=True)
    cart = vouchers.cart("ann@example.com")
    vouchers.apply(cart, "ONE")
    vouchers.order(cart)

    assert [error["code"] for error in vouchers.apply(vouchers.cart(email), "TWO")["errors"]] == refusal


@pytest.mark.parametrize(
    ("given", "terms", "code"),
    [
        ({"endDate": "2020-01-01T00:00:00Z"}, {}, "INVALID"),
        ({"startDate": "2100-01-01T00:00:00Z"}, {}, "INVALID"),
        ({"minCheckoutItemsQuantity": 3}, {}, "VOUCHER_NOT_APPLICABLE"),
        ({}, {"minAmountSpent": "29.01"}, "VOUCHER_NOT_APPLICABLE"),
    ],
)
def test_code_outside_of_its_terms_is_refused(
    given: dict[str, Any], terms: dict[str, Any], code: str, vouchers: Vouchers
) -> None:
    vouchers.enlist(vouchers.make("ONE", **given)["voucher"]["id"], **terms)

    assert vouchers.apply(vouchers.cart(), "ONE")["errors"][0]["code"] == code


def test_cart_with_a_code_that_was_deleted_is_not_ordered(vouchers: Vouchers) -> None:
    vouchers.made("ONE")
    cart = vouchers.cart()
    vouchers.apply(cart, "ONE")
    vouchers.delete_codes(vouchers.shop.all(VoucherCode)[0].id)

    assert vouchers.order(cart)["errors"] == [{"code": "INVALID"}]


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (["THERE", "NEW"], {"field": "codes", "code": "ALREADY_EXISTS", "voucherCodes": ["THERE"]}),
        (["NEW", "NEW"], {"field": "codes", "code": "DUPLICATED_INPUT_ITEM", "voucherCodes": ["NEW"]}),
        ([], {"field": None, "code": "GRAPHQL_ERROR", "voucherCodes": None}),
    ],
)
def test_refused_codes_make_no_voucher(codes: list[str], error: dict[str, Any], vouchers: Vouchers) -> None:
    vouchers.made("THERE")
    made = vouchers.make(*codes)

    assert (made["voucher"], made["errors"]) == (None, [error])
    assert [one.code for one in vouchers.shop.all(VoucherCode)] == ["THERE"]


def test_update_adds_codes_and_refuses_those_that_are_there(vouchers: Vouchers) -> None:
    voucher = vouchers.made("ONE")
    added = vouchers.update(voucher, addCodes=["TWO"])["voucher"]["codes"]["edges"]
    again = vouchers.update(voucher, name="New", addCodes=["TWO", "THREE"])

    assert [edge["node"]["code"] for edge in added] == ["ONE", "TWO"]
    assert again["errors"] == [{"code": "ALREADY_EXISTS", "voucherCodes": ["TWO"]}]
    assert [one.code for one in vouchers.shop.all(VoucherCode)] == ["ONE", "TWO"]


def test_codes_are_deleted_all_or_none(vouchers: Vouchers) -> None:
    vouchers.made("ONE", "TWO")
    one, two = (code.id for code in vouchers.shop.all(VoucherCode))

    assert vouchers.delete_codes(one, "x") == {
        "count": 0,
        "errors": [{"path": "ids", "code": "INVALID", "voucherCodes": ["x"]}],
    }
    assert len(vouchers.shop.all(VoucherCode)) == 2
    assert vouchers.delete_codes(one, two)["count"] == 2
    assert vouchers.shop.all(VoucherCode) == []


def test_deleted_voucher_takes_its_codes_along(vouchers: Vouchers) -> None:
    voucher = vouchers.made("ONE")

    assert vouchers.delete(voucher)["errors"] == []
    assert (vouchers.offered(voucher), vouchers.shop.all(VoucherCode)) == ([], [])


def test_voucher_that_is_not_listed_is_not_among_the_channels(vouchers: Vouchers) -> None:
    assert vouchers.offered(vouchers.make("ONE")["voucher"]["id"]) == []


@pytest.mark.parametrize("who", ["nobody", "a customer", "the order manager"])
def test_only_who_manages_discounts_makes_vouchers(who: str, sandbox: Sandbox, ask: Any, token_of: Any) -> None:
    answer = ask(CREATE, token_of(who), input={"addCodes": ["ONE"]})

    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert sandbox.shop.all(VoucherCode) == []
