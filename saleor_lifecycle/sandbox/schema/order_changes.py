# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""The mutations on orders and fulfilments."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import graphene

from .. import catalogue, orders
from ..actors import Refused
from ..records import Order as OrderRecord
from .context import context
from .enums import (
    OrderErrorCode,
)
from .mutations import mutation
from .orders import Fulfillment, Order
from .shared import (
    PositiveDecimal,
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
