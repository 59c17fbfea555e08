"""The links of a mail, as a person, a mail program and a scanner follow them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import consent
from saleor_lifecycle.channels.links import CartLink, Link, offer_token, restore_url, unsubscribe_url
from saleor_lifecycle.models import Cart, Consent, Enrollment, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from tests.facts import CHECKOUT, account, cart, order, tell
from tests.shop_server import ShopServer, cart_node, install_at

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    """A shop with a cart that was left: its first message has gone, its second is queued, its third is to come."""
    shop_server.carts[CHECKOUT] = cart_node()
    shop = install_at(shop_server, now)
    tell(shop, [account(now - 30 * HOUR, consent=True), cart(now - 25 * HOUR)], now - 25 * HOUR)
    passages.run(shop.pk, now - 24 * HOUR)
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", "ada@example.com")
        Message.objects.update(state="sent", due_at=None, address_hash=hashed)
    passages.run(shop.pk, now)
    return shop


def link(shop: Installation) -> Link:
    """Return what the first message's links stand for."""
    with within(shop.pk):
        return Link(shop.public_id, Message.objects.order_by("id")[0].public_id)


def unsubscribe_path(shop: Installation) -> str:
    return unsubscribe_url("", link(shop))


def cart_path(shop: Installation, lasts: timedelta = HOUR) -> str:
    return restore_url("", link(shop), timezone.now() + lasts)


def rows(shop: Installation) -> Any:
    """Return everything that an unsubscription may touch."""
    with within(shop.pk):
        return [list(model.objects.order_by("pk").values()) for model in (Consent, Suppression, Enrollment, Message)]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(method: str, shop: Installation, client: Client) -> None:
    before = rows(shop)
    for _ in range(2):
        answer = getattr(client, method)(unsubscribe_path(shop))
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
    assert rows(shop) == before


def test_the_page_asks_for_the_click(shop: Installation, client: Client) -> None:
    page = client.get(unsubscribe_path(shop)).content.decode()
    assert '<form method="post">' in page
    assert "Stop these e-mails?" in page
    assert "@" not in page.partition("</style>")[2]


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=One-Click"])
def test_one_post_ends_it_all_at_once(body: str, shop: Installation, client: Client, now: datetime) -> None:
    with within(shop.pk):
        enrollment = Enrollment.objects.get()
        assert (enrollment.state, Message.objects.filter(state="queued").count()) == ("waiting", 1)
    form = "application/x-www-form-urlencoded"
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(unsubscribe_path(shop), body, content_type=form)
    assert answer.status_code == 200
    with within(shop.pk):
        said = Consent.objects.get(source="unsubscribe")
        assert (said.is_granted, said.topic, said.channel) == (False, "", "email")
        assert said.evidence == f"message {link(shop).message_id}"
        suppressed = Suppression.objects.get()
        assert suppressed.address_hash == consent.address_hash(shop, "email", "ADA@example.com")
        enrollment = Enrollment.objects.get()
        assert (enrollment.state, enrollment.reason, enrollment.due_at) == ("exited", "unsubscribed", None)
        assert list(Message.objects.order_by("id").values_list("state", "reason", "due_at")) == [
            ("sent", "", None),
            ("skipped", "unsubscribed", None),
        ]
    passages.run(shop.pk, now + timedelta(days=3))
    with within(shop.pk):
        assert Message.objects.count() == 2


def test_the_same_post_again_is_fine(shop: Installation, client: Client) -> None:
    client.post(unsubscribe_path(shop))
    with within(shop.pk):
        assert (Consent.objects.filter(source="unsubscribe").count(), Suppression.objects.count()) == (1, 1)
    assert client.post(unsubscribe_path(shop)).status_code == 200
    with within(shop.pk):
        assert (Consent.objects.filter(source="unsubscribe").count(), Suppression.objects.count()) == (1, 1)
    assert "It was done already" in client.get(unsubscribe_path(shop)).content.decode()


def test_an_unsubscription_outweighs_a_yes_that_the_shop_says_later(
    shop: Installation, client: Client, now: datetime
) -> None:
    client.post(unsubscribe_path(shop))
    later = now + timedelta(days=1)
    tell(
        shop, [account(later, consent=True), cart(later, "another", lines=(("VmFyaWFudDoy", 1),), consent=True)], later
    )
    passages.run(shop.pk, later + 2 * HOUR)
    with within(shop.pk):
        second = Enrollment.objects.get(key="another")
        assert (second.state, second.reason) == ("exited", "unsubscribed")
        assert Message.objects.filter(enrollment=second).count() == 0


