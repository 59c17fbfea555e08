"""Webhook bodies read into facts.

A body holds an event's fields and nothing about how it was asked for, so the event's type decides how it is
read. Bodies of types that we did not ask for are no error: a shop's staff may add events to our webhook.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from pydantic import ValidationError

from saleor_lifecycle.domain.facts import AppChange, AppFact, DeletionFact, Fact
from saleor_lifecycle.saleor import legacy, payloads, snapshots

AccountEvent = (
    payloads.CustomerEventsEventCustomerCreated
    | payloads.CustomerEventsEventCustomerUpdated
    | payloads.CustomerEventsEventCustomerMetadataUpdated
    | payloads.CustomerEventsEventAccountConfirmed
    | payloads.CustomerEventsEventAccountEmailChanged
)
DeletionEvent = payloads.DeletionEventsEventCustomerDeleted | payloads.DeletionEventsEventAccountDeleted
CartEvent = (
    payloads.CheckoutEventsEventCheckoutCreated
    | payloads.CheckoutEventsEventCheckoutUpdated
    | payloads.CheckoutEventsEventCheckoutMetadataUpdated
    | payloads.CheckoutEventsEventCheckoutFullyAuthorized
    | payloads.CheckoutEventsEventCheckoutFullyPaid
)
OrderEvent = (
    payloads.OrderEventsEventOrderCreated
    | payloads.OrderEventsEventOrderConfirmed
    | payloads.OrderEventsEventOrderPaid
    | payloads.OrderEventsEventOrderFullyPaid
    | payloads.OrderEventsEventOrderUpdated
    | payloads.OrderEventsEventOrderMetadataUpdated
    | payloads.OrderEventsEventOrderCancelled
    | payloads.OrderEventsEventOrderExpired
    | payloads.OrderEventsEventOrderFulfilled
    | payloads.OrderEventsEventOrderRefunded
    | payloads.OrderEventsEventOrderFullyRefunded
)
FulfillmentEvent = (
    payloads.FulfillmentEventsEventFulfillmentCreated
    | payloads.FulfillmentEventsEventFulfillmentApproved
    | payloads.FulfillmentEventsEventFulfillmentCanceled
    | payloads.FulfillmentEventsEventFulfillmentMetadataUpdated
)
ImportEvent = payloads.OrderImportEventsEventOrderBulkCreated
AppEvent = payloads.AppEventsEventAppDeleted | payloads.AppEventsEventAppStatusChanged
Event = AccountEvent | DeletionEvent | CartEvent | OrderEvent | FulfillmentEvent | ImportEvent | AppEvent

_MODELS: dict[str, type[Event]] = {
    get_args(model.model_fields["typename__"].annotation)[0]: model for model in get_args(Event)
}
# Only these come back from what we write to a customer; an order or a cart that we cause is a fact.
_ECHOING = {"CustomerCreated", "CustomerUpdated", "CustomerMetadataUpdated"}


UNUSED = "not an event we use"
NOT_PLACED = "not an order that a customer placed"


class UnreadableBody(Exception):
    """Not JSON, or not what the schema promises; the message names fields and never values."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body says: its facts, or the reason why there are none.

    ``recipient_id`` is the app that the shop sent it to: compare it with the installation's.
    """

    typename: str
    issued_at: datetime | None
    recipient_id: str | None
    principal_type: str | None
    principal_id: str | None
    facts: tuple[Fact, ...] = ()
    note: str | None = None

    @property
    def is_own_echo(self) -> bool:
        """True when the app that hears of it is the one that did it."""
        return self.principal_type == "App" and self.principal_id == self.recipient_id is not None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every fact of one body shares."""

    issued_at: datetime
    digest: str
    consent_key: str
    lacks_permission: bool

    def withheld(self, what: str) -> str:
        """How to say that the shop left the object out."""
        return f"{what} withheld: permission missing" if self.lacks_permission else f"{what} withheld"


def read(body: bytes, digest: str, consent_key: str, event: str = "") -> Reading:
    """The facts of one webhook body; ``digest`` is its own and ends up in their versions.

    ``consent_key`` is the metadata key that says whether a customer may be written to; ``event`` is what the delivery
    was called, which only a body without a query needs.
    """
    content = _json(body)
    if (user := legacy.deleted_user(event, content)) is not None:
        return _legacy_deletion(user)
    if not isinstance(content, dict) or not isinstance(content.get("__typename"), str):
        raise UnreadableBody("not an event with its __typename")
    reading = _envelope(content)
    model = _MODELS.get(reading.typename)
    if model is None:
        return replace(reading, note=UNUSED)
    if reading.is_own_echo and reading.typename in _ECHOING:
        return replace(reading, note="own echo")
    if reading.issued_at is None:
        raise UnreadableBody(f"{reading.typename}: issuedAt is missing")
    frame = _Frame(reading.issued_at, digest, consent_key, _lacks_permission(content))
    try:
        facts, note = _facts(model.model_validate(content), frame)
    except ValidationError as trouble:
        raise UnreadableBody(f"{reading.typename}: {_faults(trouble)}") from None
    except ValueError as trouble:
        raise UnreadableBody(f"{reading.typename}: {trouble}") from None
    return replace(reading, facts=facts, note=note)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableBody("not JSON") from None


