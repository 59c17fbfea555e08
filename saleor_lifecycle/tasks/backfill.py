"""The task backfill: what a shop held before the app, and what was missed since, read page by page.

Each kind is read by a thread of its own, one page ahead of what is stored; one thread stores them all, because they
meet in the same people. All readers together keep to the merchant's pace.
"""

import logging
import threading
import time
import traceback
import zoneinfo
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from celery import shared_task
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions import events, installations
from saleor_lifecycle.actions.backfill import Overtaken
from saleor_lifecycle.actions.events import Delivery
from saleor_lifecycle.domain.backfill import Kind, next_round
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Backfill, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import PermissionMissing, Refused, ShopAway, ShopError, TokenDead
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.manifest import PERMISSIONS
from saleor_lifecycle.saleor.pages import NEEDED, Page

from . import nudge
from .events import ATTEMPTS, is_away, is_collision

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""

FOR_STAFF = timedelta(hours=1)
"""How long to wait where somebody has to do something in the shop first."""

Clock = Callable[[], datetime]

logger = logging.getLogger(__name__)


@shared_task
def backfill(installation_id: int) -> None:
    """Go on with what is due of an installation's reading for a while."""
    if work(installation_id, STRETCH):
        nudge.nudge(nudge.BACKFILL, installation_id)
    nudge.nudge(nudge.PROCESS, installation_id)


def work(
    installation_id: int,
    seconds: float,
    told: Callable[[], object] = lambda: None,
    pause: Callable[[float], object] = time.sleep,
    clock: Clock = timezone.now,
) -> bool:
    """Take in pages, no faster than the merchant allows, for about so long; return whether more is due at once.

    Nothing that the shop does is raised: it is noted, with when to try again. ``told`` is called after each page.
    """
    with within(installation_id):
        held = {Kind(row.kind): row for row in backfills.claim(installation_id, clock())}
        installation = Installation.objects.get(pk=installation_id)
    if not held:
        return False
    ends = time.monotonic() + seconds
    try:
        shop = _shop(installation)
    except (_Closed, InvalidToken) as trouble:
        for row in held.values():
            _note(row, trouble, clock())
        told()
        return False
    # The readers end before the shop's connections do.
    with shop, ThreadPoolExecutor(len(held)) as readers:
        reading = _Reading(shop, readers, held, _Pace(installation.import_pages_per_second, pause, clock), clock)
        for kind in held:
            reading.ask(kind, held[kind].cursor, installation.consent_key)
        return _store(reading, ends, told)


class _Closed(Exception):
    """The app is not at work in the shop."""


def _shop(installation: Installation) -> Shop:
    if installation.state != Installation.State.ACTIVE:
        raise _Closed(f"the app is {installation.state} in the shop")
    return Shop(
        installation.saleor_api_url,
        installations.unseal(installation.token),
        settings.ALLOW_PRIVATE_ADDRESSES,
        installation.saleor_version,
    )


@dataclass
class _Pace:
    """How fast a shop is asked, by all readers together."""

    per_second: float
    pause: Callable[[float], object]
    clock: Clock
    free_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self) -> None:
        """Wait until one more page may be asked for."""
        with self.lock:
            apart = timedelta(seconds=1 / self.per_second)
            now = self.clock()
            if self.free_at is not None and self.free_at > now:
                self.pause(min(self.free_at - now, apart).total_seconds())
            self.free_at = max(now, self.free_at or now) + apart


@dataclass
class _Reading:
    """The pages that are being read, and the kinds that are held."""

    shop: Shop
    readers: ThreadPoolExecutor
    held: dict[Kind, Backfill]
    pace: _Pace
    clock: Clock
    pages: dict[Future[tuple[Page, datetime]], Kind] = field(default_factory=dict)

    def ask(self, kind: Kind, cursor: str, consent_key: str) -> None:
        """Have the page after that cursor read."""
        self.pages[self.readers.submit(self._read, kind, cursor, self.held[kind].since, consent_key)] = kind

    def next(self) -> tuple[Kind, Future[tuple[Page, datetime]]]:
        """Wait for a page; of several, return that of the kind with most before it: its pages come one by one."""
        ready, _ = wait(self.pages, return_when=FIRST_COMPLETED)
        first = max(ready, key=lambda page: self._left(self.pages[page]))
        return self.pages.pop(first), first

    def _left(self, kind: Kind) -> int:
        row = self.held.get(kind)
        return max(0, (row.total or 0) - row.done) if row else 0

    def _read(self, kind: Kind, cursor: str, since: datetime | None, consent_key: str) -> tuple[Page, datetime]:
        self.pace.keep()
        now = self.clock()
        try:
            return self.shop.page(kind, cursor, since, now, consent_key), now
        except PermissionMissing:
            missing = sorted(set(PERMISSIONS) - self.shop.installed_app().permissions) or [NEEDED[kind]]
            raise PermissionMissing(f"staff have to grant {', '.join(missing)}") from None


