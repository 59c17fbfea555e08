"""How many are in flows, and how many entered them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from .flows import Enrollment

SHOWN = timedelta(days=30)
MEASURED = timedelta(days=28)


class Counts(NamedTuple):
    """By flow's id; flows without anybody are not in there."""

    waiting: Mapping[int, int]
    entered: Mapping[int, int]


def counts(installation_id: int, flow_ids: list[int], now: datetime) -> Counts:
    """Return who is in these flows now, and who entered them in the last 30 days."""
    rows = Enrollment.objects.filter(installation_id=installation_id, flow_id__in=flow_ids)
    by_flow = [
        dict(some.order_by().values_list("flow_id").annotate(count=Count("id")))
        for some in (rows.filter(state=Enrollment.State.WAITING), rows.filter(entered_at__gt=now - SHOWN))
    ]
    return Counts(*by_flow)


def entries_per_week(flow_id: int, now: datetime) -> float:
    """Return how many entered a flow in a week, of the last four."""
    entered = Enrollment.objects.filter(flow_id=flow_id, entered_at__gt=now - MEASURED)
    return entered.count() / (MEASURED / timedelta(weeks=1))