def _legacy_deletion(user: dict[str, Any]) -> Reading:
    """The deletion of a customer as Saleor told it before 3.23. Whom it is for stood in the delivery's header."""
    when = _moment(_part(user.get("meta"), "issued_at"))
    user_id = _text(user, "id")
    if when is None or not user_id:
        raise UnreadableBody("CustomerDeleted: id or issued_at is missing")
    principal = _part(user.get("meta"), "issuing_principal")
    return Reading(
        typename="CustomerDeleted",
        issued_at=when,
        recipient_id=None,
        principal_type=(_text(principal, "type") or "").capitalize() or None,
        principal_id=_text(principal, "id"),
        facts=(DeletionFact(user_id, snapshots.email(_text(user, "email")), when),),
    )


def _moment(issued_at: Any) -> datetime | None:
    try:
        return snapshots.moment(datetime.fromisoformat(issued_at)) if issued_at else None
    except (TypeError, ValueError):
        raise UnreadableBody("issuedAt is not a time") from None


def _envelope(content: dict[str, Any]) -> Reading:
    principal = content.get("issuingPrincipal")
    return Reading(
        typename=content["__typename"],
        issued_at=_moment(content.get("issuedAt")),
        recipient_id=_text(content.get("recipient"), "id"),
        principal_type=_text(principal, "__typename"),
        principal_id=_text(principal, "id"),
    )


def _facts(event: Event, frame: _Frame) -> tuple[tuple[Fact, ...], str | None]:
    if isinstance(event, AccountEvent):
        return _account(event.user, frame)
    if isinstance(event, CartEvent):
        if event.checkout is None:
            return (), frame.withheld("checkout")
        return (snapshots.cart_fact(event.checkout, frame.issued_at, frame.digest, frame.consent_key),), None
    if isinstance(event, OrderEvent):
        return _orders([event.order] if event.order else [], frame)
    if isinstance(event, ImportEvent):
        return _orders(event.orders or [], frame, is_import=True)
    if isinstance(event, FulfillmentEvent):
        return _fulfillment(event, frame)
    if isinstance(event, DeletionEvent):
        if event.user is None:
            return (), frame.withheld("user")
        return (DeletionFact(event.user.id, snapshots.email(event.user.email), frame.issued_at),), None
    return _app(event, frame)


def _account(user: payloads.UserFacts | None, frame: _Frame) -> tuple[tuple[Fact, ...], str | None]:
    if user is None:
        return (), frame.withheld("user")
    if user.is_staff:
        return (), "staff user"
    return (snapshots.account_fact(user, frame.issued_at, frame.digest, frame.consent_key),), None


def _orders(
    orders: list[payloads.OrderFacts], frame: _Frame, is_import: bool = False
) -> tuple[tuple[Fact, ...], str | None]:
    if not orders:
        return (), frame.withheld("order")
    placed = (snapshots.order_fact(order, frame.issued_at, frame.digest, is_import) for order in orders)
    facts = tuple(fact for fact in placed if fact is not None)
    return facts, None if facts else NOT_PLACED


def _fulfillment(event: FulfillmentEvent, frame: _Frame) -> tuple[tuple[Fact, ...], str | None]:
    if event.order is None:
        return (), frame.withheld("order")
    facts, note = _orders([event.order], frame)
    if event.fulfillment is None or note:
        return facts, note
    fulfillment = snapshots.fulfillment_fact(event.fulfillment, event.order, frame.issued_at, frame.digest)
    return (*facts, fulfillment), None


def _app(event: AppEvent, frame: _Frame) -> tuple[tuple[Fact, ...], str | None]:
    if event.app is None:
        return (), frame.withheld("app")
    if isinstance(event, payloads.AppEventsEventAppDeleted):
        change = AppChange.DELETED
    else:
        change = AppChange.ACTIVATED if event.app.is_active else AppChange.DEACTIVATED
    return (AppFact(event.app.id, change, frame.issued_at),), None


def _lacks_permission(content: dict[str, Any]) -> bool:
    # One field without its permission empties the whole object and leaves this beside it.
    errors = content.get("errors")
    codes = [_text(_part(_part(error, "extensions"), "exception"), "code") for error in errors or []]
    return "PermissionDenied" in codes


def _faults(trouble: ValidationError) -> str:
    errors = trouble.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, error['loc']))} {error['type']}" for error in errors[:3])


def _part(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _text(value: object, key: str) -> str | None:
    found = _part(value, key)
    return found if isinstance(found, str) else None
