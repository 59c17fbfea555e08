"""The warm-up of an installation's sender on one channel: whose places each day are taken, when it begins and ends."""

from datetime import UTC, datetime, time, timedelta

from saleor_lifecycle.domain import warm_up
from saleor_lifecycle.models import Installation, SendingChannel


def begin(installation: Installation, channel: str) -> None:
    """Warm up from now on; the first day is the one of the next message. One under way begins anew."""
    SendingChannel.objects.update_or_create(
        installation=installation,
        channel=channel,
        defaults={"is_warming_up": True, "warm_up_on": None, "warmed_on": None, "warmed": 0, "commercial_at": None},
    )


def end(installation: Installation, channel: str) -> None:
    """Let as many leave as want to."""
    SendingChannel.objects.filter(installation=installation, channel=channel).update(
        is_warming_up=False, commercial_at=None
    )


def allowance(row: SendingChannel, most: int, now: datetime) -> int:
    """Return how many messages may leave now, at most ``most``; the row is locked, and the caller saves it.

    They count as sent at once. Where none may, it is written down until when.
    """
    if not row.is_warming_up:
        return most
    today = now.astimezone(UTC).date()
    if row.warmed_on != today:
        row.warmed_on, row.warmed, row.commercial_at = today, 0, None
    per_day = warm_up.limit(row.warm_up_on, today)
    if per_day is None:
        row.is_warming_up = False
        return most
    taken = max(0, min(most, per_day - row.warmed))
    row.warmed += taken
    if taken:
        row.warm_up_on = row.warm_up_on or today
    else:
        row.commercial_at = datetime.combine(today + timedelta(days=1), time(), UTC)
    return taken


def give_back(row: SendingChannel, count: int) -> None:
    """Take back places that nobody used; of a batch around midnight the new day's."""
    if row.is_warming_up:
        row.warmed, row.commercial_at = max(0, row.warmed - count), None
        if not row.warmed and row.warm_up_on == row.warmed_on:
            row.warm_up_on = None  # nothing has left yet
