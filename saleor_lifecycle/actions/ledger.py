"""The ledger of decisions."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from saleor_lifecycle.models import Decision


class Entry(NamedTuple):
    customer_id: int
    flow_id: int
    kind: Decision.Kind
    outcome: str = ""
    enrollment_id: int | None = None
    message_id: int | None = None
    step: str = ""
    data: Mapping[str, Any] = {}


def record(installation_id: int, entries: Sequence[Entry], now: datetime) -> None:
    """Write down what was decided."""
    Decision.objects.bulk_create(
        Decision(installation_id=installation_id, occurred_at=now, key=str(uuid.uuid4()), **one._asdict())
        for one in entries
    )
