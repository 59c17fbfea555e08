# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Products, variants, channel and warehouse."""

from typing import Any

import graphene

from .. import catalogue
from ..actors import PermissionDenied
from ..records import Variant, global_id
from .context import context
from .enums import LanguageCode, OrderDirection, ProductOrderField, ThumbnailFormat, plain
from .shared import PAGING, CountryDisplay, Image, Money, Node, TaxedMoney, connection, money, page, taxed

_SIZES = (32, 64, 128, 256, 512, 1024, 2048, 4096)


class Channel(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    currency_code = graphene.String(required=True)
    default_country = graphene.Field(CountryDisplay, required=True)

    @staticmethod
    def resolve_default_country(root: Any, info: Any) -> dict[str, str]:
        return {"code": "ES", "country": "Spain"}


def _channel(root: Any, info: Any) -> str:
    """In which channel the product was asked for: a gateway needs it to ask again."""
    return catalogue.CHANNEL.slug


class VariantPricingInfo(graphene.ObjectType):
    price = graphene.Field(TaxedMoney)
    price_undiscounted = graphene.Field(TaxedMoney)
    price_prior = graphene.Field(TaxedMoney)


class ProductPricingInfo(graphene.ObjectType):
    display_gross_prices = graphene.Boolean(required=True)


class ProductTranslation(graphene.ObjectType):
    name = graphene.String()
    slug = graphene.String()


class ProductVariantTranslation(graphene.ObjectType):
    name = graphene.String(required=True)


def _is_spanish(language_code: Any) -> bool:
    """The only language, beside its own, that the shop has words in; Saleor falls back to no other."""
    return bool(plain(language_code) == "ES")


class ProductVariantChannelListing(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    channel = graphene.Field(Channel, required=True)
    price = graphene.Field(Money)
    cost_price = graphene.Field(Money)
    margin = graphene.Int()

    @staticmethod
    def resolve_margin(root: Any, info: Any) -> int | None:
        context(info).actor.require("MANAGE_PRODUCTS")
        cost, price = root["cost_price"], root["price"]
        return round(100 * (1 - cost["amount"] / price["amount"])) if cost and price["amount"] else None


class ProductVariant(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    channel = graphene.String(resolver=_channel)
    name = graphene.String(required=True)
    sku = graphene.String()
    product = graphene.Field(lambda: Product, required=True)
    pricing = graphene.Field(VariantPricingInfo)
    quantity_available = graphene.Int()
    channel_listings = graphene.List(graphene.NonNull(ProductVariantChannelListing))
    translation = graphene.Field(ProductVariantTranslation, language_code=LanguageCode(required=True))

    @staticmethod
    def resolve_translation(root: Variant, info: Any, language_code: Any) -> dict[str, str] | None:
        return {"name": catalogue.spanish_name(root)} if _is_spanish(language_code) else None

    @staticmethod
    def resolve_channel_listings(root: Variant, info: Any) -> list[dict[str, Any]]:
        if not context(info).actor.is_staff_or_app:
            raise PermissionDenied("AUTHENTICATED_APP", "AUTHENTICATED_STAFF_USER")
        listing = {
            "id": global_id("ProductVariantChannelListing", root.sku),
            "channel": catalogue.CHANNEL,
            "price": money(root.price),
            "cost_price": None if root.cost is None else money(root.cost),
        }
        return [listing]

    @staticmethod
    def resolve_product(root: Variant, info: Any) -> catalogue.Product:
        return catalogue.product_of(root)

    @staticmethod
    def resolve_pricing(root: Variant, info: Any) -> dict[str, Any]:
        return {"price": taxed(root.price), "price_undiscounted": taxed(root.price), "price_prior": None}

    @staticmethod
    def resolve_quantity_available(root: Variant, info: Any) -> int:
        return min(root.stock, 50)  # Saleor tells shoppers no more than what they may buy at once


class Category(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    parent = graphene.Field(lambda: Category)


class Collection(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)
    slug = graphene.String(required=True)


ProductVariantConnection = connection(ProductVariant)


class Product(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    channel = graphene.String(resolver=_channel)
    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    thumbnail = graphene.Field(Image, size=graphene.Int(), format=ThumbnailFormat(default_value="ORIGINAL"))
    updated_at = graphene.DateTime(required=True)
    category = graphene.Field(Category)
    collections = graphene.List(graphene.NonNull(Collection))
    variants = graphene.List(graphene.NonNull(ProductVariant))
    product_variants = graphene.Field(ProductVariantConnection, **PAGING)
    translation = graphene.Field(ProductTranslation, language_code=LanguageCode(required=True))
    pricing = graphene.Field(ProductPricingInfo)
    is_available = graphene.Boolean()
    is_available_for_purchase = graphene.Boolean()

    @staticmethod
    def resolve_product_variants(
        root: catalogue.Product, info: Any, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        return page(catalogue.variants_of(context(info).shop, root), "productVariants", first, after)

    @staticmethod
    def resolve_translation(root: catalogue.Product, info: Any, language_code: Any) -> dict[str, str | None] | None:
        return {"name": root.name_es, "slug": None} if _is_spanish(language_code) else None

    @staticmethod
    def resolve_pricing(root: catalogue.Product, info: Any) -> dict[str, bool]:
        return {"display_gross_prices": True}

    @staticmethod
    def resolve_is_available(root: catalogue.Product, info: Any) -> bool:
        return any(variant.stock > 0 for variant in catalogue.variants_of(context(info).shop, root))

    @staticmethod
    def resolve_is_available_for_purchase(root: catalogue.Product, info: Any) -> bool:
        return True

    @staticmethod
    def resolve_thumbnail(root: catalogue.Product, info: Any, size: int = 4096, **_: Any) -> dict[str, str]:
        nearest = min(_SIZES, key=lambda known: abs(known - size))
        return {"url": f"{context(info).shop.url}/thumbnail/{root.id}/{nearest}/", "alt": root.name}

    @staticmethod
    def resolve_variants(root: catalogue.Product, info: Any) -> list[Variant]:
        return catalogue.variants_of(context(info).shop, root)


ProductConnection = connection(Product)


class ProductOrder(graphene.InputObjectType):
    direction = OrderDirection(required=True)
    field = ProductOrderField()


class ProductWhereInput(graphene.InputObjectType):
    ids = graphene.List(graphene.NonNull(graphene.ID))
    is_published = graphene.Boolean()


class ProductQueries(graphene.ObjectType):
    channel = graphene.Field(Channel, id=graphene.ID(), slug=graphene.String())
    products = graphene.Field(
        ProductConnection, channel=graphene.String(), where=ProductWhereInput(), sort_by=ProductOrder(), **PAGING
    )
    product_variants = graphene.Field(
        ProductVariantConnection, ids=graphene.List(graphene.NonNull(graphene.ID)), channel=graphene.String(), **PAGING
    )
    product = graphene.Field(Product, id=graphene.ID(), slug=graphene.String(), channel=graphene.String())

    @staticmethod
    def resolve_channel(root: Any, info: Any, id: str | None = None, slug: str | None = None) -> Any:
        channel = catalogue.CHANNEL
        return channel if channel.id == id or channel.slug == slug else None

    @staticmethod
    def resolve_products(
        root: Any, info: Any, first: int | None = None, after: str | None = None, where: Any = None, **_: Any
    ) -> dict[str, Any]:
        ids = (where or {}).get("ids")
        found = [one for one in catalogue.PRODUCTS if ids is None or one.id in ids]
        return page(found, "products", first, after)

    @staticmethod
    def resolve_product_variants(
        root: Any, info: Any, ids: list[str] | None = None, first: int | None = None, after: str | None = None, **_: Any
    ) -> dict[str, Any]:
        found = [one for one in context(info).shop.all(Variant) if ids is None or one.id in ids]
        return page(found, "productVariants", first, after)

    @staticmethod
    def resolve_product(
        root: Any, info: Any, id: str | None = None, slug: str | None = None, **_: Any
    ) -> catalogue.Product | None:
        return next((p for p in catalogue.PRODUCTS if id == p.id or slug == p.slug), None)
