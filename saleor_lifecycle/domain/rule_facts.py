"""What rules are asked of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a customer, as stored at one moment."""

    events: Mapping[str, datetime] = field(default_factory=dict)
    entered_at: datetime | None = None
