"""The task backfill: what a shop held before the app, read page by page into the same facts as its webhooks."""

import logging
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from celery import shared_task
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions import installations
from saleor_lifecycle.actions.backfill import Overtaken
from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.models import Backfill, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import PermissionMissing, Refused, ShopError, TokenDead
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.manifest import PERMISSIONS
from saleor_lifecycle.saleor.pages import NEEDED, Page

from . import nudge
from .events import ATTEMPTS, is_away, is_collision

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""

FOR_STAFF = timedelta(hours=1)
"""How long to wait where somebody has to do something in the shop first."""

logger = logging.getLogger(__name__)


@shared_task
def backfill(installation_id: int) -> None:
    """Go on with an installation's import for a while."""
    if work(installation_id, STRETCH):
        nudge.nudge(nudge.BACKFILL, installation_id)


def work(
    installation_id: int,
    seconds: float,
    told: Callable[[], object] = lambda: None,
    pause: Callable[[float], object] = time.sleep,
    clock: Callable[[], datetime] = timezone.now,
) -> bool:
    """Take in pages, no faster than the merchant allows, for about so long; return whether more is due at once.

    Nothing that the shop does is raised: it is noted, with when to try again. ``told`` is called after each page.
    """
    with within(installation_id):
        held = backfills.claim(installation_id, clock())
        installation = _installation(installation_id)
    if held is None:
        return False
    ends = time.monotonic() + seconds
    try:
        with _shop(installation) as shop:
            while held is not None:
                began = time.monotonic()
                held = _turn(shop, installation, held, clock())
                told()
                if held is not None and began >= ends:
                    with within(installation_id):
                        backfills.release(held, clock())
                    return True
                if held is not None:
                    pause(max(0.0, began + 1 / installation.import_pages_per_second - time.monotonic()))
                with within(installation_id):
                    installation = _installation(installation_id)
    except Overtaken:
        logger.info("the import of installation %s is another's by now", installation_id)
    except (_Closed, ShopError, InvalidToken) as trouble:
        assert held is not None
        _note(held, trouble, clock())
        told()
    return False


class _Closed(Exception):
    """The app is not at work in the shop."""


def _installation(installation_id: int) -> Installation:
    return Installation.objects.select_related("policy").get(pk=installation_id)


def _shop(installation: Installation) -> Shop:
    if installation.state != Installation.State.ACTIVE:
        raise _Closed(f"the app is {installation.state} in the shop")
    return Shop(
        installation.saleor_api_url,
        installations.unseal(installation.token),
        settings.ALLOW_PRIVATE_ADDRESSES,
        installation.saleor_version,
    )


def _turn(shop: Shop, installation: Installation, held: Backfill, now: datetime) -> Backfill | None:
    """Read a page and take it in; return the kind to go on with, or None when all is done or has to wait."""
    kind = Kind(held.kind)
    try:
        page = shop.page(kind, held.cursor, now, installation.consent_key)
    except PermissionMissing:
        missing = sorted(set(PERMISSIONS) - shop.installed_app().permissions) or [NEEDED[kind]]
        raise PermissionMissing(f"staff have to grant {', '.join(missing)}") from None
    return _take_in(installation, held, page, now)


def _take_in(installation: Installation, held: Backfill, page: Page, now: datetime) -> Backfill | None:
    """Store a page and that it is, in one transaction. One that fails is stored row by row, without those that fail."""
    for _ in range(ATTEMPTS):
        try:
            with within(installation.pk):
                backfills.take_in(installation, page.facts, now)
                return backfills.turn_page(held, page.cursor, page.read, page.skipped, page.total, now)
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
        return backfills.turn_page(held, page.cursor, page.read, page.skipped + failed, page.total, now)


def _take_in_one(installation: Installation, fact: Fact, now: datetime) -> bool:
    """Store one row; return whether it could be."""
    for _ in range(ATTEMPTS):
        try:
            with within(installation.pk):
                backfills.take_in(installation, [fact], now)
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
    """Write down what stopped the import, and when to try again."""
    text = f"{type(trouble).__name__}: {trouble}"
    if isinstance(trouble, InvalidToken):
        text = "the shop's token cannot be read: its key is missing from TOKEN_KEYS"
    elif isinstance(trouble, _Closed):
        text = str(trouble)
    logger.warning("the import of %s from installation %s waits: %s", held.kind, held.installation_id, text)
    with suppress(Overtaken), within(held.installation_id):
        if isinstance(trouble, Refused) and held.cursor:
            backfills.read_anew(held, f"{text}; the cursor may have expired, so all are read again", now)
        elif isinstance(trouble, PermissionMissing | TokenDead | Refused | InvalidToken | _Closed):
            backfills.put_off(held, text, now, FOR_STAFF)
        else:
            backfills.put_off(held, text, now)
