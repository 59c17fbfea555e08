"""Deliveries of orders: what is known of them, when they come, and what begins then."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Case, F, Value, When

from saleor_lifecycle.domain.delivery import HAPPENS_WITHIN, Delivered, Evidence, counts, delivered, read_moment
from saleor_lifecycle.domain.facts import Fact, FulfillmentFact, OrderFact
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import DeliverySettings, Installation, Order, OrderDelivery
from saleor_lifecycle.models.sets import TEXTS, texts

from . import fact_happenings, flows, happenings, identities, public_holidays
from .happenings import Happening

EVENT = "order_delivered"
IMPORTED = "BULK_CREATE"
"""Saleor's origin of orders that were brought along from elsewhere: they start nothing."""


class Outcome(StrEnum):
    """What became of the telling of one order's delivery."""

    ACCEPTED = "accepted"
    ALREADY_DELIVERED = "already_delivered"  # it has come; nothing moves it any more
    ORDER_OVER = "order_over"  # cancelled, expired or returned


class _Held(NamedTuple):
    """An order whose delivery has not come."""

    id: int
    order_id: str
    placed_at: datetime
    status: str
    charge_status: str
    charged: Any
    refunded: Any
    origin: str
    country: str
    method: str | None
    order_stated_at: datetime | None
    shipped_at: datetime | None
    fulfillment_stated_at: datetime | None
    told_at: datetime | None
    at: datetime | None
    source: str | None


def settings_of(installation_id: int) -> DeliverySettings:
    """Return the installation's settings, the defaults where it has none."""
    return DeliverySettings.objects.filter(pk=installation_id).first() or DeliverySettings(pk=installation_id)


def reader(installation: Installation, facts: Iterable[Fact], now: datetime) -> Callable[[Fact], Fact]:
    """Return what reads the moment of delivery out of the metadata of each of these facts, where it is stated."""
    if not any(isinstance(fact, OrderFact | FulfillmentFact) and fact.metadata for fact in facts):
        return lambda fact: fact
    key, zone = settings_of(installation.pk).metadata_key, ZoneInfo(installation.time_zone)

    def read(fact: Fact) -> Fact:
        if not isinstance(fact, OrderFact | FulfillmentFact):
            return fact
        text = next((text for name, text in fact.metadata if name == key), "")
        return replace(fact, stated_at=read_moment(text, zone, now)) if text else fact

    return read


def reckon(
    installation: Installation,
    order_ids: Collection[str],
    now: datetime,
    cause: Cause = Cause.BEHAVIOUR,
    told: Mapping[str, datetime] | None = None,
) -> None:
    """Write down when these orders, stored already, are delivered, as far as that has not come; customers are locked.

    What was delivered before it was imported has come without anybody's noticing. ``told``: by another system, now.
    """
    if not order_ids:
        return
    said = told or {}
    held = [row for row in _open(installation.pk, order_ids) if _is_known(row) or row.order_id in said]
    if not held:
        return
    rules, zone = settings_of(installation.pk).rules(), ZoneInfo(installation.time_zone)
    kept: list[OrderDelivery] = []
    gone: list[int] = []
    for row in held:
        told_at = said.get(row.order_id, row.told_at)
        found = delivered(_evidence(row, told_at), rules, zone, public_holidays.is_holiday) if _counts(row) else None
        if found is None:
            gone += [row.id] if row.at is not None else []
        elif (found.at, found.source, told_at) != (row.at, row.source, row.told_at):
            is_import = cause is Cause.IMPORT or row.origin == IMPORTED
            kept.append(_row(installation.pk, row.id, found, told_at, found.at if is_import else None, now))
    if gone:
        OrderDelivery.objects.filter(pk__in=gone, came_at=None).delete()
    OrderDelivery.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=["at", "source", "told_at", "came_at"],
    )


def tell(installation: Installation, told: Mapping[str, datetime], now: datetime) -> dict[str, Outcome | None]:
    """Store what another system says of when orders, by Saleor's id, were or will be delivered; lock their customers.

    The same again changes nothing. A moment that has come stays. Returns what became of each, None of unknown orders.
    """
    orders = Order.objects.filter(installation=installation, order_id__in=told)
    whose = set(orders.exclude(identity__customer=None).values_list("identity__customer_id", flat=True))
    identities.lock({one for one in whose if one is not None})
    known = set(orders.values_list("order_id", flat=True))
    still = {row.order_id: row for row in _open(installation.pk, known)}
    reckon(installation, known, now, told=told)
    answers: dict[str, Outcome | None] = dict.fromkeys(told)
    for order_id in known:
        row = still.get(order_id)
        if row is None:
            answers[order_id] = Outcome.ALREADY_DELIVERED
        else:
            answers[order_id] = Outcome.ACCEPTED if _counts(row) else Outcome.ORDER_OVER
    return answers


