"""What the staff do with orders."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal

from . import vouchers
from .actors import Actor, Refused
from .records import Fulfillment, Order, Variant
from .shop import Change, Shop


def mark_as_paid(shop: Shop, actor: Actor, identifier: str) -> Order:
    """The order fully charged. Saleor sends ORDER_FULLY_PAID here, without ORDER_PAID."""
    with _order_change(shop, actor) as change:
        order = _find(change, identifier)
        if order.charged >= order.total:
            raise Refused("id", "Orders with payments can not be manually marked as paid.", "PAYMENT_ERROR")
        order = replace(order, charged=order.total, updated_at=change.now)
        change.put(order)
        _emit(change, order, "ORDER_FULLY_PAID", "ORDER_UPDATED")
    return order


def fulfill(
    shop: Shop, actor: Actor, identifier: str, quantities: Mapping[str, int], tracking_number: str = ""
) -> tuple[Order, Fulfillment]:
    """The order and its new parcel; ``quantities`` go by order line.

    Saleor makes the parcel first and touches the order's ``updatedAt`` a moment later, so that a payload
    can show the new status under the old time: hence two changes.
    """
    with _order_change(shop, actor) as change:
        order = _find(change, identifier)
        if order.status in ("CANCELED", "EXPIRED"):
            raise Refused("order", "This order cannot be fulfilled.", "FULFILL_ORDER_LINE")
        lines = tuple(
            replace(line, quantity_fulfilled=line.quantity_fulfilled + quantities.get(line.id, 0))
            for line in order.lines
        )
        if not any(quantities.values()) or any(line.quantity_fulfilled > line.quantity for line in lines):
            raise Refused("lines", "Only some or none of these items remain to fulfil.", "FULFILL_ORDER_LINE")
        is_whole = all(line.quantity_fulfilled == line.quantity for line in lines)
        order = replace(order, lines=lines, status="FULFILLED" if is_whole else "PARTIALLY_FULFILLED")
        parcel = Fulfillment(
            id=change.next_id("Fulfillment"),
            order_id=order.id,
            status="FULFILLED",
            created=change.now,
            tracking_number=tracking_number,
            lines=tuple((line, quantity) for line, quantity in quantities.items() if quantity),
        )
        change.put(order)
        change.put(parcel)
        if tracking_number:
            change.emit("FULFILLMENT_TRACKING_NUMBER_UPDATED", parcel)
        change.emit("FULFILLMENT_CREATED", parcel)
    order = _touch(shop, actor, identifier, *(("ORDER_FULFILLED",) if is_whole else ()))
    return order, parcel


def cancel_fulfillment(shop: Shop, actor: Actor, identifier: str) -> tuple[Order, Fulfillment]:
    with _order_change(shop, actor) as change:
        parcel = change.get(Fulfillment, identifier)
        if parcel is None:
            raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
        if parcel.status == "CANCELED":
            raise Refused("id", "This fulfillment can't be canceled.", "CANNOT_CANCEL_FULFILLMENT")
        parcel = replace(parcel, status="CANCELED")
        order = _find(change, parcel.order_id)
        back = dict(parcel.lines)
        lines = tuple(
            replace(line, quantity_fulfilled=line.quantity_fulfilled - back.get(line.id, 0)) for line in order.lines
        )
        status = "PARTIALLY_FULFILLED" if any(line.quantity_fulfilled for line in lines) else "UNFULFILLED"
        order = replace(order, lines=lines, status=status, updated_at=change.now)
        change.put(order)
        change.put(parcel)
        change.emit("FULFILLMENT_CANCELED", parcel)
        _emit(change, order, "ORDER_UPDATED")
    return order, parcel


def refund(shop: Shop, actor: Actor, identifier: str, amount: Decimal) -> Order:
    """The order with an amount given back. A wholly refunded one keeps its status and is charged nothing."""
    with _order_change(shop, actor) as change:
        order = _find(change, identifier)
        if not 0 < amount <= order.charged:
            raise Refused("amount", "Amount must be positive and not above the charged one.", "CANNOT_REFUND")
        order = replace(order, charged=order.charged - amount, refunded=order.refunded + amount, updated_at=change.now)
        change.put(order)
        _emit(change, order, "ORDER_REFUNDED", "ORDER_UPDATED")
        if not order.charged:
            _emit(change, order, "ORDER_FULLY_REFUNDED")
    return order


def cancel(shop: Shop, actor: Actor, identifier: str) -> Order:
    """The cancelled order; its goods go back on the shelf."""
    with _order_change(shop, actor) as change:
        order = _find(change, identifier)
        if order.status in ("CANCELED", "FULFILLED", "PARTIALLY_FULFILLED"):
            raise Refused("order", "This order can't be canceled.", "CANNOT_CANCEL_ORDER")
        order = replace(order, status="CANCELED", updated_at=change.now)
        change.put(order)
        for line in order.lines:
            if variant := change.get(Variant, line.variant_id):
                change.put(replace(variant, stock=variant.stock + line.quantity))
        vouchers.release(change, order.voucher_code)
        _emit(change, order, "ORDER_CANCELLED", "ORDER_UPDATED")
    return order


def _touch(shop: Shop, actor: Actor, identifier: str, *events: str) -> Order:
    with _order_change(shop, actor) as change:
        order = replace(_find(change, identifier), updated_at=change.now)
        change.put(order)
        _emit(change, order, "ORDER_UPDATED", *events)
    return order


def _order_change(shop: Shop, actor: Actor) -> AbstractContextManager[Change]:
    actor.require("MANAGE_ORDERS")
    return shop.change(actor)


def _find(change: Change, identifier: str) -> Order:
    order = change.get(Order, identifier)
    if order is None:
        raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
    return order


def _emit(change: Change, order: Order, *events: str) -> None:
    for event in events:
        change.emit(event, order)
