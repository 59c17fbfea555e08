# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Vouchers, of which the shop has none: whoever asks for one is told that it is gone."""

from typing import Any

import graphene

from .context import context
from .enums import DiscountValueType, VoucherType
from .shared import PAGING, CountryDisplay, Money, Node, connection, page


class VoucherCode(graphene.ObjectType):
    id = graphene.ID(required=True)
    code = graphene.String()
    is_active = graphene.Boolean()


class Voucher(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    type = VoucherType(required=True)
    discount_value_type = DiscountValueType(required=True)
    discount_value = graphene.Float()
    currency = graphene.String()
    min_spent = graphene.Field(Money)
    min_checkout_items_quantity = graphene.Int()
    start_date = graphene.DateTime(required=True)
    end_date = graphene.DateTime()
    usage_limit = graphene.Int()
    used = graphene.Int(required=True)
    apply_once_per_order = graphene.Boolean(required=True)
    apply_once_per_customer = graphene.Boolean(required=True)
    single_use = graphene.Boolean(required=True)
    only_for_staff = graphene.Boolean(required=True)
    countries = graphene.List(graphene.NonNull(CountryDisplay))
    codes = graphene.Field(connection(VoucherCode), **PAGING)


class VoucherFilterInput(graphene.InputObjectType):
    ids = graphene.List(graphene.NonNull(graphene.ID))


class VoucherQueries(graphene.ObjectType):
    vouchers = graphene.Field(connection(Voucher), filter=VoucherFilterInput(), channel=graphene.String(), **PAGING)

    @staticmethod
    def resolve_vouchers(
        root: Any, info: Any, first: int | None = None, after: str | None = None, **_: Any
    ) -> dict[str, Any]:
        context(info).actor.require("MANAGE_DISCOUNTS")
        return page([], "vouchers", first, after)
