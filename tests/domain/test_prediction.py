from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain import prediction
from saleor_lifecycle.domain.prediction import RUNG_FIXED, loss_date
from tests.domain.histories import moments

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def on(*days: int) -> list[datetime]:
    return [NOON + timedelta(days=day) for day in days]


histories = st.lists(
    moments,
    min_size=1,
    unique_by=lambda at: at.date(),
).map(sorted)


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
def test_a_buyer_is_lost_after_the_longest_silence_any_of_the_orders_allows(
    case: str, orders: list[datetime], days: int
) -> None:
    loss = loss_date(orders)
    assert loss.at == NOON + timedelta(days=days), case
    assert loss.rung == RUNG_FIXED


@pytest.mark.parametrize(("after", "seconds"), [(-1, 0), (0, 0), (1, 1)])
def test_is_a_whole_second_rounded_up(after: int, seconds: int) -> None:
    loss = loss_date([NOON + timedelta(milliseconds=after)])
    assert loss.at == NOON + timedelta(days=180, seconds=seconds)


@given(histories)
def test_an_order_never_brings_it_nearer(orders: list[datetime]) -> None:
    dates = [loss_date(orders[:number]).at for number in range(1, len(orders) + 1)]
    assert dates == sorted(dates)


@given(histories, st.floats(0, 1))
def test_nor_does_a_later_order_on_the_last_day(orders: list[datetime], share: float) -> None:
    midnight = orders[-1].replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    later = orders[-1] + share * (midnight - orders[-1])
    assert loss_date([*orders[:-1], later]).at >= loss_date(orders).at


@given(histories)
def test_comes_between_30_and_180_days_after_the_last_order(orders: list[datetime]) -> None:
    at = loss_date(orders).at
    assert orders[-1] + timedelta(days=30) <= at <= orders[-1] + timedelta(days=180, seconds=1)


@pytest.mark.parametrize(("interval", "days"), [(29, 30), (30, 30), (31, 31), (179, 179), (180, 180), (181, 180)])
def test_an_interval_beyond_the_bounds_is_held_within_them(
    monkeypatch: pytest.MonkeyPatch, interval: int, days: int
) -> None:
    monkeypatch.setattr(prediction, "INTERVALS", (timedelta(days=interval),))
    assert loss_date(on(0)).at == NOON + timedelta(days=days)
    assert loss_date(on(0, 500)).at == NOON + timedelta(days=500 + days)
