"""When a buyer is lost.

One rung of the ladder so far: fixed intervals, for shops too small to be fitted. One order: 180 days; two: 90; three or
more: 40 (the intervals Omnisend publishes for recency, read as what silence means for someone who bought so often).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .scoring import days, moment

RUNG_FIXED = "fixed-40-90-180"
INTERVALS = (timedelta(days=180), timedelta(days=90), timedelta(days=40))
EARLIEST = timedelta(days=30)
LATEST = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Loss:
    """The date at which a buyer counts as lost unless they order, and the rung of the ladder that said so."""

    at: datetime
    rung: str


def loss_date(orders: Sequence[datetime]) -> Loss:
    """Return the loss date of a buyer from the last order of each distinct order day, oldest first; not empty.

    It is the greatest over the prefixes of the history, so an order never brings it nearer; then not before 30 nor
    after 180 days from the last order.
    """
    last = orders[-1]
    greatest = max(at + INTERVALS[min(number, len(INTERVALS) - 1)] for number, at in enumerate(orders))
    at = min(max(greatest, last + EARLIEST), last + LATEST)
    return Loss(moment(days(at)), RUNG_FIXED)
