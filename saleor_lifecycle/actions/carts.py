"""Carts: the newest snapshot, and when their lines last changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.carts import OPEN_FOR, Sighting, changed_at, lines_hash, observe
from saleor_lifecycle.domain.facts import CartFact
from saleor_lifecycle.domain.identity import Key, key_of
from saleor_lifecycle.domain.touches import document
from saleor_lifecycle.models import Cart, Identity
from saleor_lifecycle.models.sets import TEXTS, ids, insert, texts, update

from . import identities


def save(installation_id: int, facts: Iterable[CartFact], found: Mapping[Key, Identity]) -> set[int]:
    """Store the newest snapshot of each cart and every sighting of its lines; return the ids of the carts touched."""
    by_checkout: dict[str, list[CartFact]] = {}
    for fact in facts:
        by_checkout.setdefault(fact.checkout_id, []).append(fact)
    if not by_checkout:
        return set()
    told = Cart.objects.filter(installation_id=installation_id, checkout_id__in=by_checkout)
    held = {cart.checkout_id: cart for cart in told.select_for_update().order_by("id")}
    update(Cart, [{"id": cart.pk, **_row(cart, by_checkout[checkout], found)} for checkout, cart in held.items()])
    new = [Cart(installation_id=installation_id, checkout_id=one) for one in sorted(by_checkout.keys() - held.keys())]
    rows = [{**_new_row(cart), **_row(cart, by_checkout[cart.checkout_id], found)} for cart in new]
    made = insert(Cart, rows, skips_held=True)
    if len(made) < len(rows):
        raise identities.CustomersMoved  # another has told of one of them meanwhile
    return {*made, *(cart.pk for cart in held.values())}


def _new_row(cart: Cart) -> dict[str, Any]:
    return {"installation_id": cart.installation_id, "public_id": cart.public_id, "checkout_id": cart.checkout_id}


def _row(cart: Cart, facts: list[CartFact], found: Mapping[Key, Identity]) -> dict[str, Any]:
    seen = [Sighting(datetime.fromisoformat(at), lines) for at, lines in cart.sightings]
    sightings = observe(seen, map(_sighting, facts))
    newest = max(facts, key=lambda fact: fact.version)
    row: dict[str, Any] = {
        "sightings": [[sighting.at.isoformat(), sighting.lines_hash] for sighting in sightings],
        "changed_at": changed_at(sightings),
    }
    held = cart.version()
    if held is not None and held >= newest.version:
        return row | {name: getattr(cart, name) for name in _COLUMNS}
    key = key_of(newest.user_id, newest.email, newest.erased)
    return row | {
        "identity_id": found[key].pk if key else None,
        "email": newest.email,
        "channel": newest.channel,
        "language": newest.language,
        "country": newest.country,
        "zone": newest.zone,
        "voucher_code": cart.voucher_code if newest.voucher_code is None else newest.voucher_code,
        "lines": [list(line) for line in newest.lines],
        "lines_hash": lines_hash(newest.lines),
        "is_being_paid": cart.is_being_paid if newest.is_being_paid is None else newest.is_being_paid,
        "touch": document(newest.touch) if newest.touch else {},
        "created_at": newest.created_at,
        "metadata": dict(newest.metadata),
        "updated_at": newest.version.updated_at,
        "issued_at": newest.version.issued_at,
        "digest": newest.version.digest,
    }


def _sighting(fact: CartFact) -> Sighting:
    """Return when a cart held its lines: not later than the shop told of it, whatever its clock says."""
    return Sighting(min(fact.version.updated_at, fact.version.issued_at), lines_hash(fact.lines))


_COLUMNS = (
    "identity_id",
    "email",
    "channel",
    "language",
    "country",
    "zone",
    "voucher_code",
    "lines",
    "lines_hash",
    "is_being_paid",
    "touch",
    "created_at",
    "metadata",
    "updated_at",
    "issued_at",
    "digest",
)


def of_customer(customer_id: int, channel: str, now: datetime) -> list[Cart]:
    """Return a customer's carts in a channel that may still be open, the last touched first, at most a hundred."""
    held = Cart.objects.filter(identity__customer_id=customer_id, channel=channel, ordered_at=None)
    return list(held.exclude(lines_hash="").filter(changed_at__gt=now - OPEN_FOR).order_by("-changed_at", "id")[:100])


def mark_ordered(installation_id: int, cart_ids: Iterable[int], checkout_ids: Iterable[str]) -> set[int]:
    """Mark, for good, the carts among these that an order has come of; return their ids.

    Looked at from both sides, because either the order or the cart may be told of first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH ended AS (
                SELECT cart.id, placed.created_at FROM lifecycle_cart cart CROSS JOIN LATERAL (
                    SELECT created_at FROM lifecycle_order came
                    WHERE came.installation_id = %(installation)s AND came.checkout_id = cart.checkout_id OFFSET 0
                ) placed
                WHERE cart.installation_id = %(installation)s AND cart.ordered_at IS NULL
                    AND (cart.id = ANY(%(carts)s::bigint[]) OR cart.checkout_id = ANY({TEXTS.format("checkouts")}))
            )
            UPDATE lifecycle_cart SET ordered_at = ended.created_at, idle_at = NULL FROM ended
            WHERE lifecycle_cart.id = ended.id AND lifecycle_cart.ordered_at IS NULL
            RETURNING lifecycle_cart.id
            """,
            {"installation": installation_id, "carts": ids(cart_ids), "checkouts": texts(checkout_ids)},
        )
        return {row[0] for row in cursor.fetchall()}
