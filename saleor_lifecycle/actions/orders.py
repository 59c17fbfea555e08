"""Orders and their shipments: the newest snapshot of each."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from saleor_lifecycle.domain.facts import FulfillmentFact, OrderFact
from saleor_lifecycle.domain.identity import Key, key_of
from saleor_lifecycle.models import Fulfillment, Identity, Order
from saleor_lifecycle.models.sets import upsert

Versioned = TypeVar("Versioned", OrderFact, FulfillmentFact)


def save(installation_id: int, facts: Iterable[OrderFact], identities: Mapping[Key, Identity]) -> None:
    """Store the newest snapshot of each order. One that was anonymised keeps no identity."""
    rows = []
    for fact in _newest(facts, lambda fact: fact.order_id):
        key = key_of(fact.user_id, fact.email)
        rows.append(
            {
                "installation_id": installation_id,
                "order_id": fact.order_id,
                "number": fact.number,
                "identity_id": identities[key].pk if key else None,
                "checkout_id": fact.checkout_id,
                "channel": fact.channel,
                "language": fact.language,
                "status": fact.status,
                "charge_status": fact.charge_status,
                "origin": fact.origin,
                "total": fact.total,
                "charged": fact.charged,
                "refunded": fact.refunded,
                "currency": fact.currency,
                "created_at": fact.created_at,
                "updated_at": fact.version.updated_at,
                "issued_at": fact.version.issued_at,
                "digest": fact.version.digest,
            }
        )
    upsert(Order, rows, key=("installation_id", "order_id"))


def save_fulfillments(installation_id: int, facts: Iterable[FulfillmentFact]) -> None:
    """Store the newest snapshot of each shipment."""
    rows = [
        {
            "installation_id": installation_id,
            "fulfillment_id": fact.fulfillment_id,
            "order_id": fact.order_id,
            "status": fact.status,
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
