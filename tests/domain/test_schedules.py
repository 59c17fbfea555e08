from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from saleor_lifecycle.domain.flow_triggers import DateTrigger, ScheduleTrigger
from saleor_lifecycle.domain.schedules import coming, next_run

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # at most minutes


def schedule(at: time, *, weekdays: tuple[int, ...] = (), days: tuple[int, ...] = ()) -> ScheduleTrigger:
    return ScheduleTrigger("schedule", at, weekdays, days)


def dated(*, offset: timedelta = timedelta(), at: time | None = None, is_yearly: bool = False) -> DateTrigger:
    return DateTrigger("date", "loss_at", offset, at, is_yearly)


@pytest.mark.parametrize(
    ("case", "trigger", "zone", "after", "runs"),
    [
        ("later today", schedule(time(10)), "UTC", utc(2026, 3, 11, 9), utc(2026, 3, 11, 10)),
        ("an instant before", schedule(time(10)), "UTC", utc(2026, 3, 11, 9, 59), utc(2026, 3, 11, 10)),
        ("at the moment itself", schedule(time(10)), "UTC", utc(2026, 3, 11, 10), utc(2026, 3, 12, 10)),
        ("on Mondays", schedule(time(10), weekdays=(1,)), "UTC", utc(2026, 3, 11), utc(2026, 3, 16, 10)),
        ("on the 31st of April", schedule(time(8), days=(31,)), "UTC", utc(2026, 4, 1), utc(2026, 4, 30, 8)),
        ("on the 31st of February", schedule(time(8), days=(31,)), "UTC", utc(2026, 2, 1), utc(2026, 2, 28, 8)),
        ("in a leap year", schedule(time(8), days=(30,)), "UTC", utc(2028, 2, 1), utc(2028, 2, 29, 8)),
        (
            "Mondays or the 12th",
            schedule(time(8), weekdays=(1,), days=(12,)),
            "UTC",
            utc(2026, 3, 11),
            utc(2026, 3, 12, 8),
        ),
        ("Madrid in winter", schedule(time(9)), "Europe/Madrid", utc(2026, 1, 1), utc(2026, 1, 1, 8)),
        ("Madrid in summer", schedule(time(9)), "Europe/Madrid", utc(2026, 7, 1), utc(2026, 7, 1, 7)),
        ("left out by the clocks", schedule(time(2, 30)), "Europe/Madrid", utc(2026, 3, 29), utc(2026, 3, 29, 1, 30)),
        ("twice by the clocks", schedule(time(2, 30)), "Europe/Madrid", utc(2026, 10, 25), utc(2026, 10, 25, 0, 30)),
        (
            "once, though it comes twice",
            schedule(time(2, 30)),
            "Europe/Madrid",
            utc(2026, 10, 25, 0, 30),
            utc(2026, 10, 26, 1, 30),
        ),
        ("UTC−12", schedule(time(9)), "Etc/GMT+12", utc(2026, 3, 11), utc(2026, 3, 11, 21)),
        ("UTC+14", schedule(time(9)), "Pacific/Kiritimati", utc(2026, 3, 11), utc(2026, 3, 11, 19)),
    ],
)
def test_a_schedule_runs_by_the_shops_clock(
    case: str, trigger: ScheduleTrigger, zone: str, after: datetime, runs: datetime
) -> None:
    assert next_run(trigger, after, ZoneInfo(zone)) == runs


@pytest.mark.parametrize(
    ("case", "trigger", "known", "zone", "now", "at"),
    [
        ("at its own moment", dated(), utc(2026, 5, 1, 13, 7), "UTC", utc(2026, 4, 1), utc(2026, 5, 1, 13, 7)),
        ("days before", dated(offset=-7 * DAY), utc(2026, 5, 1, 13), "UTC", utc(2026, 4, 1), utc(2026, 4, 24, 13)),
        (
            "days before, at a time of the shop's",
            dated(offset=-7 * DAY, at=time(9)),
            utc(2026, 5, 1, 23, 30),
            "Europe/Madrid",  # there it is the 2nd already
            utc(2026, 4, 1),
            utc(2026, 4, 25, 7),
        ),
        (
            "across a change of clocks it stays at its time",
            dated(offset=-7 * DAY, at=time(9)),
            utc(2026, 4, 1, 12),
            "Europe/Madrid",
            utc(2026, 3, 1),
            utc(2026, 3, 25, 8),
        ),
        ("a day begins at midnight", dated(), date(2026, 5, 1), "Europe/Madrid", utc(2026, 4, 1), utc(2026, 4, 30, 22)),
        ("part of a day", dated(offset=-HOUR), date(2026, 5, 1), "UTC", utc(2026, 4, 1), utc(2026, 4, 30, 23)),
        ("a little less than a day ago", dated(), utc(2026, 5, 1), "UTC", utc(2026, 5, 1, 23, 59), utc(2026, 5, 1)),
        ("UTC+14", dated(at=time(9)), date(2026, 5, 1), "Pacific/Kiritimati", utc(2026, 4, 1), utc(2026, 4, 30, 19)),
    ],
)
def test_a_date_comes_when_it_is_seen_from_the_shop(
    case: str, trigger: DateTrigger, known: datetime | date, zone: str, now: datetime, at: datetime
) -> None:
    found = coming(trigger, known, "loss_at", ZoneInfo(zone), now)
    assert found is not None
    assert (found.at, found.key) == (at, "loss_at")


def test_a_date_that_passed_a_day_ago_does_not_come() -> None:
    known = utc(2026, 5, 1)
    assert coming(dated(), known, "", UTC, known + DAY) is None
    assert coming(dated(), known, "", UTC, known + DAY - timedelta(seconds=1)) is not None


@pytest.mark.parametrize(
    ("case", "born", "now", "at", "year"),
    [
        ("this year still", date(1990, 5, 1), utc(2026, 4, 1), utc(2026, 5, 1, 9), 2026),
        ("today, passed just now", date(1990, 5, 1), utc(2026, 5, 1, 10), utc(2026, 5, 1, 9), 2026),
        ("next year", date(1990, 5, 1), utc(2026, 5, 2, 10), utc(2027, 5, 1, 9), 2027),
        ("29 February in another year", date(1992, 2, 29), utc(2026, 1, 1), utc(2026, 2, 28, 9), 2026),
        ("29 February in a leap year", date(1992, 2, 29), utc(2028, 1, 1), utc(2028, 2, 29, 9), 2028),
        ("around New Year", date(1990, 1, 1), utc(2026, 12, 31, 12), utc(2027, 1, 1, 9), 2027),
    ],
)
def test_a_birthday_comes_every_year(case: str, born: date, now: datetime, at: datetime, year: int) -> None:
    found = coming(dated(at=time(9), is_yearly=True), born, "attribute.born", UTC, now)
    assert found is not None
    assert (found.at, found.key) == (at, f"attribute.born:{year}")


def test_days_before_a_birthday_may_lie_in_the_year_before() -> None:
    found = coming(dated(offset=-7 * DAY, at=time(9), is_yearly=True), date(1990, 1, 3), "born", UTC, utc(2026, 12, 20))
    assert found is not None
    assert (found.at, found.key) == (utc(2026, 12, 27, 9), "born:2027")


def test_a_moment_comes_every_year_at_its_own_time_of_the_shops_day() -> None:
    found = coming(dated(is_yearly=True), utc(2020, 7, 1, 10), "x", ZoneInfo("Europe/Madrid"), utc(2026, 1, 1))
    assert found is not None
    assert found.at == utc(2026, 7, 1, 10)
