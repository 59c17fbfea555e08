"""Times of day where somebody is."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)


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
