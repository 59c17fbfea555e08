"""The import of what a shop held before the app: in which order, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What is imported, in this order: accounts first, so that what they own finds them."""

    CUSTOMERS = "customers"
    ORDERS = "orders"
    CHECKOUTS = "checkouts"


class State(StrEnum):
    WAITING = "waiting"  # its turn has not come
    RUNNING = "running"
    TROUBLED = "troubled"  # tried again later by itself; the error says what is wrong
    FINISHED = "finished"


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
    error: str

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
