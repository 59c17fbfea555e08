"""A shop with a cart that was left, and its message."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from saleor_lifecycle.models import Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import messages
from tests.facts import CHECKOUT, account, cart, tell
from tests.shop_server import ShopServer, cart_node, install_at

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    """The real one: a message leaves only on truth of the last minute."""
    return timezone.now()


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    """A shop with one cart, left two hours ago."""
    shop_server.carts[CHECKOUT] = cart_node()
    return install_at(shop_server, now)


def abandon(shop: Installation, now: datetime, consent: bool | None = True, **changes: Any) -> Message:
    """Return the first message of a cart left two hours ago, queued as the flow queues it."""
    tell(shop, [account(now - 3 * HOUR, consent=consent), cart(now - 2 * HOUR, **changes)], now)
    passages.run(shop.pk, now)
    return message(shop)


def message(shop: Installation) -> Message:
    with within(shop.pk):
        return Message.objects.select_related("enrollment").get()


def standing(shop: Installation) -> tuple[str, str]:
    held = message(shop)
    return held.state, held.reason


def send(shop: Installation, at: datetime | None = None) -> int:
    return messages.run(shop.pk, at or timezone.now())
