from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saleor_lifecycle.domain.chances import alive
from saleor_lifecycle.domain.prediction import (
    FIXED,
    RUNG_FIT,
    RUNG_FIXED,
    RUNG_MEDIAN,
    LossRule,
    LossSettings,
    Parameters,
    loss_date,
    next_order_date,
)
from tests.domain.shops import histories, parameters, rules

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
SHOP = LossRule(RUNG_FIT, Parameters(0.64, 51.0, 0.81, 1.23))
UNBOUND = LossSettings(earliest_days=0, latest_days=1e6)
DAY = timedelta(days=1)


def by_day(orders: list[datetime]) -> dict[date, datetime]:
    return {at.date(): at for at in orders}


def on(*days: int) -> dict[date, datetime]:
    return by_day([NOON + timedelta(days=day) for day in days])


@pytest.mark.parametrize(
    ("case", "orders", "days"),
    [
        ("one order", on(0), 180),
        ("a second soon after: the first one's date is later", on(0, 10), 180),
        ("a second on the day from which its own date counts", on(0, 90), 180),
        ("a second a day later than that", on(0, 91), 181),
        ("a third: its 40 days end before the second's 90", on(0, 100, 120), 190),
        ("a third from which its own date counts", on(0, 100, 150), 190),
        ("a third a day later than that", on(0, 100, 151), 191),
        ("the fourth counts as the third does", on(0, 100, 200, 300), 340),
        ("the tenth too", on(*range(0, 1000, 100)), 940),
        ("back after years", on(0, 1000), 1090),
    ],
)
def test_without_a_fit_a_buyer_is_lost_after_the_longest_silence_any_order_allows(
    case: str, orders: dict[date, datetime], days: int
) -> None:
    loss = loss_date(orders)
    assert loss.at == NOON + timedelta(days=days), case
    assert loss.rung == RUNG_FIXED


@pytest.mark.parametrize(
    ("case", "orders", "days"),
    [
        ("one order: 806 days, held at 180", on(0), 180.0),
        ("a second is held too, and from its own day", on(0, 20), 200.0),
        ("six in 50 days: each allows less, and the first one's 180 lead", on(0, 10, 20, 30, 40, 50), 180.0),
        ("the sixth late: its own date leads again", on(0, 10, 20, 30, 40, 150), 285.81),
    ],
)
def test_with_a_fit_each_silence_is_held_within_the_bounds(
    case: str, orders: dict[date, datetime], days: float
) -> None:
    assert (loss_date(orders, SHOP).at - NOON) / DAY == pytest.approx(days, abs=0.01), case
    assert loss_date(orders, SHOP).rung == RUNG_FIT


@pytest.mark.parametrize(("after", "seconds"), [(-1, 0), (0, 0), (1, 1)])
def test_is_a_whole_second_rounded_up(after: int, seconds: int) -> None:
    loss = loss_date(by_day([NOON + timedelta(milliseconds=after)]))
    assert loss.at == NOON + timedelta(days=180, seconds=seconds)


@given(parameters, st.floats(0.05, 0.95), st.integers(0, 50), st.integers(0, 2000))
def test_is_when_the_chance_of_being_here_has_fallen_to_the_share_of_the_day_of_the_order(
    fitted: Parameters, share: float, x: int, more: int
) -> None:
    t_x = x + more if x else 0
    days = [*range(x), t_x] if x else [0]
    rule = LossRule(RUNG_FIT, fitted, settings=replace(UNBOUND, share=share))
    loss = loss_date(on(*days), rule).at
    silence = (loss - NOON) / DAY - t_x
    earlier = [loss_date(on(*days[:number]), rule).at for number in range(1, x + 1)]
    assume(silence < 9e5 and (not earlier or max(earlier) < loss))  # the last order's own date leads
    at_order = float(alive(fitted, x, t_x, t_x))
    second = 1 / 86400
    assert float(alive(fitted, x, t_x, t_x + silence - 1.01 * second)) > share * at_order * (1 - 1e-9)
    assert float(alive(fitted, x, t_x, t_x + silence)) <= share * at_order * (1 + 1e-9)


