"""What other systems have to be told, until they were told."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from saleor_lifecycle.models import Outbox
from saleor_lifecycle.models.sets import update

LEASE = timedelta(seconds=60)
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))


def ask_projection(installation_id: int, customer_ids: Sequence[int], due_at: datetime) -> None:
    """Ask for these customers' phase to be written to Saleor's record, at the latest from ``due_at`` on."""
    if not customer_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_outbox (installation_id, kind, key, version, written, attempts, error, due_at)
            SELECT %(installation)s, 'projection', customer_id::text, 0, '{}', 0, '', %(due)s
            FROM unnest(%(customers)s::bigint[]) AS customer_id
            ON CONFLICT (installation_id, kind, key) DO UPDATE SET
                version = lifecycle_outbox.version + 1, attempts = 0,
                due_at = LEAST(COALESCE(lifecycle_outbox.due_at, EXCLUDED.due_at), EXCLUDED.due_at)
            """,
            {"installation": installation_id, "due": due_at, "customers": list(customer_ids)},
        )


_PROJECTED = """
    FROM lifecycle_customer customer
    WHERE customer.installation_id = %(installation)s
        AND (customer.before_u IS NOT NULL OR customer.customer_u IS NOT NULL)
        AND EXISTS (
            SELECT FROM lifecycle_identity identity
            JOIN lifecycle_account account ON account.identity_id = identity.id
            WHERE identity.customer_id = customer.id AND account.deleted_at IS NULL
        )
"""


def count_projection(installation_id: int) -> int:
    """Return how many customers have a living account and some activity: those whom a projection writes at first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_PROJECTED}", {"installation": installation_id})
        return int(cursor.fetchone()[0])


def ask_projection_of_everyone(installation_id: int, due_at: datetime) -> int:
    """Ask for the phase of every customer with a living account and some activity to be written; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO lifecycle_outbox (installation_id, kind, key, version, written, attempts, error, due_at)
            SELECT %(installation)s, 'projection', customer.id::text, 0, '{{}}', 0, '', %(due)s
            {_PROJECTED}
            ON CONFLICT (installation_id, kind, key) DO UPDATE SET
                version = lifecycle_outbox.version + 1, due_at = EXCLUDED.due_at
            """,
            {"installation": installation_id, "due": due_at},
        )
        return int(cursor.rowcount)


def lease(installation_id: int, kind: Outbox.Kind, limit: int, now: datetime) -> list[Outbox]:
    """Return due rows, kept from other workers for a minute: if this one dies, they come due again."""
    due = Outbox.objects.filter(installation_id=installation_id, kind=kind, due_at__lte=now).order_by("due_at")
    rows = list(due.select_for_update(skip_locked=True)[:limit])
    update(Outbox, [{"id": row.pk, "due_at": now + LEASE} for row in rows])
    return rows


def done(rows: Mapping[int, tuple[int, dict[str, Any]]], now: datetime) -> None:
    """Mark rows as told: {id: (version that was told, what the other side holds now)}.

    A row that was asked for again meanwhile stays due.
    """
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE lifecycle_outbox SET written = %s::jsonb, error = '', attempts = 0,
                due_at = CASE WHEN version = %s THEN NULL ELSE %s END
            WHERE id = %s
            """,
            [[json.dumps(written), version, now, id] for id, (version, written) in rows.items()],
        )


def failed(row: Outbox, error: str, now: datetime) -> None:
    """Put a row off after a refusal or an outage of the other side."""
    after = RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    Outbox.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, error=error[:500], due_at=now + after)
