"""Customers: their profile folded again, where they stand, and what follows from a move."""

import uuid
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Min

from saleor_lifecycle.domain.attributes import KeyMapping
from saleor_lifecycle.domain.phases import Cause, Standing, stand
from saleor_lifecycle.domain.profile import CartRow, OrderRow, Profile, fold
from saleor_lifecycle.models import Customer, DeliveryEvent, Installation, PhaseChange, Rescoring, sets
from saleor_lifecycle.models.delivery_events import CLICK
from saleor_lifecycle.models.sets import insert, update

from . import attributes, occasions, outbox, phase_entries
from .phase_entries import Move

BANDS_AT_MOST_EVERY = timedelta(days=1)


def refold(
    installation: Installation,
    customer_ids: Iterable[int],
    now: datetime,
    cause: Cause,
    mapped: Sequence[KeyMapping] | None = None,
) -> None:
    """Fold these customers' rows again and move those who stand elsewhere. They are locked already.

    ``mapped`` are the mapped metadata keys, if they were read under the locks.
    """
    ids = sorted(set(customer_ids))
    if not ids:
        return
    # Read now that they are locked: a rescoring that went by before has changed it, one to come waits for us.
    current = Installation.objects.select_related("policy", "fit").get(pk=installation.pk)
    policy, rules = current.scoring()
    zone = zoneinfo.ZoneInfo(current.time_zone)
    # The identities first: where much is new, the planner knows too little of the tables to join them well.
    customer_of = dict(
        _rows("SELECT id, customer_id FROM lifecycle_identity WHERE customer_id = ANY(%s::bigint[])", ids)
    )
    joined, orders, carts = _facts(customer_of)
    clicks = _clicks(ids)
    profiles = {
        customer_id: fold(
            joined[customer_id], orders[customer_id], carts[customer_id], policy, zone, rules, clicks[customer_id]
        )
        for customer_id in ids
    }
    everybody = list(
        Customer.objects.raw("SELECT * FROM lifecycle_customer WHERE id = ANY(%s::bigint[])", [sets.ids(ids)])
    )
    customers = [customer for customer in everybody if customer.merged_into_id is None]
    standings = {customer.pk: stand(profiles[customer.pk], policy, now) for customer in customers}
    rows = [_profile_row(profiles[customer.pk], current.policy_id) for customer in customers]
    moves = _write(installation, customers, rows, standings, now, cause)
    held = {customer.pk: customer.attributes for customer in everybody}
    attributes.refold_held(held, customer_of, attributes.mappings(installation.pk) if mapped is None else mapped)
    occasions.refresh(current, ids, now)
    phase_entries.enter(current, moves, now, cause)


def add(installation: Installation, customer_ids: Iterable[int], now: datetime, cause: Cause) -> None:
    """Insert customers of whom nothing is known yet, under ids that were drawn: as ``refold`` would leave each."""
    assert installation.policy is not None
    policy = installation.policy.value()
    profile = fold((), (), (), policy, zoneinfo.ZoneInfo(installation.time_zone))
    standing = stand(profile, policy, now)
    same = {
        **_profile_row(profile, installation.policy_id),
        "installation_id": installation.pk,
        "created_at": now,
        "attributes": {},
        "phase": standing.phase.value,
        "phase_reason": standing.reason.value,
        "phase_since": now,
        "band": standing.band.value,
        "due_at": standing.due_at,
    }
    ids = sorted(customer_ids)
    insert(Customer, [{"id": customer_id, "public_id": uuid.uuid4(), **same} for customer_id in ids])
    change = {
        "installation_id": installation.pk,
        "before": "",
        "after": standing.phase.value,
        "cause": cause.value,
        "reason": standing.reason.value,
        "at": now,
    }
    insert(PhaseChange, [{"customer_id": customer_id, **change} for customer_id in ids])
    moves = [Move(customer_id, "", standing.phase.value) for customer_id in ids]
    phase_entries.enter(installation, moves, now, cause)


def claim_due(installation_id: int, limit: int, now: datetime) -> list[Customer]:
    """Return customers whom time alone has moved, locked; those another worker holds are passed over."""
    due = Customer.objects.filter(installation_id=installation_id, due_at__lte=now).order_by("due_at")
    return list(due.select_for_update(skip_locked=True, no_key=True)[:limit])


def tick(installation: Installation, customers: list[Customer], now: datetime) -> None:
    """Move customers whom time alone has moved: nothing of their history is read.

    Unless a new policy or fit holds and the walk that brings it has not come to them yet: then they are folded again.
    """
    walk = Rescoring.objects.filter(installation=installation, state=Rescoring.State.APPLYING).first()
    if walk is not None:
        cause = Cause.REFIT if walk.kind == Rescoring.Kind.REFIT else Cause.POLICY
        parts = list(walk.parts.all())
        ahead = {one.pk for one in customers if any(part.cursor < one.pk <= part.until for part in parts)}
        refold(installation, ahead, now, cause)
        customers = [customer for customer in customers if customer.pk not in ahead]
    assert installation.policy is not None
    policy = installation.policy.value()
    standings = {customer.pk: stand(customer.profile(), policy, now) for customer in customers}
    moves = _write(installation, customers, [{} for _ in customers], standings, now, Cause.TIME)
    phase_entries.enter(installation, moves, now, Cause.TIME)


