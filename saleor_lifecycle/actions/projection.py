"""The projection: whose phase Saleor's record shall hold, how fast it is written, and what staff do to it."""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from django.db import connection

from saleor_lifecycle.domain.facts import AccountFact
from saleor_lifecycle.domain.projection import ATTRIBUTE, FASTEST, PHASE, SLOW, SLOWEST, State, next_turn, rest, state
from saleor_lifecycle.models import Account, Customer, Installation, Outbox

from .outbox import LEASE

BLOCK = 5_000

_ASK = """
    INSERT INTO lifecycle_outbox
        (installation_id, kind, key, version, written, attempts, error, due_at, record, repaired)
    SELECT %(installation)s, 'projection', customer.id::text, 0, '{}', 0, '', %(now)s, '', ''
    FROM lifecycle_customer customer
    WHERE customer.installation_id = %(installation)s AND customer.id > %(after)s AND customer.id <= %(until)s
        AND (customer.before_u IS NOT NULL OR customer.customer_u IS NOT NULL)
        AND EXISTS (
            SELECT FROM lifecycle_identity identity
            JOIN lifecycle_account account ON account.identity_id = identity.id
            WHERE identity.customer_id = customer.id AND account.deleted_at IS NULL
        )
    ORDER BY customer.id
    ON CONFLICT (installation_id, kind, key) DO UPDATE SET
        version = lifecycle_outbox.version + 1, due_at = EXCLUDED.due_at,
        -- Staff may have deleted the attribute meanwhile, and clearing leaves it empty: it is written anew.
        written = lifecycle_outbox.written - %(attribute)s
"""
_ASK_CLEARING = """
    UPDATE lifecycle_outbox held SET version = version + 1, due_at = %(now)s
    FROM lifecycle_customer customer
    WHERE customer.installation_id = %(installation)s AND customer.id > %(after)s AND customer.id <= %(until)s
        AND held.installation_id = %(installation)s AND held.kind = 'projection' AND held.key = customer.id::text
        AND held.written ->> %(phase)s <> ''
"""


def count(installation_id: int) -> int:
    """Return about how many customers a projection writes at first: how many accounts live.

    Whoever has two counts twice, and whoever's account counts nothing in the policy is not written.
    """
    return Account.objects.filter(installation_id=installation_id, deleted_at=None).count()


def switch(installation: Installation, is_on: bool, clears: bool) -> int:
    """Say whether the phase may be written to Saleor's record; return about how many customers will be asked for.

    Switched off, what was written stays, unless ``clears``: then its keys are emptied, at the same pace. Whom that
    asks for, ``ask_block`` finds.
    """
    installation.is_projecting = is_on
    installation.is_clearing = clears and not is_on
    installation.asking_after = 0 if is_on or clears else None
    # What one answer left to rest, the next may try at once.
    installation.projection_at, installation.projection_failures, installation.projection_trouble = None, 0, ""
    installation.save(
        update_fields=[
            *("is_projecting", "is_clearing", "asking_after"),
            *("projection_at", "projection_failures", "projection_trouble"),
        ]
    )
    if is_on:
        return count(installation.pk)
    return Outbox.objects.filter(installation=installation, kind=Outbox.Kind.PROJECTION).count() if clears else 0


def ask_block(installation_id: int, now: datetime) -> bool:
    """Ask for the next customers to be written, or emptied; return whether there may be more.

    A block and its place are one transaction: killed anywhere, it goes on after the last block. A customer who is being
    made in another transaction right then is asked for by their next change.
    """
    installation = Installation.objects.get(pk=installation_id)
    after = installation.asking_after
    if after is None:
        return False
    until, is_last = _lock_block(installation_id, after)
    mine = Installation.objects.filter(
        pk=installation_id,
        asking_after=after,
        is_projecting=installation.is_projecting,
        is_clearing=installation.is_clearing,
    )
    if not mine.update(asking_after=None if is_last else until):
        return False  # another worker, or the merchant's next answer, came first
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK_CLEARING if installation.is_clearing else _ASK,
            {
                "installation": installation_id,
                "after": after,
                "until": until,
                "now": now,
                "phase": PHASE,
                "attribute": ATTRIBUTE,
            },
        )
    return not is_last


def _lock_block(installation_id: int, after: int) -> tuple[int, bool]:
    """Lock the customers of the block after an id; return the last of them, and whether it is the last block."""
    people = Customer.objects.filter(installation_id=installation_id, pk__gt=after).order_by("pk")
    ids = list(people.select_for_update(no_key=True).values_list("pk", flat=True)[:BLOCK])
    return (ids[-1] if ids else after), len(ids) < BLOCK


def set_pace(installation: Installation, per_minute: int) -> None:
    """Say how many customers a minute may be written at most. Raises ValueError out of range."""
    if not SLOWEST <= per_minute <= FASTEST:
        raise ValueError(f"give {SLOWEST} to {FASTEST} customers a minute")
    installation.projection_per_minute = per_minute
    installation.save(update_fields=["projection_per_minute"])


def switch_attribute(installation: Installation, is_on: bool) -> int:
    """Say whether a customer attribute carries the phase as well; return about how many customers will be asked for.

    It is made before the next write. Switched off, it stays as it is in Saleor: staff may delete it there.
    """
    installation.has_phase_attribute = is_on
    installation.attribute_prepared_at, installation.attribute_trouble = None, ""
    installation.save(update_fields=["has_phase_attribute", "attribute_prepared_at", "attribute_trouble"])
    if not (is_on and installation.is_projecting):
        return 0
    installation.asking_after = 0
    installation.save(update_fields=["asking_after"])
    return count(installation.pk)


