"""What waits for the customer."""

from datetime import datetime
from uuid import UUID

import strawberry

from saleor_lifecycle.actions import carts
from saleor_lifecycle.channels.links import CartLink, offer_token
from saleor_lifecycle.domain import offers
from saleor_lifecycle.models import Customer, Installation
from saleor_lifecycle.models.entry import within

from ..errors import Refusal
from .access import Info
from .carts import LifecycleLine, lines_of
from .languages import LanguageCode, words

MOST = 20

strawberry.enum(
    offers.OfferKind,
    name="LifecycleOfferKind",
    description="More kinds may come: leave out those that you do not know.",
)
strawberry.enum(offers.OfferReason, name="LifecycleOfferReason")


@strawberry.type(description="Products for the signed-in customer: the same that a mail would show them.")
class LifecycleOffer:
    kind: offers.OfferKind
    reason: offers.OfferReason
    channel: str = strawberry.field(description="The slug.")
    lines: list[LifecycleLine]
    expires_at: datetime
    restore_token: str = strawberry.field(description="For lifecycleCartRestore, until expiresAt.")
    language: strawberry.Private[str]

    @strawberry.field(description="The reason in words; without a language in the cart's own.")
    def text(self, language_code: LanguageCode | None = None) -> str:
        return words(self.reason, language_code or self.language)


@strawberry.type
class OfferQuery:
    @strawberry.field(
        description="What waits for the signed-in customer in a channel, the last touched first, at most 20. "
        "Empty when nobody is signed in. Asking reserves and counts nothing."
    )
    def lifecycle_offers(self, info: Info, channel: str, first: int = 4) -> list[LifecycleOffer]:
        if first < 0:
            raise Refusal("first is 0 or more.", "INVALID")
        user_id = info.context.user_id
        customer = info.context.people.of(user_id) if user_id is not None else None
        return [] if customer is None else _offers(info, customer, channel, min(first, MOST))


def _offers(info: Info, customer: Customer, channel: str, first: int) -> list[LifecycleOffer]:
    now = info.context.now
    with within(info.context.installation_id):
        installation = Installation.objects.get(pk=info.context.installation_id)
        if installation.state != Installation.State.ACTIVE:
            return []  # Saleor tells us nothing meanwhile: what we hold may have been ordered
        held = carts.of_customer(customer.pk, channel, now)
    facts = [each for cart in held if (each := cart.facts()) is not None]
    return [
        LifecycleOffer(
            kind=offer.kind,
            reason=offer.reason,
            channel=offer.channel,
            lines=lines_of(offer.lines, offer.channel),
            expires_at=offer.expires_at,
            restore_token=offer_token(CartLink(installation.public_id, UUID(offer.key)), offer.expires_at),
            language=offer.language,
        )
        for offer in offers.offers(facts, channel, customer.last_placed_at, first, now)
    ]