@given(rules, histories)
def test_an_order_never_brings_it_nearer(rule: LossRule, orders: list[datetime]) -> None:
    dates = [loss_date(by_day(orders[:number]), rule).at for number in range(1, len(orders) + 1)]
    assert dates == sorted(dates)


@given(rules, histories, st.floats(0, 1))
def test_nor_does_a_later_order_on_the_last_day(rule: LossRule, orders: list[datetime], share: float) -> None:
    midnight = orders[-1].replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    later = min(orders[-1] + share * (midnight - orders[-1]), midnight - timedelta(microseconds=1))
    assert loss_date(by_day([*orders[:-1], later]), rule).at >= loss_date(by_day(orders), rule).at


@given(rules, histories)
def test_comes_between_30_and_180_days_after_the_last_order(rule: LossRule, orders: list[datetime]) -> None:
    at = loss_date(by_day(orders), rule).at
    assert orders[-1] + 30 * DAY <= at <= orders[-1] + 180 * DAY + timedelta(seconds=1)
    assert at.microsecond == 0


@given(rules, histories)
def test_owes_nothing_to_orders_more_than_the_bounds_before_the_last(rule: LossRule, orders: list[datetime]) -> None:
    held = [loss_date(by_day(orders[:number]), rule).at for number in range(1, len(orders) + 1)]
    old = [at for at, order in zip(held, orders, strict=True) if orders[-1] - order > 150 * DAY + timedelta(seconds=1)]
    assert all(at <= orders[-1] + 30 * DAY + timedelta(seconds=1) for at in old)


@pytest.mark.parametrize(("silence", "days"), [(29, 30), (30, 30), (31, 31), (179, 179), (180, 180), (181, 180)])
def test_a_silence_beyond_the_bounds_is_held_within_them(silence: int, days: int) -> None:
    rule = LossRule(RUNG_MEDIAN, silences=(float(silence),) * 3)
    assert loss_date(on(0), rule).at == NOON + timedelta(days=days)
    assert loss_date(on(0, 500), rule).at == NOON + timedelta(days=500 + days)


def test_the_bounds_are_the_merchants() -> None:
    rule = replace(FIXED, settings=LossSettings(earliest_days=50, latest_days=120))
    assert loss_date(on(0), rule).at == NOON + 120 * DAY
    assert loss_date(on(0, 200, 400), rule).at == NOON + 450 * DAY


def test_a_smaller_share_waits_longer() -> None:
    dates = [
        loss_date(on(0, 30, 55), replace(SHOP, settings=replace(UNBOUND, share=share))).at
        for share in (0.5, 1 / 3, 0.2)
    ]
    assert dates == sorted(set(dates))


@pytest.mark.parametrize(
    ("case", "orders", "rule", "days"),
    [
        ("half of those who stay, by the Lomax median", on(0), SHOP, 51.0 * (2 ** (1 / 0.64) - 1)),
        ("with three orders in 55 days", on(0, 30, 55), SHOP, 55 + 106.0 * (2 ** (1 / 2.64) - 1)),
        ("the median interval after one order", on(0), LossRule(RUNG_MEDIAN, silences=(90, 60, 30)), 30),
        ("and after four", on(0, 1, 2, 3), LossRule(RUNG_MEDIAN, silences=(90, 60, 30)), 13),
    ],
)
def test_the_next_order_is_expected_when_half_have_ordered(
    case: str, orders: dict[date, datetime], rule: LossRule, days: float
) -> None:
    at = next_order_date(orders, rule)
    assert at is not None
    assert at.microsecond == 0
    assert timedelta(0) <= at - (NOON + days * DAY) < timedelta(seconds=1), case


def test_no_next_order_is_expected_of_a_shop_that_is_not_known() -> None:
    assert next_order_date(on(0, 30), FIXED) is None


@given(parameters, histories)
def test_an_expected_order_lies_after_the_last(fitted: Parameters, orders: list[datetime]) -> None:
    at = next_order_date(by_day(orders), LossRule(RUNG_FIT, fitted))
    assert at is not None
    assert at > orders[-1]