@pytest.mark.parametrize("path", ["/unsubscribe/", "/cart/"])
def test_a_broken_token_leads_nowhere(path: str, shop: Installation, client: Client) -> None:
    before = rows(shop)
    other = unsubscribe_path(shop) if path == "/cart/" else cart_path(shop)
    strange = Link(shop.public_id, uuid4()), Link(uuid4(), link(shop).message_id)
    make = (
        (lambda one: restore_url("", one, timezone.now() + HOUR))
        if path == "/cart/"
        else (lambda one: unsubscribe_url("", one))
    )
    tokens = [f"{path}x", f"{path}{other.rpartition('/')[2]}", f"{make(link(shop))}x", *(make(one) for one in strange)]
    for address in tokens:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "This link does not work" in answer.content.decode()
        if path == "/unsubscribe/":
            assert client.post(address).status_code == 404
    assert rows(shop) == before


def test_a_link_speaks_only_of_its_own_installation(
    shop: Installation, client: Client, other_installation: Installation
) -> None:
    before = rows(shop)
    mixed = Link(other_installation.public_id, link(shop).message_id)
    assert client.post(unsubscribe_url("", mixed)).status_code == 404
    assert client.get(restore_url("", mixed, timezone.now() + HOUR)).status_code == 404
    assert rows(shop) == before


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_way_back_leads_to_the_cart_in_the_storefront(method: str, shop: Installation, client: Client) -> None:
    before = rows(shop)
    answer = getattr(client, method)(cart_path(shop))
    assert answer.status_code == 302
    assert answer["Location"] == "https://shop.example.com/cart?checkout=Q2hlY2tvdXQ6MQ%3D%3D"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert CHECKOUT not in cart_path(shop)
    assert rows(shop) == before


def test_an_offers_token_leads_back_too(shop: Installation, client: Client) -> None:
    with within(shop.pk):
        offered = CartLink(shop.public_id, Cart.objects.get().public_id)
    answer = client.get(f"/cart/{offer_token(offered, timezone.now() + HOUR)}")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "https://shop.example.com/cart?checkout=Q2hlY2tvdXQ6MQ%3D%3D",
    )


def test_the_way_back_takes_no_post(shop: Installation, client: Client) -> None:
    assert client.post(cart_path(shop)).status_code == 405


def page_of(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    text = answer.content.decode()
    assert CHECKOUT not in text
    assert "Q2hlY2tvdXQ6MQ%3D%3D" not in text
    return answer.status_code, text


def test_a_link_that_is_too_old_says_so(shop: Installation, client: Client, shop_server: ShopServer) -> None:
    status, text = page_of(client, cart_path(shop, -timedelta(seconds=1)))
    assert (status, "This link is too old" in text) == (410, True)
    assert shop_server.asked == []


@pytest.mark.parametrize("lasts", [HOUR, -HOUR])
def test_a_cart_that_was_ordered_is_thanked_for(
    lasts: timedelta, shop: Installation, client: Client, now: datetime
) -> None:
    tell(shop, [order(now, checkout=CHECKOUT)], now)
    status, text = page_of(client, cart_path(shop, lasts))
    assert (status, "Thank you for your order" in text) == (200, True)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no longer there"), ("es-MX", "ya no existe"), ("fr", "no longer there")]
)
def test_a_cart_that_is_gone_says_so_in_its_language(
    language: str, words: str, shop: Installation, client: Client, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [cart(now, language=language)], now)
    del shop_server.carts[CHECKOUT]
    status, text = page_of(client, cart_path(shop))
    assert (status, words in text) == (410, True)


def test_a_shop_that_is_away_asks_for_patience(shop: Installation, client: Client, shop_server: ShopServer) -> None:
    shop_server.trouble = 503
    status, text = page_of(client, cart_path(shop))
    assert (status, "does not answer just now" in text) == (503, True)
    shop_server.trouble = None
    assert client.get(cart_path(shop)).status_code == 302


def test_a_shop_that_removed_the_app_still_gets_a_page(
    shop: Installation, client: Client, shop_server: ShopServer
) -> None:
    with within(shop.pk):
        Installation.objects.update(state="removed", token=b"")
    assert page_of(client, cart_path(shop))[0] == 410
    assert client.post(unsubscribe_path(shop)).status_code == 200
    assert shop_server.asked == []


def test_the_way_back_says_which_message_it_was_in_and_nothing_else(client: Client, shop: Installation) -> None:
    said = "utm_source=lifecycle&utm_medium=email&utm_campaign=abandoned-cart"
    answer = client.get(f"{cart_path(shop)}?{said}&next=https://evil.example")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"&{said}")
    assert "evil" not in answer["Location"]
