"""Activities that no other row tells of, the first and last touch that outlive them, and how long they stay."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from saleor_lifecycle.domain.touches import Touch, document, first, last, read_touch
from saleor_lifecycle.models import Activity, Cart, Identity, Installation

from . import identities
from .brands import Code, Problem

SHORTEST, LONGEST = 30, 3650
"""Days that a merchant may have activities kept."""


def store(activities: Iterable[Activity]) -> None:
    """Store activities; one that is there already changes nothing."""
    Activity.objects.bulk_create(list(activities), ignore_conflicts=True)


def keep_touches(identity: Identity, touches: Iterable[Touch]) -> None:
    """Keep the earliest and the newest of these touches and of those kept so far. The identity's row is locked."""
    held = [read_touch(stored) for stored in (identity.first_touch, identity.last_touch) if stored]
    write_touches(identity, [*held, *touches])


def write_touches(identity: Identity, touches: list[Touch]) -> None:
    """Keep the earliest and the newest of these touches and no other."""
    begin, end = first(touches), last(touches)
    kept = (document(begin) if begin else None, document(end) if end else None)
    if kept != (identity.first_touch, identity.last_touch):
        identity.first_touch, identity.last_touch = kept
        identity.save(update_fields=["first_touch", "last_touch"])


def set_retention(installation: Installation, days: int) -> tuple[Problem, ...]:
    """Say how long activities stay; return what is wrong with the answer, which is not stored then."""
    if not SHORTEST <= days <= LONGEST:
        return (Problem("days", Code.INVALID, f"Give {SHORTEST} to {LONGEST} days."),)
    installation.activity_retention_days = days
    installation.save(update_fields=["activity_retention_days"])
    return ()


def horizon(installation: Installation, now: datetime) -> datetime:
    """Return the moment before which activities are too old to be kept."""
    return now - timedelta(days=installation.activity_retention_days)


def expire(installation_id: int, before: datetime, limit: int) -> int:
    """Delete the oldest activities that are too old, about so many at once; return how many.

    By their moments and not by their keys: so the months that hold none of them are left out by the plan.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(occurred_at) FROM (
                SELECT occurred_at FROM lifecycle_activity
                WHERE installation_id = %s AND occurred_at < %s ORDER BY occurred_at LIMIT %s
            ) AS oldest
            """,
            [installation_id, before, limit],
        )
        [(until,)] = cursor.fetchall()
        if until is None:
            return 0
        cursor.execute(
            "DELETE FROM lifecycle_activity WHERE installation_id = %s AND occurred_at <= %s", [installation_id, until]
        )
        return int(cursor.rowcount)


def settle_carts(installation_id: int, before: datetime, limit: int) -> int:
    """Take touches that are too old off their carts, the first and last into what is kept; return how many."""
    old = Cart.objects.filter(installation_id=installation_id, created_at__lt=before).exclude(touch={})
    people = dict(old.order_by("created_at", "id").values_list("id", "identity__customer_id")[:limit])
    identities.lock(customer for customer in people.values() if customer)
    found = list(old.filter(id__in=people).select_for_update().order_by("id"))
    told: dict[int, list[Touch]] = {}
    for cart in found:
        if cart.identity_id is not None:
            told.setdefault(cart.identity_id, []).append(read_touch(cart.touch))
    for identity in Identity.objects.select_for_update(no_key=True).filter(id__in=told).order_by("id"):
        keep_touches(identity, told[identity.pk])
    Cart.objects.filter(id__in=[cart.pk for cart in found]).update(touch={})
    return len(people)
