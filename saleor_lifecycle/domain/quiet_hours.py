"""Hours at which nothing commercial reaches anybody on a channel, by the clock where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

DAY = timedelta(days=1)
AT_MOST = timedelta(days=2)
"""How long is waited for a moment that suits every zone somebody may be in; longer than that there is none."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` until before ``end``, over midnight where ``end`` is the earlier; the same twice is never."""

    start: time
    end: time


DEFAULTS: Mapping[str, QuietHours | None] = {"sms": QuietHours(time(21), time(10))}
"""By channel; on all others it is never quiet unless the merchant says so."""


def quiet(now: datetime, zone: tzinfo, hours: QuietHours) -> datetime | None:
    """Return when it stops being quiet in a zone, as a moment in UTC; None while it is not quiet.

    An end that comes twice because clocks go back counts the second time. One that they leave out comes as much later
    as they go on; a start that they leave out, as much earlier.
    """
    today = now.astimezone(zone).date()
    until = now
    for days in (-2, -1, 0, 1):  # two back, for zones that have skipped a day
        day = today + days * DAY
        begins = min(_readings(day, hours.start, zone))
        ends = max(_readings(day if hours.start <= hours.end else day + DAY, hours.end, zone))
        if begins <= until < ends:
            until = ends
    return until.astimezone(UTC) if until > now else None


def _readings(day: date, at: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the moments that a time of day may mean: two different ones only where clocks change."""
    reading = datetime.combine(day, at.replace(fold=0), zone)
    return reading.astimezone(UTC), reading.replace(fold=1).astimezone(UTC)


def quiet_anywhere(now: datetime, zones: Sequence[tzinfo], hours: QuietHours) -> datetime | None:
    """Return when it is quiet in none of the zones any more; None while that is so.

    Where that never comes, because they lie too far apart, the first of them counts alone.
    """
    moment = now
    while ends := [end for zone in zones if (end := quiet(moment, zone, hours)) is not None]:
        moment = max(ends)
        if moment - now > AT_MOST:
            return quiet(now, zones[0], hours)
    return moment.astimezone(UTC) if moment > now else None


def hours_document(hours: Mapping[str, QuietHours | None]) -> dict[str, Any]:
    """Return quiet hours by channel as JSON."""
    return {
        channel: None if one is None else [one.start.isoformat("minutes"), one.end.isoformat("minutes")]
        for channel, one in hours.items()
    }


def read_hours(document: Mapping[str, Any]) -> dict[str, QuietHours | None]:
    """Return what a document says of channels; of those it does not name, what holds by default."""
    said = {
        channel: None if one is None else QuietHours(*(time.fromisoformat(text) for text in one))
        for channel, one in document.items()
    }
    return {**DEFAULTS, **said}
