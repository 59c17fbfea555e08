"""What happened in a batch of facts: how things stood before it beside how they stand now."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Min

from saleor_lifecycle.domain.facts import AccountFact, CartFact, Fact, OrderFact
from saleor_lifecycle.domain.flow_triggers import EventTrigger
from saleor_lifecycle.domain.happenings import OF_FACTS, OF_ORDERS, OrderStatus, of_order
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Account, Cart, Consent, Flow, Identity, Installation, Order

from . import happenings, triggers
from .entries import Properties
from .happenings import Happening


class Before(NamedTuple):
    """How that stood which flows wait for, of what a batch tells; each by Saleor's id."""

    flows: Sequence[Flow]
    events: Collection[str]
    orders: Mapping[str, OrderStatus | None]
    accounts: Mapping[str, bool]  # was it known?
    carts: Mapping[str, str]  # its lines' hash
    identities: Collection[int]
    consents: Collection[tuple[int, str, str]]


def look(installation_id: int, facts: Iterable[Fact], identities: Iterable[Identity], cause: Cause) -> Before | None:
    """Return how things stand, before these facts are stored; None where no flow waits for what they may tell.

    Imports start nothing.
    """
    flows = [] if cause is Cause.IMPORT else happenings.wanted(installation_id, OF_FACTS)
    if not flows:
        return None
    told = list(facts)
    events = {triggers.trigger_of(flow, EventTrigger).event for flow in flows}
    orders = {one.order_id for one in told if isinstance(one, OrderFact)} if events & set(OF_ORDERS) else set()
    users = {one.user_id for one in told if isinstance(one, AccountFact)} if "account_created" in events else set()
    checkouts = {one.checkout_id for one in told if isinstance(one, CartFact)} if "cart_changed" in events else set()
    people = {one.pk for one in identities} if "subscribed" in events else set()
    known = set(Account.objects.filter(user_id__in=users).values_list("user_id", flat=True)) if users else set()
    carts = Cart.objects.filter(checkout_id__in=checkouts).values_list("checkout_id", "lines_hash") if checkouts else ()
    return Before(
        flows,
        events,
        dict.fromkeys(orders) | {row["order_id"]: _status(row) for row in _orders(orders)},
        {user: user in known for user in users},
        dict.fromkeys(checkouts, "") | dict(carts),
        people,
        {(identity, topic, channel) for identity, topic, channel, *_ in _granted(people)},
    )


def enter(installation: Installation, before: Before | None, now: datetime) -> None:
    """Let in whom that lets in which happened since; everything is stored, and the customers are locked."""
    if before is None:
        return
    happened = [
        *_of_orders(before.orders),
        *_of_accounts(before.accounts),
        *_of_carts(before.carts),
        *_of_consents(before),
    ]
    happenings.enter(installation, [one for one in happened if one.event in before.events], now, before.flows)


def _orders(order_ids: Collection[str]) -> list[dict[str, Any]]:
    if not order_ids:
        return []
    return list(Order.objects.filter(order_id__in=order_ids).values(*ORDER))


ORDER = (
    "order_id",
    "number",
    "status",
    "charge_status",
    "charged",
    "refunded",
    "total",
    "currency",
    "channel",
    "language",
    "country",
    "lines",
    "created_at",
    "updated_at",
    "identity__customer_id",
)
"""The columns of orders that order_properties asks for."""


def _status(row: Mapping[str, Any]) -> OrderStatus:
    return OrderStatus(row["status"], row["charge_status"], row["charged"], row["refunded"])


def _of_orders(before: Mapping[str, OrderStatus | None]) -> Iterator[Happening]:
    found: list[tuple[dict[str, Any], Any]] = []
    for row in _orders(before):
        if row["identity__customer_id"] is not None:
            looked = of_order(before[row["order_id"]], _status(row), row["created_at"], row["updated_at"])
            found += [(row, one) for one in looked]
    properties = order_properties([row for row, _ in found])
    for row, one in found:
        customer_id, order_id = row["identity__customer_id"], row["order_id"]
        yield Happening(one.event, customer_id, order_id, one.at, properties[order_id], since=one.since)


def order_properties(orders: Sequence[Mapping[str, Any]]) -> dict[str, Properties]:
    """Return, by Saleor's id, what a flow hears of orders that are somebody's."""
    whose = {row["identity__customer_id"] for row in orders}
    rows = Order.objects.filter(identity__customer_id__in=whose) if whose else Order.objects.none()
    # One that was called off is not the first.
    placed = rows.exclude(status__in=("CANCELED", "EXPIRED")).values("identity__customer_id")
    first = dict(placed.annotate(at=Min("created_at")).values_list("identity__customer_id", "at"))
    return {
        row["order_id"]: {
            "number": row["number"],
            "total": float(row["total"]),
            "currency": row["currency"],
            "channel": row["channel"],
            "language": row["language"],
            "country": row["country"],
            "products": len(row["lines"] or []),
            "items": sum(quantity for _, quantity in row["lines"] or []),
            "is_first_order": row["created_at"] <= first.get(row["identity__customer_id"], row["created_at"]),
        }
        for row in orders
    }


def _of_accounts(before: Mapping[str, bool]) -> Iterator[Happening]:
    new = [user for user, is_known in before.items() if not is_known]
    if not new:
        return
    rows = Account.objects.filter(user_id__in=new, deleted_at=None, identity__customer__isnull=False)
    for user, joined_at, language, customer_id in rows.values_list(
        "user_id", "joined_at", "language", "identity__customer_id"
    ):
        assert customer_id is not None
        yield Happening("account_created", customer_id, user, joined_at, {"language": language})


def _of_carts(before: Mapping[str, str]) -> Iterator[Happening]:
    if not before:
        return
    rows = Cart.objects.filter(checkout_id__in=before, ordered_at=None, identity__customer__isnull=False)
    for cart in rows.select_related("identity"):
        if cart.lines_hash != before[cart.checkout_id] and cart.changed_at is not None:
            assert cart.identity is not None
            assert cart.identity.customer_id is not None
            properties = {
                "channel": cart.channel,
                "country": cart.country,
                "products": len(cart.lines),
                "items": sum(quantity for _, quantity in cart.lines),
            }
            yield Happening(
                "cart_changed",
                cart.identity.customer_id,
                cart.checkout_id,
                cart.changed_at,
                properties,
                cart_id=cart.pk,
            )


def _granted(identity_ids: Collection[int]) -> Iterable[tuple[int, str, str, datetime, str, int | None]]:
    if not identity_ids:
        return ()
    rows = Consent.objects.filter(identity_id__in=identity_ids, is_granted=True)
    return rows.values_list("identity_id", "topic", "channel", "at", "source", "identity__customer_id")


def _of_consents(before: Before) -> Iterator[Happening]:
    for identity_id, topic, channel, at, source, customer_id in _granted(before.identities):
        if customer_id is not None and (identity_id, topic, channel) not in before.consents:
            yield subscribed(customer_id, topic, channel, source, at)


def subscribed(customer_id: int, topic: str, channel: str, source: str, at: datetime) -> Happening:
    """Return that somebody agreed to be written to: once for a topic on a channel, however often they say it."""
    said = {"topic": topic, "channel": channel, "source": source}
    return Happening("subscribed", customer_id, f"{channel}:{topic}", at, said)
