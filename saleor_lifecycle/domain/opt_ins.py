"""Double opt-in: a form was filled in, and nothing is sent to the address until its holder confirms.

One mail, one reminder, nothing else; then the request expires, and its address is forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

REMIND_AFTER = timedelta(days=2)
LASTS = timedelta(days=7)
REMEMBERED = timedelta(days=30)
"""How long an address's requests count against it, so that nobody can have a stranger written to again and again."""
MOST_REMEMBERED = 3
SPACING = timedelta(days=1)
FORMS_PER_HOUR = 10
"""Of one network address."""


@dataclass(frozen=True, slots=True)
class Remind:
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Expire:
    pass


@dataclass(frozen=True, slots=True)
class WaitUntil:
    at: datetime


def next_step(asked_at: datetime, is_reminded: bool, now: datetime) -> Remind | Expire | WaitUntil:
    """Return what becomes of a request that nobody has confirmed yet."""
    ends = asked_at + LASTS
    if now >= ends:
        return Expire()
    if is_reminded:
        return WaitUntil(ends)
    return Remind(ends) if now >= asked_at + REMIND_AFTER else WaitUntil(asked_at + REMIND_AFTER)


def may_ask(earlier: Iterable[datetime], now: datetime) -> bool:
    """May another request be made for an address? ``earlier``: when those were that are over, confirmed or not."""
    counting = [asked_at for asked_at in earlier if now - asked_at < REMEMBERED]
    return len(counting) < MOST_REMEMBERED and all(now - asked_at >= SPACING for asked_at in counting)
