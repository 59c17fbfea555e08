"""Who is let into a flow: what stands against it before the merchant's own filter is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .flow_triggers import Entry

DAILY_SHARE = 0.02
LEAST_PER_HOUR = 20
DEEPEST = 5
"""So many flows may have started one another before one; a circle of flows ends here."""


class Refusal(StrEnum):
    FLOW_OFF = "flow_off"
    HELD = "held"  # the database was restored or copied, and nobody has said yet that it may write to people
    TOO_DEEP = "too_deep"
    TOO_LATE = "too_late"  # it happened before the flow was switched on, or before the database was restored
    ALREADY = "already"  # they have entered for that very occasion
    STILL_INSIDE = "still_inside"
    TOO_SOON = "too_soon"  # after they last entered; without an ``again_after`` once is all
    ENTRY_FILTER = "entry_filter"


TOLD = frozenset(Refusal) - {Refusal.FLOW_OFF, Refusal.TOO_LATE, Refusal.ALREADY}
"""Those that are decisions about a customer, and so kept. Of a flow that is off only who asks for it hears."""


@dataclass(frozen=True, slots=True)
class Door:
    """What stands of a flow as a whole."""

    is_open: bool  # switched on
    is_held: bool
    opened_at: datetime | None  # nothing from before it lets anybody in


@dataclass(frozen=True, slots=True)
class Past:
    """What a customer has behind them in a flow."""

    keys: Collection[str] = ()  # of the occasions that they entered for
    is_inside: bool = False
    last_entered_at: datetime | None = None


def refusal(
    entry: Entry, door: Door, past: Past, key: str, happened_at: datetime, depth: int, now: datetime
) -> Refusal | None:
    """Return why somebody is not let in, whatever the flow's filter says; None when nothing stands against it."""
    if not door.is_open:
        return Refusal.FLOW_OFF
    if door.is_held:
        return Refusal.HELD
    if depth > DEEPEST:
        return Refusal.TOO_DEEP
    if door.opened_at is not None and happened_at < door.opened_at:
        return Refusal.TOO_LATE
    if key in past.keys:
        return Refusal.ALREADY
    if entry.per == "occasion":
        return None
    if past.is_inside:
        return Refusal.STILL_INSIDE
    last = past.last_entered_at
    is_too_soon = last is not None and (entry.again_after is None or now < last + entry.again_after)
    return Refusal.TOO_SOON if is_too_soon else None


def pace(per_hour: int | None, there: int) -> int:
    """Return how many of those who are there already enter in an hour; unless said, a fiftieth of them in a day.

    At least 20, so that a small shop's do not take for ever.
    """
    return per_hour or max(LEAST_PER_HOUR, int(there * DAILY_SHARE / 24))
