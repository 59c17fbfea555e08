"""When a message is tried again after trouble, and how many may leave at once."""

from datetime import datetime, timedelta

from .projection import CREDIT, next_turn

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""After the first attempt at which nothing left, the second ...; the last for every further one."""

MOST_ATTEMPTS = 12
"""A day and a half of them: what has found no way until then has failed."""

JITTER = 0.2
"""How much longer a pause may be, so that what failed together does not come back together."""


def retry_at(attempts: int, key: bytes, now: datetime) -> datetime | None:
    """Return when to try again after so many attempts at which nothing left; None when there were enough.

    ``key``, at least two bytes that differ from message to message, draws the jitter: the first pause is 60 to 72
    seconds, the second 5 to 6 minutes, from the fourth on 2 hours to 2 hours and 24 minutes.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    share = int.from_bytes(key[:2], "big") / 0xFFFF
    return now + RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1] * (1 + JITTER * share)


def turns(free_at: datetime | None, per_minute: int | None, most: int, now: datetime) -> int:
    """Return how many messages may leave now, at most ``most``; None a minute sets no limit."""
    if free_at is not None and free_at > now:
        return 0
    if per_minute is None:
        return most
    since = max(free_at or now - CREDIT, now - CREDIT)
    return min(most, max(1, int((now - since) / timedelta(minutes=1) * per_minute)))


def free_after(free_at: datetime | None, per_minute: int | None, taken: int, now: datetime) -> datetime | None:
    """Return from when on the next may leave, if so many take their turn now."""
    return free_at if per_minute is None else next_turn(free_at, taken, per_minute, now)
