from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.contents import (
    MOST_PRODUCTS,
    Carried,
    Product,
    Voucher,
    VoucherKind,
    is_code_usable,
    is_voucher_usable,
    read_carried,
    show,
    struck_price,
    truth,
)
from saleor_lifecycle.domain.sending import SkipReason

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)

PRODUCT = Product(
    product_id="1",
    name="Mug",
    slug="mug",
    is_buyable=True,
    price=Decimal(10),
    undiscounted=Decimal(15),
    prior=None,
    currency="EUR",
    is_from=False,
    image_url="",
    image_alt="Mug",
)
VOUCHER = Voucher(
    voucher_id="V",
    kind=VoucherKind.ORDER,
    is_percent=True,
    value=Decimal(10),
    currency="EUR",
    min_spent=None,
    min_quantity=None,
    starts_at=NOW,
    ends_at=NOW + TICK,
    is_used_up=False,
    is_for_staff=False,
    is_on_cheapest=False,
    is_once=False,
    codes={"X-1": True, "USED": False},
)


@pytest.mark.parametrize("document", [None, {}, {"products": []}, {"products": None, "voucher": None, "because": None}])
def test_an_empty_document_carries_nothing(document: dict[str, Any] | None) -> None:
    assert read_carried(document) is None


def test_a_document_carries_its_products_in_their_rank_and_its_voucher() -> None:
    document = {
        "products": ["2", "1"],
        "because": {"kind": "bought", "product": "3"},
        "voucher": {"id": "V", "code": "X-1"},
    }
    assert read_carried(document) == Carried(("2", "1"), "bought", "3", "V", "X-1")


def test_a_message_shows_only_so_many_products() -> None:
    carried = read_carried({"products": [str(number) for number in range(MOST_PRODUCTS + 1)]})
    assert carried is not None
    assert carried.product_ids[-1] == str(MOST_PRODUCTS - 1)


@pytest.mark.parametrize("country", ["ES", "DE", "NO", ""])
@pytest.mark.parametrize(
    ("case", "prior", "expected"),
    [
        ("the shop does not keep it", None, None),
        ("it was dearer", "10.01", "10.01"),
        ("it was as dear", "10", None),
        ("it was cheaper in between", "9", None),
    ],
)
def test_the_law_lets_only_the_lowest_price_of_30_days_be_struck(
    case: str, prior: str | None, expected: str | None, country: str
) -> None:
    product = replace(PRODUCT, prior=Decimal(prior) if prior else None)
    assert struck_price(product, country) == (Decimal(expected) if expected else None), case


@pytest.mark.parametrize(("undiscounted", "expected"), [("15", "15"), ("10", None), (None, None)])
def test_elsewhere_the_price_without_discount_is_struck(undiscounted: str | None, expected: str | None) -> None:
    product = replace(PRODUCT, undiscounted=Decimal(undiscounted) if undiscounted else None, prior=Decimal(12))
    assert struck_price(product, "US") == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    ("case", "changes", "is_usable"),
    [
        ("as it stands", {}, True),
        ("it has no end", {"ends_at": None}, True),
        ("it ends now", {"ends_at": NOW}, False),
        ("it has not begun", {"starts_at": NOW + TICK}, False),
        ("it is used up", {"is_used_up": True}, False),
        ("it is for staff", {"is_for_staff": True}, False),
        ("it is worth nothing", {"value": Decimal(0)}, False),
    ],
)
def test_a_voucher_is_shown_while_it_is_of_use(case: str, changes: dict[str, Any], is_usable: bool) -> None:
    voucher = replace(VOUCHER, **changes)
    assert is_voucher_usable(voucher, NOW) is is_usable, case
    shown = show(Carried(voucher_id="V", code="X-1"), {}, voucher, "ES", NOW)
    assert (shown.voucher, shown.code) == ((voucher, "X-1") if is_usable else (None, "")), case


def test_what_cannot_be_bought_falls_out_and_the_rest_keeps_its_rank() -> None:
    products = {
        "1": PRODUCT,
        "2": replace(PRODUCT, product_id="2", is_buyable=False),
        "4": replace(PRODUCT, product_id="4"),
    }
    shown = show(Carried(("4", "2", "3", "1")), products, None, "ES", NOW)
    assert [one.product_id for one in shown.products] == ["4", "1"]


def test_the_reason_names_a_product_that_is_sold_out() -> None:
    products = {"1": PRODUCT, "2": replace(PRODUCT, product_id="2", name="Jug", is_buyable=False)}
    shown = show(Carried(("1",), "bought", "2"), products, None, "ES", NOW)
    assert (shown.because_kind, shown.because_name) == ("bought", "Jug")


@pytest.mark.parametrize(
    ("case", "carried", "has_products", "has_voucher", "gone"),
    [
        ("products", Carried(("1",)), True, False, None),
        ("products, none left", Carried(("1",)), False, False, SkipReason.PRODUCTS_GONE),
        ("products beside its text, none left", Carried(("1",), is_extra=True), False, False, None),
        ("a voucher", Carried(voucher_id="V"), False, True, None),
        ("a voucher that ended", Carried(voucher_id="V"), False, False, SkipReason.VOUCHER_GONE),
        ("both, and no product left", Carried(("1",), voucher_id="V"), False, True, None),
        ("both, and the voucher ended", Carried(("1",), voucher_id="V"), True, False, SkipReason.VOUCHER_GONE),
    ],
)
def test_the_point_of_a_message_is_its_voucher_or_else_its_products(
    case: str, carried: Carried, has_products: bool, has_voucher: bool, gone: SkipReason | None
) -> None:
    shown = show(carried, {"1": PRODUCT} if has_products else {}, VOUCHER if has_voucher else None, "ES", NOW)
    assert truth(carried, shown, NOW).gone == gone, case


amounts = st.decimals(min_value=0, max_value=1000, places=2)


@given(st.builds(replace, st.just(PRODUCT), price=amounts, undiscounted=amounts, prior=st.none() | amounts))
def test_no_price_is_struck_that_is_not_higher(product: Product) -> None:
    for country in ("ES", "US", ""):
        struck = struck_price(product, country)
        assert struck is None or struck > product.price


@pytest.mark.parametrize(
    ("code", "has_more", "expected"),
    [("X-1", False, True), ("USED", True, False), ("GONE", False, False), ("GONE", True, True), ("", False, True)],
)
def test_a_code_is_of_use_unless_the_shop_says_otherwise(code: str, has_more: bool, expected: bool) -> None:
    assert is_code_usable(replace(VOUCHER, has_more_codes=has_more), code) is expected
