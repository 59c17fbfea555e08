"""Forms on the shop's pages, as people, programs and strangers fill them in, and the link that confirms them."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import consent
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.opt_ins import FORMS_PER_HOUR, LASTS, REMEMBERED, REMIND_AFTER
from saleor_lifecycle.models import (
    Consent,
    ConsentText,
    Customer,
    FormBudget,
    Installation,
    Message,
    OptIn,
    Outbox,
    Preference,
    Suppression,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import messages, opt_ins
from tests.channels.conftest import MailServer, mail_server
from tests.facts import account, tell
from tests.shop_server import ShopServer, install_at

pytestmark = pytest.mark.django_db

__all__ = ["mail_server"]

ADDRESS = "grace@example.com"
TEXT = "Send me news by e-mail. I can stop at any time."
DAY = timedelta(days=1)
TABLES = (Consent, ConsentText, Customer, FormBudget, Message, OptIn, Preference, Suppression)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    return install_at(shop_server, now)


def fill_in(shop: Installation, client: Client, **changes: Any) -> tuple[int, str]:
    """Fill in the form; return the answer's status and text."""
    given = {"email": ADDRESS, "text": TEXT, "topic": ["news", "offers"], "language": "es", "page": "footer"} | changes
    answer = client.post(f"/subscribe/{shop.storefront_key}", {name: one for name, one in given.items() if one})
    return answer.status_code, answer.content.decode()


def written(shop: Installation) -> list[Any]:
    with within(shop.pk):
        return [list(model._default_manager.order_by("pk").values()) for model in TABLES]


def send(shop: Installation) -> None:
    while messages.run(shop.pk, timezone.now()):
        pass


def link_in(mail: Any) -> str:
    text = mail.get_body(("plain",)).get_content()
    [path] = re.findall(r"https?://[^/\s]+(/confirm/\S+)", text)
    return str(path)


def age(shop: Installation, by: timedelta) -> None:
    """Let a form have been filled in earlier."""
    with within(shop.pk):
        row = OptIn.objects.get()
        row.asked_at -= by
        row.due_at = row.due_at and row.due_at - by
        row.save()


def suppress(shop: Installation, now: datetime, reason: str) -> None:
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", ADDRESS)
        Suppression.objects.create(installation=shop, channel="email", address_hash=hashed, reason=reason, at=now)


def test_a_form_brings_one_mail_and_its_button_the_subscription(
    shop: Installation, client: Client, mail_server: MailServer, now: datetime
) -> None:
    status, text = fill_in(shop, client)
    assert (status, "Mira tu correo" in text) == (200, True)
    assert ADDRESS not in text
    send(shop)
    [mail] = mail_server.received
    assert (mail["To"], mail["List-Unsubscribe"], mail["Content-Language"]) == (ADDRESS, None, "es")
    assert "Confírmalo" in mail["Subject"]
    with within(shop.pk):
        assert (Customer.objects.count(), Consent.objects.count()) == (0, 0), "nobody has confirmed yet"
    before = written(shop)
    page = client.get(link_in(mail))
    assert (page.status_code, '<form method="post">' in page.content.decode()) == (200, True)
    assert written(shop) == before, "looking changes nothing"
    assert "Te damos la bienvenida" in client.post(link_in(mail)).content.decode()
    with within(shop.pk):
        rows = Consent.objects.select_related("identity").order_by("topic")
        assert [(row.topic, row.source, row.is_granted, row.identity.value) for row in rows] == [
            ("news", "form", True, ADDRESS),
            ("offers", "form", True, ADDRESS),
        ]
        held = OptIn.objects.get()
        assert (held.state, held.address, held.due_at) == ("confirmed", "", None)
        assert held.network_hash
        assert "127.0.0.1" not in held.network_hash
        assert str(held.public_id) in rows[0].evidence
        assert ConsentText.objects.get(hash=rows[0].text_hash).text == TEXT
        person = Customer.objects.get()
        assert consent.basis_of(shop.pk, person.pk, "news", "email", timezone.now()).basis is Basis.GRANTED
        assert consent.basis_of(shop.pk, person.pk, "cart", "email", timezone.now()).basis is Basis.NONE
        assert Preference.objects.get().language == "es"
        told = [row.written for row in Outbox.objects.filter(kind="webhook").order_by("key")]
        assert [one["event"] for one in told] == ["consent.given"] * 2
        assert [one["topic"] for one in told] == ["news", "offers"]
    before = written(shop)
    assert "Ya estaba hecho" in client.post(link_in(mail)).content.decode()
    assert written(shop) == before


def test_nothing_else_is_sent_while_it_is_pending_but_one_reminder(
    shop: Installation, client: Client, mail_server: MailServer
) -> None:
    first = fill_in(shop, client)
    assert fill_in(shop, client, topic=["cart"]) == first
    send(shop)
    assert len(mail_server.received) == 1
    age(shop, REMIND_AFTER)
    for _ in range(2):
        opt_ins.run(shop.pk, timezone.now())
        send(shop)
    assert len(mail_server.received) == 2
    assert link_in(mail_server.received[1]) == link_in(mail_server.received[0])
    age(shop, LASTS - REMIND_AFTER)
    opt_ins.run(shop.pk, timezone.now())
    send(shop)
    assert len(mail_server.received) == 2
    with within(shop.pk):
        held = OptIn.objects.get()
        assert (held.state, held.address, held.topics) == ("expired", "", ["news", "offers"])
    before = written(shop)
    for answer in (client.get(link_in(mail_server.received[0])), client.post(link_in(mail_server.received[0]))):
        assert (answer.status_code, "caducado" in answer.content.decode()) == (410, True)
    assert written(shop) == before
    age(shop, REMEMBERED)
    opt_ins.run(shop.pk, timezone.now())
    with within(shop.pk):
        assert (OptIn.objects.count(), ConsentText.objects.count()) == (0, 0)


