"""What waits for the customer on the shop's site, and what they do with it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from saleor_lifecycle.actions import on_site as actions
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import on_site

from .access import Info
from .consent import SIGN_IN, LifecycleError, LifecycleErrorCode
from .languages import LanguageCode

MOST_NAMED = 20


@strawberry.type(description="A message that stands on the shop's site for the customer, in place of a mail.")
class LifecycleMessage:
    id: strawberry.ID
    topic: str
    placement: str = strawberry.field(description="Where it is meant to stand; empty: anywhere.")
    title: str
    text: str = strawberry.field(description="Plain text on one line; it may hold links.")
    language_code: LanguageCode
    since: datetime
    seen_at: datetime | None
    ends_at: datetime = strawberry.field(description="It stands there no longer; earlier when it is put away.")


@strawberry.type
class LifecycleMessagesChange:
    count: int = strawberry.field(default=0, description="How many of those named stood there.")
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class MessageMutation:
    @strawberry.mutation(
        description="The signed-in customer has had messages before their eyes; tell it when they are really shown."
    )
    def lifecycle_messages_seen(self, info: Info, ids: list[strawberry.ID]) -> LifecycleMessagesChange:
        return _change(info, ids, actions.see)

    @strawberry.mutation(description="The signed-in customer wants messages gone from the site.")
    def lifecycle_messages_dismiss(self, info: Info, ids: list[strawberry.ID]) -> LifecycleMessagesChange:
        return _change(info, ids, actions.dismiss)


def messages_of(info: Info, customer_id: int, channel: str, placement: str | None) -> list[LifecycleMessage]:
    """Return what stands on the site for a customer."""
    rows = on_site.waiting(info.context.installation_id, customer_id, channel, placement, info.context.now)
    return [
        LifecycleMessage(
            id=strawberry.ID(str(row.id)),
            topic=row.topic,
            placement=row.placement,
            title=row.title,
            text=row.text,
            language_code=LanguageCode(row.language),
            since=row.since,
            seen_at=row.seen_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]


def _change(
    info: Info, ids: Sequence[strawberry.ID], change: Callable[[int, list[UUID], datetime], int]
) -> LifecycleMessagesChange:
    context = info.context
    customer = context.people.of(context.user_id) if context.user_id is not None else None
    if customer is None:
        return LifecycleMessagesChange(errors=[SIGN_IN])
    if len(ids) > MOST_NAMED:
        message = f"Name at most {MOST_NAMED} messages."
        return LifecycleMessagesChange(
            errors=[LifecycleError(field="ids", message=message, code=LifecycleErrorCode.INVALID)]
        )
    named = [found for one in ids if (found := _uuid(one))]
    with within(context.installation_id):
        return LifecycleMessagesChange(count=change(customer.pk, named, context.now))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
