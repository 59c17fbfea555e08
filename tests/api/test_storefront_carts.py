from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saleor_lifecycle.channels.links import CartLink, Link, offer_token, restore_url, unsubscribe_url
from saleor_lifecycle.models import Cart, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from tests.api.storefront import data
from tests.facts import CHECKOUT, LINES, account, cart, order, tell
from tests.shop_server import ShopServer, cart_node, install_at, shop_server

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
RESTORE = """
query ($token: String!) {
  lifecycleCartRestore(token: $token) { status checkoutId channel lines { quantity variant { id channel } } }
}
"""
NOTHING: dict[str, Any] = {"checkoutId": None, "channel": None, "lines": []}
LINE = {"quantity": 2, "variant": {"id": LINES[0][0], "channel": "default-channel"}}


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    """A shop with a cart that was left, and a mail about it."""
    shop_server.carts[CHECKOUT] = cart_node()
    shop = install_at(shop_server, now)
    tell(shop, [account(now - 30 * HOUR, consent=True), cart(now - 25 * HOUR)], now - 25 * HOUR)
    passages.run(shop.pk, now - 24 * HOUR)
    return shop


def mail_token(shop: Installation, ends: datetime) -> str:
    with within(shop.pk):
        link = Link(shop.public_id, Message.objects.order_by("id")[0].public_id)
    return restore_url("", link, ends).removeprefix("/cart/")


def own_token(shop: Installation, ends: datetime) -> str:
    with within(shop.pk):
        return offer_token(CartLink(shop.public_id, Cart.objects.get().public_id), ends)


def restore(shop: Installation, now: datetime, token: str) -> dict[str, Any]:
    """Return what anybody is told; nobody is signed in."""
    told: dict[str, Any] = data(shop, now, RESTORE, None, token=token)["lifecycleCartRestore"]
    return told


BOTH = pytest.mark.parametrize("make", [mail_token, own_token], ids=["of a mail", "of an offer"])


@BOTH
def test_an_open_cart_gives_its_checkout(shop: Installation, now: datetime, make: Any) -> None:
    assert restore(shop, now, make(shop, now + HOUR)) == {
        "status": "OPEN",
        "checkoutId": CHECKOUT,
        "channel": "default-channel",
        "lines": [],
    }


@BOTH
def test_a_cart_that_is_gone_gives_its_lines(
    shop: Installation, shop_server: ShopServer, now: datetime, make: Any
) -> None:
    del shop_server.carts[CHECKOUT]
    assert restore(shop, now, make(shop, now + HOUR)) == {
        "status": "GONE",
        "checkoutId": None,
        "channel": "default-channel",
        "lines": [LINE],
    }


@BOTH
def test_an_ordered_cart_is_told_as_such_whatever_the_tokens_age(
    shop: Installation, shop_server: ShopServer, now: datetime, make: Any
) -> None:
    tell(shop, [order(now, checkout=CHECKOUT)], now)
    for ends in (now + HOUR, now - HOUR):
        assert restore(shop, now, make(shop, ends)) == NOTHING | {"status": "ORDERED"}
    assert shop_server.asked == []


@BOTH
@pytest.mark.parametrize(("left", "status"), [(1, "OPEN"), (0, "EXPIRED"), (-1, "EXPIRED")])
def test_a_token_has_an_end(shop: Installation, now: datetime, make: Any, left: int, status: str) -> None:
    told = restore(shop, now, make(shop, now + timedelta(seconds=left)))
    assert told["status"] == status
    assert status == "OPEN" or told == NOTHING | {"status": status}


@pytest.mark.parametrize("trouble", [503, 500, 0])
def test_a_shop_that_is_away_asks_for_patience(
    shop: Installation, shop_server: ShopServer, now: datetime, trouble: int
) -> None:
    shop_server.trouble = trouble
    assert restore(shop, now, own_token(shop, now + HOUR)) == NOTHING | {"status": "SHOP_AWAY"}


@BOTH
def test_another_installations_token_tells_nothing(
    shop: Installation, other_installation: Installation, shop_server: ShopServer, now: datetime, make: Any
) -> None:
    for ends in (now + HOUR, now - HOUR):
        assert restore(other_installation, now, make(shop, ends)) == NOTHING | {"status": "BROKEN"}
    assert shop_server.asked == []


def test_what_is_no_token_tells_nothing(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    with within(shop.pk):
        message_id, cart_id = Message.objects.order_by("id")[0].public_id, Cart.objects.get().public_id
    good = own_token(shop, now + HOUR)
    tokens = {
        "empty": "",
        "rubbish": "x.y\x00",
        "changed": f"{good}x",
        "cut": good[:-1],
        "an unsubscription's": unsubscribe_url("", Link(shop.public_id, message_id)).rpartition("/")[2],
        "of no cart": offer_token(CartLink(shop.public_id, uuid4()), now + HOUR),
        "of no shop": offer_token(CartLink(uuid4(), cart_id), now + HOUR),
        "a message's id as a cart's": offer_token(CartLink(shop.public_id, message_id), now + HOUR),
        "a cart's id as a message's": restore_url("", Link(shop.public_id, cart_id), now + HOUR).rpartition("/")[2],
    }
    for case, token in tokens.items():
        assert restore(shop, now, token) == NOTHING | {"status": "BROKEN"}, case
    assert shop_server.asked == []


def test_an_offers_token_leads_back(shop: Installation, now: datetime) -> None:
    query = '{ lifecycleOffers(channel: "default-channel") { restoreToken } }'
    [offer] = data(shop, now, query)["lifecycleOffers"]
    assert CHECKOUT not in offer["restoreToken"]
    assert restore(shop, now, offer["restoreToken"])["checkoutId"] == CHECKOUT
