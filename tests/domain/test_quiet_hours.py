from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.quiet_hours import (
    DEFAULTS,
    QuietHours,
    hours_document,
    quiet,
    quiet_anywhere,
    read_hours,
)

from .test_local_time import MOMENTS, ZONES, utc

SMS = QuietHours(time(21), time(10))
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Europe/Madrid", "2026-06-10T18:59:59", None),
        ("Europe/Madrid", "2026-06-10T19:00", "2026-06-11T08:00"),
        ("Europe/Madrid", "2026-06-11T07:59:59", "2026-06-11T08:00"),
        ("Europe/Madrid", "2026-06-11T08:00", None),
        ("Europe/Madrid", "2026-01-10T19:59:59", None),
        ("Europe/Madrid", "2026-01-10T20:00", "2026-01-11T09:00"),
        # The nights in which clocks change: one hour shorter, one longer.
        ("Europe/Madrid", "2026-03-28T20:00", "2026-03-29T08:00"),
        ("Europe/Madrid", "2026-10-24T19:00", "2026-10-25T09:00"),
        ("America/Santiago", "2026-09-06T01:00", "2026-09-06T13:00"),
        ("America/Santiago", "2026-04-05T00:00", "2026-04-05T14:00"),
        ("Australia/Sydney", "2026-10-03T11:00", "2026-10-03T23:00"),
        ("Australia/Sydney", "2026-04-04T10:00", "2026-04-05T00:00"),
        ("Australia/Lord_Howe", "2026-10-03T10:30", "2026-10-03T23:00"),
        ("Etc/GMT+12", "2026-06-11T08:59:59", None),
        ("Etc/GMT+12", "2026-06-11T09:00", "2026-06-11T22:00"),
        ("Pacific/Kiritimati", "2026-06-11T06:59:59", None),
        ("Pacific/Kiritimati", "2026-06-11T07:00", "2026-06-11T20:00"),
        ("Asia/Kolkata", "2026-06-11T15:29:59", None),
        ("Asia/Kolkata", "2026-06-11T15:30", "2026-06-12T04:30"),
        ("Asia/Kathmandu", "2026-06-11T15:15", "2026-06-12T04:15"),
        ("Australia/Eucla", "2026-06-11T12:15", "2026-06-12T01:15"),
        ("Pacific/Chatham", "2026-01-11T07:15", "2026-01-11T20:15"),
    ],
)
def test_it_is_quiet_by_the_clock_of_the_zone(zone: str, now: str, until: str | None) -> None:
    assert quiet(utc(now), ZoneInfo(zone), SMS) == (until and utc(until))


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("at midday", "12:00", "14:00"),
        ("until its end", "13:59", "14:00"),
        ("not at its end", "14:00", None),
        ("not before its start", "11:59", None),
    ],
)
def test_hours_may_lie_within_a_day(hours: str, now: str, until: str | None) -> None:
    found = quiet(utc(f"2026-06-10T{now}"), UTC, QuietHours(time(12), time(14)))
    assert found == (until and utc(f"2026-06-10T{until}"))


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        # 02:30 comes twice on 25 October 2026: the second one counts.
        (QuietHours(time(22), time(2, 30)), "2026-10-25T00:30", "2026-10-25T01:30"),
        (QuietHours(time(22), time(2, 30)), "2026-10-25T01:30", None),
        (QuietHours(time(2, 30), time(6)), "2026-10-25T00:29", None),
        (QuietHours(time(2, 30), time(6)), "2026-10-25T00:30", "2026-10-25T05:00"),
        # 02:30 is left out on 29 March 2026: an end comes later, a start sooner.
        (QuietHours(time(22), time(2, 30)), "2026-03-29T01:29", "2026-03-29T01:30"),
        (QuietHours(time(22), time(2, 30)), "2026-03-29T01:30", None),
        (QuietHours(time(2, 30), time(6)), "2026-03-29T00:29", None),
        (QuietHours(time(2, 30), time(6)), "2026-03-29T00:30", "2026-03-29T04:00"),
    ],
)
def test_an_edge_that_a_change_of_clocks_moves_is_read_as_the_quieter(
    hours: QuietHours, now: str, until: str | None
) -> None:
    assert quiet(utc(now), ZoneInfo("Europe/Madrid"), hours) == (until and utc(until))


def test_hours_that_end_where_they_start_are_none() -> None:
    hours = QuietHours(time(10), time(10))
    assert [quiet(utc("2026-06-10T00:00") + n * timedelta(minutes=30), UTC, hours) for n in range(48)] == [None] * 48


MINUTES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@given(st.sampled_from(ZONES), MOMENTS, st.builds(QuietHours, MINUTES, MINUTES))
def test_the_end_is_the_first_moment_that_is_not_quiet(zone: str, now: datetime, hours: QuietHours) -> None:
    where = ZoneInfo(zone)
    until = quiet(now, where, hours)
    if until is not None:
        assert now < until
        assert quiet(until, where, hours) is None
        assert quiet(until - TICK, where, hours) == until


@given(st.sampled_from(ZONES), MOMENTS, st.builds(QuietHours, MINUTES, MINUTES))
def test_on_days_of_24_hours_it_is_quiet_exactly_where_the_clock_says_so(
    zone: str, now: datetime, hours: QuietHours
) -> None:
    where = ZoneInfo(zone)
    around = [(now + timedelta(hours=n)).astimezone(where).utcoffset() for n in (-50, 0, 50)]
    if len(set(around)) == 1:
        clock = now.astimezone(where).time()
        over_midnight = hours.end < hours.start
        said = (clock >= hours.start or clock < hours.end) if over_midnight else hours.start <= clock < hours.end
        assert (quiet(now, where, hours) is not None) is said


def test_in_a_country_of_several_zones_it_is_quiet_while_it_is_in_any() -> None:
    spain = [ZoneInfo("Europe/Madrid"), ZoneInfo("Atlantic/Canary")]
    assert quiet_anywhere(utc("2026-06-10T18:59"), spain, SMS) is None
    assert quiet_anywhere(utc("2026-06-10T19:00"), spain, SMS) == utc("2026-06-11T09:00")
    assert quiet_anywhere(utc("2026-06-11T08:30"), spain, SMS) == utc("2026-06-11T09:00")
    assert quiet_anywhere(utc("2026-06-11T09:00"), spain, SMS) is None


def test_the_first_zone_counts_alone_where_no_moment_suits_them_all() -> None:
    apart = [ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Kamchatka"), ZoneInfo("America/New_York")]
    hours = QuietHours(time(18), time(12))
    assert quiet_anywhere(utc("2026-06-10T09:00"), apart, hours) is None
    assert quiet_anywhere(utc("2026-06-10T15:00"), apart, hours) == utc("2026-06-11T09:00")


def test_hours_come_back_from_their_document() -> None:
    held = {"sms": None, "email": QuietHours(time(22, 30), time(8))}
    assert read_hours(hours_document(held)) == held
    assert read_hours({}) == DEFAULTS
