"""Customers' accounts: registering, confirming, changing, deleting."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import passwords
from .actors import Actor, PermissionDenied, Refused
from .attributes import chosen
from .metadata import with_items
from .records import AccountToken, Checkout, Order, User
from .shop import Change, Shop


@dataclass(frozen=True, slots=True)
class CustomerInput:
    """What to change in an account: ``fields`` by the record's names, and metadata to merge in."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


def by_email(shop: Shop, email: str | None) -> User | None:
    wanted = (email or "").strip().lower()
    return next((user for user in shop.all(User) if user.email == wanted), None) if wanted else None


def register(
    shop: Shop,
    actor: Actor,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
    language_code: str = "EN",
    metadata: Mapping[str, str] | None = None,
) -> User | None:
    """The new account; None, and no event, where the e-mail has one already.

    An account starts unconfirmed, also in a shop that asks for no confirmation.
    """
    email = email.strip().lower()
    if "@" not in email:
        raise Refused("email", "Enter a valid email address.", "INVALID")
    with shop.change(actor) as change:
        if by_email(shop, email):
            return None
        user = User(
            id=change.next_id("User"),
            email=email,
            first_name=first_name,
            last_name=last_name,
            language_code=language_code,
            password=passwords.hashed(password),
            date_joined=change.now,
            updated_at=change.now,
            metadata=dict(metadata or {}),
        )
        change.put(user)
        if shop.confirms_accounts:
            change.emit("ACCOUNT_CONFIRMATION_REQUESTED", user, _new_token(change, user, "confirm"))
        change.emit("CUSTOMER_CREATED", user)
    return user


def confirm(shop: Shop, actor: Actor, email: str, token: str) -> User:
    with shop.change(actor) as change:
        user = _spend_token(change, token, "confirm", email)
        user = replace(user, is_confirmed=True, updated_at=change.now)
        change.put(user)
        change.emit("ACCOUNT_CONFIRMED", user)
    return user


def log_in(shop: Shop, email: str, password: str) -> User:
    user = by_email(shop, email)
    if user is None or not user.is_active or not passwords.matches(password, user.password):
        raise Refused("email", "Please, enter valid credentials", "INVALID_CREDENTIALS")
    if shop.confirms_accounts and not user.is_confirmed:
        raise Refused("email", "Account needs to be confirmed via email.", "ACCOUNT_NOT_CONFIRMED")
    return user


def update_own(shop: Shop, actor: Actor, changes: CustomerInput) -> User:
    if actor.user is None:
        raise PermissionDenied("AUTHENTICATED_USER")
    with shop.change(actor) as change:
        return _update(change, actor.user.id, changes)


def update(shop: Shop, actor: Actor, identifier: str, changes: CustomerInput) -> User:
    """A customer as the staff or an app leaves it. Its update event is sent whether anything changed."""
    actor.require("MANAGE_USERS")
    with shop.change(actor) as change:
        return _update(change, identifier, changes)


def bulk_update(
    shop: Shop, actor: Actor, rows: list[tuple[str, CustomerInput]]
) -> list[tuple[User | None, Refused | None]]:
    """Each row's customer or its error. Rows whose values stand already send nothing."""
    actor.require("MANAGE_USERS")
    answers: list[tuple[User | None, Refused | None]] = []
    with shop.change(actor) as change:
        for identifier, changes in rows:
            try:
                answers.append((_update(change, identifier, changes, only_changed=True), None))
            except Refused as error:
                answers.append((None, error))
    return answers


def _update(change: Change, identifier: str, changes: CustomerInput, only_changed: bool = False) -> User:
    old = change.get(User, identifier)
    if old is None or old.is_staff:
        raise Refused("id", "User was not found.", "NOT_FOUND")
    fields = dict(changes.fields)
    if "email" in fields:
        fields["email"] = fields["email"].strip().lower()
        if (other := by_email(change.shop, fields["email"])) and other.id != identifier:
            raise Refused("email", "User with this Email already exists.", "UNIQUE")
    user, public = with_items(old, changes.metadata, False, change)
    user, private = with_items(user, changes.private_metadata, True, change)
    assert isinstance(user, User)
    user = replace(user, **fields, attributes={**old.attributes, **chosen(change.shop, changes.attributes)})
    change.put(user)
    is_same = not (public or private) and all(getattr(old, name) == value for name, value in fields.items())
    # An attribute makes the event come every time, also unchanged (seen on a real Saleor).
    if changes.attributes or not (only_changed and is_same):
        change.emit("CUSTOMER_UPDATED", user)
    if public or private:
        change.emit("CUSTOMER_METADATA_UPDATED", user)
    return user


def delete(shop: Shop, actor: Actor, identifier: str) -> User:
    """The customer whom the staff removed: CUSTOMER_DELETED, never ACCOUNT_DELETED."""
    actor.require("MANAGE_USERS")
    with shop.change(actor) as change:
        user = change.get(User, identifier)
        if user is None or user.is_staff:
            raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
        _forget(change, user)
        change.emit("CUSTOMER_DELETED", user)
    return user


def request_deletion(shop: Shop, actor: Actor) -> str:
    """The token that lets the customer delete the account; Saleor leaves it to an app to mail it."""
    if actor.user is None:
        raise PermissionDenied("AUTHENTICATED_USER")
    with shop.change(actor) as change:
        token = _new_token(change, actor.user, "delete")
        change.emit("ACCOUNT_DELETE_REQUESTED", actor.user, token)
    return token


def delete_own(shop: Shop, actor: Actor, token: str) -> User:
    """The customer who left: ACCOUNT_DELETED, never CUSTOMER_DELETED."""
    if actor.user is None:
        raise PermissionDenied("AUTHENTICATED_USER")
    with shop.change(actor) as change:
        user = _spend_token(change, token, "delete", actor.user.email)
        _forget(change, user)
        change.emit("ACCOUNT_DELETED", user)
    return user


def _forget(change: Change, user: User) -> None:
    """Remove the account and its checkouts; its orders stay, without it. Checkouts go without an event."""
    change.remove(user)
    for checkout in change.shop.all(Checkout):
        if checkout.user_id == user.id:
            change.remove(checkout)
    for order in change.shop.all(Order):
        if order.user_id == user.id:
            change.put(replace(order, user_id=None))


def _new_token(change: Change, user: User, purpose: str) -> str:
    token = secrets.token_urlsafe(24)
    change.put(AccountToken(id=token, user_id=user.id, purpose=purpose))
    return token


def _spend_token(change: Change, token: str, purpose: str, email: str) -> User:
    found = change.get(AccountToken, token)
    user = change.get(User, found.user_id) if found and found.purpose == purpose else None
    if found is None or user is None or user.email != email.strip().lower():
        raise Refused("token", "Invalid or expired token.", "INVALID")
    change.remove(found)
    return user
