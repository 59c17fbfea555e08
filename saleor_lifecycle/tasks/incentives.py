"""A part of the task deliver: personal codes that the shop is to have, or not to have any more."""

import logging
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.conf import settings

from saleor_lifecycle.actions import code_pools, installations, outbox, restores
from saleor_lifecycle.actions.code_pools import Work
from saleor_lifecycle.models import CodePool, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import Gone, ShopError
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.vouchers import WantedVoucher

BATCH = 10

logger = logging.getLogger(__name__)


def run(installation_id: int, now: datetime) -> int:
    """Think up the codes that run short, then tell the shop of one batch of pools; return how many there were."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if installation.state != Installation.State.ACTIVE or restores.is_held(installation, now):
            return 0
        code_pools.refill(installation, now)
        rows = outbox.lease(installation_id, Outbox.Kind.VOUCHER, BATCH, now)
        works = code_pools.work(rows, now)
        outbox.drop(row for row in rows if row.pk not in {one.row.pk for one in works})
    if works:
        _tell(installation, works, now)
    return len(works)


def _tell(installation: Installation, works: list[Work], now: datetime) -> None:
    try:
        token = installations.unseal(installation.token)
    except InvalidToken:
        with within(installation.pk):
            for one in works:
                code_pools.troubled(one, "the shop's token cannot be read: its key is missing from TOKEN_KEYS", now)
        return
    with Shop(
        installation.saleor_api_url, token, settings.ALLOW_PRIVATE_ADDRESSES, installation.saleor_version
    ) as shop:
        for one in works:
            _tell_of(shop, installation, one, now)


def _tell_of(shop: Shop, installation: Installation, one: Work, now: datetime) -> None:
    """Bring one voucher to what stands here. Killed on any line, it comes due again and does the same."""
    pool, voucher_id = one.pool, one.pool.voucher_id
    try:
        if one.to_make:
            voucher_id = shop.fill_voucher(_voucher(installation, pool, now), voucher_id, one.to_make)
        if one.to_take_back and voucher_id:
            shop.take_codes_back(voucher_id, one.to_take_back)
    except Gone:
        logger.warning("voucher of pool %s is gone from its shop, and is made anew", pool.pk)
        with within(pool.installation_id):
            code_pools.gone(pool)
            outbox.release([one.row], now)
    except ShopError as error:
        logger.warning("codes wait: %s %s", type(error).__name__, error)
        with within(pool.installation_id):
            code_pools.troubled(one, f"{type(error).__name__}: {error}", now)
    else:
        with within(pool.installation_id):
            code_pools.done(one, voucher_id, now)


def _voucher(installation: Installation, pool: CodePool, now: datetime) -> WantedVoucher:
    worth = f"{pool.percent}%" if pool.percent else "free delivery"
    # Staff read it among their own vouchers; by its end it is found again, whatever became of our database.
    name = f"Lifecycle: {worth} until {pool.expires_on.isoformat()} ({installation.public_id.hex[:8]})"
    return WantedVoucher(name, pool.percent, now, pool.ends_at)
