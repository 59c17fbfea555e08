from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.local_time import LEAST_ACTS, next_at, usual_hour

TICK = timedelta(microseconds=1)
ZONES = (
    "Etc/GMT+12",
    "Pacific/Honolulu",
    "America/St_Johns",
    "America/Santiago",
    "UTC",
    "Europe/Madrid",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
"""From UTC-12 to UTC+14, with half and quarter hours, and changes of clocks on both sides of the equator."""


FIRST, LAST = datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2028-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "since", "at", "expected"),
    [
        ("UTC-12", "2026-06-10T21:59", "10:00", "2026-06-10T22:00"),
        ("UTC-12, a moment late", "2026-06-10T22:00:01", "10:00", "2026-06-11T22:00"),
        ("Pacific/Kiritimati", "2026-06-10T19:00", "10:00", "2026-06-10T20:00"),
        ("Pacific/Kiritimati", "2026-06-10T20:00", "10:00", "2026-06-10T20:00"),
        ("Asia/Kolkata", "2026-06-10T00:00", "10:00", "2026-06-10T04:30"),
        ("Asia/Kathmandu", "2026-06-10T00:00", "10:00", "2026-06-10T04:15"),
        ("Pacific/Chatham", "2026-06-10T00:00", "10:00", "2026-06-10T21:15"),
        ("Pacific/Chatham", "2026-12-10T00:00", "10:00", "2026-12-10T20:15"),
        # Europe: on 29 March 2026 02:00 to 03:00 is left out, on 25 October it comes twice.
        ("Europe/Madrid", "2026-03-28T12:00", "10:00", "2026-03-29T08:00"),
        ("Europe/Madrid", "2026-03-27T12:00", "10:00", "2026-03-28T09:00"),
        ("Europe/Madrid", "2026-03-28T12:00", "02:30", "2026-03-29T01:30"),
        ("Europe/Madrid", "2026-10-24T12:00", "02:30", "2026-10-25T00:30"),
        ("Europe/Madrid", "2026-10-25T00:30:01", "02:30", "2026-10-26T01:30"),
        ("Europe/Madrid", "2026-10-25T00:00", "10:00", "2026-10-25T09:00"),
        # Chile: on 5 September 2026 24:00 becomes 01:00, on 4 April 24:00 becomes 23:00.
        ("America/Santiago", "2026-09-05T12:00", "00:30", "2026-09-06T04:30"),
        ("America/Santiago", "2026-04-04T12:00", "23:30", "2026-04-05T02:30"),
        ("America/Santiago", "2026-04-05T02:30:01", "23:30", "2026-04-06T03:30"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", "2026-10-03T12:00", "02:15", "2026-10-03T15:45"),
        ("Australia/Lord_Howe", "2026-04-04T12:00", "01:45", "2026-04-04T14:45"),
        # Samoa had no 30 December 2011 at all.
        ("Pacific/Apia", "2011-12-30T00:00", "10:00", "2011-12-30T20:00"),
    ],
)
def test_it_is_that_time_next(zone: str, since: str, at: str, expected: str) -> None:
    where = ZoneInfo("Etc/GMT+12" if zone.startswith("UTC-12") else zone)
    assert next_at(utc(since), where, time.fromisoformat(at)) == utc(expected)


@pytest.mark.parametrize(
    ("since", "weekdays", "expected"),
    [
        ("2026-03-27T12:00", (7,), "2026-03-29T01:30"),  # the Sunday on which 02:30 is left out
        ("2026-10-23T12:00", (7,), "2026-10-25T00:30"),  # the one on which it comes twice
        ("2026-10-25T00:30:01", (7,), "2026-11-01T01:30"),
        ("2026-03-27T12:00", (1, 5), "2026-03-30T00:30"),
        ("2026-03-27T01:30", (5,), "2026-03-27T01:30"),
        ("2026-03-27T01:30:01", (5,), "2026-04-03T00:30"),
    ],
)
def test_only_on_those_weekdays(since: str, weekdays: tuple[int, ...], expected: str) -> None:
    assert next_at(utc(since), ZoneInfo("Europe/Madrid"), time(2, 30), weekdays) == utc(expected)


def test_a_weekday_is_that_of_the_zone() -> None:
    sunday_here, monday_there = utc("2026-06-07T20:00"), ZoneInfo("Pacific/Kiritimati")
    assert next_at(sunday_here, monday_there, time(10), (1,)) == sunday_here


@given(
    st.sampled_from(ZONES),
    MOMENTS,
    st.times(),
)
def test_it_lies_ahead_by_a_day_at_most_and_never_moves_back(zone: str, since: datetime, at: time) -> None:
    where = ZoneInfo(zone)
    moment = next_at(since, where, at)
    assert since <= moment <= since + timedelta(hours=25)
    assert next_at(moment, where, at) == moment
    assert next_at(moment + TICK, where, at) > moment


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], None),
        ([20] * (LEAST_ACTS - 1), None),
        ([20] * LEAST_ACTS, 20),
        ([9, 9, 20, 20, 20], 20),
        ([23, 0, 1, 12, 12], 0),  # round midnight
        ([8, 9, 10, 14, 14], 9),  # three beside one another against two at once
        ([6, 6, 6, 18, 18, 18], 6),
    ],
)
def test_the_usual_hour_is_the_one_with_most_acts_around_it(hours: list[int], expected: int | None) -> None:
    acts = [datetime(2026, 3, day, hour, 30, tzinfo=UTC) for day, hour in enumerate(hours, 1)]
    assert usual_hour(acts, UTC) == expected


def test_the_usual_hour_follows_the_clock_and_not_the_sun() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    acts = [datetime(2026, month, 10, 20, 5, tzinfo=madrid) for month in (1, 2, 6, 7, 8)]
    assert usual_hour(acts, madrid) == 20
    assert usual_hour(acts, UTC) == 18
