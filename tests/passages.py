"""Passages through a flow that lie in the database without the flow having run, and what was reported of messages."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from saleor_lifecycle.domain.profile import OrderRow
from saleor_lifecycle.models import DeliveryEvent, Enrollment, Flow, Installation, Message
from tests.people import put

_numbers = count(1)


def enter(
    installation: Installation,
    entered: Sequence[datetime],
    orders: Sequence[OrderRow] = (),
    arm: str = "treated",
    *,
    state: str = "finished",
    reason: str = "",
    is_shadow: bool = False,
) -> Enrollment:
    """Return the last enrollment of a person of their own, who entered at those moments."""
    customer = put(installation, [], orders, [], entered[0])
    flow = Flow.objects.get(key="abandoned-cart")
    assert flow.version
    return Enrollment.objects.bulk_create(
        Enrollment(
            installation=installation,
            flow=flow,
            version=flow.version,
            customer=customer,
            key=str(next(_numbers)),
            arm=arm,
            state=state,
            reason=reason,
            is_shadow=is_shadow,
            since=at,
            anchor_at=at,
            entered_at=at,
        )
        for at in entered
    )[-1]


def report(enrollment: Enrollment, at: datetime, *told: tuple[str, str, str]) -> None:
    """Have that (provider, kind, verdict) be told of a new message of that enrollment."""
    message = Message.objects.create(
        installation=enrollment.installation,
        customer=enrollment.customer,
        enrollment=enrollment,
        step=str(next(_numbers)),
        state="sent",
        queued_at=at,
    )
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(
            installation=enrollment.installation,
            message=message,
            provider=provider,
            key=str(next(_numbers)),
            kind=kind,
            verdict=verdict,
            occurred_at=at,
            received_at=at,
        )
        for provider, kind, verdict in told
    )
