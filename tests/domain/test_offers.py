from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.domain.carts import OPEN_FOR
from saleor_lifecycle.domain.offers import CartFacts, Offer, OfferKind, OfferLine, OfferReason, cart_offer, offers

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
TWO = (OfferLine("VmFyaWFudDox", 2),)
CART = CartFacts("one", "web", "es", TWO, NOON, is_being_paid=False, is_ordered=False)


def test_a_cart_that_waits_is_offered_until_it_is_thirty_days_old() -> None:
    expected = Offer(OfferKind.CART, OfferReason.CART_WAITS, "one", "web", "es", TWO, NOON + OPEN_FOR)
    assert cart_offer(CART, None, NOON) == expected
    assert expected.expires_at == NOON + timedelta(days=30)


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("it is empty", {"lines": ()}),
        ("its lines hold nothing", {"lines": (OfferLine("VmFyaWFudDox", 0),)}),
        ("it is being paid", {"is_being_paid": True}),
        ("it was ordered", {"is_ordered": True}),
    ],
)
def test_another_cart_is_not_offered(case: str, changes: dict[str, Any]) -> None:
    assert cart_offer(replace(CART, **changes), None, NOON) is None, case


@pytest.mark.parametrize(
    ("age", "is_offered"), [(OPEN_FOR - INSTANT, True), (OPEN_FOR, False), (OPEN_FOR + INSTANT, False)]
)
def test_age_counts_from_the_last_change(age: timedelta, is_offered: bool) -> None:
    assert (cart_offer(CART, None, NOON + age) is not None) is is_offered


@pytest.mark.parametrize(("placed", "is_offered"), [(NOON - INSTANT, True), (NOON, False), (NOON + INSTANT, False)])
def test_any_order_since_the_last_change_ends_it(placed: datetime, is_offered: bool) -> None:
    assert (cart_offer(CART, placed, NOON + timedelta(hours=1)) is not None) is is_offered


def test_lines_that_hold_nothing_are_left_out() -> None:
    offer = cart_offer(replace(CART, lines=(OfferLine("VmFyaWFudDoy", 0), *TWO)), None, NOON)
    assert offer is not None
    assert offer.lines == TWO


def test_the_last_touched_comes_first_and_another_channels_not_at_all() -> None:
    older = replace(CART, key="older", changed_at=NOON - INSTANT)
    ordered = replace(CART, key="ordered", is_ordered=True)
    elsewhere = replace(CART, key="elsewhere", channel="app")
    carts = [older, ordered, elsewhere, CART]
    assert [offer.key for offer in offers(carts, "web", None, 4, NOON)] == ["one", "older"]
    assert [offer.key for offer in offers(reversed(carts), "web", None, 4, NOON)] == ["one", "older"]
    assert [offer.key for offer in offers(carts, "web", None, 1, NOON)] == ["one"]
    assert offers(carts, "web", None, 0, NOON) == ()
