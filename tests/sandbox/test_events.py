"""Which events each action in the shop sends."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.sandbox import accounts, apps, checkouts, metadata, orders
from saleor_lifecycle.sandbox.accounts import CustomerInput
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import AccountToken, App

Prepare = Callable[[Any], Any]
Act = Callable[[Any, Any], Any]


def nothing(world: Any) -> None:
    """For actions that need no preparation."""


ACTIONS: list[tuple[str, Prepare, Act, list[str]]] = [
    ("a cart is opened", nothing, lambda w, _: w.cart(), ["CHECKOUT_CREATED"]),
    (
        "a line is added",
        lambda w: w.cart(),
        lambda w, cart: checkouts.add_lines(w.shop, NOBODY, cart.id, [(w.variants[1], 1)]),
        ["CHECKOUT_UPDATED"],
    ),
    (
        "a quantity is changed",
        lambda w: w.cart(),
        lambda w, cart: checkouts.update_lines(w.shop, NOBODY, cart.id, [(cart.lines[0].id, 5)]),
        ["CHECKOUT_UPDATED"],
    ),
    (
        "the cart is emptied",
        lambda w: w.cart(),
        lambda w, cart: checkouts.delete_lines(w.shop, NOBODY, cart.id, [cart.lines[0].id]),
        ["CHECKOUT_UPDATED"],
    ),
    (
        "an e-mail is given",
        lambda w: w.cart(),
        lambda w, cart: checkouts.set_email(w.shop, NOBODY, cart.id, "new@example.com"),
        ["CHECKOUT_UPDATED"],
    ),
    (
        "a customer is attached",
        lambda w: w.cart(),
        lambda w, cart: checkouts.attach_customer(w.shop, w.customer, cart.id),
        ["CHECKOUT_UPDATED"],
    ),
    (
        "a cart's metadata is changed",
        lambda w: w.cart(),
        lambda w, cart: metadata.update(w.shop, NOBODY, cart.id, {"a": "b"}, False),
        ["CHECKOUT_METADATA_UPDATED", "CHECKOUT_UPDATED"],
    ),
    (
        "a cart's metadata is written as it was",
        lambda w: w.cart(metadata={"a": "b"}),
        lambda w, cart: metadata.update(w.shop, NOBODY, cart.id, {"a": "b"}, False),
        [],
    ),
    (
        "a cart is paid",
        lambda w: w.cart(),
        lambda w, cart: checkouts.pay(w.shop, NOBODY, cart.id),
        ["CHECKOUT_FULLY_PAID", "CHECKOUT_FULLY_AUTHORIZED"],
    ),
    (
        "an unpaid cart is ordered",
        lambda w: w.cart(),
        lambda w, cart: checkouts.complete(w.shop, NOBODY, cart.id),
        ["ORDER_CREATED", "ORDER_CONFIRMED"],
    ),
    (
        "a paid cart is ordered",
        lambda w: checkouts.pay(w.shop, NOBODY, w.cart().id),
        lambda w, cart: checkouts.complete(w.shop, NOBODY, cart.id),
        ["ORDER_CREATED", "ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED", "ORDER_CONFIRMED"],
    ),
    ("a cart is deleted", lambda w: w.cart(), lambda w, cart: checkouts.delete(w.shop, w.staff, cart.id), []),
    (
        "an order is marked as paid",
        lambda w: w.order(),
        lambda w, order: orders.mark_as_paid(w.shop, w.staff, order.id),
        ["ORDER_FULLY_PAID", "ORDER_UPDATED"],
    ),
    (
        "an order is fulfilled",
        lambda w: w.order(),
        lambda w, order: orders.fulfill(w.shop, w.staff, order.id, {order.lines[0].id: 2}, "TRK1"),
        ["FULFILLMENT_TRACKING_NUMBER_UPDATED", "FULFILLMENT_CREATED", "ORDER_UPDATED", "ORDER_FULFILLED"],
    ),
    (
        "an order is fulfilled in part",
        lambda w: w.order(),
        lambda w, order: orders.fulfill(w.shop, w.staff, order.id, {order.lines[0].id: 1}),
        ["FULFILLMENT_CREATED", "ORDER_UPDATED"],
    ),
    (
        "a fulfilment is cancelled",
        lambda w: w.fulfilled(2),
        lambda w, done: orders.cancel_fulfillment(w.shop, w.staff, done[1].id),
        ["FULFILLMENT_CANCELED", "ORDER_UPDATED"],
    ),
    (
        "an order is cancelled",
        lambda w: w.order(),
        lambda w, order: orders.cancel(w.shop, w.staff, order.id),
        ["ORDER_CANCELLED", "ORDER_UPDATED"],
    ),
    (
        "an order is refunded in part",
        lambda w: w.order(paid=True),
        lambda w, order: orders.refund(w.shop, w.staff, order.id, Decimal(1)),
        ["ORDER_REFUNDED", "ORDER_UPDATED"],
    ),
    (
        "an order is refunded wholly",
        lambda w: w.order(paid=True),
        lambda w, order: orders.refund(w.shop, w.staff, order.id, order.total),
        ["ORDER_REFUNDED", "ORDER_UPDATED", "ORDER_FULLY_REFUNDED"],
    ),
    (
        "an order's metadata is changed",
        lambda w: w.order(),
        lambda w, order: metadata.update(w.shop, w.staff, order.id, {"a": "b"}, False),
        ["ORDER_METADATA_UPDATED"],
    ),
    (
        "a parcel's metadata is changed",
        lambda w: w.fulfilled(2),
        lambda w, done: metadata.update(w.shop, w.staff, done[1].id, {"a": "b"}, False),
        ["FULFILLMENT_METADATA_UPDATED"],
    ),
    (
        "a code is put on a cart",
        lambda w: (w.code(), w.cart())[1],
        lambda w, cart: checkouts.add_code(w.shop, NOBODY, cart.id, "ONE"),
        ["CHECKOUT_UPDATED"],
    ),
    (
        "somebody registers",
        nothing,
        lambda w, _: accounts.register(w.shop, NOBODY, "new@example.com", "secret"),
        ["ACCOUNT_CONFIRMATION_REQUESTED", "CUSTOMER_CREATED"],
    ),
    (
        "somebody registers twice",
        nothing,
        lambda w, _: accounts.register(w.shop, NOBODY, "KNOWN@example.com", "secret"),
        [],
    ),
    (
        "an account is confirmed",
        lambda w: w.shop.all(AccountToken)[0].id,
        lambda w, token: accounts.confirm(w.shop, NOBODY, "known@example.com", token),
        ["ACCOUNT_CONFIRMED"],
    ),
    (
        "a customer changes the own name",
        nothing,
        lambda w, _: accounts.update_own(w.shop, w.customer, CustomerInput({"first_name": "Kim"})),
        ["CUSTOMER_UPDATED"],
    ),
    (
        "an app writes a customer's metadata",
        nothing,
        lambda w, _: metadata.update(w.shop, w.app, w.customer_id, {"phase": "sales"}, True),
        ["CUSTOMER_UPDATED", "CUSTOMER_METADATA_UPDATED"],
    ),
    (
        "an app writes customers in bulk",
        nothing,
        lambda w, _: w.project(),
        ["CUSTOMER_UPDATED", "CUSTOMER_METADATA_UPDATED"],
    ),
    ("an app writes the same in bulk again", lambda w: w.project(), lambda w, _: w.project(), []),
    (
        "the staff delete a customer",
        nothing,
        lambda w, _: accounts.delete(w.shop, w.staff, w.customer_id),
        ["CUSTOMER_DELETED"],
    ),
    (
        "a customer asks to be deleted",
        nothing,
        lambda w, _: accounts.request_deletion(w.shop, w.customer),
        ["ACCOUNT_DELETE_REQUESTED"],
    ),
    (
        "a customer deletes the own account",
        lambda w: accounts.request_deletion(w.shop, w.customer),
        lambda w, token: accounts.delete_own(w.shop, w.customer, token),
        ["ACCOUNT_DELETED"],
    ),
    (
        "an app is switched off",
        nothing,
        lambda w, _: apps.deactivate(w.shop, w.staff, w.shop.all(App)[0].id),
        ["APP_STATUS_CHANGED"],
    ),
    (
        "an app is removed",
        nothing,
        lambda w, _: apps.delete(w.shop, w.staff, w.shop.all(App)[0].id),
        ["APP_DELETED"],
    ),
]


@pytest.mark.parametrize(("case", "prepare", "act", "expected"), ACTIONS)
def test_action_sends(case: str, prepare: Prepare, act: Act, expected: list[str], world: Any) -> None:
    subject = prepare(world)
    world.changes.clear()

    act(world, subject)

    assert world.events() == expected


def test_issue_times_are_never_the_same(world: Any) -> None:
    for _ in range(20):
        world.order(paid=True)

    times = [occurrence.issued_at for change in world.changes for occurrence in change.occurrences]
    assert len(set(times)) == len(times) > 100
