"""Moments at which flows run by the clock of a shop, and dates of customers seen from there."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .flow_triggers import DateTrigger, ScheduleTrigger
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
        if _runs_on(trigger, day) and (moment := _moment(day, trigger.at, zone)) > after:
            return moment


def coming(trigger: DateTrigger, known: datetime | date, about: str, zone: tzinfo, now: datetime) -> Coming | None:
    """Return when a date of a customer's lets them in, at the earliest a day ago; None when that has passed.

    ``about`` tells this date's occasion from another's. Every year: the one that comes next, on 28 February for those
    of the 29th in other years. A day without a time begins at midnight of the shop.
    """
    local = known.astimezone(zone) if isinstance(known, datetime) else datetime.combine(known, time(), zone)
    if not trigger.is_yearly:
        is_exact = trigger.at is None and isinstance(known, datetime)
        at = local.astimezone(UTC) + trigger.offset if is_exact else _seen(trigger, local.date(), local.time(), zone)
        return Coming(at, about) if at > now - DAY else None
    year = now.astimezone(zone).year - 1
    while (at := _seen(trigger, _in_year(local.date(), year), local.time(), zone)) <= now - DAY:
        year += 1
    return Coming(at, f"{about}:{year}")


def _runs_on(trigger: ScheduleTrigger, day: date) -> bool:
    if not trigger.weekdays and not trigger.days_of_month:
        return True
    last = calendar.monthrange(day.year, day.month)[1]
    return day.isoweekday() in trigger.weekdays or day.day in {min(one, last) for one in trigger.days_of_month}


def _seen(trigger: DateTrigger, day: date, at: time, zone: tzinfo) -> datetime:
    """Return the moment of a day, with the offset: whole days of it are days of the shop, whatever its clocks do."""
    whole = timedelta(days=trigger.offset.days)
    return _moment(day + whole, trigger.at or at, zone) + (trigger.offset - whole)


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
