"""What a customer did, newest first: read from the rows that say it, and from the activities that no row says."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from saleor_lifecycle.domain.phases import OrderState, order_state
from saleor_lifecycle.domain.touches import Touch, first, last, read_touch

from .activities import Activity
from .carts import Cart
from .consent import Consent
from .deliveries import OrderDelivery
from .delivery_events import CLICK, DeliveryEvent
from .identities import Account, Identity
from .messages import Message
from .orders import Order


class ActivityKind(StrEnum):
    """What counts in the score, and what happened between. Of one moment, those further down here came first."""

    CLICK = "click"
    MESSAGE = "message"
    RETURN = "return"
    ORDER = "order"
    CART = "cart"
    CONSENT = "consent"
    PRODUCT_VIEWED = "product_viewed"
    VISIT = "visit"
    ACCOUNT = "account"


PLACES = {kind: place for place, kind in enumerate(reversed(ActivityKind))}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands among the others: the greatest comes first. ``key`` is a number of ours, or a hash."""

    at: datetime
    kind: ActivityKind
    key: str

    def order(self) -> tuple[datetime, int, int, str]:
        """Return what places are compared by; a number of more digits is the greater."""
        return self.at, PLACES[self.kind], len(self.key), self.key

    def cursor(self) -> str:
        """Return the place as a page's end names it."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()} {self.kind} {self.key}".encode()).decode()


def read_cursor(text: str) -> Place:
    """Return the place that a cursor names. Raises ValueError for what is none."""
    try:
        at, kind, key = base64.b64decode(text, b"-_", validate=True).decode().split(" ", 2)
        place = Place(datetime.fromisoformat(at), ActivityKind(kind), key)
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("not a cursor") from None
    if place.at.tzinfo is None:
        raise ValueError("not a cursor")
    return place


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity as it is shown.

    ``reference`` names it in the shop or the flow: an order's number, a message's step, a product's id, who said a yes
    or no; nothing personal. ``touch``: where the person came from, of an order the last before it.
    """

    place: Place
    reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    touch: Touch | None = None
    delivery: OrderDelivery | None = None

    @property
    def kind(self) -> ActivityKind:
        return self.place.kind

    @property
    def at(self) -> datetime:
        return self.place.at


def entries(customer_id: int, limit: int, after: Place | None = None) -> list[Entry]:
    """Return the newest activities of a customer, or those after a place; an order that came back is there twice."""
    ids = list(Identity.objects.filter(customer_id=customer_id).values_list("id", flat=True))
    sent = Message.objects.filter(customer_id=customer_id, state=Message.State.SENT)
    clicked = DeliveryEvent.objects.filter(message__customer=customer_id, **CLICK).select_related("message")
    sources: list[tuple[QuerySet[Any], str, str, Callable[[Any], Iterable[Entry]]]] = [
        (Account.objects.filter(identity__in=ids, deleted_at=None), "joined_at", "id", _account),
        # No reference: a checkout's id is a bearer secret.
        (Cart.objects.filter(identity__in=ids).exclude(lines_hash=""), "changed_at", "id", _cart),
        (Order.objects.filter(identity__in=ids).select_related("delivery"), "created_at", "id", _order),
        (sent, "settled_at", "id", _message),
        (clicked, "occurred_at", "id", _click),
        (Consent.objects.filter(identity__in=ids), "at", "id", _consent),
        (Activity.objects.filter(identity_id__in=ids), "occurred_at", "key", _activity),
    ]
    found = [
        entry
        for rows, moment, key, shown in sources
        for entry in _newest(rows.filter(**{f"{moment}__isnull": False}), moment, key, shown, limit, after)
    ]
    page = sorted(found, key=lambda entry: entry.place.order(), reverse=True)[:limit]
    return _with_touches(ids, page)


def _newest(
    rows: QuerySet[Any],
    moment: str,
    key: str,
    shown: Callable[[Any], Iterable[Entry]],
    limit: int,
    after: Place | None,
) -> list[Entry]:
    """Return a source's newest entries, with all of the last moment: their order among each other is decided here.

    Read lazily, because which orders count is the domain's to say.
    """
    if after is not None:
        rows = rows.filter(**{f"{moment}__lte": after.at})
    ordered = rows.order_by(f"-{moment}", f"-{key}").iterator(chunk_size=100)
    found: list[Entry] = []
    for entry in (entry for row in ordered for entry in shown(row)):
        if len(found) >= limit and entry.at != found[-1].at:
            break
        if after is None or entry.place.order() < after.order():
            found.append(entry)
    return found


