# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Products, variants, channel and warehouse."""

from typing import Any

import graphene

from .. import catalogue
from ..records import Variant
from .context import context
from .enums import OrderDirection, ProductOrderField, ThumbnailFormat
from .shared import PAGING, Image, Node, TaxedMoney, connection, page, taxed

_SIZES = (32, 64, 128, 256, 512, 1024, 2048, 4096)


class Channel(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    currency_code = graphene.String(required=True)


def _channel(root: Any, info: Any) -> str:
    """In which channel the product was asked for: a gateway needs it to ask again."""
    return catalogue.CHANNEL.slug


class VariantPricingInfo(graphene.ObjectType):
    price = graphene.Field(TaxedMoney)


class ProductVariant(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    channel = graphene.String(resolver=_channel)
    name = graphene.String(required=True)
    sku = graphene.String()
    product = graphene.Field(lambda: Product, required=True)
    pricing = graphene.Field(VariantPricingInfo)
    quantity_available = graphene.Int()

    @staticmethod
    def resolve_product(root: Variant, info: Any) -> catalogue.Product:
        return catalogue.product_of(root)

    @staticmethod
    def resolve_pricing(root: Variant, info: Any) -> dict[str, Any]:
        return {"price": taxed(root.price)}

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


class ProductQueries(graphene.ObjectType):
    products = graphene.Field(ProductConnection, channel=graphene.String(), sort_by=ProductOrder(), **PAGING)
    product = graphene.Field(Product, id=graphene.ID(), slug=graphene.String(), channel=graphene.String())

    @staticmethod
    def resolve_products(
        root: Any, info: Any, first: int | None = None, after: str | None = None, **_: Any
    ) -> dict[str, Any]:
        return page(catalogue.PRODUCTS, "products", first, after)

    @staticmethod
    def resolve_product(
        root: Any, info: Any, id: str | None = None, slug: str | None = None, **_: Any
    ) -> catalogue.Product | None:
        return next((p for p in catalogue.PRODUCTS if id == p.id or slug == p.slug), None)
