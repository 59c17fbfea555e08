"""A part of the task deliver: what staff are to read in Saleor's Dashboard, or not to read any more."""

import logging
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.conf import settings

from saleor_lifecycle.actions import installations, outbox, problems
from saleor_lifecycle.models import Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.own_problems import PROBLEMS_SINCE
from saleor_lifecycle.saleor.versions import read_version

BATCH = 20

logger = logging.getLogger(__name__)


def run(installation_id: int, now: datetime) -> int:
    """Tell a shop of the problems that changed; return how many did. A Saleor that knows none is told nothing."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        rows = outbox.lease(installation_id, Outbox.Kind.PROBLEM, BATCH, now)
    if not rows:
        return 0
    is_told = (
        read_version(installation.saleor_version) >= PROBLEMS_SINCE and installation.state != Installation.State.REMOVED
    )
    trouble = _tell(installation, rows) if is_told else {}
    with within(installation_id):
        for row in rows:
            if row.pk in trouble:
                outbox.failed(row, trouble[row.pk], now)
            else:
                outbox.settled(row, now)
    return len(rows)


def _tell(installation: Installation, rows: list[Outbox]) -> dict[int, str]:
    """Return what kept the shop from being told, by row."""
    trouble: dict[int, str] = {}
    try:
        token = installations.unseal(installation.token)
    except InvalidToken:
        return {row.pk: "the shop's token cannot be read: its key is missing from TOKEN_KEYS" for row in rows}
    with Shop(
        installation.saleor_api_url, token, settings.ALLOW_PRIVATE_ADDRESSES, installation.saleor_version
    ) as shop:
        for row in rows:
            try:
                if message := row.written.get("message"):
                    shop.create_problem(row.key, message, problems.is_critical(row.key))
                else:
                    shop.dismiss_problem(row.key)
            except ShopError as error:
                logger.warning("problem %s not told: %s %s", row.key, type(error).__name__, error)
                trouble[row.pk] = f"{type(error).__name__}: {error}"
    return trouble
