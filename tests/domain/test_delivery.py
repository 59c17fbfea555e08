from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.delivery import (
    LONGEST_AHEAD,
    Delivered,
    Evidence,
    Rules,
    Source,
    after_working_days,
    counts,
    delivered,
    read_moment,
)

WEDNESDAY = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MADRID = ZoneInfo("Europe/Madrid")
RULES = Rules({"DHL Express": 1, "Pick-up": 0}, 3)
KNOWN = {
    "told_at": WEDNESDAY + 4 * HOUR,
    "fulfillment_stated_at": WEDNESDAY + 3 * HOUR,
    "order_stated_at": WEDNESDAY + 2 * HOUR,
    "shipped_at": WEDNESDAY + HOUR,
    "method": "dhl express ",
}


def never(country: str, day: date) -> bool:
    return False


@pytest.mark.parametrize(
    ("without", "answer"),
    [
        ((), Delivered(WEDNESDAY + 4 * HOUR, Source.TOLD)),
        (("told_at",), Delivered(WEDNESDAY + 3 * HOUR, Source.METADATA)),
        (("told_at", "fulfillment_stated_at"), Delivered(WEDNESDAY + 2 * HOUR, Source.METADATA)),
        (("told_at", "fulfillment_stated_at", "order_stated_at"), Delivered(WEDNESDAY + HOUR + DAY, Source.SHIPPED)),
        (("told_at", "fulfillment_stated_at", "order_stated_at", "shipped_at"), None),
    ],
)
def test_takes_the_best_that_is_known(without: tuple[str, ...], answer: Delivered | None) -> None:
    known: dict[str, Any] = {name: value for name, value in KNOWN.items() if name not in without}
    assert delivered(Evidence(WEDNESDAY, **known), RULES, UTC, never) == answer


@pytest.mark.parametrize("name", ["told_at", "fulfillment_stated_at", "order_stated_at"])
def test_nothing_is_delivered_before_it_was_ordered(name: str) -> None:
    known: dict[str, Any] = {name: WEDNESDAY - DAY}
    found = delivered(Evidence(WEDNESDAY, **known), RULES, UTC, never)
    assert found is not None
    assert found.at == WEDNESDAY


@pytest.mark.parametrize(
    ("method", "days"), [("DHL Express", 1), (" dhl express", 1), ("PICK-UP", 0), ("DHL", 3), ("", 3)]
)
def test_a_method_is_known_by_its_name(method: str, days: int) -> None:
    assert RULES.working_days(method) == days


@pytest.mark.parametrize(
    ("case", "since", "days", "answer"),
    [
        ("none", "2026-03-11T12:00", 0, "2026-03-11T12:00"),
        ("none, on a Sunday", "2026-03-15T12:00", 0, "2026-03-15T12:00"),
        ("within the week", "2026-03-11T12:00", 2, "2026-03-13T12:00"),
        ("over a weekend", "2026-03-11T12:00", 3, "2026-03-16T12:00"),
        ("from a Friday", "2026-03-13T12:00", 1, "2026-03-16T12:00"),
        ("from a Saturday", "2026-03-14T12:00", 1, "2026-03-16T12:00"),
        ("over a public holiday", "2026-03-18T12:00", 1, "2026-03-20T12:00"),
        ("two weeks", "2026-03-11T12:00", 11, "2026-03-27T12:00"),
        ("the same time of day, over the change of the clock", "2026-03-27T12:00", 1, "2026-03-30T11:00"),
        ("late on a Friday, which is Saturday there", "2026-03-13T23:30", 1, "2026-03-15T23:30"),
    ],
)
def test_counts_working_days(case: str, since: str, days: int, answer: str) -> None:
    found = after_working_days(moment(since), days, MADRID, lambda day: day == date(2026, 3, 19))
    assert found == moment(answer), case


@given(minutes=st.integers(0, 10**7), days=st.integers(1, 60))
def test_arrives_on_a_working_day_and_one_day_more_is_later(minutes: int, days: int) -> None:
    since = WEDNESDAY + timedelta(minutes=minutes)
    found, next_one = (after_working_days(since, count, MADRID, lambda _: False) for count in (days, days + 1))
    assert found.astimezone(MADRID).isoweekday() <= 5
    assert since < found < next_one


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2026-03-11T12:00:00Z", "2026-03-11T12:00"),
        (" 2026-03-11T13:00:00.5+01:00 ", "2026-03-11T12:00:00.5"),
        ("2026-03-11T13:00", "2026-03-11T12:00"),
        ("2026-03-11 13:00", "2026-03-11T12:00"),
        ("2026-03-11", "2026-03-11T11:00"),
        ("2025-01-01", "2025-01-01T11:00"),
        ("", None),
        ("yes", None),
        ("2026-13-01", None),
        ("0001-01-01", "0001-01-01T12:14:44"),
        ("0001-01-01T00:00+10:00", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("2026-W11-3x", None),
    ],
)
def test_reads_a_moment(text: str, answer: str | None) -> None:
    assert read_moment(text, MADRID, WEDNESDAY) == (moment(answer) if answer else None)


def test_a_moment_too_far_ahead_is_a_slip() -> None:
    last = WEDNESDAY + LONGEST_AHEAD
    assert read_moment(last.isoformat(), UTC, WEDNESDAY) == last
    assert read_moment((last + timedelta(seconds=1)).isoformat(), UTC, WEDNESDAY) is None


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found = read_moment(text, MADRID, WEDNESDAY)
    assert found is None or found <= WEDNESDAY + LONGEST_AHEAD


@pytest.mark.parametrize(
    ("status", "charge", "charged", "refunded", "answer"),
    [
        ("UNFULFILLED", "NONE", 0, 0, True),  # cash on delivery
        ("FULFILLED", "FULL", 20, 0, True),
        ("PARTIALLY_RETURNED", "FULL", 20, 5, True),
        ("CANCELED", "FULL", 20, 0, False),
        ("EXPIRED", "NONE", 0, 0, False),
        ("RETURNED", "FULL", 20, 0, False),
        ("FULFILLED", "NONE", 0, 20, False),
    ],
)
def test_what_is_over_is_not_delivered(status: str, charge: str, charged: int, refunded: int, answer: bool) -> None:
    assert counts(status, charge, Decimal(charged), Decimal(refunded)) is answer


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
