"""What other systems have to be told, until they were told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Case, Value, When

from saleor_lifecycle.domain.projection import PHASE
from saleor_lifecycle.models import Outbox
from saleor_lifecycle.models.sets import update

LEASE = timedelta(seconds=60)
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))


@dataclass(frozen=True, slots=True)
class Told:
    """What one row came to: the version that was told, and what was written to which record."""

    version: int
    sent: Mapping[str, str] = field(default_factory=dict)
    record: str = ""
    record_updated_at: datetime | None = None


def ask_projection(
    installation_id: int, customer_ids: Sequence[int], due_at: datetime, is_urgent: bool = False
) -> None:
    """Ask for these customers' phase to be written to Saleor's record, at the latest from ``due_at`` on.

    Urgent, they go before those who have been waiting.
    """
    if not customer_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_outbox
                (installation_id, kind, key, version, written, attempts, error, due_at, record, repaired)
            SELECT %(installation)s, 'projection', customer_id::text, 0, '{}', 0, '', %(due)s, '', ''
            FROM unnest(%(customers)s::bigint[]) AS customer_id
            ORDER BY customer_id  -- everybody locks these rows in this order
            ON CONFLICT (installation_id, kind, key) DO UPDATE SET
                version = lifecycle_outbox.version + 1, attempts = 0,
                due_at = CASE WHEN %(urgent)s THEN EXCLUDED.due_at
                    ELSE LEAST(lifecycle_outbox.due_at, EXCLUDED.due_at) END
            """,
            {"installation": installation_id, "due": due_at, "urgent": is_urgent, "customers": list(customer_ids)},
        )


def ask_webhook(installation_id: int, event: str, key: str, payload: Mapping[str, object], now: datetime) -> None:
    """Ask for the merchant's other systems to be told of an event, once for each ``key``."""
    Outbox.objects.bulk_create(
        [
            Outbox(
                installation_id=installation_id,
                kind=Outbox.Kind.WEBHOOK,
                key=f"{event}:{key}",
                written={"event": event, **payload},
                due_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def ask_voucher(installation_id: int, pool_ids: Sequence[int], now: datetime) -> None:
    """Ask for the shop to be told of these pools of codes."""
    if not pool_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_outbox
                (installation_id, kind, key, version, written, attempts, error, due_at, record, repaired)
            SELECT %(installation)s, 'voucher', pool_id::text, 0, '{}', 0, '', %(now)s, '', ''
            FROM unnest(%(pools)s::bigint[]) AS pool_id
            ORDER BY pool_id
            ON CONFLICT (installation_id, kind, key) DO UPDATE SET
                version = lifecycle_outbox.version + 1, attempts = 0,
                due_at = LEAST(lifecycle_outbox.due_at, EXCLUDED.due_at)
            """,
            {"installation": installation_id, "now": now, "pools": list(pool_ids)},
        )


def lease(installation_id: int, kind: Outbox.Kind, limit: int, now: datetime) -> list[Outbox]:
    """Return due rows, kept from other workers for a minute: if this one dies, they come due again.

    The newest first: whoever moves today does not stand behind a million customers who were asked for at once.
    """
    due = Outbox.objects.filter(installation_id=installation_id, kind=kind, due_at__lte=now).order_by("-due_at")
    rows = list(due.select_for_update(skip_locked=True)[:limit])
    update(Outbox, [{"id": row.pk, "due_at": now + LEASE} for row in rows])
    return rows


def done(rows: Mapping[int, Told], now: datetime) -> None:
    """Mark rows as told; one that was asked for again meanwhile stays due.

    Only what was sent is taken for written: a key that turned out to be edited meanwhile is still to be repaired.
    """
    told = list(rows.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM lifecycle_outbox WHERE id = ANY(%s) ORDER BY key::bigint FOR NO KEY UPDATE", [list(rows)]
        )
        cursor.execute(
            """
            UPDATE lifecycle_outbox SET
                written = CASE WHEN new.record IN (lifecycle_outbox.record, '') OR lifecycle_outbox.record = ''
                    THEN lifecycle_outbox.written ELSE '{}' END || new.sent,
                record = CASE WHEN new.sent = '{}' THEN lifecycle_outbox.record ELSE new.record END,
                record_updated_at = CASE WHEN jsonb_exists(new.sent, %(phase)s) THEN new.updated_at
                    ELSE record_updated_at END,
                repaired = CASE WHEN new.sent ->> %(phase)s <> repaired THEN '' ELSE repaired END,
                edited_at = CASE WHEN jsonb_exists(new.sent, %(phase)s) THEN NULL ELSE edited_at END,
                error = '', attempts = 0,
                due_at = CASE WHEN lifecycle_outbox.version = new.version THEN NULL ELSE %(now)s END
            FROM unnest(
                %(ids)s::bigint[], %(versions)s::int[], %(sent)s::jsonb[], %(records)s::text[],
                %(updated)s::timestamptz[]
            ) AS new(id, version, sent, record, updated_at)
            WHERE lifecycle_outbox.id = new.id
            """,
            {
                "phase": PHASE,
                "now": now,
                "ids": list(rows),
                "versions": [one.version for one in told],
                "sent": [json.dumps(dict(one.sent)) for one in told],
                "records": [one.record for one in told],
                "updated": [one.record_updated_at for one in told],
            },
        )


def name(rows: Iterable[Outbox], record: str) -> None:
    """Note under which name leased rows leave."""
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(record=record)


def drop(rows: Iterable[Outbox]) -> None:
    """Forget rows that were told and are never asked for again."""
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).delete()


def settled(row: Outbox, now: datetime) -> None:
    """Mark a row as told; one that was asked for again meanwhile stays due."""
    Outbox.objects.filter(pk=row.pk).update(
        attempts=0, error="", due_at=Case(When(version=row.version, then=None), default=Value(now))
    )


def failed(row: Outbox, error: str, now: datetime) -> None:
    """Put a row off that the other side refuses."""
    after = RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    Outbox.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, error=error[:500], due_at=now + after)


def release(rows: Iterable[Outbox], now: datetime) -> None:
    """Make leased rows due again: nobody could be told, so none of them is to blame."""
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now)
