"""What rules ask of many customers at once, from the database: a few queries for all, and only those that are asked."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from saleor_lifecycle.domain.consent import PERMITTING, Basis
from saleor_lifecycle.domain.profile import Profile
from saleor_lifecycle.domain.rule_facts import OF_ROW, Facts, FactValue
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, Policy
from saleor_lifecycle.models import Customer, Installation, PolicyVersion

from . import bases

_ASKED = "identity.installation_id = %(shop)s AND identity.customer_id = ANY(%(people)s)"
_MADE = f"FROM lifecycle_identity identity JOIN lifecycle_order made ON made.identity_id = identity.id WHERE {_ASKED}"
_SENT_ON = f"""
    FROM lifecycle_identity identity JOIN lifecycle_order made ON made.identity_id = identity.id
    JOIN lifecycle_fulfillment sent ON sent.installation_id = %(shop)s AND sent.order_id = made.order_id
    WHERE {_ASKED}"""
_SAID = f"""
    FROM lifecycle_identity identity JOIN lifecycle_consent said
        ON said.installation_id = %(shop)s AND said.identity_id = identity.id
    WHERE {_ASKED}"""
# Of each handle the newest: of somebody who looks at a hundred products a day, not all of them.
_DONE = f"""
    FROM lifecycle_identity identity CROSS JOIN LATERAL (
        SELECT occurred_at FROM lifecycle_activity
        WHERE installation_id = %(shop)s AND identity_id = identity.id AND kind = '{{kind}}'
        ORDER BY occurred_at DESC LIMIT 1
    ) done WHERE {_ASKED}"""

_EVENTS: Mapping[str, str] = {
    "order_placed": "SELECT customer.id, customer.last_placed_at AS at FROM lifecycle_customer customer "
    "WHERE customer.id = ANY(%(people)s)",
    "order_fulfilled": f"SELECT customer_id, sent.created_at {_SENT_ON} AND sent.status = 'FULFILLED'",
    # Saleor dates neither a cancellation nor a refund: the order's last change is as near as one comes.
    "order_cancelled": f"SELECT customer_id, made.updated_at {_MADE} AND made.status = 'CANCELED'",
    "order_returned": f"""
        SELECT customer_id, sent.created_at {_SENT_ON} AND sent.status IN ('RETURNED', 'REFUNDED_AND_RETURNED')
        UNION ALL SELECT customer_id, made.updated_at {_MADE} AND made.refunded > 0 AND made.charged <= 0
            AND made.status NOT IN ('CANCELED', 'EXPIRED', 'DRAFT')""",
    "cart_changed": f"""
        SELECT customer_id, cart.changed_at FROM lifecycle_identity identity
        JOIN lifecycle_cart cart ON cart.identity_id = identity.id WHERE {_ASKED}""",
    "visited": f"SELECT customer_id, occurred_at {_DONE.format(kind='visit')}",
    "product_viewed": f"SELECT customer_id, occurred_at {_DONE.format(kind='product_viewed')}",
    "message_clicked": """
        SELECT message.customer_id, clicked.occurred_at FROM lifecycle_message message
        JOIN lifecycle_deliveryevent clicked ON clicked.message_id = message.id
        WHERE message.customer_id = ANY(%(people)s)
            AND clicked.provider = '' AND clicked.kind = 'clicked' AND clicked.verdict = 'human'""",
    "subscribed": f"SELECT customer_id, said.at {_SAID} AND said.is_granted",
    "unsubscribed": f"SELECT customer_id, said.at {_SAID} AND NOT said.is_granted",
    "account_created": f"""
        SELECT customer_id, account.joined_at FROM lifecycle_identity identity
        JOIN lifecycle_account account ON account.identity_id = identity.id
        WHERE {_ASKED} AND account.deleted_at IS NULL""",
}
"""Of each event the query of its moments, by customer."""

_LAST_ORDER = """
    SELECT DISTINCT ON (customer.id) customer.id, made.total, made.currency, made.channel, made.lines
    FROM lifecycle_customer customer JOIN lifecycle_identity identity ON identity.customer_id = customer.id
    JOIN lifecycle_order made ON made.identity_id = identity.id AND made.created_at = customer.last_order_at
    WHERE customer.id = ANY(%(people)s) ORDER BY customer.id, made.id DESC
"""
_CART = f"""
    SELECT DISTINCT ON (customer_id) customer_id, cart.changed_at, cart.lines
    FROM lifecycle_identity identity JOIN lifecycle_cart cart ON cart.identity_id = identity.id
    WHERE {_ASKED} AND cart.ordered_at IS NULL AND cart.lines_hash <> '' AND cart.changed_at IS NOT NULL
    ORDER BY customer_id, cart.changed_at DESC, cart.id DESC
"""
# What people set themselves stands in bases.preferences_of; then the account's, then the newest order's or cart's.
_LANGUAGE = f"""
    SELECT DISTINCT ON (customer_id) customer_id, language FROM (
        SELECT customer_id, account.language, 1 AS rank, account.joined_at AS at FROM lifecycle_identity identity
        JOIN lifecycle_account account ON account.identity_id = identity.id
        WHERE {_ASKED} AND account.deleted_at IS NULL
        UNION ALL SELECT customer_id, made.language, 2, made.created_at {_MADE}
        UNION ALL SELECT customer_id, cart.language, 2, cart.created_at FROM lifecycle_identity identity
        JOIN lifecycle_cart cart ON cart.identity_id = identity.id WHERE {_ASKED}
    ) AS seen WHERE language <> '' ORDER BY customer_id, rank, at DESC NULLS LAST, language
