"""Times of day where somebody is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
LEAST_ACTS = 5
"""From how many acts of somebody an hour is usual for them."""


def next_at(since: datetime, zone: tzinfo, at: time, weekdays: Sequence[int] = ()) -> datetime:
    """Return the first moment from ``since`` on at which it is that time of a day of the zone.

    ``weekdays``: only on those, Monday is 1. A time that a change of clocks leaves out comes as much later as they go
    on; one that comes twice counts the first time.
    """
    day = since.astimezone(zone).date() - DAY
    while True:
        day += DAY
        if weekdays and day.isoweekday() not in weekdays:
            continue
        moment = datetime.combine(day, at, zone).astimezone(since.tzinfo)
        if moment >= since:
            return moment


def usual_hour(acts: Iterable[datetime], zone: tzinfo) -> int | None:
    """Return the hour of the zone's day, 0 to 23, around which somebody acts most; None for fewer than LEAST_ACTS.

    An act counts half for the hours beside its own as well, round midnight too: 19:55 and 20:05 are no strangers.
    Of hours that tie, the earliest.
    """
    hours = Counter(act.astimezone(zone).hour for act in acts)
    if hours.total() < LEAST_ACTS:
        return None
    weight = {hour: 2 * hours[hour] + hours[(hour - 1) % 24] + hours[(hour + 1) % 24] for hour in range(24)}
    return max(range(24), key=lambda hour: (weight[hour], -hour))
