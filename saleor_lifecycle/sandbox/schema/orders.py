# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Orders and fulfilments, as they are read."""

from typing import Any

import graphene

from .. import catalogue
from ..records import Fulfillment as FulfillmentRecord
from ..records import Order as OrderRecord
from ..records import OrderLine as LineRecord
from ..records import User as UserRecord
from ..records import global_id
from .accounts import User
from .context import context
from .enums import (
    FulfillmentStatus,
    LanguageCode,
    OrderAuthorize,
    OrderCharge,
    OrderOrigin,
    OrderStatus,
)
from .filters import OrderFilterInput, filtered
from .products import Channel
from .shared import (
    PAGING,
    Addressed,
    DateTimeRangeInput,
    GlobalIDFilterInput,
    Money,
    Node,
    ObjectWithMetadata,
    StringFilterInput,
    TaxedMoney,
    connection,
    money,
    page,
    taxed,
    within,
)
from .sorting import OrderSortingInput, sort_of


class OrderLine(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    product_name = graphene.String(required=True)
    variant_name = graphene.String(required=True)
    product_sku = graphene.String()
    product_variant_id = graphene.String()
    quantity = graphene.Int(required=True)
    quantity_fulfilled = graphene.Int(required=True)
    unit_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)

    @staticmethod
    def resolve_product_sku(root: LineRecord, info: Any) -> str:
        return root.sku

    @staticmethod
    def resolve_product_variant_id(root: LineRecord, info: Any) -> str:
        return root.variant_id

    @staticmethod
    def resolve_unit_price(root: LineRecord, info: Any) -> dict[str, Any]:
        return taxed(root.price)

    @staticmethod
    def resolve_total_price(root: LineRecord, info: Any) -> dict[str, Any]:
        return taxed(root.price * root.quantity)


class FulfillmentLine(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    quantity = graphene.Int(required=True)
    order_line = graphene.Field(OrderLine)


class Fulfillment(graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    status = FulfillmentStatus(required=True)
    tracking_number = graphene.String(required=True)
    created = graphene.DateTime(required=True)
    lines = graphene.List(graphene.NonNull(FulfillmentLine))

    @staticmethod
    def resolve_lines(root: FulfillmentRecord, info: Any) -> list[dict[str, Any]]:
        order = context(info).shop.get(OrderRecord, root.order_id)
        lines = {line.id: line for line in order.lines} if order else {}
        return [
            {"id": global_id("FulfillmentLine", f"{root.id}:{line}"), "quantity": count, "order_line": lines.get(line)}
            for line, count in root.lines
        ]


class Order(Addressed, graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    number = graphene.String(required=True)
    created = graphene.DateTime(required=True)
    updated_at = graphene.DateTime(required=True)
    status = OrderStatus(required=True)
    authorize_status = OrderAuthorize(required=True)
    charge_status = OrderCharge(required=True)
    is_paid = graphene.Boolean(required=True)
    origin = OrderOrigin(required=True)
    checkout_id = graphene.ID()
    user_email = graphene.String()
    user = graphene.Field(User)
    language_code_enum = LanguageCode(required=True)
    channel = graphene.Field(Channel, required=True)
    lines = graphene.List(graphene.NonNull(OrderLine), required=True)
    fulfillments = graphene.List(graphene.NonNull(Fulfillment), required=True)
    total = graphene.Field(TaxedMoney, required=True)
    total_charged = graphene.Field(Money, required=True)
    total_refunded = graphene.Field(Money, required=True)
    voucher_code = graphene.String()
    shipping_method_name = graphene.String()

    @staticmethod
    def resolve_user(root: OrderRecord, info: Any) -> UserRecord | None:
        return context(info).shop.get(UserRecord, root.user_id)

    @staticmethod
    def resolve_language_code_enum(root: OrderRecord, info: Any) -> str:
        return root.language_code

    @staticmethod
    def resolve_channel(root: OrderRecord, info: Any) -> catalogue.Channel:
        return catalogue.CHANNEL

    @staticmethod
    def resolve_authorize_status(root: OrderRecord, info: Any) -> str:
        return _paid(root)

    @staticmethod
    def resolve_charge_status(root: OrderRecord, info: Any) -> str:
        return _paid(root)

    @staticmethod
    def resolve_is_paid(root: OrderRecord, info: Any) -> bool:
        return root.charged >= root.total

    @staticmethod
    def resolve_fulfillments(root: OrderRecord, info: Any) -> list[FulfillmentRecord]:
        return [f for f in context(info).shop.all(FulfillmentRecord) if f.order_id == root.id]

    @staticmethod
    def resolve_total(root: OrderRecord, info: Any) -> dict[str, Any]:
        return taxed(root.total)

    @staticmethod
    def resolve_total_charged(root: OrderRecord, info: Any) -> dict[str, Any]:
        return money(root.charged)

    @staticmethod
    def resolve_total_refunded(root: OrderRecord, info: Any) -> dict[str, Any]:
        return money(root.refunded)


def _paid(order: OrderRecord) -> str:
    if not order.charged:
        return "NONE"
    return "FULL" if order.charged >= order.total else "PARTIAL"


OrderConnection = connection(Order)


class OrderWhereInput(graphene.InputObjectType):
    ids = graphene.List(graphene.NonNull(graphene.ID))
    created_at = DateTimeRangeInput()
    updated_at = DateTimeRangeInput()
    user = GlobalIDFilterInput()
    user_email = StringFilterInput()
    checkout_id = GlobalIDFilterInput()
    voucher_code = StringFilterInput()


class OrderQueries(graphene.ObjectType):
    order = graphene.Field(Order, id=graphene.ID())
    orders = graphene.Field(
        OrderConnection, where=OrderWhereInput(), filter=OrderFilterInput(), sort_by=OrderSortingInput(), **PAGING
    )

    @staticmethod
    def resolve_order(root: Any, info: Any, id: str | None = None) -> OrderRecord | None:
        asking = context(info)
        order = asking.shop.get(OrderRecord, id)
        if not (order and asking.actor.user and asking.actor.user.id == order.user_id):
            asking.actor.require("MANAGE_ORDERS")
        return order

    @staticmethod
    def resolve_orders(
        root: Any, info: Any, where: Any = None, filter: Any = None, sort_by: Any = None, **paging: Any
    ) -> dict[str, Any]:
        """The newest first, as Saleor sorts orders when nothing else is asked."""
        asking = context(info)
        asking.actor.require("MANAGE_ORDERS")
        found = [order for order in reversed(asking.shop.all(OrderRecord)) if _passes(order, where or filter or {})]
        sort = sort_of(sort_by, {"CREATED_AT": "created", "CREATION_DATE": "created", "LAST_MODIFIED_AT": "updated_at"})
        return page(filtered(found, filter), "orders", paging.get("first"), paging.get("after"), sort)


def _passes(order: OrderRecord, where: Any) -> bool:
    return (
        ("ids" not in where or order.id in where["ids"])
        and within(order.created, where.get("created_at"))
        and within(order.updated_at, where.get("updated_at"))
        and within(order.user_id, where.get("user"))
        and within(order.user_email, where.get("user_email"))
        and within(order.checkout_id, where.get("checkout_id"))
        and within(order.voucher_code, where.get("voucher_code"))
    )