def is_due(installation_id: int, now: datetime) -> bool:
    """Return whether a delivery has come that nobody has noticed."""
    return OrderDelivery.objects.filter(installation_id=installation_id, came_at=None, at__lte=now).exists()


def come(installation: Installation, limit: int, now: datetime) -> int:
    """Mark the deliveries that have come, longest ago first, and let flows see them; return how many there were.

    Of what came so long ago that nobody is told, it counts as noticed then.
    """
    due = OrderDelivery.objects.filter(installation=installation, came_at=None, at__lte=now)
    seen = dict(due.order_by("at", "pk").values_list("pk", "order__identity__customer_id")[:limit])
    people = {one for one in seen.values() if one is not None}
    identities.lock(people)
    whose = dict(due.filter(pk__in=seen).values_list("pk", "order__identity__customer_id"))
    # Those that became another's before the locks come with the next batch, under the lock of whose they are.
    still = [pk for pk, customer_id in whose.items() if customer_id == seen[pk]]
    rows = list(due.filter(pk__in=still).order_by("pk").select_for_update())
    noticed_at = Case(When(at__lt=now - HAPPENS_WITHIN, then=F("at")), default=Value(now))
    OrderDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(came_at=noticed_at)
    happened = list(_happened(rows, people, now))
    happenings.enter(installation, happened, now)
    flows.advance(installation, people, now)
    return len(seen)


def _happened(rows: Sequence[OrderDelivery], people: Collection[int], now: datetime) -> list[Happening]:
    fresh = {row.pk: row for row in rows if row.at >= now - HAPPENS_WITHIN}
    orders = Order.objects.filter(pk__in=fresh, identity__customer_id__in=people).exclude(origin=IMPORTED)
    found = list(orders.values("pk", *fact_happenings.ORDER))
    properties = fact_happenings.order_properties(found)
    return [
        Happening(
            EVENT,
            order["identity__customer_id"],
            order["order_id"],
            fresh[order["pk"]].at,
            {**properties[order["order_id"]], "source": fresh[order["pk"]].source},
        )
        for order in found
    ]


def _open(installation_id: int, order_ids: Collection[str]) -> list[_Held]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"shop": installation_id, "orders": texts(order_ids)})
        return [_Held(*values) for values in cursor.fetchall()]


_OPEN = f"""
    SELECT made.id, made.order_id, made.created_at, made.status, made.charge_status, made.charged, made.refunded,
        made.origin, made.country, made.shipping_method, made.stated_at, sent.shipped_at, sent.stated_at, held.told_at,
        held.at, held.source
    FROM lifecycle_order made
    CROSS JOIN LATERAL (
        SELECT min(created_at) FILTER (WHERE status = 'FULFILLED') AS shipped_at,
            min(stated_at) FILTER (WHERE status NOT IN ('CANCELED', 'WAITING_FOR_APPROVAL')) AS stated_at
        FROM lifecycle_fulfillment parcel
        WHERE parcel.installation_id = %(shop)s AND parcel.order_id = made.order_id
    ) sent
    LEFT JOIN lifecycle_orderdelivery held ON held.order_id = made.id
    WHERE made.installation_id = %(shop)s AND made.order_id = ANY({TEXTS.format("orders")}) AND held.came_at IS NULL
    ORDER BY made.id
"""


def _is_known(row: _Held) -> bool:
    return any((row.at, row.shipped_at, row.fulfillment_stated_at, row.order_stated_at))


def _counts(row: _Held) -> bool:
    return counts(row.status, row.charge_status, row.charged, row.refunded)


def _evidence(row: _Held, told_at: datetime | None) -> Evidence:
    return Evidence(
        placed_at=row.placed_at,
        told_at=told_at,
        fulfillment_stated_at=row.fulfillment_stated_at,
        order_stated_at=row.order_stated_at,
        shipped_at=row.shipped_at,
        method=row.method or "",
        country=row.country,
    )


def _row(
    installation_id: int,
    order_pk: int,
    found: Delivered,
    told_at: datetime | None,
    before_import: datetime | None,
    now: datetime,
) -> OrderDelivery:
    return OrderDelivery(
        order_id=order_pk,
        installation_id=installation_id,
        at=found.at,
        source=found.source.value,
        told_at=told_at,
        came_at=before_import if before_import is not None and before_import <= now else None,
    )
