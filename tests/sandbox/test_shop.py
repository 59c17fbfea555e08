"""What the shop does, and what it refuses."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.sandbox import accounts, checkouts, metadata, orders
from saleor_lifecycle.sandbox.actors import NOBODY, Refused
from saleor_lifecycle.sandbox.records import KINDS, Checkout, Order

Prepare = Callable[[Any], Any]
Act = Callable[[Any, Any], Any]


def nothing(world: Any) -> None:
    """For actions that need no preparation."""


def test_an_unpaid_order_is_unconfirmed_and_a_paid_one_is_not(world: Any) -> None:
    assert (world.order().status, world.order(paid=True).status) == ("UNCONFIRMED", "UNFULFILLED")


def test_a_wholly_refunded_order_keeps_its_status_and_is_charged_nothing(world: Any) -> None:
    order, _ = world.fulfilled(2)
    refunded = orders.refund(world.shop, world.staff, order.id, order.total)

    assert (refunded.status, refunded.charged, refunded.refunded) == ("FULFILLED", Decimal(0), order.total)


def test_a_guests_order_goes_to_the_account_with_the_email(world: Any) -> None:
    cart = world.cart(email="Known@example.com ")
    order = checkouts.complete(world.shop, NOBODY, cart.id)

    assert (order.user_id, order.user_email) == (world.customer_id, "known@example.com")


def test_completing_a_cart_removes_it_and_copies_its_metadata(world: Any) -> None:
    cart = world.cart(metadata={"a": "b"}, private_metadata={"c": "d"})
    order = checkouts.complete(world.shop, NOBODY, cart.id)

    assert world.shop.get(Checkout, cart.id) is None
    assert (order.checkout_id, order.metadata, order.private_metadata) == (cart.id, {"a": "b"}, {"c": "d"})


def test_deleting_a_customer_takes_the_carts_and_leaves_the_orders(world: Any) -> None:
    cart = checkouts.create(world.shop, world.customer, [(world.variants[0], 1)])
    other = world.cart(email="known@example.com")
    order = checkouts.complete(world.shop, NOBODY, other.id)
    accounts.delete(world.shop, world.staff, world.customer_id)

    left = world.shop.get(Order, order.id)
    assert world.shop.get(Checkout, cart.id) is None
    assert left
    assert (left.user_id, left.user_email) == (None, "known@example.com")


REFUSALS: list[tuple[str, Prepare, Act, str]] = [
    (
        "a line of nothing",
        nothing,
        lambda w, _: checkouts.create(w.shop, NOBODY, [(w.variants[0], 0)]),
        "ZERO_QUANTITY",
    ),
    (
        "more than there is",
        nothing,
        lambda w, _: checkouts.create(w.shop, NOBODY, [(w.variants[0], 5000)]),
        "INSUFFICIENT_STOCK",
    ),
    (
        "a variant that does not exist",
        nothing,
        lambda w, _: checkouts.create(w.shop, NOBODY, [("x", 1)]),
        "NOT_FOUND",
    ),
    (
        "an order without an e-mail",
        lambda w: w.cart(email=None),
        lambda w, cart: checkouts.complete(w.shop, NOBODY, cart.id),
        "EMAIL_NOT_SET",
    ),
    (
        "a cart that is gone",
        nothing,
        lambda w, _: checkouts.set_email(w.shop, NOBODY, "x", "a@example.com"),
        "NOT_FOUND",
    ),
    (
        "paying twice",
        lambda w: w.order(paid=True),
        lambda w, order: orders.mark_as_paid(w.shop, w.staff, order.id),
        "PAYMENT_ERROR",
    ),
    (
        "cancelling what was sent",
        lambda w: w.fulfilled(1)[0],
        lambda w, order: orders.cancel(w.shop, w.staff, order.id),
        "CANNOT_CANCEL_ORDER",
    ),
    (
        "registering with no address",
        nothing,
        lambda w, _: accounts.register(w.shop, NOBODY, "none", "secret"),
        "INVALID",
    ),
    (
        "a guessed token",
        nothing,
        lambda w, _: accounts.confirm(w.shop, NOBODY, "known@example.com", "guess"),
        "INVALID",
    ),
    (
        "an empty metadata key",
        nothing,
        lambda w, _: metadata.update(w.shop, w.app, w.customer_id, {"": "b"}, True),
        "REQUIRED",
    ),
]


@pytest.mark.parametrize(("case", "prepare", "act", "code"), REFUSALS)
def test_refusal_changes_nothing(case: str, prepare: Prepare, act: Act, code: str, world: Any) -> None:
    subject = prepare(world)
    world.changes.clear()
    before = [world.shop.all(kind) for kind in KINDS]

    with pytest.raises(Refused) as refused:
        act(world, subject)

    assert refused.value.code == code
    assert world.changes == []
    assert [world.shop.all(kind) for kind in KINDS] == before
