"""Orders and their shipments: the newest snapshot of each."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from saleor_lifecycle.domain.facts import FulfillmentFact, OrderFact, Version
from saleor_lifecycle.domain.identity import IdentityKind, Key, key_of
from saleor_lifecycle.models import Fulfillment, Identity, Order
from saleor_lifecycle.models.sets import update, upsert

Versioned = TypeVar("Versioned", OrderFact, FulfillmentFact)


def save(installation_id: int, facts: Iterable[OrderFact], identities: Mapping[Key, Identity]) -> None:
    """Store the newest snapshot of each order.

    An order that once was an account's stays so: Saleor takes the account off when it is deleted. One that was
    anonymised stays with whom it was.
    """
    told = list(facts)
    if not told:
        return
    whose = _whose(told, identities)
    rows = [
        {
            "installation_id": installation_id,
            "order_id": fact.order_id,
            "number": fact.number,
            "identity_id": whose.get(fact.order_id),
            "checkout_id": fact.checkout_id,
            "channel": fact.channel,
            "language": fact.language,
            "country": fact.country,
            "zone": fact.zone,
            "status": fact.status,
            "charge_status": fact.charge_status,
            "origin": fact.origin,
            "total": fact.total,
            "charged": fact.charged,
            "refunded": fact.refunded,
            "currency": fact.currency,
            "voucher_code": fact.voucher_code,
            "lines": fact.lines,
            "shipping_method": fact.shipping_method,
            "stated_at": fact.stated_at,
            "created_at": fact.created_at,
            "metadata": dict(fact.metadata),
            "anonymised_at": fact.version.updated_at if fact.is_anonymised else None,
            "updated_at": fact.version.updated_at,
            "issued_at": fact.version.issued_at,
            "digest": fact.version.digest,
        }
        for fact in _newest(told, lambda fact: fact.order_id)
    ]
    written = upsert(
        Order, rows, key=("installation_id", "order_id"), kept=("lines", "shipping_method"), returning="order_id"
    )
    # A late snapshot loses, but may be the only one that says whose the order is.
    stored = Order.objects.filter(order_id__in=whose.keys() - written).values_list("id", "order_id", "identity_id")
    update(Order, [{"id": id, "identity_id": whose[order]} for id, order, held in stored if held != whose[order]])


def _whose(facts: Iterable[OrderFact], identities: Mapping[Key, Identity]) -> dict[str, int]:
    """Return the identity of each order that has one: an account's before any, then what the newest snapshot says."""
    told = list(facts)
    best: dict[str, tuple[bool, Version, int]] = {}
    held = Order.objects.filter(order_id__in={fact.order_id for fact in told}, identity__isnull=False)
    rows: Any = held.values_list("order_id", "identity__kind", "identity_id", "updated_at", "issued_at", "digest")
    for order_id, kind, identity_id, *version in rows:
        best[order_id] = (kind == Identity.Kind.USER, Version(*version), identity_id)
    for fact in told:
        if key := key_of(fact.user_id, fact.email, fact.erased):
            said = (key.kind is IdentityKind.USER, fact.version, identities[key].pk)
            best[fact.order_id] = max(best.get(fact.order_id, said), said)
    return {order_id: identity for order_id, (_, _, identity) in best.items()}


def save_fulfillments(installation_id: int, facts: Iterable[FulfillmentFact]) -> None:
    """Store the newest snapshot of each shipment."""
    rows = [
        {
            "installation_id": installation_id,
            "fulfillment_id": fact.fulfillment_id,
            "order_id": fact.order_id,
            "status": fact.status,
            "stated_at": fact.stated_at,
            "created_at": fact.created_at,
            "updated_at": fact.version.updated_at,
            "issued_at": fact.version.issued_at,
            "digest": fact.version.digest,
        }
        for fact in _newest(facts, lambda fact: fact.fulfillment_id)
    ]
    upsert(Fulfillment, rows, key=("installation_id", "fulfillment_id"))


def _newest(facts: Iterable[Versioned], key_of_fact: Callable[[Versioned], str]) -> list[Versioned]:
    newest: dict[str, Versioned] = {}
    for fact in facts:
        held = newest.get(key_of_fact(fact))
        if held is None or held.version < fact.version:
            newest[key_of_fact(fact)] = fact
    return list(newest.values())
