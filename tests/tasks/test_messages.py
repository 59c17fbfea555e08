"""The task send against a real mail server and a shop that answers on a real socket."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from saleor_lifecycle.actions import consent
from saleor_lifecycle.models import Enrollment, Installation, Suppression
from saleor_lifecycle.models.entry import within
from tests.channels.conftest import MailServer
from tests.facts import ADA, CHECKOUT, cart, tell
from tests.shop_server import ShopServer, cart_node, order_node
from tests.tasks.abandoned import HOUR, abandon, message, now, send, shop, standing

pytestmark = pytest.mark.django_db

__all__ = ["now", "shop"]

MINUTE = timedelta(minutes=1)


def test_one_who_agreed_gets_exactly_one_mail(shop: Installation, now: datetime, mail_server: MailServer) -> None:
    queued = abandon(shop, now)
    assert [send(shop) for _ in range(3)] == [1, 0, 0]
    (mail,) = mail_server.received
    assert mail["To"] == "ada@example.com"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/unsubscribe/" in mail["List-Unsubscribe"]
    held = message(shop)
    assert (held.state, held.reason, held.attempts, held.due_at) == ("sent", "", 1, None)
    assert held.provider_id == f"{queued.public_id}@shop.example.com" == mail["Message-ID"].strip("<>")
    assert held.address_hash == consent.address_hash(shop, "email", "ada@example.com")


def test_no_mail_holds_the_id_of_the_checkout(shop: Installation, now: datetime, mail_server: MailServer) -> None:
    abandon(shop, now)
    send(shop)
    (mail,) = mail_server.received
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    assert all("/cart/" in part or "/c/" in part for part in parts)
    assert not any(CHECKOUT in text or CHECKOUT.rstrip("=") in text for text in [mail.as_string(), *parts])


@pytest.mark.parametrize(("code", "language"), [("EN", "en"), ("ES", "es"), ("ES_MX", "es"), ("FR", "en")])
def test_speaks_the_language_of_the_cart(
    code: str, language: str, shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.carts[CHECKOUT]["languageCode"] = code
    abandon(shop, now)
    send(shop)
    assert mail_server.received[0]["Content-Language"] == language


def test_writes_to_the_address_that_the_cart_has_now(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.carts[CHECKOUT]["email"] = "Ada.New@example.com"
    abandon(shop, now)
    send(shop)
    assert mail_server.received[0]["To"] == "ada.new@example.com"


# Who is not written to


@pytest.mark.parametrize(("buyer", "state"), [("Ada@example.com", "skipped"), ("else@example.com", "sent")])
def test_a_saleor_before_3_22_is_asked_in_its_own_way_who_ordered(
    buyer: str,
    state: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with within(shop.pk):
        Installation.objects.update(saleor_version="3.21.20")
    shop_server.orders.append(order_node(now - HOUR, email=buyer))
    abandon(shop, now)
    monkeypatch.setattr(ShopServer, "_orders_since", None)  # it would not understand
    send(shop)
    assert message(shop).state == state
    assert len(mail_server.received) == (state == "sent")


@pytest.mark.parametrize(("said", "reason"), [(None, "no_consent"), (False, "consent_refused")])
@pytest.mark.parametrize("trouble", [None, 503])
def test_one_who_did_not_agree_gets_nothing_whatever_the_shop_says(
    trouble: int | None,
    said: bool | None,
    reason: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
) -> None:
    abandon(shop, now, consent=said)
    shop_server.trouble = trouble
    send(shop)
    assert standing(shop) == ("skipped", reason)
    assert message(shop).due_at is None
    assert mail_server.connections == 0


def suppress(shop: Installation) -> None:
    hashed = consent.address_hash(shop, "email", " ADA@example.com")
    Suppression.objects.create(
        installation=shop, channel="email", address_hash=hashed, reason="bounced", at=timezone.now()
    )


def refuse_at_checkout(shop: Installation) -> None:
    now = timezone.now()
    tell(shop, [cart(now, "another cart", lines=(), consent=False)], now)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (suppress, "suppressed"),
        (refuse_at_checkout, "consent_refused"),
        (lambda shop: Enrollment.objects.update(state="exited"), "enrollment_over"),
        (lambda shop: Installation.objects.update(state="removed"), "app_removed"),
    ],
)
def test_what_happened_since_it_was_queued_counts(
    happens: Callable[[Installation], object],
    reason: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
) -> None:
    abandon(shop, now)
    with within(shop.pk):
        happens(shop)
    send(shop)
    assert standing(shop) == ("skipped", reason)
    assert mail_server.connections == 0


@pytest.mark.parametrize(
    ("case", "found", "reason"),
    [
        ("of this cart", {"checkout": CHECKOUT}, "ordered"),
        ("by the account", {"user": ADA}, "ordered"),
        ("as a guest with the same address", {"email": "ada@example.com"}, "ordered"),
        ("as a guest, typed as in this cart", {"email": "Ada@Example.com"}, "ordered"),
        ("by somebody else", {}, ""),
    ],
)
def test_an_order_that_only_the_shop_knows_of_stops_it(
    case: str,
    found: dict[str, str],
    reason: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
) -> None:
    shop_server.carts[CHECKOUT]["email"] = "Ada@Example.com"
    shop_server.orders = [order_node(now - HOUR, **found)]
    abandon(shop, now)
    send(shop)
    assert standing(shop) == (("skipped", reason) if reason else ("sent", "")), case
    assert len(mail_server.received) == (0 if reason else 1)


def test_an_order_from_before_the_cart_does_not_stop_it(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.orders = [order_node(now - 2 * HOUR - timedelta(seconds=1), user=ADA, email="ada@example.com")]
    abandon(shop, now)
    send(shop)
    assert standing(shop) == ("sent", "")


@pytest.mark.parametrize(
    ("case", "held", "reason"),
    [
        ("gone", None, "cart_gone"),
        ("emptied", cart_node(lines=()), "cart_emptied"),
        ("charged", cart_node(chargeStatus="FULL"), "being_paid"),
        ("authorised", cart_node(authorizeStatus="FULL"), "being_paid"),
        ("without an address", cart_node(email=""), "no_address"),
    ],
)
def test_a_cart_that_is_no_longer_there_to_be_won_back_is_left_alone(
    case: str,
    held: dict[str, Any] | None,
    reason: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
) -> None:
    abandon(shop, now)
    shop_server.carts = {CHECKOUT: held} if held else {}
    send(shop)
    assert standing(shop) == ("skipped", reason), case
    assert mail_server.connections == 0


@pytest.mark.parametrize(("available", "state"), [(0, "skipped"), (1, "sent"), (None, "sent")])
def test_what_cannot_be_bought_is_not_offered(
    available: int | None,
    state: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
) -> None:
    shop_server.carts[CHECKOUT]["lines"][0]["variant"]["quantityAvailable"] = available
    abandon(shop, now)
    send(shop)
    assert standing(shop) == (state, "out_of_stock" if state == "skipped" else "")


def test_a_cart_that_changed_unheard_waits_for_its_webhook(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    abandon(shop, now)
    shop_server.carts[CHECKOUT] = cart_node(lines=(("VmFyaWFudDox", 3),))
    send(shop)
    assert standing(shop) == ("queued", "cart_changed")
    tell(shop, [cart(now - MINUTE, lines=(("VmFyaWFudDox", 3),))], now)
    send(shop, now + HOUR - 2 * MINUTE)
    assert standing(shop) == ("queued", "cart_changed"), "an hour from the change, not from the first one"
    assert mail_server.connections == 0
