"""The import of what a shop held before the app: whose turn it is, who is at it, how far it has come.

One kind at a time has its turn, and only that row has a ``due_at``: when somebody has to go on, which while somebody
is at it is the end of their lease. A lease is known by that very moment: nobody writes under one that was taken over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from saleor_lifecycle.domain.backfill import Kind, Progress
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Backfill, Installation

from . import events, fits

LEASE = timedelta(seconds=60)
RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
)
SLOWEST, FASTEST = 0.1, 50.0
"""Pages a second that a merchant may set."""


class Overtaken(Exception):
    """The lease is somebody else's by now: nothing was written, and they go on."""


def begin(installation_id: int, now: datetime) -> bool:
    """Make an installation's import due, if it never had one; return whether it had none."""
    if Backfill.objects.filter(installation_id=installation_id).exists():
        return False
    start(installation_id, now)
    return True


def start(installation_id: int, now: datetime, is_anew: bool = False) -> None:
    """Make an installation's import due now: where it stopped, or from the beginning, if it is over or ``is_anew``."""
    Backfill.objects.bulk_create(
        [Backfill(installation_id=installation_id, kind=kind.value) for kind in Kind], ignore_conflicts=True
    )
    rows = _rows(installation_id, is_locked=True)
    if is_anew or all(row.finished_at for row in rows):
        for row in rows:
            _empty(row)
            row.finished_at = row.due_at = None
            row.save()
    first = _give_turn(rows, now)
    if first is not None:  # what went wrong before is not what goes wrong now
        first.error, first.attempts = "", 0
        first.save(update_fields=["error", "attempts"])


def set_rate(installation: Installation, pages_per_second: float) -> None:
    """Say how many pages a second may be read at most, from the next page on. Raises ValueError out of range."""
    if not SLOWEST <= pages_per_second <= FASTEST:
        raise ValueError(f"give {SLOWEST:g} to {FASTEST:g} pages a second")
    installation.import_pages_per_second = pages_per_second
    installation.save(update_fields=["import_pages_per_second"])


def progress(installation_id: int) -> list[Progress]:
    """Return how far each kind has come, in their order; nothing if there never was an import."""
    return [row.progress() for row in _rows(installation_id)]


def claim(installation_id: int, now: datetime) -> Backfill | None:
    """Return the kind whose turn it is, leased; None while another is at it, or when all is done."""
    due = Backfill.objects.filter(installation_id=installation_id, due_at__lte=now)
    row = due.select_for_update(skip_locked=True).first()
    if row is not None:
        row.started_at = row.started_at or now
        row.due_at = now + LEASE
        row.save(update_fields=["started_at", "due_at"])
    return row


def take_in(installation: Installation, facts: Sequence[Fact], now: datetime) -> None:
    """Take in facts that were read from the shop."""
    events.apply(installation, facts, now, Cause.IMPORT)


def turn_page(
    held: Backfill, cursor: str | None, done: int, skipped: int, total: int | None, now: datetime
) -> Backfill | None:
    """Note that a page was taken in; return the kind to go on with, leased, or None when all is done.

    ``cursor`` is where the next page begins, None after the last. Raises Overtaken.
    """
    row = _still_held(held)
    row.done += done
    row.skipped += skipped
    row.total = row.total if total is None else total
    row.cursor = cursor or ""
    row.updated_at = now
    row.attempts, row.error = 0, ""
    if cursor is not None:
        row.due_at = now + LEASE
        row.save()
        return row
    row.finished_at, row.due_at = now, None
    row.save()
    following = _give_turn(_rows(row.installation_id, is_locked=True), now + LEASE)
    if following is None:
        fits.ask(row.installation_id, now)  # now that the shop's history is there
    else:
        following.started_at = now
        following.save(update_fields=["started_at"])
    return following


def read_anew(held: Backfill, error: str, now: datetime) -> None:
    """Begin a kind anew, a little later, because the shop does not take its cursor any more. Raises Overtaken."""
    row = _still_held(held)
    _empty(row)
    row.error = error[:500]
    row.due_at = now + RETRY_AFTER[1]
    row.save()


def put_off(held: Backfill, error: str, now: datetime, after: timedelta | None = None) -> None:
    """Note what went wrong, and when to try again: later each time, unless ``after`` says when. Raises Overtaken."""
    row = _still_held(held)
    wait = after or RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    row.attempts += 1
    row.error = error[:500]
    row.due_at = now + wait
    row.save()


def release(held: Backfill, now: datetime) -> None:
    """Give the lease back: whoever comes next goes on."""
    Backfill.objects.filter(pk=held.pk, due_at=held.due_at).update(due_at=now)


def _rows(installation_id: int, is_locked: bool = False) -> list[Backfill]:
    rows = Backfill.objects.filter(installation_id=installation_id)
    if is_locked:
        rows = rows.select_for_update().order_by("id")
    order = list(Kind)
    return sorted(rows, key=lambda row: order.index(Kind(row.kind)))


def _empty(row: Backfill) -> None:
    row.cursor, row.error = "", ""
    row.done = row.skipped = row.attempts = 0
    row.total = row.started_at = row.updated_at = None


def _give_turn(rows: Sequence[Backfill], due_at: datetime) -> Backfill | None:
    row = next((row for row in rows if row.finished_at is None), None)
    if row is not None:
        row.due_at = due_at
        row.save(update_fields=["due_at"])
    return row


def _still_held(held: Backfill) -> Backfill:
    row = Backfill.objects.select_for_update().filter(pk=held.pk, due_at=held.due_at).first()
    if row is None:
        raise Overtaken
    return row
