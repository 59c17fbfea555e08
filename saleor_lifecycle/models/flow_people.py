"""Who is in a flow, or was."""

from datetime import datetime

from .flows import Enrollment, Flow


def people(
    flow: Flow, state: Enrollment.State, first: int, after: tuple[datetime, int] | None = None
) -> list[Enrollment]:
    """Return passages in a state with their customers, the newest entry first, one more than ``first`` if there is."""
    rows = Enrollment.objects.filter(flow=flow, state=state).select_related("customer")
    if after is not None:
        at, pk = after
        # The first condition alone is what the index knows.
        rows = rows.filter(entered_at__lte=at).exclude(entered_at=at, id__gte=pk)
    return list(rows.order_by("-entered_at", "-id")[: first + 1])