"""


@dataclass(slots=True)
class _Held:
    values: dict[str, FactValue] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, datetime] = field(default_factory=dict)
    row: Customer | None = None


def load(
    installation: Installation, customer_ids: Iterable[int], needed: Collection[str], now: datetime
) -> dict[int, Facts]:
    """Return, of each of these customers (1,000 at most), the facts of those names: rules.facts_needed."""
    held = {one: _Held() for one in sorted(set(customer_ids))}
    groups = {name.partition(".")[0] for name in needed}
    asked = {"shop": installation.pk, "people": list(held)}
    if groups & OF_ROW:
        _rows(held, needed)
    if events := [name for name in _EVENTS if f"event.{name}" in needed]:
        _events(held, events, asked)
    if "last_order" in groups:
        _last_orders(held, asked)
    if groups & {"cart", "cart_changed_at"}:
        _carts(held, asked)
    if "country" in groups:
        _put(held, "country", bases.countries(list(held)))
    if "language" in groups:
        _put(held, "language", dict(_run(_LANGUAGE, asked)))
        said = bases.preferences_of(list(held))
        _put(held, "language", {one: wants.language for one, wants in said.items() if wants.language})
    if consents := sorted(name for name in needed if name.startswith("consent.")):
        _consents(held, consents, installation.pk, now)
    policies = _policies(held) if groups & OF_ROW else {}
    zone = ZoneInfo(installation.time_zone)
    return {one: _facts(each, policies, zone) for one, each in held.items()}


def _facts(held: _Held, policies: Mapping[int, Policy], zone: ZoneInfo) -> Facts:
    row = held.row
    profile: Profile | None = row.profile() if row else None
    return Facts(
        values=held.values,
        ends=held.ends,
        events=held.events,
        profile=profile,
        policy=policies.get(row.policy_id or 0, DEFAULT_POLICY) if row else DEFAULT_POLICY,
        moved=(row.phase, row.phase_since) if row and row.phase_since else None,
        zone=zone,
    )


def _rows(held: Mapping[int, _Held], needed: Collection[str]) -> None:
    attributes = [name.removeprefix("attribute.") for name in needed if name.startswith("attribute.")]
    for row in Customer.objects.filter(pk__in=list(held)):
        held[row.pk].row = row
        for name in attributes:
            if name in row.attributes:
                held[row.pk].values[f"attribute.{name}"] = row.attributes[name]["value"]


def _policies(held: Mapping[int, _Held]) -> dict[int, Policy]:
    """Return the policies that made these customers' figures: more than one while a new one walks through them."""
    made = {each.row.policy_id for each in held.values() if each.row and each.row.policy_id}
    return {version.pk: version.value() for version in PolicyVersion.objects.filter(pk__in=made)}


def _events(held: Mapping[int, _Held], names: Collection[str], asked: Mapping[str, Any]) -> None:
    query = " UNION ALL ".join(
        f"SELECT '{name}', customer_id, max(at) FROM ({_EVENTS[name]}) AS {name}(customer_id, at) GROUP BY customer_id"
        for name in names
    )
    for name, customer_id, at in _run(query, asked):
        if at is not None:
            held[customer_id].events[name] = at


def _last_orders(held: Mapping[int, _Held], asked: Mapping[str, Any]) -> None:
    for customer_id, total, currency, channel, lines in _run(_LAST_ORDER, asked):
        values = held[customer_id].values
        values[f"last_order.total.{currency}"] = total
        values["last_order.channel"] = channel
        if lines is not None:
            values["last_order.items"] = _items(lines)


def _carts(held: Mapping[int, _Held], asked: Mapping[str, Any]) -> None:
    for each in held.values():
        each.values["cart.items"] = 0
    for customer_id, changed_at, lines in _run(_CART, asked):
        held[customer_id].values |= {"cart_changed_at": changed_at, "cart.items": _items(lines)}


def _items(lines: str) -> int:
    return sum(quantity for _, quantity in json.loads(lines))


def _consents(held: Mapping[int, _Held], names: Collection[str], installation_id: int, now: datetime) -> None:
    """Say of each topic and channel whether there is a basis, of an order that stands in for consent until when."""
    said, settings = bases.said_by(installation_id, list(held))
    rules = settings.rules()
    for customer_id, each in held.items():
        for name in names:
            _, topic, channel = name.split(".")
            found = bases.judged(said[customer_id], settings, topic, channel, now)
            each.values[name] = found.basis in PERMITTING
            if found.basis is Basis.SOFT_OPT_IN and found.since is not None:
                each.ends[name] = found.since + rules[said[customer_id].country].lasts


def _put(held: Mapping[int, _Held], name: str, found: Mapping[int, FactValue]) -> None:
    for customer_id, value in found.items():
        held[customer_id].values[name] = value


def _run(query: str, asked: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        yield from cursor.fetchall()
