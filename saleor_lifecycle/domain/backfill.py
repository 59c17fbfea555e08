"""The import of what a shop held before the app, and what was missed since: what is read, when, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum


class Kind(StrEnum):
    """What is read of a shop, all kinds at the same time."""

    CUSTOMERS = "customers"
    ORDERS = "orders"
    CHECKOUTS = "checkouts"
    PRODUCTS = "products"
    DELIVERIES = "deliveries"  # the shop's own list of what it could not deliver to us


IMPORTED = (Kind.CUSTOMERS, Kind.ORDERS, Kind.CHECKOUTS, Kind.PRODUCTS)
"""The kinds of which a merchant sees how far they are."""

OVERLAP = timedelta(hours=1)
"""How much of what is known already is read again: clocks of machines differ, and long changes are dated early."""

NIGHT = time(2, 30)
SPREAD = 7200
"""Seconds after NIGHT over which installations are spread."""


class State(StrEnum):
    WAITING = "waiting"  # nobody has begun
    RUNNING = "running"
    TROUBLED = "troubled"  # tried again later by itself; the error says what is wrong
    FINISHED = "finished"


def next_round(kind: Kind, now: datetime, zone: tzinfo, installation_id: int) -> datetime:
    """When what changed is read next: failed deliveries within the hour, everything else in the shop's next night."""
    if kind is Kind.DELIVERIES:
        return now + timedelta(hours=1)
    today = now.astimezone(zone).date()
    # Multiples of a number prime to SPREAD: neighbours do not read at the same time.
    after = timedelta(seconds=installation_id * 1231 % SPREAD)
    nights = (datetime.combine(today + timedelta(days=days), NIGHT, zone) + after for days in range(3))
    return next(night.astimezone(now.tzinfo) for night in nights if night > now)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the import of one kind has come. ``total`` is what the shop counted as it began."""

    kind: Kind
    done: int
    total: int | None
    skipped: int  # of those done, the ones that could not be taken in
    started_at: datetime | None
    updated_at: datetime | None
    finished_at: datetime | None
    error: str  # of the import, or since it is over of reading what changed
    caught_up_at: datetime | None = None  # everything that the shop had until then is known

    @property
    def state(self) -> State:
        if self.finished_at is not None:
            return State.FINISHED
        if self.error:
            return State.TROUBLED
        return State.WAITING if self.started_at is None else State.RUNNING

    @property
    def percent(self) -> float | None:
        """From 0 to 100; None before the shop has counted."""
        if self.finished_at is not None:
            return 100.0
        if self.total is None:
            return None
        # More than were counted came meanwhile: it is not over yet all the same.
        return min(99.9, 100 * self.done / self.total) if self.total else 0.0

    @property
    def rate(self) -> float | None:
        """Rows a second since it began, waits for the shop included; None before the first page."""
        if self.started_at is None or self.updated_at is None or self.done == 0:
            return None
        seconds = (self.updated_at - self.started_at).total_seconds()
        return self.done / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> int | None:
        """At this rate; None where nothing can be said."""
        if self.finished_at is not None:
            return 0
        if self.total is None or self.rate is None:
            return None
        return round(max(0, self.total - self.done) / self.rate)


def whole(parts: Sequence[Progress]) -> State:
    """The state of all kinds together: running while one runs, and only then what any of them waits for."""
    states = {part.state for part in parts}
    order = (State.RUNNING, State.TROUBLED, State.WAITING)
    return next((state for state in order if state in states), State.FINISHED)


def caught_up_at(parts: Sequence[Progress]) -> datetime | None:
    """Until when everything that the shop had is known; None while something was never read to its end."""
    moments = [part.caught_up_at for part in parts]
    return min((moment for moment in moments if moment), default=None) if all(moments) else None
