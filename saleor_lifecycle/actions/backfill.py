"""The reading of a shop: what was there before the app, and round by round what changed; who is at it, and how far.

Each kind has a row of its own, whose ``due_at`` says when somebody has to go on; while somebody is at it, that is the
end of their lease. A lease is known by that very moment: nobody writes under one that was taken over.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from saleor_lifecycle.domain.backfill import IMPORTED, OVERLAP, Kind, Progress
from saleor_lifecycle.models import Backfill, Installation

from . import admissions, fits, products, recommendation_counts

LEASE = timedelta(seconds=60)
HISTORY = (Kind.CUSTOMERS, Kind.ORDERS)
"""What a shop's loss dates are fitted to."""

RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
)
LONGEST_WAIT = timedelta(days=1)
SLOWEST, FASTEST = 0.1, 50.0
"""Pages a second that a merchant may set."""


class Overtaken(Exception):
    """The lease is somebody else's by now: nothing was written, and they go on."""


def begin(installation_id: int, now: datetime) -> None:
    """Make due what an installation that registers has to read: all, or what it missed since it was here before."""
    if Backfill.objects.filter(installation_id=installation_id).exists():
        catch_up(installation_id, now)
    else:
        start(installation_id, now)


def start(installation_id: int, now: datetime, is_anew: bool = False) -> None:
    """Make an installation's import due now: where it stopped, or from the beginning, if it is over or ``is_anew``."""
    rows = _all_rows(installation_id)
    is_over = all(row.finished_at for row in rows if row.kind in IMPORTED)
    for row in rows:
        if is_anew or is_over:
            _empty(row)
            row.since = row.finished_at = None
        if row.finished_at is None:
            row.error, row.attempts = "", 0  # what went wrong before is not what goes wrong now
            row.due_at = now
            row.save()


def catch_up(installation_id: int, now: datetime) -> None:
    """Make due what changed since each kind was read last. A round that was under way begins anew."""
    for row in _all_rows(installation_id):
        row.error, row.attempts = "", 0
        row.due_at = now
        if row.finished_at is not None:
            row.cursor, row.round_at = "", None
        row.save()


def set_rate(installation: Installation, pages_per_second: float) -> None:
    """Say how many pages a second may be read at most, from the next page on. Raises ValueError out of range."""
    if not SLOWEST <= pages_per_second <= FASTEST:
        raise ValueError(f"give {SLOWEST:g} to {FASTEST:g} pages a second")
    installation.import_pages_per_second = pages_per_second
    installation.save(update_fields=["import_pages_per_second"])


def progress(installation_id: int) -> list[Progress]:
    """Return how far each kind has come, in their order; nothing if there never was an import."""
    return [row.progress() for row in _sorted(Backfill.objects.filter(installation_id=installation_id))]


def claim(installation_id: int, now: datetime) -> list[Backfill]:
    """Return the kinds that are due, leased and in their order; those that another is at are left out."""
    due = Backfill.objects.filter(installation_id=installation_id, due_at__lte=now)
    rows = _sorted(due.select_for_update(skip_locked=True).order_by("id"))
    for row in rows:
        row.round_at = row.round_at or now
        if row.finished_at is None:
            row.started_at = row.started_at or now
        row.due_at = now + LEASE
        row.save(update_fields=["round_at", "started_at", "due_at"])
    return rows


def turn_page(
    held: Backfill, cursor: str | None, counts: tuple[int, int, int | None], now: datetime, again_at: datetime
) -> Backfill | None:
    """Note that a page was taken in; return the kind to go on with, leased, or None when its round is over.

    ``cursor`` is where the next page begins, None after the last; ``counts`` are the rows that were read, how many of
    them were skipped, and how many there are in all, if the shop said so; ``again_at`` is when the next round begins.
    Raises Overtaken.
    """
    row = _still_held(held)
    if row.finished_at is None:
        read, skipped, total = counts
        row.done += read
        row.skipped += skipped
        row.total = row.total if total is None else total
        row.updated_at = now
    row.cursor = cursor or ""
    row.attempts, row.error = 0, ""
    row.due_at = now + LEASE
    if cursor is None:
        _end_round(row, now, again_at)
    row.save()
    return row if cursor is not None else None


def _end_round(row: Backfill, now: datetime, again_at: datetime) -> None:
    assert row.round_at is not None
    if row.kind == Kind.PRODUCTS:
        products.mark_removed(row.installation_id, row.round_at, now)
    row.since = row.round_at - OVERLAP
    row.round_at = None
    if row.finished_at is None:
        row.finished_at = now
        if _is_last(row, HISTORY):
            fits.ask(row.installation_id, now)  # now that the shop's history is there
            admissions.look_again(row.installation_id, now)
        if _is_last(row, recommendation_counts.BASKETS):
            recommendation_counts.ask(row.installation_id, now)
    row.due_at = again_at


def _is_last(row: Backfill, kinds: Sequence[Kind]) -> bool:
    """Is everything of these kinds read, now that this one is?"""
    rest = Backfill.objects.filter(installation_id=row.installation_id, kind__in=kinds, finished_at=None)
    return row.kind in kinds and not rest.exclude(pk=row.pk).exists()


def read_anew(held: Backfill, error: str, now: datetime) -> None:
    """Begin a kind's round anew, a little later, because the shop does not take its cursor any more. Raises Overtaken.

    What was read of the import is counted from the beginning.
    """
    row = _still_held(held)
    if row.finished_at is None:
        _empty(row)
    row.cursor, row.round_at = "", None
    row.error = error[:500]
    row.due_at = now + RETRY_AFTER[1]
    row.save()


def put_off(held: Backfill, error: str, now: datetime, after: timedelta | None = None) -> None:
    """Note what went wrong, and when to try again: later each time, and not before ``after``. Raises Overtaken."""
    row = _still_held(held)
    wait = RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    row.attempts += 1
    row.error = error[:500]
    row.due_at = now + min(max(wait, after or wait), LONGEST_WAIT)
    row.save()


def release(held: Backfill, now: datetime) -> None:
    """Give the lease back: whoever comes next goes on."""
    Backfill.objects.filter(pk=held.pk, due_at=held.due_at).update(due_at=now)


def _all_rows(installation_id: int) -> list[Backfill]:
    """Return the row of each kind, made if it was missing, locked, in their order."""
    Backfill.objects.bulk_create(
        [Backfill(installation_id=installation_id, kind=kind.value) for kind in Kind], ignore_conflicts=True
    )
    rows = Backfill.objects.filter(installation_id=installation_id)
    return _sorted(rows.select_for_update().order_by("id"))


def _sorted(rows: Iterable[Backfill]) -> list[Backfill]:
    order = list(Kind)
    return sorted(rows, key=lambda row: order.index(Kind(row.kind)))


def _empty(row: Backfill) -> None:
    row.cursor, row.error = "", ""
    row.done = row.skipped = row.attempts = 0
    row.total = row.started_at = row.updated_at = row.round_at = None


def _still_held(held: Backfill) -> Backfill:
    row = Backfill.objects.select_for_update().filter(pk=held.pk, due_at=held.due_at).first()
    if row is None:
        raise Overtaken
    return row
