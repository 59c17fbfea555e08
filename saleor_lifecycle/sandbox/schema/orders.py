# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Orders, fulfilments and the mutations on them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import graphene

from .. import catalogue, orders
from ..actors import Refused
from ..records import Fulfillment as FulfillmentRecord
from ..records import Order as OrderRecord
from ..records import OrderLine as LineRecord
from ..records import User as UserRecord
from .accounts import User
from .context import context
from .enums import (
    FulfillmentStatus,
    LanguageCode,
    OrderAuthorize,
    OrderCharge,
    OrderErrorCode,
    OrderOrigin,
    OrderStatus,
)
from .filters import OrderFilterInput, filtered
from .mutations import mutation
from .products import Channel
from .shared import (
    PAGING,
    Addressed,
    DateTimeRangeInput,
    GlobalIDFilterInput,
    Money,
    Node,
    ObjectWithMetadata,
    PositiveDecimal,
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


class Fulfillment(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    status = FulfillmentStatus(required=True)
    tracking_number = graphene.String(required=True)
    created = graphene.DateTime(required=True)


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
    )


class OrderError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = OrderErrorCode(required=True)


class OrderFulfillStockInput(graphene.InputObjectType):
    quantity = graphene.Int(required=True)
    warehouse = graphene.ID(required=True)


class OrderFulfillLineInput(graphene.InputObjectType):
    order_line_id = graphene.ID()
    stocks = graphene.List(graphene.NonNull(OrderFulfillStockInput), required=True)


class OrderFulfillInput(graphene.InputObjectType):
    lines = graphene.List(graphene.NonNull(OrderFulfillLineInput), required=True)
    notify_customer = graphene.Boolean()
    tracking_number = graphene.String()


def _on_order(act: Callable[..., OrderRecord]) -> Callable[..., dict[str, Any]]:
    """A mutation out of a function of shop, actor and order id."""

    def run(info: Any, id: str, **rest: Any) -> dict[str, Any]:
        asking = context(info)
        return {"order": act(asking.shop, asking.actor, id)}

    return run


def _fulfill(info: Any, input: Any, order: str = "") -> dict[str, Any]:
    asking = context(info)
    stocks = [(line.order_line_id, stock) for line in input.lines for stock in line.stocks]
    if any(stock.warehouse != catalogue.WAREHOUSE.id for _, stock in stocks):
        raise Refused("warehouse", "Couldn't resolve the warehouse.", "NOT_FOUND")
    quantities: dict[str, int] = {}
    for line, stock in stocks:
        quantities[line] = quantities.get(line, 0) + stock.quantity
    tracking = input.get("tracking_number") or ""
    changed, parcel = orders.fulfill(asking.shop, asking.actor, order, quantities, tracking)
    return {"order": changed, "fulfillments": [parcel]}


def _cancel_fulfillment(info: Any, id: str) -> dict[str, Any]:
    asking = context(info)
    order, parcel = orders.cancel_fulfillment(asking.shop, asking.actor, id)
    return {"order": order, "fulfillment": parcel}


def _refund(info: Any, id: str, amount: Decimal) -> dict[str, Any]:
    asking = context(info)
    return {"order": orders.refund(asking.shop, asking.actor, id, amount)}


_ORDER = {"order": graphene.Field(Order)}
_REQUIRED_ID = graphene.ID(required=True)


class OrderMutations(graphene.ObjectType):
    order_mark_as_paid = mutation(
        "OrderMarkAsPaid",
        _on_order(orders.mark_as_paid),
        OrderError,
        _ORDER,
        id=_REQUIRED_ID,
        transaction_reference=graphene.String(),
    )
    order_fulfill = mutation(
        "OrderFulfill",
        _fulfill,
        OrderError,
        {**_ORDER, "fulfillments": graphene.List(graphene.NonNull(Fulfillment))},
        order=graphene.ID(),
        input=OrderFulfillInput(required=True),
    )
    order_fulfillment_cancel = mutation(
        "FulfillmentCancel",
        _cancel_fulfillment,
        OrderError,
        {**_ORDER, "fulfillment": graphene.Field(Fulfillment)},
        id=_REQUIRED_ID,
    )
    order_refund = mutation(
        "OrderRefund", _refund, OrderError, _ORDER, id=_REQUIRED_ID, amount=PositiveDecimal(required=True)
    )
    order_cancel = mutation("OrderCancel", _on_order(orders.cancel), OrderError, _ORDER, id=_REQUIRED_ID)
