"""Where customers are, as far as their clock goes, and at which hour they act."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from phonenumbers import NumberParseException, parse
from phonenumbers.timezone import time_zones_for_number

from saleor_lifecycle.domain.local_time import usual_hour
from saleor_lifecycle.domain.zones import zones_by_country
from saleor_lifecycle.models import Installation

ACTS_WITHIN = timedelta(days=180)
MOST_ACTS = 50
"""Of one identity and kind that are looked at."""

Zones = Sequence[ZoneInfo]
"""Those that somebody may be in, never none; where only one can be used, the first."""


def home(installation: Installation) -> Zones:
    """Return the shop's own zone, where customers count as being of whom nothing is known."""
    return (ZoneInfo(installation.time_zone),)


def zones(installation: Installation, customer_ids: Collection[int]) -> dict[int, Zones]:
    """Return the zones of each of these customers."""
    found, shop = known_zones(customer_ids), home(installation)
    return {one: found.get(one, shop) for one in customer_ids}


def known_zones(customer_ids: Collection[int]) -> dict[int, Zones]:
    """Return the zones of those of these customers of whom an order or a cart says where it goes, by the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (customer_id) customer_id, country, zone FROM (
                SELECT customer_id, country, zone, placed.created_at FROM lifecycle_order placed
                JOIN lifecycle_identity identity ON identity.id = placed.identity_id
                WHERE customer_id = ANY(%(people)s) AND country <> ''
                UNION ALL
                SELECT customer_id, country, zone, cart.created_at FROM lifecycle_cart cart
                JOIN lifecycle_identity identity ON identity.id = cart.identity_id
                WHERE customer_id = ANY(%(people)s) AND country <> ''
            ) AS seen ORDER BY customer_id, created_at DESC NULLS LAST, country, zone
            """,
            {"people": list(customer_ids)},
        )
        found = {customer: _of_place(country, zone) for customer, country, zone in cursor.fetchall()}
    return {customer: held for customer, held in found.items() if held}


def zones_of_number(number: str) -> Zones:
    """Return the zones of a telephone number by its country, or its area; none where it is not a number."""
    try:
        return _known(time_zones_for_number(parse(number)))
    except NumberParseException:
        return ()


@cache
def _of_place(country: str, zone: str) -> Zones:
    return _known((zone,) if zone else _countries().get(country, ()))


@cache
def _countries() -> Mapping[str, Sequence[str]]:
    return zones_by_country(files("tzdata.zoneinfo").joinpath("zone.tab").read_text())


def _known(names: Collection[str]) -> Zones:
    """Return the zones by these names; the machine's own database may be older than the names."""
    held = []
    for name in names:
        try:
            held.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return tuple(held)


def usual_hours(installation_id: int, customer_zones: Mapping[int, Zones], now: datetime) -> dict[int, int]:
    """Return the hour of their own day around which customers visit, click and order, of those who did so enough."""
    acts: dict[int, list[datetime]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            _ACTS,
            {
                "shop": installation_id,
                "people": list(customer_zones),
                "since": now - ACTS_WITHIN,
                "now": now,
                "most": MOST_ACTS,
            },
        )
        for customer, at in cursor.fetchall():
            acts[customer].append(at)
    hours = {one: usual_hour(moments, customer_zones[one][0]) for one, moments in acts.items()}
    return {one: hour for one, hour in hours.items() if hour is not None}


_ACTS = """
SELECT identity.customer_id, act.at FROM lifecycle_identity identity CROSS JOIN LATERAL (
    (SELECT occurred_at AS at FROM lifecycle_activity
     WHERE installation_id = %(shop)s AND identity_id = identity.id AND occurred_at BETWEEN %(since)s AND %(now)s
     ORDER BY occurred_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT created_at FROM lifecycle_order
     WHERE identity_id = identity.id AND created_at BETWEEN %(since)s AND %(now)s
     ORDER BY created_at DESC LIMIT %(most)s)
) act WHERE identity.customer_id = ANY(%(people)s)
UNION ALL
SELECT customer.id, act.occurred_at FROM unnest(%(people)s) AS customer(id) CROSS JOIN LATERAL (
    SELECT event.occurred_at FROM lifecycle_message message
    JOIN lifecycle_deliveryevent event ON event.message_id = message.id
    WHERE message.customer_id = customer.id AND event.kind = 'clicked' AND event.provider = ''
        AND event.verdict = 'human' AND event.occurred_at BETWEEN %(since)s AND %(now)s
    ORDER BY event.occurred_at DESC LIMIT %(most)s
) act
"""
