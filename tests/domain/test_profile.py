from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.prediction import loss_date
from saleor_lifecycle.domain.profile import CartRow, OrderRow, Profile, fold
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, Kind, Policy, log_sum, value
from tests.domain.histories import carts, common, orders

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MADRID = ZoneInfo("Europe/Madrid")
LETS_GO = replace(DEFAULT_POLICY, keeps_returned_buyers=False)
NOTHING = Profile(0, None, None, None, (), None, None, None, (), None)
PAID = OrderRow(NOON, "UNFULFILLED", "FULL", Decimal(30), Decimal(0), Decimal(30), "EUR")
UNPAID = replace(PAID, charge_status="NONE", charged=Decimal(0))
RETURNED = replace(PAID, status="FULFILLED", charge_status="NONE", charged=Decimal(0), refunded=Decimal(30))
CANCELED = replace(PAID, status="CANCELED")
CART = CartRow(NOON, is_empty=False, is_ordered=False)


def by_day(orders: list[datetime], zone: tzinfo = UTC) -> dict[date, datetime]:
    return {at.astimezone(zone).date(): at for at in orders}


def profile(
    *orders: OrderRow,
    joined: tuple[datetime, ...] = (),
    carts: tuple[CartRow, ...] = (),
    policy: Policy = DEFAULT_POLICY,
    zone: ZoneInfo = MADRID,
    clicks: tuple[datetime, ...] = (),
) -> Profile:
    return fold(joined, orders, carts, policy, zone, clicks=clicks)


def at(when: datetime, order: OrderRow = PAID) -> OrderRow:
    return replace(order, created_at=when)


@given(st.lists(common, max_size=3), st.lists(orders, max_size=8), st.lists(carts, max_size=8), st.data())
def test_does_not_depend_on_the_order_of_its_rows(
    joined: list[datetime], orders: list[OrderRow], carts: list[CartRow], data: st.DataObject
) -> None:
    shuffled = fold(
        data.draw(st.permutations(joined)),
        data.draw(st.permutations(orders)),
        data.draw(st.permutations(carts)),
        DEFAULT_POLICY,
        MADRID,
    )
    assert shuffled == fold(joined, orders, carts, DEFAULT_POLICY, MADRID)


def test_of_nothing_is_empty() -> None:
    assert profile() == NOTHING


def test_of_a_buyer() -> None:
    found = profile(at(NOON + 10 * DAY), PAID, at(NOON + 20 * DAY, UNPAID))
    assert found.orders == 2
    assert found.first_order_at == NOON
    assert found.last_order_at == NOON + 10 * DAY
    assert found.last_placed_at == NOON + 20 * DAY
    assert found.spent == (("EUR", Decimal(60)),)
    assert found.loss == loss_date(by_day([NOON, NOON + 10 * DAY]))


@pytest.mark.parametrize("order", [UNPAID, CANCELED], ids=["unpaid", "cancelled"])
def test_an_order_that_does_not_count_was_placed_all_the_same(order: OrderRow) -> None:
    assert profile(order) == replace(NOTHING, last_placed_at=NOON)


@pytest.mark.parametrize(
    ("case", "policy", "rows", "bought_at"),
    [
        ("the only order came back", DEFAULT_POLICY, [RETURNED], [NOON]),
        ("the only order came back, and buyers are not kept", LETS_GO, [RETURNED], []),
        ("all came back", DEFAULT_POLICY, [RETURNED, at(NOON + DAY, RETURNED)], [NOON, NOON + DAY]),
        ("all came back, and buyers are not kept", LETS_GO, [RETURNED, at(NOON + DAY, RETURNED)], []),
        ("the later one came back", DEFAULT_POLICY, [PAID, at(NOON + DAY, RETURNED)], [NOON]),
        ("the later one came back, and buyers are not kept", LETS_GO, [PAID, at(NOON + DAY, RETURNED)], [NOON]),
        ("the earlier one came back", DEFAULT_POLICY, [RETURNED, at(NOON + DAY)], [NOON + DAY]),
    ],
)
def test_a_customer_whose_only_order_came_back_stays_a_buyer_where_the_shop_keeps_them(
    case: str, policy: Policy, rows: list[OrderRow], bought_at: list[datetime]
) -> None:
    found = profile(*rows, policy=policy)
    assert found.orders == rows.count(PAID) + rows.count(at(NOON + DAY)), case
    assert found.first_order_at == (bought_at[0] if bought_at else None), case
    assert found.last_order_at == (bought_at[-1] if bought_at else None), case
    assert found.loss == (loss_date(by_day(bought_at)) if bought_at else None), case
    assert found.last_placed_at == rows[-1].created_at, case


