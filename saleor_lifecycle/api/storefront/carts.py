"""The way back to a cart, by the token of a mail or of an offer."""

from collections.abc import Iterable

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from saleor_lifecycle.domain.offers import OfferLine
from saleor_lifecycle.tasks.carts import Way, way_back

from .access import Info

strawberry.enum(
    Way,
    name="LifecycleCartStatus",
    description="OPEN: it can be gone back to. GONE: the shop holds it no longer. ORDERED: it became an order. "
    "EXPIRED: the token's time is over. BROKEN: no token of this shop. SHOP_AWAY: try again in a moment.",
)


@strawberry.federation.type(keys=[Key(fields=FieldSet("id channel"), resolvable=False)])
class ProductVariant:
    id: strawberry.ID
    channel: str | None


@strawberry.type
class LifecycleLine:
    variant: ProductVariant
    quantity: int


@strawberry.type
class LifecycleCartRestore:
    status: Way
    checkout_id: strawberry.ID | None = strawberry.field(default=None, description="Of a cart that is OPEN.")
    channel: str | None = strawberry.field(default=None, description="The slug; of a cart that is OPEN or GONE.")
    lines: list[LifecycleLine] = strawberry.field(
        default_factory=list, description="Of a cart that is GONE, as last heard of: a new one may be made of them."
    )


def lines_of(lines: Iterable[OfferLine], channel: str) -> list[LifecycleLine]:
    """Return lines with references to Saleor's variants in a channel."""
    return [
        LifecycleLine(
            variant=ProductVariant(id=strawberry.ID(line.variant_id), channel=channel), quantity=line.quantity
        )
        for line in lines
    ]


@strawberry.type
class CartQuery:
    @strawberry.field(
        description="Where a cart's token leads. Nobody has to be signed in: the token is the permission."
    )
    def lifecycle_cart_restore(self, info: Info, token: str) -> LifecycleCartRestore:
        found = way_back(token, info.context.now, only=info.context.installation_id)
        cart = found.cart
        if found.way is Way.OPEN and cart is not None:
            return LifecycleCartRestore(
                status=found.way, checkout_id=strawberry.ID(cart.checkout_id), channel=cart.channel
            )
        if found.way is Way.GONE and cart is not None:
            facts = cart.facts()
            return LifecycleCartRestore(
                status=found.way, channel=cart.channel, lines=lines_of(facts.lines if facts else (), cart.channel)
            )
        return LifecycleCartRestore(status=found.way)
