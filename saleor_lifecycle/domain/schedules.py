"""Moments at which flows run by the clock of a shop, and dates of customers seen from there."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from .flow_documents import DateTrigger, ScheduleTrigger
from .local_time import DAY


@dataclass(frozen=True, slots=True)
class Coming:
    """When a date lets somebody in, and which occasion that is."""

    at: datetime
    key: str


def next_run(trigger: ScheduleTrigger, after: datetime, zone: tzinfo) -> datetime:
    """Return the first moment after another at which the schedule runs.

    It runs on its weekdays and on its days of the month. A month without such a day has it on its last: each month has
    one. Where a change of clocks leaves the time out, it comes as much later; where it comes twice, the first counts.
    """
    day = after.astimezone(zone).date() - DAY
    while True:
        day += DAY
        if _runs_on(trigger, day) and (moment := _moment(day, trigger.at, zone, after)) > after:
            return moment


def coming(trigger: DateTrigger, known: datetime | date, about: str, zone: tzinfo, now: datetime) -> Coming | None:
    """Return when a date of a customer's lets them in, at the earliest a day ago; None when that has passed.

    ``about`` tells this date's occasion from another's. Every year: the one that comes next, on 28 February for those
    of the 29th in other years. A day without a time begins at midnight of the shop.
    """
    if not trigger.is_yearly:
        at = _seen(trigger, known, zone, now)
        return Coming(at, about) if at > now - DAY else None
    born = known.astimezone(zone).date() if isinstance(known, datetime) else known
    year = now.astimezone(zone).year - 1
    while True:
        day = _in_year(born, year)
        at = _seen(trigger, day, zone, now) if trigger.at or not isinstance(known, datetime) else None
        if at is None:
            assert isinstance(known, datetime)
            at = _moment(day, known.astimezone(zone).time(), zone, now) + trigger.offset
        if at > now - DAY:
            return Coming(at, f"{about}:{year}")
        year += 1


def _runs_on(trigger: ScheduleTrigger, day: date) -> bool:
    if not trigger.weekdays and not trigger.days_of_month:
        return True
    last = calendar.monthrange(day.year, day.month)[1]
    return day.isoweekday() in trigger.weekdays or day.day in {min(one, last) for one in trigger.days_of_month}


def _seen(trigger: DateTrigger, known: datetime | date, zone: tzinfo, now: datetime) -> datetime:
    """Return the moment of a date, with the offset: whole days of it are days of the shop, whatever its clocks do."""
    if trigger.at is None and isinstance(known, datetime):
        return known + trigger.offset
    day = known.astimezone(zone).date() if isinstance(known, datetime) else known
    whole = timedelta(days=trigger.offset.days)
    return _moment(day + whole, trigger.at or time(), zone, now) + (trigger.offset - whole)


def _moment(day: date, at: time, zone: tzinfo, like: datetime) -> datetime:
    return datetime.combine(day, at, zone).astimezone(like.tzinfo)


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
