"""What rules ask of many customers at once, from the database: a few queries for all, and only those that are asked."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from saleor_lifecycle.domain.consent import PERMITTING, Basis
from saleor_lifecycle.domain.prediction import Loss
from saleor_lifecycle.domain.profile import Profile
from saleor_lifecycle.domain.rule_facts import OF_ROW, Facts, FactValue
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, Policy
from saleor_lifecycle.models import Installation, PolicyVersion, Tag

from . import bases, second_orders

_ASKED = "identity.installation_id = %(shop)s AND identity.customer_id = ANY(%(people)s)"
_SENT = """
    SELECT max(sent.created_at) FROM lifecycle_order made
    JOIN lifecycle_fulfillment sent ON sent.installation_id = %(shop)s AND sent.order_id = made.order_id
    WHERE made.identity_id = identity.id AND sent.status"""
_CHANGED = "SELECT max(made.updated_at) FROM lifecycle_order made WHERE made.identity_id = identity.id AND made."
_DONE = """
    SELECT max(occurred_at) FROM lifecycle_activity
    WHERE installation_id = %(shop)s AND identity_id = identity.id AND kind = """
_SAID = """
    SELECT max(said.at) FROM lifecycle_consent said
    WHERE said.installation_id = %(shop)s AND said.identity_id = identity.id AND """
_OF_IDENTITIES: Mapping[str, str] = {
    "order_fulfilled": f"{_SENT} = 'FULFILLED'",
    "order_delivered": """
        SELECT max(held.came_at) FROM lifecycle_order made JOIN lifecycle_orderdelivery held ON held.order_id = made.id
        WHERE made.identity_id = identity.id""",
    # Saleor dates neither a cancellation nor a refund: the order's last change is as near as one comes.
    "order_cancelled": f"{_CHANGED}status = 'CANCELED'",
    "order_returned": f"""
        SELECT GREATEST(({_SENT} IN ('RETURNED', 'REFUNDED_AND_RETURNED')),
            ({_CHANGED}status NOT IN ('CANCELED', 'EXPIRED', 'DRAFT')
                AND (made.status = 'RETURNED' OR made.refunded > 0 AND made.charged <= 0)))""",
    "cart_changed": "SELECT max(changed_at) FROM lifecycle_cart WHERE identity_id = identity.id",
    "visited": f"{_DONE}'visit'",
    "product_viewed": f"{_DONE}'product_viewed'",
    "subscribed": f"{_SAID}said.is_granted",
    "unsubscribed": f"{_SAID}NOT said.is_granted",
    "account_created": """
        SELECT max(joined_at) FROM lifecycle_account WHERE identity_id = identity.id AND deleted_at IS NULL""",
}
# Each handle is looked up by itself: of a join the planner wrongly thinks that to read everybody's costs less.
_EVENTS: Mapping[str, str] = {
    "order_placed": "SELECT id, last_placed_at FROM lifecycle_customer WHERE id = ANY(%(people)s)",
    "message_clicked": """
        SELECT message.customer_id, found.at FROM lifecycle_message message CROSS JOIN LATERAL (
            SELECT max(occurred_at) FROM lifecycle_deliveryevent
            WHERE message_id = message.id AND provider = '' AND kind = 'clicked' AND verdict = 'human'
        ) AS found(at) WHERE message.customer_id = ANY(%(people)s)""",
    **{
        event: f"""
            SELECT customer_id, found.at FROM lifecycle_identity identity
            CROSS JOIN LATERAL ({inner}) AS found(at) WHERE {_ASKED}"""
        for event, inner in _OF_IDENTITIES.items()
    },
}
"""Of each event the query of its moments, by customer."""

_LAST_ORDER = """
    SELECT customer.id, last.* FROM lifecycle_customer customer CROSS JOIN LATERAL (
        SELECT made.total, made.currency, made.channel, made.status = 'RETURNED', made.lines
        FROM lifecycle_identity identity JOIN lifecycle_order made ON made.identity_id = identity.id
        WHERE identity.customer_id = customer.id AND made.created_at = customer.last_order_at
        ORDER BY made.id DESC LIMIT 1
    ) AS last WHERE customer.id = ANY(%(people)s)
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
        UNION ALL SELECT customer_id, made.language, 2, made.created_at FROM lifecycle_identity identity
        JOIN lifecycle_order made ON made.identity_id = identity.id WHERE {_ASKED}
        UNION ALL SELECT customer_id, cart.language, 2, cart.created_at FROM lifecycle_identity identity
        JOIN lifecycle_cart cart ON cart.identity_id = identity.id WHERE {_ASKED}
    ) AS seen WHERE language <> '' ORDER BY customer_id, rank, at DESC NULLS LAST, language
"""


# Not the whole row: what its model and the sums behind the scores cost is more than all the rest.
_ROW = """
    SELECT id, policy_id, phase, phase_since, spent, attributes, loss_at, loss_rung, before_u, customer_u, orders,
        order_days, first_order_at, last_order_at, last_placed_at, next_order_at, cart_open_until, channel
    FROM lifecycle_customer WHERE id = ANY(%(people)s)
