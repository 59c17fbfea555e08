"""The messages to one customer: where each stands and why, what its provider told of it, who followed its links."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import strawberry
from django.db.models import Q

from saleor_lifecycle import models
from saleor_lifecycle.domain.delivery_events import EventKind, Verdict
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models.delivery_events import CLICK
from saleor_lifecycle.models.entry import within

from ..errors import Refusal
from .access import Info, Needs, Permission
from .cursors import cursor, read_cursor

strawberry.enum(EventKind, name="DeliveryEventKind")
strawberry.enum(Verdict, name="ClickVerdict")
strawberry.enum(Purpose, name="MessagePurpose")

MOST = 100
MOST_EVENTS = 50
"""Of one message that are answered: the newest."""


@strawberry.type(description="What became of a message after it left.")
class DeliveryEvent:
    kind: EventKind = strawberry.field(description="In anymail's words.")
    at: datetime
    provider: str = strawberry.field(description="Who told of it; empty for our own links and picture.")
    reason: str = strawberry.field(
        description="Why it bounced or was rejected, in anymail's words; of a scanner, by what it was known: head, "
        "prefetch, tool, network, privacy_proxy, burst, round or too_soon."
    )
    detail: str = strawberry.field(description="What the receiving server said, without addresses.")
    is_permanent: bool | None = strawberry.field(description="Of bounces: nobody lives at the address.")
    verdict: Verdict | None = strawberry.field(
        description="Of our own clicks and openings: who it was. PROVISIONAL for a minute."
    )
    link: int | None = strawberry.field(description="Of our own clicks: which of the message's links, from 0.")


@strawberry.type
class CustomerMessage:
    id: strawberry.ID
    template: str
    step: str = strawberry.field(description="Of the flow; empty for a message without one.")
    topic: str
    channel: str
    purpose: Purpose
    state: models.Message.State
    reason: str = strawberry.field(description="Of a skip, a failure or the last deferral; empty otherwise.")
    queued_at: datetime
    settled_at: datetime | None
    delivered_at: datetime | None = strawberry.field(description="Where the provider told of it.")
    clicked_at: datetime | None = strawberry.field(
        description="When its person first followed a link of it; scanners do not count."
    )
    events: list[DeliveryEvent] = strawberry.field(description="Newest first, at most 50.")
    cursor: str = strawberry.field(description="For `after`.")


@strawberry.type
class MessageQuery:
    @strawberry.field(
        description="The messages to a customer, newest first, at most 100; those queued before the one whose cursor "
        "is `after`. Empty when the app knows nobody by that Saleor user id.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_messages(
        self, info: Info, user_id: strawberry.ID, first: int = 10, after: str | None = None
    ) -> list[CustomerMessage]:
        if not 1 <= first <= MOST:
            raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
        place = read_cursor(after)
        with within(info.context.installation_id):
            rows = models.Message.objects.filter(
                customer__identities__kind=IdentityKind.USER.value, customer__identities__value=user_id
            )
            if place:
                at, pk = place
                rows = rows.filter(Q(queued_at__lt=at) | Q(queued_at=at, pk__lt=pk))
            page = list(rows.order_by("-queued_at", "-pk")[:first])
            events = _events([row.pk for row in page])
        return [_shown(row, events[row.pk]) for row in page]


def _events(message_ids: Collection[int]) -> dict[int, list[models.DeliveryEvent]]:
    found: dict[int, list[models.DeliveryEvent]] = defaultdict(list)
    for row in models.DeliveryEvent.objects.filter(message__in=message_ids).order_by("-occurred_at", "-pk"):
        found[row.message_id].append(row)
    return found


def _shown(row: models.Message, events: list[models.DeliveryEvent]) -> CustomerMessage:
    delivered = [one.occurred_at for one in events if one.kind == EventKind.DELIVERED]
    clicked = [one.occurred_at for one in events if all(getattr(one, name) == held for name, held in CLICK.items())]
    return CustomerMessage(
        id=strawberry.ID(str(row.public_id)),
        template=row.template,
        step=row.step,
        topic=row.topic,
        channel=row.channel,
        purpose=Purpose(row.purpose),
        state=models.Message.State(row.state),
        reason=row.reason,
        queued_at=row.queued_at,
        settled_at=row.settled_at,
        delivered_at=min(delivered, default=None),
        clicked_at=min(clicked, default=None),
        events=[
            DeliveryEvent(
                kind=EventKind(one.kind),
                at=one.occurred_at,
                provider=one.provider,
                reason=one.reason,
                detail=one.detail,
                is_permanent=one.is_permanent,
                verdict=Verdict(one.verdict) if one.verdict else None,
                link=one.link,
            )
            for one in events[:MOST_EVENTS]
        ],
        cursor=cursor(row.queued_at, row.pk),
    )
