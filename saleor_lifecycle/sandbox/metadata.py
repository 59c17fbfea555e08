"""Writing metadata, public and private, on whatever carries it."""

from collections.abc import Mapping
from dataclasses import replace

from .actors import Actor, PermissionDenied, Refused
from .records import App, Checkout, Fulfillment, Order, Owner, User, Voucher, kind_of
from .shop import Change, Shop

KINDS: dict[str, type[Owner]] = {kind.__name__: kind for kind in (User, Checkout, Order, Fulfillment, App, Voucher)}
# Which events a changed value sends, and which permission private metadata asks for.
_EVENTS = {
    User: ("CUSTOMER_UPDATED", "CUSTOMER_METADATA_UPDATED"),
    Checkout: ("CHECKOUT_METADATA_UPDATED", "CHECKOUT_UPDATED"),
    Order: ("ORDER_METADATA_UPDATED",),
    Fulfillment: ("FULFILLMENT_METADATA_UPDATED",),
    App: (),
    Voucher: (),  # it sends VOUCHER_METADATA_UPDATED, which no app hears here
}
_PERMISSIONS = {
    User: "MANAGE_USERS",
    Checkout: "MANAGE_CHECKOUTS",
    Order: "MANAGE_ORDERS",
    Fulfillment: "MANAGE_ORDERS",
    Voucher: "MANAGE_DISCOUNTS",
    App: "MANAGE_APPS",
}


def private_permission(owner: Owner) -> str:
    """The permission that reading or writing this record's private metadata takes."""
    return "MANAGE_STAFF" if isinstance(owner, User) and owner.is_staff else _PERMISSIONS[type(owner)]


def update(shop: Shop, actor: Actor, identifier: str, items: Mapping[str, str], private: bool) -> Owner:
    """The record with the items merged in. A value that was there already sends no event."""
    if not all(key.strip() for key in items):
        raise Refused("input", "Metadata key cannot be empty.", "REQUIRED")
    with shop.change(actor) as change:
        kind = KINDS.get(kind_of(identifier))
        owner = change.get(kind, identifier) if kind else None
        if owner is None:
            raise PermissionDenied()  # as Saleor does: it does not tell strangers what exists
        _allow(actor, owner, private)
        merged, changed = with_items(owner, items, private, change)
        change.put(merged)
        if changed:
            for event in _EVENTS[type(owner)]:
                change.emit(event, merged)
    return merged


def with_items(owner: Owner, items: Mapping[str, str], private: bool, change: Change) -> tuple[Owner, bool]:
    """The record with the items, and whether any value changed.

    A user's ``updatedAt`` moves even when none did; a checkout's only then (both seen on a real Saleor).
    """
    old = owner.private_metadata if private else owner.metadata
    new = {**old, **items}
    changed = new != dict(old)
    owner = replace(owner, private_metadata=new) if private else replace(owner, metadata=new)
    if isinstance(owner, User) or (changed and isinstance(owner, Checkout | Order)):
        owner = replace(owner, updated_at=change.now)
    return owner, changed


def _allow(actor: Actor, owner: Owner, private: bool) -> None:
    if isinstance(owner, App) and actor.app and actor.app.id == owner.id:
        return
    if not private:
        if isinstance(owner, Checkout):
            return  # whoever holds a checkout's id may write its public metadata
        if isinstance(owner, User) and actor.user and actor.user.id == owner.id:
            return
    actor.require(private_permission(owner))