"""
_PLAIN = (
    *("before_u", "customer_u", "orders", "order_days", "first_order_at", "last_order_at", "last_placed_at"),
    *("next_order_at", "cart_open_until", "channel"),
)


AS_THEY_ARE = frozenset(_PLAIN) - {"before_u", "customer_u"}
"""Facts that are columns of a customer's row: where no others are asked for, nothing else of it is read."""


@dataclass(slots=True)
class _Held:
    values: dict[str, FactValue] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, datetime] = field(default_factory=dict)
    profile: Profile | None = None
    policy_id: int | None = None
    moved: tuple[str, datetime] | None = None


def load(
    installation: Installation, customer_ids: Iterable[int], needed: Collection[str], now: datetime
) -> dict[int, Facts]:
    """Return, of each of these customers (1,000 at most), the facts of those names: rules.facts_needed."""
    held = {one: _Held() for one in sorted(set(customer_ids))}
    groups = {name.partition(".")[0] for name in needed}
    asked = {"shop": installation.pk, "people": list(held)}
    if of_row := sorted(name for name in needed if name.partition(".")[0] in OF_ROW):
        if set(of_row) <= AS_THEY_ARE:
            _columns(held, of_row, asked)
        else:
            _rows(held, needed, asked)
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
    if "second_order_usual_at" in groups:
        _put(held, "second_order_usual_at", second_orders.usual_at(installation.pk, held))
    if tags := sorted(name.removeprefix("tag.") for name in needed if name.startswith("tag.")):
        _tags(held, tags)
    if consents := sorted(name for name in needed if name.startswith("consent.")):
        _consents(held, consents, installation.pk, now)
    policies = _policies(each.policy_id for each in held.values() if each.policy_id)
    zone = ZoneInfo(installation.time_zone)
    return {one: _facts(each, policies, zone) for one, each in held.items()}


def _facts(held: _Held, policies: Mapping[int, Policy], zone: ZoneInfo) -> Facts:
    return Facts(
        values=held.values,
        ends=held.ends,
        events=held.events,
        profile=held.profile,
        policy=policies.get(held.policy_id or 0, DEFAULT_POLICY),
        moved=held.moved,
        zone=zone,
    )


def _columns(held: Mapping[int, _Held], names: Sequence[str], asked: Mapping[str, Any]) -> None:
    query = f"SELECT id, {', '.join(names)} FROM lifecycle_customer WHERE id = ANY(%(people)s)"
    for key, *values in _run(query, asked):
        held[key].values |= {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _rows(held: Mapping[int, _Held], needed: Collection[str], asked: Mapping[str, Any]) -> None:
    attributes = [name.removeprefix("attribute.") for name in needed if name.startswith("attribute.")]
    for key, policy_id, phase, since, spent, known, loss_at, rung, *plain in _run(_ROW, asked):
        one = held[key]
        one.policy_id, one.moved = policy_id, (phase, since) if since else None
        one.profile = Profile(
            spent=tuple((currency, Decimal(amount)) for currency, amount in json.loads(spent).items()),
            loss=Loss(loss_at, rung) if loss_at else None,
            sums=(),  # no rule asks for them
            **dict(zip(_PLAIN, plain, strict=True)),
        )
        if attributes:
            document = json.loads(known)
            one.values |= {f"attribute.{name}": document[name]["value"] for name in attributes if name in document}


def _policies(ids: Iterable[int]) -> dict[int, Policy]:
    """Return the policies that made these customers' figures: more than one while a new one walks through them."""
    made = set(ids)
    return {version.pk: version.value() for version in PolicyVersion.objects.filter(pk__in=made)} if made else {}


def _events(held: Mapping[int, _Held], names: Collection[str], asked: Mapping[str, Any]) -> None:
    query = " UNION ALL ".join(
        f"SELECT '{name}', customer_id, max(at) FROM ({_EVENTS[name]}) AS {name}(customer_id, at) GROUP BY customer_id"
        for name in names
    )
    for name, customer_id, at in _run(query, asked):
        if at is not None:
            held[customer_id].events[name] = at


def _last_orders(held: Mapping[int, _Held], asked: Mapping[str, Any]) -> None:
    for customer_id, total, currency, channel, is_returned, lines in _run(_LAST_ORDER, asked):
        values = held[customer_id].values
        values[f"last_order.total.{currency}"] = total
        values["last_order.channel"] = channel
        values["last_order.is_returned"] = is_returned
        if lines is not None:
            values["last_order.items"] = _items(lines)


def _carts(held: Mapping[int, _Held], asked: Mapping[str, Any]) -> None:
    for each in held.values():
        each.values["cart.items"] = 0
    for customer_id, changed_at, lines in _run(_CART, asked):
        held[customer_id].values |= {"cart_changed_at": changed_at, "cart.items": _items(lines)}


def _tags(held: Mapping[int, _Held], names: Collection[str]) -> None:
    for each in held.values():
        each.values |= {f"tag.{name}": False for name in names}
    tagged = Tag.objects.filter(customer_id__in=list(held), name__in=names)
    for customer_id, name in tagged.values_list("customer_id", "name"):
        held[customer_id].values[f"tag.{name}"] = True


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
