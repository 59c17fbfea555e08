# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Checkouts, as they are read."""

from datetime import UTC
from typing import Any

import graphene

from .. import catalogue, checkouts
from ..records import Checkout as CheckoutRecord
from ..records import CheckoutLine as LineRecord
from ..records import User as UserRecord
from ..records import Variant
from .accounts import User
from .context import context
from .enums import CheckoutAuthorize, CheckoutCharge, LanguageCode
from .filters import CheckoutFilterInput, filtered
from .products import Channel, ProductVariant
from .shared import (
    PAGING,
    Addressed,
    Money,
    Node,
    ObjectWithMetadata,
    TaxedMoney,
    connection,
    money,
    page,
    taxed,
    within,
)
from .sorting import CheckoutSortingInput, sort_of


class CheckoutLine(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    variant = graphene.Field(ProductVariant, required=True)
    quantity = graphene.Int(required=True)
    unit_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)

    @staticmethod
    def resolve_variant(root: LineRecord, info: Any) -> Variant | None:
        return context(info).shop.get(Variant, root.variant_id)

    @staticmethod
    def resolve_unit_price(root: LineRecord, info: Any) -> dict[str, Any]:
        variant = context(info).shop.get(Variant, root.variant_id)
        assert variant
        return taxed(variant.price)

    @staticmethod
    def resolve_total_price(root: LineRecord, info: Any) -> dict[str, Any]:
        variant = context(info).shop.get(Variant, root.variant_id)
        assert variant
        return taxed(variant.price * root.quantity)


class Checkout(Addressed, graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    created = graphene.DateTime(required=True)
    updated_at = graphene.DateTime(required=True)
    email = graphene.String()
    user = graphene.Field(User)
    channel = graphene.Field(Channel, required=True)
    language_code = LanguageCode(required=True)
    lines = graphene.List(graphene.NonNull(CheckoutLine), required=True)
    quantity = graphene.Int(required=True)
    subtotal_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)
    discount = graphene.Field(Money)
    voucher_code = graphene.String()
    authorize_status = CheckoutAuthorize(required=True)
    charge_status = CheckoutCharge(required=True)

    @staticmethod
    def resolve_user(root: CheckoutRecord, info: Any) -> UserRecord | None:
        asking = context(info)
        if root.user_id and not (asking.actor.user and asking.actor.user.id == root.user_id):
            asking.actor.require("MANAGE_USERS")
        return asking.shop.get(UserRecord, root.user_id)

    @staticmethod
    def resolve_channel(root: CheckoutRecord, info: Any) -> catalogue.Channel:
        return catalogue.CHANNEL

    @staticmethod
    def resolve_quantity(root: CheckoutRecord, info: Any) -> int:
        return sum(line.quantity for line in root.lines)

    @staticmethod
    def resolve_subtotal_price(root: CheckoutRecord, info: Any) -> dict[str, Any]:
        return taxed(checkouts.subtotal(context(info).shop, root))

    @staticmethod
    def resolve_discount(root: CheckoutRecord, info: Any) -> dict[str, Any]:
        return money(checkouts.discount(context(info).shop, root))

    @staticmethod
    def resolve_total_price(root: CheckoutRecord, info: Any) -> dict[str, Any]:
        return taxed(checkouts.total(context(info).shop, root))

    @staticmethod
    def resolve_authorize_status(root: CheckoutRecord, info: Any) -> str:
        return _paid(root, info)

    @staticmethod
    def resolve_charge_status(root: CheckoutRecord, info: Any) -> str:
        return _paid(root, info)


def _paid(checkout: CheckoutRecord, info: Any) -> str:
    if checkouts.is_paid(context(info).shop, checkout):
        return "FULL"
    return "PARTIAL" if checkout.charged else "NONE"


CheckoutConnection = connection(Checkout)


class CheckoutQueries(graphene.ObjectType):
    checkout = graphene.Field(Checkout, id=graphene.ID())
    checkouts = graphene.Field(
        CheckoutConnection, filter=CheckoutFilterInput(), sort_by=CheckoutSortingInput(), **PAGING
    )

    @staticmethod
    def resolve_checkout(root: Any, info: Any, id: str | None = None) -> CheckoutRecord | None:
        return context(info).shop.get(CheckoutRecord, id)  # the id is the secret: no permission is asked

    @staticmethod
    def resolve_checkouts(
        root: Any, info: Any, filter: Any = None, sort_by: Any = None, **paging: Any
    ) -> dict[str, Any]:
        """Of those that changed only whole days can be asked for, as in Saleor."""
        asking = context(info)
        asking.actor.require("MANAGE_CHECKOUTS", "HANDLE_PAYMENTS")
        days = (filter or {}).get("updated_at")
        found = [one for one in asking.shop.all(CheckoutRecord) if within(one.updated_at.astimezone(UTC).date(), days)]
        sort = sort_of(sort_by, {"CREATION_DATE": "created"})
        return page(filtered(found, filter), "checkouts", paging.get("first"), paging.get("after"), sort)
