"""What a customer did, as the timeline shows it."""

from datetime import datetime

import strawberry

from saleor_lifecycle.models.timeline import ActivityKind, Entry

from .delivery import OrderDelivery, delivery_of
from .money import Money
from .touches import MarketingTouch, shown


@strawberry.type
class Activity:
    kind: ActivityKind
    at: datetime
    reference: str = strawberry.field(
        description="An order's number, a message's step, a product's id, a visit's path, who said which word of "
        "consent; never personal data."
    )
    money: Money | None
    touch: MarketingTouch | None = strawberry.field(
        description="Where the person came from with this visit or cart; of an order the last touch before it."
    )
    delivery: OrderDelivery | None = strawberry.field(description="Of an order, as far as anything is known of it.")
    cursor: str = strawberry.field(description="For `after`.")


def activity_of(entry: Entry) -> Activity:
    """Return an entry of the timeline as it is shown."""
    return Activity(
        kind=entry.kind,
        at=entry.at,
        reference=entry.reference,
        money=None if entry.amount is None else Money(amount=entry.amount, currency=entry.currency),
        touch=shown(entry.touch),
        delivery=delivery_of(entry.delivery),
        cursor=entry.place.cursor(),
    )
