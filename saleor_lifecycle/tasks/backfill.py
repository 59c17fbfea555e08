"""The task backfill: what a shop held before the app, and what was missed since, read page by page.

Each kind is read by a thread of its own (``reading``); one thread stores them all, because they meet in the same
people, and stores together what is there.
"""

import logging
import time
import traceback
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
from saleor_lifecycle.saleor.pages import Page

from . import nudge
from .events import ATTEMPTS, is_away, is_collision
from .reading import Clock, Pace, Read, Reading

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""

FOR_STAFF = timedelta(hours=1)
"""How long to wait where somebody has to do something in the shop first."""

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

    Nothing that the shop does is raised: it is noted, with when to try again. ``told`` is called whenever some were.
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
        pace = Pace(installation.import_pages_per_second, pause, clock)
        reading = Reading(shop, readers, held, pace, ends, installation.consent_key)
        try:
            return _store(reading, told)
        finally:
            reading.end()


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


def _store(reading: Reading, told: Callable[[], object]) -> bool:
    """Store pages as they come; return whether more is due at once."""
    is_more = False
    while reads := reading.next():
        now = reading.pace.clock()
        held, trouble = reading.held[reads[0].kind], reads[0].trouble
        if trouble is not None:
            if not isinstance(trouble, ShopError):
                raise trouble
            _note(held, trouble, now)
            told()
            continue
        with within(held.installation_id):
            installation = Installation.objects.select_related("policy").get(pk=held.installation_id)
        reading.pace.per_second, reading.consent_key = installation.import_pages_per_second, installation.consent_key
        after = _take_in(installation, reading.held, reads, now)
        for kind in {read.kind for read in reads} - after.keys():
            logger.info("the reading of %s of installation %s is another's by now", kind, installation.pk)
            reading.drop(kind)
        told()
        goes_on = {read.kind: read.goes_on for read in reads}
        for kind, row in after.items():
            if row is not None:
                reading.held[kind] = row
                if not goes_on[kind]:
                    is_more = True
                    with within(installation.pk):
                        backfills.release(row, now)
    return is_more


def _take_in(
    installation: Installation, held: Mapping[Kind, Backfill], reads: Sequence[Read], now: datetime
) -> dict[Kind, Backfill | None]:
    """Store pages and that they are, all in one transaction; where that fails, page by page, each in one of its own.

    Returns what each kind goes on with, None where its round is over; of those that are another's by now nothing.
    """
    if len(reads) > 1:
        try:
            return _write(installation, held, reads, now)
        except Exception as error:
            if not isinstance(error, Overtaken) and is_away(error):
                raise  # the lease ends, and the sweep comes back
            logger.info("%s pages failed (%s) and are stored one by one", len(reads), type(error).__name__)
    after: dict[Kind, Backfill | None] = {}
    gone: set[Kind] = set()
    for read in reads:
        if read.kind in gone:
            continue
        try:
            after |= _take_in_page(installation, {**held, **_rows(after)}, read, now)
        except Overtaken:
            gone.add(read.kind)
            after.pop(read.kind, None)
    return after


def _rows(after: Mapping[Kind, Backfill | None]) -> dict[Kind, Backfill]:
    return {kind: row for kind, row in after.items() if row is not None}


def _take_in_page(
    installation: Installation, held: Mapping[Kind, Backfill], read: Read, now: datetime
) -> dict[Kind, Backfill | None]:
    """Store a page and that it is, in one transaction. One that fails is stored row by row, without those that fail."""
    for _ in range(ATTEMPTS):
        try:
            return _write(installation, held, [read], now)
        except Overtaken:
            raise
        except Exception as error:
            if is_away(error):
                raise
            logger.info("a page failed (%s) and is stored again", type(error).__name__)
            if not is_collision(error):
                break
    assert read.page is not None
    failed = sum(not _take_in_one(installation, fact, now) for fact in read.page.facts)
    with within(installation.pk):
        return {read.kind: _turn(installation, held[read.kind], [read.page], now, failed)}


def _write(
    installation: Installation, held: Mapping[Kind, Backfill], reads: Sequence[Read], now: datetime
) -> dict[Kind, Backfill | None]:
    pages: dict[Kind, list[Page]] = {}
    for read in reads:
        if read.page is not None:
            pages.setdefault(read.kind, []).append(read.page)
    with within(installation.pk):
        facts = [fact for of_kind in pages.values() for page in of_kind for fact in page.facts]
        events.apply(installation, facts, now, Cause.IMPORT)
        for missed in [missed for of_kind in pages.values() for page in of_kind for missed in page.deliveries]:
            digest = sha256(missed.body).hexdigest()
            events.record(installation.pk, Delivery(missed.name, digest, missed.body, now))
        return {kind: _turn(installation, held[kind], of_kind, now) for kind, of_kind in pages.items()}


def _turn(
    installation: Installation, held: Backfill, pages: Sequence[Page], now: datetime, failed: int = 0
) -> Backfill | None:
    again_at = next_round(Kind(held.kind), now, zoneinfo.ZoneInfo(installation.time_zone), installation.pk)
    total = next((page.total for page in pages if page.total is not None), None)
    counts = (sum(page.read for page in pages), failed + sum(page.skipped for page in pages), total)
    return backfills.turn_page(held, pages[-1].cursor, counts, now, again_at)


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