@pytest.mark.parametrize("case", ["unknown", "known", "pending", "unsubscribed", "bounced", "asked too often"])
def test_every_address_gets_the_same_answer_with_as_many_questions_to_the_database(
    case: str, shop: Installation, client: Client, now: datetime, django_assert_num_queries: Any
) -> None:
    if case == "known":
        tell(shop, [account(now, email=ADDRESS, consent=True)], now)
    if case == "pending":
        fill_in(shop, client, REMOTE_ADDR="10.0.0.9")
    if case in ("unsubscribed", "bounced"):
        suppress(shop, now, case)
    if case == "asked too often":
        with within(shop.pk):
            hashed = consent.address_hash(shop, "email", ADDRESS)
            OptIn.objects.create(
                installation=shop,
                state="expired",
                channel="email",
                address_hash=hashed,
                topics=[],
                asked_at=now - DAY / 2,
            )
    fill_in(shop, client, email="not an address")  # whatever is remembered of the shop is read
    with django_assert_num_queries(10):
        status, text = fill_in(shop, client)
    assert (status, "Mira tu correo" in text, ADDRESS in text) == (200, True, False)


@pytest.mark.parametrize(("reason", "mails"), [("unsubscribed", 1), ("bounced", 0), ("complained", 0)])
def test_who_unsubscribed_may_come_back_and_what_bounced_or_complained_is_left_alone(
    reason: str, mails: int, shop: Installation, client: Client, now: datetime, mail_server: MailServer
) -> None:
    suppress(shop, now - DAY, reason)
    fill_in(shop, client)
    send(shop)
    assert len(mail_server.received) == mails
    for mail in mail_server.received:
        client.post(link_in(mail))
    with within(shop.pk):
        assert [row.reason for row in Suppression.objects.all()] == ([] if mails else [reason])


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"email": "grace"}, 422, "no es una dirección"),
        ({"email": ""}, 422, "no es una dirección"),
        ({"text": ""}, 400, "formulario no funciona"),
        ({"text": "x" * 5001}, 400, "formulario no funciona"),
        ({"topic": ["gossip"]}, 400, "formulario no funciona"),
        ({"page": "x" * 301}, 400, "formulario no funciona"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_nothing_is_stored(
    changes: dict[str, Any], status: int, words: str, shop: Installation, client: Client
) -> None:
    before = written(shop)
    code, text = fill_in(shop, client, **changes)
    title = re.search("<h1>(.*)</h1>", text)
    assert (code, words in (title[1] if title else "").replace("Esto no", "no").replace("Este ", "")) == (status, True)
    assert written(shop) == before


def test_a_program_that_fills_in_everything_gets_the_answer_and_no_mail(shop: Installation, client: Client) -> None:
    assert fill_in(shop, client, website="https://spam.example")[0] == 200
    with within(shop.pk):
        assert (OptIn.objects.count(), Message.objects.count()) == (0, 0)


def test_one_network_fills_in_so_many_forms_an_hour_and_no_more(shop: Installation, client: Client) -> None:
    for number in range(FORMS_PER_HOUR):
        assert fill_in(shop, client, email=f"guest{number}@example.com")[0] == 200
    before = written(shop)
    assert fill_in(shop, client, email="one@more.example.com")[0] == 429
    assert written(shop) == before
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert fill_in(shop, elsewhere, email="one@more.example.com")[0] == 200


def test_behind_a_proxy_of_ones_own_the_last_entry_counts(
    shop: Installation, client: Client, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(FORMS_PER_HOUR):
        spoofed = {"headers": {"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.7"}}
        given = {"email": f"guest{number}@example.com", "text": TEXT}
        assert client.post(f"/subscribe/{shop.storefront_key}", given, **spoofed).status_code == 200
    answer = client.post(f"/subscribe/{shop.storefront_key}", given, headers={"X-Forwarded-For": "192.0.2.7"})
    assert answer.status_code == 429


def test_no_shop_has_another_key_and_looking_is_no_form(shop: Installation, client: Client) -> None:
    assert client.post("/subscribe/pk_0", {"email": ADDRESS, "text": TEXT}).status_code == 404
    assert client.get(f"/subscribe/{shop.storefront_key}").status_code == 405
    with within(shop.pk):
        assert not OptIn.objects.exists()


def test_a_link_that_was_tampered_with_or_is_another_shops_confirms_nothing(
    shop: Installation, client: Client, mail_server: MailServer
) -> None:
    fill_in(shop, client)
    send(shop)
    path = link_in(mail_server.received[0])
    token = path.rpartition("/")[2]
    before = written(shop)
    tampered = [f"/confirm/{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}" for at in range(len(token))]
    for address in (*tampered, f"{path}x", f"/confirm/{token[:-1]}"):
        assert client.post(address).status_code == 404, address
    for purpose in ("unsubscribe", "preferences"):
        assert client.post(f"/{purpose}/{token}").status_code == 404
    assert written(shop) == before
