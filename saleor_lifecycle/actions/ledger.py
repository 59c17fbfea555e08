"""The ledger: what was decided about customers in flows, a row when the answer changes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from saleor_lifecycle.models import Decision

Kind = Decision.Kind
ASKED_AGAIN = (Kind.REFUSED, Kind.DEFERRED, Kind.SKIPPED)
"""What may be answered again and again; the rest is decided once."""

COMPARED_WITHIN = timedelta(days=31)
"""How far back an answer is looked for: so the newest months are read and no other. An older one is given again."""


class Entry(NamedTuple):
    """One decision. Its ``data`` holds figures, moments and codes, and nothing personal: it outlives an erasure.

    ``_RECORD`` reads the fields by their places.
    """

    customer_id: int
    flow_id: int
    kind: Decision.Kind
    outcome: str = ""  # the way taken, or the reason code
    enrollment_id: int | None = None
    message_id: int | None = None
    step: str = ""
    data: Mapping[str, Any] = {}


def record(installation_id: int, entries: Sequence[Entry], now: datetime) -> None:
    """Write down what was decided at ``now``, but for what was answered like that before and not otherwise since."""
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "shop": installation_id,
                "now": now,
                "since": now - COMPARED_WITHIN,
                "rows": json.dumps(entries, default=_plain),
                "again": [kind.value for kind in ASKED_AGAIN],
            },
        )


# The key, with the moment, makes a repeated one the same.
#
# What belongs to no enrollment is a refusal, so what came before it is the flow's newest refusal or entry; another
# answer is of its enrollment, message and step.
_RECORD = """
    INSERT INTO lifecycle_decision (
        installation_id, occurred_at, key, customer_id, flow_id, enrollment_id, message_id, step, kind, outcome, data
    )
    SELECT %(shop)s, %(now)s,
        concat(COALESCE(enrollment_id::text, concat(flow_id, ':', customer_id)), ':', step, ':', message_id, ':', kind,
            ':', outcome),
        customer_id, flow_id, enrollment_id, message_id, step, kind, outcome, data
    FROM (
        SELECT (told->>0)::bigint AS customer_id, (told->>1)::bigint AS flow_id, told->>2 AS kind, told->>3 AS outcome,
            (told->>4)::bigint AS enrollment_id, (told->>5)::bigint AS message_id, told->>6 AS step, told->7 AS data
        FROM jsonb_array_elements(%(rows)s::jsonb) AS told OFFSET 0
    ) new
    WHERE kind <> ALL(%(again)s) OR NOT COALESCE((
        SELECT (held.kind, held.outcome) = (new.kind, new.outcome) FROM lifecycle_decision held
        WHERE held.installation_id = %(shop)s AND held.customer_id = new.customer_id
            -- Of this moment the key tells a repeated one.
            AND held.occurred_at > %(since)s AND held.occurred_at < %(now)s AND held.flow_id = new.flow_id
            AND CASE WHEN new.enrollment_id IS NULL THEN held.enrollment_id IS NULL OR held.kind = 'entered' ELSE
                (held.enrollment_id, held.message_id, held.step)
                    IS NOT DISTINCT FROM (new.enrollment_id, new.message_id, new.step) END
        ORDER BY held.occurred_at DESC LIMIT 1
    ), false)
    ON CONFLICT DO NOTHING
"""


def expire(installation_id: int, before: datetime, limit: int) -> int:
    """Delete the oldest decisions that are too old, about so many at once; return how many."""
    old = Decision.objects.filter(installation_id=installation_id, occurred_at__lt=before)
    until = max(old.order_by("occurred_at").values_list("occurred_at", flat=True)[:limit], default=None)
    return old.filter(occurred_at__lte=until).delete()[0] if until is not None else 0


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
