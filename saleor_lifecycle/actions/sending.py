"""Whether an installation sends at all, and how fast: switches, pace, and rest after trouble."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from saleor_lifecycle.domain.pacing import free_after, turns
from saleor_lifecycle.domain.problems import ProblemKey
from saleor_lifecycle.domain.projection import rest
from saleor_lifecycle.models import Installation, Message, SendingChannel

from . import problems, warm_ups

MERCHANT = "merchant"
SLOWEST, FASTEST = 1, 600_000
"""Messages a minute that may be set."""
LOOKED_AT = 10_000
MOST_REASONS = 20
GIVEN_UP_AFTER = 3
"""Rests in a row after which staff are told of a provider that takes nothing."""
_TURNS = ("free_at", "is_warming_up", "warm_up_on", "warmed_on", "warmed", "commercial_at")


@dataclass(frozen=True, slots=True)
class Turns:
    """How many messages may leave now; ``is_service_only``: none of them a commercial one."""

    count: int
    is_service_only: bool = False


def take_turns(installation: Installation, channel: str, most: int, now: datetime) -> Turns:
    """Return how many messages may leave now; they count as sent at once, and ``give_back`` takes back the rest.

    Service messages are held up by a switch and by the pace, but neither by a pause nor by the warm-up.
    """
    if installation.sending_off_at is not None:
        return Turns(0)
    held = SendingChannel.objects.select_for_update(no_key=True).filter(installation=installation, channel=channel)
    row = held.first()
    if row is None:
        return Turns(most)
    taken = 0 if row.off_at else turns(row.free_at, row.per_minute, most, now)
    if not taken:
        return Turns(0)
    was = _standing(row)
    allowed = 0 if row.paused_at else warm_ups.allowance(row, taken, now)
    row.free_at = free_after(row.free_at, row.per_minute, allowed or taken, now)
    if _standing(row) != was:
        row.save(update_fields=_TURNS)
    return Turns(allowed) if allowed else Turns(taken, is_service_only=True)


def give_back(installation: Installation, channel: str, taken: Turns, count: int) -> None:
    """Take back so many of the turns, of which no message made use."""
    row = SendingChannel.objects.select_for_update(no_key=True).filter(installation=installation, channel=channel)
    for held in row:
        was = _standing(held)
        if held.per_minute is not None and held.free_at is not None:
            held.free_at = free_after(held.free_at, held.per_minute, -count, held.free_at)
        if not taken.is_service_only:
            warm_ups.give_back(held, count)
        if _standing(held) != was:
            held.save(update_fields=_TURNS)


def troubled(
    installation: Installation, channel: str, trouble: str, now: datetime, wait: timedelta | None = None
) -> None:
    """Leave a provider alone that took nothing of several messages, longer each time, and as long as it asks to be."""
    row = _row(installation, channel)
    row.failures += 1
    row.free_at, row.trouble = now + max(rest(row.failures), wait or timedelta()), trouble[:500]
    row.save(update_fields=["failures", "free_at", "trouble"])
    if row.failures >= GIVEN_UP_AFTER and channel == "email":
        problems.tell(installation, ProblemKey.MAIL_PROVIDER, True, now)


def served(installation: Installation, channel: str, now: datetime) -> None:
    """Write down that a provider takes messages."""
    held = SendingChannel.objects.filter(installation=installation, channel=channel, failures__gt=0)
    if held.update(failures=0, trouble=""):
        problems.tell(installation, ProblemKey.MAIL_PROVIDER, False, now)


def set_pace(installation: Installation, channel: str, per_minute: int | None) -> None:
    """Say how many messages a minute may leave on a channel; None: without limit. Raises ValueError out of range."""
    if per_minute is not None and not SLOWEST <= per_minute <= FASTEST:
        raise ValueError(f"give {SLOWEST} to {FASTEST} messages a minute")
    row = _row(installation, channel)
    row.per_minute = per_minute
    row.save(update_fields=["per_minute"])


def stop(installation: Installation, channel: str | None, now: datetime, reason: str = MERCHANT) -> None:
    """Switch sending off, on one channel or on all; what a worker has claimed may still leave, nothing else does.

    What waits stays queued. Off already, it keeps its moment and its reason.
    """
    if channel is None:
        Installation.objects.filter(pk=installation.pk, sending_off_at=None).update(sending_off_at=now)
        return
    row = _row(installation, channel)
    if row.off_at is None:
        row.off_at, row.off_reason = now, reason
        row.save(update_fields=["off_at", "off_reason"])


def resume(installation: Installation, channel: str | None) -> None:
    """Switch sending on again. What waited goes, or is skipped where it is of no use any more."""
    if channel is None:
        Installation.objects.filter(pk=installation.pk).update(sending_off_at=None)
        return
    SendingChannel.objects.filter(installation=installation, channel=channel).update(
        off_at=None, off_reason="", free_at=None, failures=0, trouble=""
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How one channel of an installation stands. ``waiting``: messages whose moment has come.

    ``service_only``: why commercial messages wait, ``paused`` or ``warm_up``; empty while they leave.
    """

    channel: str
    off_at: datetime | None
    off_reason: str
    per_minute: int | None
    free_at: datetime | None
    trouble: str
    service_only: str
    waiting: int
    scheduled: int
    leaving: int


def standings(installation_id: int, channels: Sequence[str], now: datetime) -> list[Standing]:
    """Return how the channels stand."""
    held = {row.channel: row for row in SendingChannel.objects.filter(installation_id=installation_id)}
    queued = Message.objects.filter(installation_id=installation_id, state=Message.State.QUEUED)
    # Few, and under an index of their own, which does not know channels.
    claimed = Message.objects.filter(installation_id=installation_id, state=Message.State.SENDING)
    leaving = Counter(claimed.values_list("channel", flat=True))
    found = []
    for channel in channels:
        row = held.get(channel) or SendingChannel(channel=channel)
        on_it = queued.filter(channel=channel)
        due = on_it.filter(due_at__lte=now).count()
        later = on_it.filter(due_at__gt=now).count()
        found.append(
            Standing(
                channel,
                row.off_at,
                row.off_reason,
                row.per_minute,
                row.free_at,
                row.trouble,
                _service_only(row, now),
                due,
                later,
                leaving[channel],
            )
        )
    return found


def waits(installation_id: int, channel: str) -> list[tuple[str, int]]:
    """Return why messages wait that were looked at already, the most frequent reason first; of those next in turn."""
    queued = Message.objects.filter(installation_id=installation_id, channel=channel, state=Message.State.QUEUED)
    turns = queued.order_by("due_at", "id").values("id")[:LOOKED_AT]
    held = Message.objects.filter(pk__in=turns).exclude(reason="").values_list("reason")
    return list(held.annotate(messages=Count("id")).order_by("-messages", "reason")[:MOST_REASONS])


def _service_only(row: SendingChannel, now: datetime) -> str:
    if row.paused_at is not None:
        return "paused"
    is_full = row.is_warming_up and row.commercial_at is not None and row.commercial_at > now
    return "warm_up" if is_full else ""


def _standing(row: SendingChannel) -> list[object]:
    return [getattr(row, name) for name in _TURNS]


def _row(installation: Installation, channel: str) -> SendingChannel:
    SendingChannel.objects.get_or_create(installation=installation, channel=channel)
    return SendingChannel.objects.select_for_update(no_key=True).get(installation=installation, channel=channel)
