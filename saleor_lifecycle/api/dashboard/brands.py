"""Who speaks in messages, and where something else is said in one of the shop's channels."""

from typing import cast

import strawberry
from cryptography.fernet import InvalidToken

from saleor_lifecycle import models
from saleor_lifecycle.actions import brands
from saleor_lifecycle.domain.colors import readable_on
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.tasks.shop_channels import shop_channels

from ..errors import Refusal
from .access import Info, Needs, Permission
from .problems import Error, errors


@strawberry.type
class Brand:
    sender_name: str
    sender_email: str
    reply_to: str
    company: str
    tax_id: str
    postal_address: str
    contact_email: str
    privacy_url: str
    logo_url: str
    storefront_url: str
    cart_url: str
    product_url: str
    color: str = strawberry.field(description="Of buttons, such as `#16161a`.")
    text_color: str = strawberry.field(
        description="Of the words on them; empty: light or dark, whichever is read better."
    )

    @strawberry.field(description="The colour that the words on buttons have.")
    def shown_text_color(self) -> str:
        return self.text_color or readable_on(self.color)


@strawberry.type
class ChannelBrand:
    channel: str = strawberry.field(description="Its slug at Saleor.")
    brand: Brand = strawberry.field(description="As it speaks there.")
    overridden: list[str] = strawberry.field(description="What is said otherwise there, by the names of the fields.")


@strawberry.type(description="One of the shop's channels.")
class ShopChannel:
    slug: str
    name: str


@strawberry.input
class BrandInput:
    sender_name: str | None = None
    sender_email: str | None = None
    reply_to: str | None = None
    company: str | None = None
    tax_id: str | None = None
    postal_address: str | None = None
    contact_email: str | None = None
    privacy_url: str | None = None
    logo_url: str | None = None
    storefront_url: str | None = None
    cart_url: str | None = None
    product_url: str | None = None
    color: str | None = None
    text_color: str | None = None


@strawberry.type
class ChannelBrandUpdate:
    channel_brand: ChannelBrand | None = strawberry.field(
        description="Null where nothing is said otherwise in that channel any more."
    )
    errors: list[Error]


@strawberry.type
class BrandQuery:
    @strawberry.field(
        description="The channels in which something is said otherwise than by the installation's brand.",
        extensions=[Needs(Permission.USERS)],
    )
    def channel_brands(self, info: Info) -> list[ChannelBrand]:
        with within(info.context.installation_id):
            return _all(info.context.installation_id)

    @strawberry.field(
        description="The shop's channels, by name. Asks the shop now.", extensions=[Needs(Permission.USERS)]
    )
    def shop_channels(self, info: Info) -> list[ShopChannel]:
        with within(info.context.installation_id):
            installation = models.Installation.objects.get(pk=info.context.installation_id)
        try:
            found = shop_channels(installation)
        except (ShopError, InvalidToken) as error:
            raise Refusal(f"The shop could not be asked ({type(error).__name__}).", "SHOP_AWAY") from None
        return [ShopChannel(slug=slug, name=name) for slug, name in sorted(found.items(), key=lambda one: one[1])]


@strawberry.type
class BrandMutation:
    @strawberry.mutation(
        description="Only the fields that are given change; an empty one says what the installation says. With an "
        "error in one, none does.",
        extensions=[Needs(Permission.USERS)],
    )
    def channel_brand_update(self, info: Info, channel: str, input: BrandInput) -> ChannelBrandUpdate:
        with within(info.context.installation_id):
            brand = models.Brand.objects.select_for_update().get(pk=info.context.installation_id)
            problems = brands.set_channel(brand, channel, cast("dict[str, str | None]", vars(input)), info.context.now)
            found = [one for one in _all(info.context.installation_id) if one.channel == channel]
        return ChannelBrandUpdate(channel_brand=found[0] if found and not problems else None, errors=errors(problems))


def shown_brand(brand: models.Brand) -> Brand:
    """Return a brand as the schema has it."""
    return Brand(**{name: getattr(brand, name) for name in brands.OF_BRAND})


def _all(installation_id: int) -> list[ChannelBrand]:
    known = brands.by_channel(installation_id)
    rows = models.ChannelBrand.objects.filter(installation_id=installation_id).order_by("channel")
    return [
        ChannelBrand(
            channel=row.channel,
            brand=shown_brand(known[row.channel]),
            overridden=[_camel(name) for name in sorted(row.values)],
        )
        for row in rows
    ]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
