"""What keeps a customer out of a flow, or a message from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Obstacle(StrEnum):
    # the flow
    ARCHIVED = "archived"
    UNPUBLISHED = "unpublished"
    FLOW_OFF = "flow_off"
    SHADOW = "shadow"  # it decides and sends nothing
    HELD = "held"  # the database was restored or copied, and nothing is sent
    # what starts it
    NO_CART = "no_cart"
    CART_YOUNG = "cart_young"
    CART_BEING_PAID = "cart_being_paid"
    CART_SEEN = "cart_seen"  # it has been in the flow
    EVENT_MISSING = "event_missing"
    EVENT_UNLIKE = "event_unlike"  # it happened, and let nobody in: its properties were others
    PHASE_OTHER = "phase_other"
    PHASE_STILL = "phase_still"
    PHASE_NEVER = "phase_never"
    PHASE_CAUSE = "phase_cause"  # an import, say
    TOO_LATE = "too_late"  # it happened before the flow was switched on
    DATE_COMING = "date_coming"
    DATE_UNKNOWN = "date_unknown"
    DATE_OVER = "date_over"
    SCHEDULED = "scheduled"
    CALLED = "called"  # somebody has to name them
    # the customer
    ONCE = "once"
    TOO_SOON = "too_soon"
    ENTRY_FILTER = "entry_filter"
    # the passage
    HELD_OUT = "held_out"
    HELD_OUT_EVERYWHERE = "held_out_everywhere"
    IN_SHADOW = "in_shadow"
    WAITS = "waits"
    LEFT = "left"
    FAILED = "failed"
    # its messages
    MESSAGE_DUE = "message_due"
    MESSAGE_WAITS = "message_waits"
    MESSAGE_SKIPPED = "message_skipped"
    MESSAGE_FAILED = "message_failed"
    MESSAGE_UNKNOWN = "message_unknown"
    MESSAGE_SENT = "message_sent"
    WOULD_WAIT = "would_wait"  # one that is still to come, as things stand
    WOULD_BE_SKIPPED = "would_be_skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands in the way, with the code, the moments and the figures behind it."""

    obstacle: Obstacle
    reason: str = ""  # a code of what decided it: of a skip, a deferral, an exit; a phase, an event, a date
    at: datetime | None = None  # when it was so
    until: datetime | None = None  # when it is looked at again, or over
    step: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