def _account(row: Account) -> Iterable[Entry]:
    yield Entry(Place(row.joined_at, ActivityKind.ACCOUNT, str(row.pk)))


def _cart(row: Cart) -> Iterable[Entry]:
    assert row.changed_at
    touch = read_touch(row.touch) if row.touch else None
    yield Entry(Place(row.changed_at, ActivityKind.CART, str(row.pk)), touch=touch)


def _order(row: Order) -> Iterable[Entry]:
    state = order_state(row.status, row.charge_status, row.charged, row.refunded)
    if state is OrderState.DOES_NOT_COUNT:
        return
    if state is OrderState.CAME_BACK:
        place = Place(row.created_at, ActivityKind.RETURN, str(row.pk))
        yield Entry(place, row.number, row.refunded, row.currency)
    place, delivery = Place(row.created_at, ActivityKind.ORDER, str(row.pk)), getattr(row, "delivery", None)
    yield Entry(place, row.number, row.total, row.currency, delivery=delivery)


def _message(row: Message) -> Iterable[Entry]:
    assert row.settled_at
    yield Entry(Place(row.settled_at, ActivityKind.MESSAGE, str(row.pk)), row.step)


def _click(row: DeliveryEvent) -> Iterable[Entry]:
    yield Entry(Place(row.occurred_at, ActivityKind.CLICK, str(row.pk)), row.message.step or row.message.template)


def _consent(row: Consent) -> Iterable[Entry]:
    said = f"{row.source}: {'yes' if row.is_granted else 'no'}"
    yield Entry(Place(row.at, ActivityKind.CONSENT, str(row.pk)), said)


def _activity(row: Activity) -> Iterable[Entry]:
    touch = read_touch(row.data["touch"]) if "touch" in row.data else None
    reference = row.reference or row.data.get("path", "")
    yield Entry(Place(row.occurred_at, ActivityKind(row.kind), row.key), reference, touch=touch)


def first_and_last(customer_id: int) -> tuple[Touch | None, Touch | None]:
    """Return a customer's first and last touch, of what is kept for their identities and of their carts."""
    ids = Identity.objects.filter(customer_id=customer_id).values_list("id", flat=True)
    kept = Identity.objects.filter(id__in=ids, first_touch__isnull=False).values_list("first_touch", "last_touch")
    stored = [document for pair in kept for document in pair]
    carts = Cart.objects.filter(identity__in=ids).exclude(touch={}).order_by("created_at", "id")
    told = carts.values_list("touch", flat=True)
    touches = [read_touch(document) for document in (*stored, told.first(), told.last()) if document]
    return first(touches), last(touches)


def _with_touches(identity_ids: list[int], page: list[Entry]) -> list[Entry]:
    """Give each order the last touch before it."""
    moments = {entry.at for entry in page if entry.kind is ActivityKind.ORDER}
    if not moments:
        return page
    before = _before(identity_ids, sorted(moments))
    return [
        replace(entry, touch=last(before[entry.at], entry.at)) if entry.kind is ActivityKind.ORDER else entry
        for entry in page
    ]


def _before(identity_ids: list[int], moments: list[datetime]) -> dict[datetime, list[Touch]]:
    """Return, for each moment, the touches among which its last is: of each place where some are, the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT moment, touch FROM unnest(%(moments)s::timestamptz[]) AS moment CROSS JOIN LATERAL (
                (SELECT data->'touch' FROM lifecycle_activity
                    WHERE identity_id = ANY(%(ids)s) AND occurred_at <= moment AND data ? 'touch'
                    ORDER BY occurred_at DESC, key DESC LIMIT 1)
                UNION ALL (SELECT touch FROM lifecycle_cart
                    WHERE identity_id = ANY(%(ids)s) AND created_at <= moment AND touch <> '{}'
                    ORDER BY created_at DESC, id DESC LIMIT 1)
                UNION ALL (SELECT unnest(ARRAY[first_touch, last_touch]) FROM lifecycle_identity
                    WHERE id = ANY(%(ids)s) AND first_touch IS NOT NULL)
            ) AS found(touch)
            """,
            {"moments": moments, "ids": identity_ids},
        )
        found: dict[datetime, list[Touch]] = {moment: [] for moment in moments}
        for moment, touch in cursor.fetchall():
            found[moment].append(read_touch(json.loads(touch)))
        return found