def _facts(
    customer_of: Mapping[int, int],
) -> tuple[dict[int, list[datetime]], dict[int, list[OrderRow]], dict[int, list[CartRow]]]:
    joined: dict[int, list[datetime]] = defaultdict(list)
    orders: dict[int, list[OrderRow]] = defaultdict(list)
    carts: dict[int, list[CartRow]] = defaultdict(list)
    for identity_id, joined_at in _rows(_ACCOUNTS, customer_of):
        joined[customer_of[identity_id]].append(joined_at)
    for identity_id, *order in _rows(_ORDERS, customer_of):
        orders[customer_of[identity_id]].append(OrderRow(*order))
    for identity_id, *cart in _rows(_CARTS, customer_of):
        carts[customer_of[identity_id]].append(CartRow(*cart))
    return joined, orders, carts


_ACCOUNTS = """
    SELECT identity_id, joined_at FROM lifecycle_account
    WHERE identity_id = ANY(%s::bigint[]) AND deleted_at IS NULL
"""
_ORDERS = """
    SELECT identity_id, created_at, status, charge_status, charged, refunded, total, currency, channel
    FROM lifecycle_order WHERE identity_id = ANY(%s::bigint[])
"""
_CARTS = """
    SELECT identity_id, changed_at, lines_hash = '', ordered_at IS NOT NULL FROM lifecycle_cart
    WHERE identity_id = ANY(%s::bigint[]) AND updated_at IS NOT NULL AND changed_at IS NOT NULL
"""


def _rows(sql: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [sets.ids(ids)])
        return list(cursor.fetchall())


def _clicks(ids: Sequence[int]) -> dict[int, list[datetime]]:
    """Return when people followed links of messages to them, of each message the first time."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = DeliveryEvent.objects.filter(message__customer_id__in=ids, **CLICK)
    for customer_id, _, at in rows.values_list("message__customer_id", "message_id").annotate(at=Min("occurred_at")):
        found[customer_id].append(at)
    return found


def _profile_row(profile: Profile, policy_id: int | None) -> dict[str, Any]:
    return {
        "orders": profile.orders,
        "first_order_at": profile.first_order_at,
        "last_order_at": profile.last_order_at,
        "last_placed_at": profile.last_placed_at,
        "spent": {currency: str(amount) for currency, amount in profile.spent},
        "cart_open_until": profile.cart_open_until,
        "before_u": profile.before_u,
        "customer_u": profile.customer_u,
        "sums": [list(entry) for entry in profile.sums],
        "loss_at": profile.loss.at if profile.loss else None,
        "loss_rung": profile.loss.rung if profile.loss else "",
        "next_order_at": profile.next_order_at,
        "channel": profile.channel,
        "order_days": profile.order_days,
        "first_order_day": profile.first_order_day,
        "last_order_day": profile.last_order_day,
        "policy_id": policy_id,
    }


def _write(
    installation: Installation,
    customers: list[Customer],
    profile_rows: list[dict[str, Any]],
    standings: dict[int, Standing],
    now: datetime,
    cause: Cause,
) -> list[Move]:
    """Return who moved; written are rows, a change for each new phase, and what Saleor's record has to learn."""
    rows, changes, moved, shifted = [], [], [], []
    moves: list[Move] = []
    for customer, profile_row in zip(customers, profile_rows, strict=True):
        standing = standings[customer.pk]
        is_new = customer.phase_since is None
        has_moved = is_new or customer.phase != standing.phase
        if has_moved:
            # Of what was there before us, only customers with some activity are written to Saleor's record.
            if cause is not Cause.IMPORT or not profile_row["before_u"] is profile_row["customer_u"] is None:
                moved.append(customer.pk)
            moves.append(Move(customer.pk, "" if is_new else customer.phase, standing.phase.value))
            changes.append(
                {
                    "installation_id": installation.pk,
                    "customer_id": customer.pk,
                    "before": "" if is_new else customer.phase,
                    "after": standing.phase.value,
                    "cause": cause.value,
                    "reason": standing.reason.value,
                    "at": now,
                }
            )
        elif customer.band != standing.band or profile_row.get("loss_at", customer.loss_at) != customer.loss_at:
            shifted.append(customer.pk)
        row = {
            **profile_row,
            "phase": standing.phase.value,
            "phase_reason": standing.reason.value,
            "phase_since": now if has_moved else customer.phase_since,
            "band": standing.band.value,
            "due_at": standing.due_at,
        }
        if any(getattr(customer, name) != value for name, value in row.items()):
            rows.append({"id": customer.pk, **row})
    update(Customer, rows)
    insert(PhaseChange, changes)
    if installation.is_projecting:
        outbox.ask_projection(installation.pk, moved, now, is_urgent=True)
        outbox.ask_projection(installation.pk, shifted, now + BANDS_AT_MOST_EVERY)
    return moves


def counts(installation_id: int) -> dict[str, int]:
    """Return how many customers stand in each phase."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phase, count(*) FROM lifecycle_customer "
            "WHERE installation_id = %s AND merged_into_id IS NULL GROUP BY phase",
            [installation_id],
        )
        return dict(cursor.fetchall())