def attribute_prepared(installation: Installation, trouble: str, now: datetime) -> None:
    """Write down that the shop has the attribute, or why it has not."""
    Installation.objects.filter(pk=installation.pk).update(attribute_prepared_at=now, attribute_trouble=trouble[:500])


def turn(installation_id: int, now: datetime) -> Installation | None:
    """Return the installation, locked for all other workers, or None while its pace or a rest lets nothing out."""
    installation = Installation.objects.select_for_update(no_key=True).get(pk=installation_id)
    return None if installation.projection_at and installation.projection_at > now else installation


def use_turn(installation: Installation, customers: int, now: datetime) -> datetime | None:
    """Keep all other workers from writing while so many customers are; return when the pace lets the next out.

    Two requests that overlap may reach Saleor in the other order, which would leave the older values there. A worker
    that dies keeps the turn for a minute.
    """
    if not customers:
        return installation.projection_at
    Installation.objects.filter(pk=installation.pk).update(projection_at=now + LEASE)
    return next_turn(installation.projection_at, customers, installation.projection_per_minute, now)


def answered(installation: Installation, took: timedelta, free_at: datetime | None, now: datetime) -> None:
    """Write down that the shop took them; a slow one is left alone for as long as it took."""
    if free_at and took > SLOW:
        free_at = max(free_at, now + 2 * took)
    Installation.objects.filter(pk=installation.pk).update(
        projection_at=free_at, projection_failures=0, projection_trouble=""
    )


def troubled(installation: Installation, trouble: str, now: datetime) -> None:
    """Leave the shop alone for a while: it did not answer, or did not let us in."""
    failures = installation.projection_failures + 1
    Installation.objects.filter(pk=installation.pk).update(
        projection_failures=min(failures, 1000), projection_trouble=trouble[:500], projection_at=now + rest(failures)
    )


def notice_edits(
    installation: Installation, accounts: Sequence[AccountFact], customers: Set[int], now: datetime
) -> None:
    """Compare what these snapshots say of the phase with what we wrote: repair it once, then leave it and keep that.

    A snapshot is compared when it is newer, by Saleor's clock, than the record was after our last write. ``customers``
    are those whose accounts these may be.
    """
    if not installation.is_projecting or not accounts:
        return
    newest: dict[str, AccountFact] = {}
    for fact in accounts:
        held = newest.get(fact.user_id)
        if held is None or held.version < fact.version:
            newest[fact.user_id] = fact
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH seen AS (
                SELECT held.id, said.updated_at, written ->> %(phase)s AS ours,
                    said.phase IS NOT DISTINCT FROM written ->> %(phase)s AS is_ours
                FROM lifecycle_outbox held
                JOIN unnest(%(users)s::text[], %(said)s::text[], %(updated)s::timestamptz[])
                    AS said(user_id, phase, updated_at) ON said.user_id = held.record
                WHERE held.installation_id = %(installation)s AND held.kind = 'projection'
                    AND held.key = ANY(%(keys)s) AND jsonb_exists(held.written, %(phase)s)
                    AND said.updated_at > held.record_updated_at
                ORDER BY held.key::bigint FOR UPDATE OF held
            )
            UPDATE lifecycle_outbox held SET
                record_updated_at = seen.updated_at,
                edited_at = CASE WHEN is_ours THEN NULL WHEN repaired = ours THEN seen.updated_at END,
                written = CASE WHEN is_ours OR repaired = ours THEN written ELSE written - %(phase)s END,
                version = CASE WHEN is_ours OR repaired = ours THEN version ELSE version + 1 END,
                due_at = CASE WHEN is_ours OR repaired = ours THEN due_at ELSE LEAST(due_at, %(now)s) END,
                repaired = CASE WHEN is_ours THEN repaired ELSE ours END
            FROM seen WHERE held.id = seen.id AND (NOT is_ours OR edited_at IS NOT NULL)
            """,
            {
                "phase": PHASE,
                "now": now,
                "installation": installation.pk,
                "keys": [str(customer) for customer in customers],
                "users": list(newest),
                "said": [fact.projected_phase for fact in newest.values()],
                "updated": [fact.version.updated_at for fact in newest.values()],
            },
        )


def edited(installation_id: int) -> int:
    """Return of how many customers staff have edited what we wrote, twice."""
    return Outbox.objects.filter(installation_id=installation_id, edited_at__isnull=False).count()


def edited_records(installation_id: int, first: int, after: tuple[datetime, int] | None) -> list[Outbox]:
    """Return rows of records that staff have edited twice, the oldest edit first, after that (edited_at, id)."""
    rows = Outbox.objects.filter(installation_id=installation_id, edited_at__isnull=False)
    if after:
        at, key = after
        rows = rows.filter(edited_at__gte=at).exclude(edited_at=at, pk__lte=key)
    return list(rows.order_by("edited_at", "pk")[:first])


def waiting(installation_id: int) -> int:
    """Return how many customers wait for being written."""
    return Outbox.objects.filter(
        installation_id=installation_id, kind=Outbox.Kind.PROJECTION, due_at__isnull=False
    ).count()


def state_of(installation: Installation, customer_id: int) -> State:
    """Return what Saleor's record of a customer says; OFF also where nothing was ever asked for."""
    row = Outbox.objects.filter(installation=installation, kind=Outbox.Kind.PROJECTION, key=str(customer_id)).first()
    is_to_come = installation.asking_after is not None and customer_id > installation.asking_after
    if row is None:
        return State.WAITING if is_to_come and installation.is_projecting else State.OFF
    is_waiting = is_to_come or row.due_at is not None
    return state(bool(installation.is_projecting), installation.is_clearing, is_waiting, bool(row.edited_at))
