"""How customers moved between phases, as sums."""

import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection


@dataclass(frozen=True, slots=True)
class Moves:
    """So many customers who made one move on one day of the shop; ``before`` is "" for those first seen then."""

    day: date
    before: str
    after: str
    cause: str
    customers: int


def days_until(now: datetime, zone: str, days: int) -> Sequence[date]:
    """Return the last ``days`` days of the shop, today's included, oldest first."""
    today = now.astimezone(zoneinfo.ZoneInfo(zone)).date()
    return [today - timedelta(days=back) for back in reversed(range(days))]


def begins(day: date, zone: str) -> datetime:
    """Return when a day of the shop begins."""
    return datetime.combine(day, time.min, tzinfo=zoneinfo.ZoneInfo(zone))


def moves(installation_id: int, since: datetime, now: datetime, zone: str) -> Iterator[Moves]:
    """Yield every move of that time, summed by the shop's days.

    Someone who was first seen as two people, and turned out to be one, was two at the time and stays so here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (at AT TIME ZONE %(zone)s)::date AS day, before, after, cause, count(*)
            FROM lifecycle_phasechange
            WHERE installation_id = %(installation)s AND at >= %(since)s AND at <= %(now)s
            GROUP BY day, before, after, cause
            ORDER BY day, before, after, cause
            """,
            {"installation": installation_id, "since": since, "now": now, "zone": zone},
        )
        for row in cursor.fetchall():
            yield Moves(*row)
