"""The task attributes: customers folded anew after their keys' meaning changed; and what a shop holds under a key."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import attributes as actions
from saleor_lifecycle.actions import installations
from saleor_lifecycle.domain.attributes import Origin
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.gateway import Shop


@shared_task
def attributes(installation_id: int) -> None:
    """Fold everybody anew who is still to be."""
    run(installation_id)


def run(installation_id: int, clock: Callable[[], datetime] = timezone.now) -> int:
    """Fold block after block; return how many there were."""
    with within(installation_id):
        held = actions.claim(installation_id, clock())
    blocks = 0
    while held is not None:
        with within(installation_id):
            held = actions.fold_block(held, clock())
        blocks += 1
    return blocks


def texts_under(installation: Installation, origin: Origin, key: str, first: int) -> list[str]:
    """Return what the shop's newest objects hold under a metadata key, those that have it. Raises ShopError."""
    token = installations.unseal(installation.token)
    with Shop(
        installation.saleor_api_url, token, settings.ALLOW_PRIVATE_ADDRESSES, installation.saleor_version
    ) as shop:
        return shop.texts_under(origin, key, first)