def _store(reading: _Reading, ends: float, told: Callable[[], object]) -> bool:
    """Store pages as they come, each kind's next one being read meanwhile; return whether more is due at once."""
    is_more = False
    while reading.pages:
        kind, read = reading.next()
        if kind not in reading.held:
            continue  # another is at it by now
        held = reading.held[kind]
        try:
            page, read_at = read.result()
        except ShopError as trouble:
            _note(held, trouble, reading.clock())
            told()
            continue
        with within(held.installation_id):
            installation = Installation.objects.select_related("policy").get(pk=held.installation_id)
        reading.pace.per_second = installation.import_pages_per_second
        is_asked = page.cursor is not None and time.monotonic() < ends
        if is_asked:
            reading.ask(kind, page.cursor or "", installation.consent_key)
        try:
            after = _take_in(installation, held, page, read_at)
        except Overtaken:
            logger.info("the reading of %s of installation %s is another's by now", kind, installation.pk)
            del reading.held[kind]
            continue
        told()
        if after is not None and is_asked:
            reading.held[kind] = after
        elif after is not None:
            is_more = True
            with within(installation.pk):
                backfills.release(after, reading.clock())
    return is_more


def _take_in(installation: Installation, held: Backfill, page: Page, now: datetime) -> Backfill | None:
    """Store a page and that it is, in one transaction. One that fails is stored row by row, without those that fail."""
    again_at = next_round(Kind(held.kind), now, zoneinfo.ZoneInfo(installation.time_zone), installation.pk)
    for _ in range(ATTEMPTS):
        try:
            with within(installation.pk):
                events.apply(installation, page.facts, now, Cause.IMPORT)
                for missed in page.deliveries:
                    digest = sha256(missed.body).hexdigest()
                    events.record(installation.pk, Delivery(missed.name, digest, missed.body, now))
                counts = (page.read, page.skipped, page.total)
                return backfills.turn_page(held, page.cursor, counts, now, again_at)
        except Overtaken:
            raise
        except Exception as error:
            if is_away(error):
                raise  # the lease ends, and the sweep comes back
            logger.info("a page failed (%s) and is stored again", type(error).__name__)
            if not is_collision(error):
                break
    failed = sum(not _take_in_one(installation, fact, now) for fact in page.facts)
    with within(installation.pk):
        counts = (page.read, page.skipped + failed, page.total)
        return backfills.turn_page(held, page.cursor, counts, now, again_at)


def _take_in_one(installation: Installation, fact: Fact, now: datetime) -> bool:
    """Store one row; return whether it could be."""
    for _ in range(ATTEMPTS):
        try:
            with within(installation.pk):
                events.apply(installation, [fact], now, Cause.IMPORT)
            return True
        except Exception as error:
            if is_away(error):
                raise
            trouble = error
            if not is_collision(error):
                break
    # Where it happened and of what kind; the text of an error may hold what people told the shop.
    where = "".join(traceback.format_tb(trouble.__traceback__))
    logger.error("a row of the import is left out: %s\n%s", type(trouble).__name__, where)
    return False


def _note(held: Backfill, trouble: Exception, now: datetime) -> None:
    """Write down what stopped the reading of a kind, and when to try again."""
    text = f"{type(trouble).__name__}: {trouble}"
    if isinstance(trouble, InvalidToken):
        text = "the shop's token cannot be read: its key is missing from TOKEN_KEYS"
    elif isinstance(trouble, _Closed):
        text = str(trouble)
    logger.warning("the reading of %s from installation %s waits: %s", held.kind, held.installation_id, text)
    with suppress(Overtaken), within(held.installation_id):
        if isinstance(trouble, Refused) and held.cursor:
            backfills.read_anew(held, f"{text}; the cursor may have expired, so all are read again", now)
        elif isinstance(trouble, PermissionMissing | TokenDead | Refused | InvalidToken | _Closed):
            backfills.put_off(held, text, now, FOR_STAFF)
        else:
            backfills.put_off(held, text, now, trouble.retry_after if isinstance(trouble, ShopAway) else None)