def test_what_came_back_was_not_spent() -> None:
    assert profile(RETURNED).spent == ()
    assert profile(PAID, at(NOON + DAY, RETURNED)).spent == (("EUR", Decimal(30)),)


def test_currencies_are_never_summed() -> None:
    dollars = replace(PAID, currency="USD", total=Decimal("7.500"))
    assert profile(dollars, PAID, PAID).spent == (("EUR", Decimal(60)), ("USD", Decimal("7.500")))


@pytest.mark.parametrize(
    ("case", "zone", "times", "days"),
    [
        ("three on one day", ZoneInfo("UTC"), [NOON, NOON + HOUR, NOON + 2 * HOUR], [NOON + 2 * HOUR]),
        ("half past ten and half past eleven, UTC", ZoneInfo("UTC"), [NOON + 10.5 * HOUR, NOON + 11.5 * HOUR], None),
        (
            "the same two in Madrid, where midnight lies between",
            MADRID,
            [NOON + 10.5 * HOUR, NOON + 11.5 * HOUR],
            [NOON + 10.5 * HOUR, NOON + 11.5 * HOUR],
        ),
        ("before and after midnight, UTC, in Madrid", MADRID, [NOON + 11.5 * HOUR, NOON + 12.5 * HOUR], None),
        (
            "three on one day, then another",
            MADRID,
            [NOON, NOON + HOUR, NOON + 2 * HOUR, NOON + 100 * DAY],
            [NOON + 2 * HOUR, NOON + 100 * DAY],
        ),
    ],
)
def test_several_orders_on_one_of_the_shops_days_count_once(
    case: str, zone: ZoneInfo, times: list[datetime], days: list[datetime] | None
) -> None:
    found = profile(*map(at, times), zone=zone)
    assert found.loss == loss_date(by_day(days or times[-1:], zone)), case
    assert found.orders == len(times), case


@pytest.mark.parametrize(
    ("case", "rows", "until"),
    [
        ("no cart", (), None),
        ("a cart", (CART,), NOON + 30 * DAY),
        ("an empty cart", (replace(CART, is_empty=True),), None),
        ("a cart that was ordered", (replace(CART, is_ordered=True),), None),
        ("the later of two", (CART, replace(CART, changed_at=NOON + DAY)), NOON + 31 * DAY),
        ("the later was ordered", (CART, replace(CART, changed_at=NOON + DAY, is_ordered=True)), NOON + 30 * DAY),
    ],
)
def test_a_cart_is_open_for_30_days_after_it_changed(
    case: str, rows: tuple[CartRow, ...], until: datetime | None
) -> None:
    assert profile(carts=rows).cart_open_until == until, case


@pytest.mark.parametrize(
    ("case", "found", "before", "customer"),
    [
        ("an account", profile(joined=(NOON,)), 4.0, 0.0),
        ("two accounts of one person", profile(joined=(NOON, NOON)), 8.0, 0.0),
        ("a cart", profile(carts=(CART,)), 12.0, 4.0),
        ("a cart that was ordered", profile(carts=(replace(CART, is_ordered=True),)), 12.0, 4.0),
        ("an empty cart", profile(carts=(replace(CART, is_empty=True),)), 0.0, 0.0),
        ("two clicks", profile(clicks=(NOON, NOON)), 10.0, 4.0),
        ("an order", profile(PAID), 0.0, 30.0),
        ("two orders on one day", profile(PAID, PAID), 0.0, 60.0),
        ("an order that came back", profile(RETURNED), 0.0, 15.0),
        ("one that stayed and one that came back", profile(PAID, RETURNED), 0.0, 45.0),
        ("an unpaid order", profile(UNPAID), 0.0, 0.0),
    ],
)
def test_scores_what_was_done_before_buying_and_as_a_customer(
    case: str, found: Profile, before: float, customer: float
) -> None:
    assert value(found.before_u, DEFAULT_POLICY.before, NOON) == pytest.approx(before), case
    assert value(found.customer_u, DEFAULT_POLICY.customer, NOON) == pytest.approx(customer), case


def test_keeps_a_sum_for_each_kind_that_happened() -> None:
    found = profile(PAID, at(NOON + DAY, RETURNED), joined=(NOON - DAY,), carts=(CART,), clicks=(NOON,))
    assert found.sums == (
        ("before", "account", log_sum([NOON - DAY], 7.0)),
        ("before", "cart", log_sum([NOON], 7.0)),
        ("before", "click", log_sum([NOON], 7.0)),
        ("customer", "cart", log_sum([NOON], 90.0)),
        ("customer", "click", log_sum([NOON], 90.0)),
        ("customer", "order", log_sum([NOON, NOON + DAY], 90.0)),
        ("customer", "return", log_sum([NOON + DAY], 90.0)),
    )
    assert {kind for _, kind, _ in found.sums} == set(Kind)
