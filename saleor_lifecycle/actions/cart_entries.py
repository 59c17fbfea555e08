"""Carts that go idle: when each is to be looked at, and whom that lets into which flow."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from saleor_lifecycle.domain.flow_triggers import CartIdle
from saleor_lifecycle.models import Cart, Flow, Installation
from saleor_lifecycle.models.sets import ids

from . import entries, flows, identities, triggers
from .entries import Candidate


class _Wish(NamedTuple):
    """What a flow wants of carts."""

    flow: Flow
    idle: timedelta
    ends: timedelta | None


def watch(installation_id: int, cart_ids: Collection[int], now: datetime, is_import: bool = False) -> None:
    """Set when each of these carts is to be looked at first, or that it is not.

    One passage per cart and flow: a flow that it has entered does not look again. Nor does one that would be over
    already (an outage longer than the flow). An import begins no watch, but may end one.
    """
    if cart_ids:
        _set(installation_id, cart_ids, now, is_import=is_import)


def enter_idle(installation: Installation, limit: int, now: datetime) -> int:
    """Let in the customers whose carts have gone idle; return how many carts were looked at."""
    idle = Cart.objects.filter(installation=installation, idle_at__lte=now)
    seen = list(idle.order_by("idle_at").values_list("id", "identity__customer_id")[:limit])
    if not seen:
        return 0
    customer_ids = sorted({customer_id for _, customer_id in seen if customer_id is not None})
    identities.lock(customer_ids)
    # Looked at again under the locks: an order may have come between.
    carts = list(
        idle.filter(id__in=[cart_id for cart_id, _ in seen], identity__customer_id__in=customer_ids)
        .select_related("identity")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    wishes = [one for one in _wishes(installation.pk) if one.flow.is_on]
    entries.enter(installation, [one for cart in carts for one in _candidates(cart, wishes, now)], now)
    _set(installation.pk, [cart.pk for cart in carts], now, after=now)
    flows.advance(installation, customer_ids, now)
    return len(seen)


def _wishes(installation_id: int) -> list[_Wish]:
    """Return what the flows want that start with carts, also those that are off: they may be on when one goes idle."""
    held = triggers.of_kinds(triggers.published(installation_id), ["cart_idle"]).order_by("id")
    wishes = []
    for flow in held:
        trigger = triggers.trigger_of(flow, CartIdle)
        assert flow.version is not None
        wishes.append(_Wish(flow, trigger.idle, flow.version.value().document.ends))
    return wishes


def _candidates(cart: Cart, wishes: Sequence[_Wish], now: datetime) -> Iterator[Candidate]:
    """Yield whom a cart may let in: into each flow whose moment has come since the cart was last looked at."""
    if cart.identity is None or cart.identity.customer_id is None or cart.changed_at is None or cart.idle_at is None:
        return
    for flow, idle, ends in wishes:
        at = cart.changed_at + idle
        assert flow.version is not None
        # A version that came later may want to look earlier than anybody has looked.
        is_new = at >= cart.idle_at or flow.version.published_at > at
        if is_new and at <= now and (ends is None or now < cart.changed_at + ends):
            yield Candidate(
                flow,
                cart.identity.customer_id,
                cart.checkout_id,
                cart.changed_at,
                {"channel": cart.channel, "items": sum(quantity for _, quantity in cart.lines)},
                cart_id=cart.pk,
                happened_at=at,
            )


def _set(
    installation_id: int,
    cart_ids: Collection[int],
    now: datetime,
    is_import: bool = False,
    after: datetime | None = None,
) -> None:
    """Set the next moment (``after`` one) at which any flow wants to look at each cart; none is needed by no flow."""
    wishes = [
        {"flow": one.flow.pk, "idle": one.idle.total_seconds(), "ends": one.ends and one.ends.total_seconds()}
        for one in _wishes(installation_id)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_cart SET idle_at = CASE WHEN
                    identity_id IS NOT NULL AND lines_hash <> '' AND ordered_at IS NULL AND NOT is_being_paid
                    AND (idle_at IS NOT NULL OR NOT %(is_import)s)
                    -- One from before a restore may have entered in what was lost.
                    AND COALESCE(created_at, changed_at) > COALESCE(
                        (SELECT restored_at FROM lifecycle_installation WHERE id = installation_id), '-infinity')
                THEN (
                    SELECT min(changed_at + make_interval(secs => wish.idle))
                    FROM json_to_recordset(%(wishes)s::json) AS wish(flow bigint, idle float, ends float)
                    WHERE (wish.ends IS NULL OR changed_at + make_interval(secs => wish.ends) > %(now)s)
                        AND changed_at + make_interval(secs => wish.idle) > %(after)s::timestamptz
                        AND NOT EXISTS (
                            SELECT FROM lifecycle_enrollment enrollment
                            WHERE enrollment.flow_id = wish.flow AND enrollment.cart_id = lifecycle_cart.id
                        )
                ) END
            WHERE id = ANY(%(carts)s::bigint[])
            """,
            {
                "wishes": json.dumps(wishes),
                "now": now,
                "after": after or "-infinity",
                "carts": ids(cart_ids),
                "is_import": is_import,
            },
        )
