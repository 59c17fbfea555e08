"""Messages that stand on the site: which do, and what their people do with them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from saleor_lifecycle.models import Message, Template

CHANNEL = "on_site"
MOST = 10
"""Messages that one person is shown at once, the newest."""

STANDS = timedelta(days=14)
"""How long a message stands there if nobody puts it away."""


def standing(customer_id: int, placement: str | None, now: datetime) -> list[Message]:
    """Return what stands on the site for a customer; of one place there, or of any. It is still to be decided on."""
    held = Message.objects.filter(
        customer=customer_id,
        channel=CHANNEL,
        state=Message.State.SENT,
        dismissed_at=None,
        settled_at__gt=now - STANDS,
    )
    if placement is not None:
        keys = Template.objects.filter(placement__in=("", placement)).values("key")
        held = held.filter(template__in=keys)
    related = held.select_related("enrollment__flow", "enrollment__version", "enrollment__cart")
    return list(related.order_by("-settled_at", "-id")[:MOST])


def placements(rows: Iterable[Message]) -> dict[str, str]:
    """Return where the messages stand, by their templates."""
    keys = {row.template for row in rows}
    return dict(Template.objects.filter(key__in=keys).values_list("key", "placement"))


def see(customer_id: int, public_ids: Iterable[UUID], now: datetime) -> int:
    """Write down that a customer has seen messages of theirs; return how many stand there."""
    rows = _held(customer_id, public_ids)
    rows.filter(seen_at=None).update(seen_at=now)
    return rows.count()


def dismiss(customer_id: int, public_ids: Iterable[UUID], now: datetime) -> int:
    """Take messages of a customer's from the site, because they say so; return how many stood there."""
    return _held(customer_id, public_ids).update(dismissed_at=now)


def _held(customer_id: int, public_ids: Iterable[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(
        customer=customer_id,
        channel=CHANNEL,
        state=Message.State.SENT,
        dismissed_at=None,
        public_id__in=list(public_ids),
    )
