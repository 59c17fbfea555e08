"""The attention arbiter: which of several messages that want one customer leave now, and when the others may."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .sending import ASK_AGAIN, LOOK_AGAIN, Cap, Defer, DeferReason, Send, Skip, SkipReason

WINDOWS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
LONGEST = max(WINDOWS.values())


@dataclass(frozen=True, slots=True)
class Caps:
    """How many commercial messages a customer gets at most, in any stretch of so long; 0: none, None: any number."""

    day: int | None = 1
    week: int | None = 3
    month: int | None = 8


@dataclass(frozen=True, slots=True)
class Want:
    """A commercial message that is due."""

    id: int
    queued_at: datetime
    priority: int = 50  # as in SendFacts
    useless_from: datetime | None = None
    is_elsewhere: bool = False  # not decided here, and may turn out not to leave


def allot(
    wanting: Sequence[Want], sent: Sequence[datetime], caps: Caps, now: datetime, leaving: Sequence[datetime] = ()
) -> dict[int, Send | Defer | Skip]:
    """Return for each message of one customer whether it leaves now, until when it waits, or why it never leaves.

    The best go first: by priority, then whichever stops being of use sooner, then the older. ``sent``: when commercial
    messages left; ``leaving``: when others were let go of which that is not known yet. They take their places, but no
    message is given up because of them.
    """
    taken, here = [*sent, *leaving], [*sent, *leaving]
    answers: dict[int, Send | Defer | Skip] = {}
    for want in sorted(wanting, key=_rank):
        free, cap = _free(taken, caps, now)
        if free == now:
            answers[want.id] = Send()
            taken.append(now)
            here += [] if want.is_elsewhere else [now]
        else:
            answers[want.id] = _held(want, (sent, [*sent, *leaving], here), caps, cap, now)
    return answers


def _held(
    want: Want, takers: tuple[Sequence[datetime], ...], caps: Caps, cap: Cap | None, now: datetime
) -> Defer | Skip:
    """Return what becomes of a message to which ``cap`` leaves no place now.

    ``takers``: what was sent; that and what is leaving; that and what is let go here with it.
    """
    (sure, sure_cap), (before, full), (free, _) = (_free(moments, caps, now) for moments in takers)
    if sure is None or (want.useless_from is not None and sure >= want.useless_from):
        return Skip(SkipReason.CAP_FULL, sure_cap)
    reason = DeferReason.OUTRANKED if before == now else DeferReason.FREQUENCY_CAP
    assert free is not None  # as ``sure`` is a moment
    # Who is decided elsewhere may not leave after all: that is known soon.
    until = free if free > now else now + ASK_AGAIN
    if want.useless_from is not None and until >= want.useless_from:
        until = min(want.useless_from, now + LOOK_AGAIN)
    return Defer(until, reason, full or cap)


def _rank(want: Want) -> tuple[int, datetime, datetime, int]:
    return -want.priority, want.useless_from or datetime.max.replace(tzinfo=UTC), want.queued_at, want.id


def _free(taken: Iterable[datetime], caps: Caps, now: datetime) -> tuple[datetime | None, Cap | None]:
    """Return from when on one more may leave, None for never, and the cap that keeps it until then."""
    moments = sorted(min(one, now) for one in taken)
    free, held_by = now, None
    for window, most in _limits(caps).items():
        if most <= 0:
            return None, Cap(window, most)
        if len(moments) >= most and (next_free := moments[-most] + WINDOWS[window]) > free:
            free, held_by = next_free, Cap(window, most)
    return free, held_by


def _limits(caps: Caps) -> Mapping[str, int]:
    held = {"day": caps.day, "week": caps.week, "month": caps.month}
    return {window: most for window, most in held.items() if most is not None}
