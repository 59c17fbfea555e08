"""The page of preferences, and the one click that ends everything and offers topics."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import bases, consent
from saleor_lifecycle.channels.links import Link, preferences_url, unsubscribe_url
from saleor_lifecycle.domain.preferences import Frequency, Preferences
from saleor_lifecycle.models import (
    Consent,
    ConsentText,
    Customer,
    Enrollment,
    Installation,
    Message,
    Outbox,
    Preference,
    Suppression,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import messages
from saleor_lifecycle.web import links
from tests.channels.conftest import MailServer, mail_server
from tests.facts import CHECKOUT, account, cart, tell
from tests.shop_server import ShopServer, cart_node, install_at

pytestmark = pytest.mark.django_db

__all__ = ["mail_server"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOPICS = ["cart", "news", "offers", "recommendations", "win-back", "reviews"]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    """A shop with a cart that was left: its first message has gone, its second is queued."""
    shop_server.carts[CHECKOUT] = cart_node()
    shop = install_at(shop_server, now)
    tell(shop, [account(now - 30 * HOUR, consent=True), cart(now - 25 * HOUR)], now - 25 * HOUR)
    passages.run(shop.pk, now - 24 * HOUR)
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", "ada@example.com")
        Message.objects.update(state="sent", due_at=None, settled_at=now - 24 * HOUR, address_hash=hashed)
    passages.run(shop.pk, now)
    return shop


def link(shop: Installation) -> Link:
    with within(shop.pk):
        return Link(shop.public_id, Message.objects.order_by("id")[0].public_id)


def path(shop: Installation) -> str:
    return preferences_url("", link(shop))


def choose(shop: Installation, client: Client, *topics: str, **more: Any) -> str:
    """Save the page with these topics; return what it says then."""
    form = {"topic": list(topics), "frequency": "all", "pause": "none", "language": "en"} | more
    answer = client.post(path(shop), {name: value for name, value in form.items() if value})
    assert answer.status_code == 200
    return answer.content.decode()


def rows(shop: Installation) -> Any:
    tables = (Consent, ConsentText, Suppression, Enrollment, Message, Preference, Outbox)
    with within(shop.pk):
        return [list(model._default_manager.order_by("pk").values()) for model in tables]


def granted(shop: Installation) -> list[str]:
    with within(shop.pk):
        held = consent.choices(shop, "VXNlcjox", None, "email", timezone.now())
    return [topic for topic, choice in held.items() if choice.basis == "granted"]


def queued(shop: Installation) -> int:
    with within(shop.pk):
        return Message.objects.filter(state="queued", purpose="commercial").count()


def wants(shop: Installation) -> Preferences:
    with within(shop.pk):
        person = Customer.objects.get(merged_into=None)
        return bases.preferences_of([person.pk]).get(person.pk, Preferences())


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(method: str, shop: Installation, client: Client) -> None:
    before = rows(shop)
    answer = getattr(client, method)(path(shop))
    assert (answer.status_code, answer["Referrer-Policy"]) == (200, "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    assert "@" not in answer.content.decode().partition("</style>")[2], "nobody's address is shown"
    assert rows(shop) == before


def test_what_stands_is_ticked_and_saving_it_again_says_nothing_new(shop: Installation, client: Client) -> None:
    assert client.get(path(shop)).content.decode().count('name="topic"') == 6
    assert client.get(path(shop)).content.decode().count('" checked><span>') == 6 + 1, "and the frequency"
    choose(shop, client, *TOPICS)
    with within(shop.pk):
        assert [row.source for row in Consent.objects.all()] == ["account"]
    assert queued(shop) == 1


def test_a_topic_that_is_taken_out_ends_what_waits_of_it(shop: Installation, client: Client) -> None:
    said = choose(shop, client, "news", "offers")
    assert "Saved" in said
    assert granted(shop) == ["news", "offers"]
    assert queued(shop) == 0
    with within(shop.pk):
        assert Message.objects.order_by("id").values_list("state", "reason")[1] == ("skipped", "consent_refused")
        refused = Consent.objects.filter(source="preferences")
        assert not any(row.is_granted for row in refused)
        assert {row.topic for row in refused} == set(TOPICS) - {"news", "offers"}
        assert refused[0].evidence == f"message {link(shop).message_id}"
        assert "News" in ConsentText.objects.get(hash=refused[0].text_hash).text
        assert Outbox.objects.filter(kind="webhook", key__startswith="consent.withdrawn:").count() == 4


def test_a_topic_may_be_put_back(shop: Installation, client: Client) -> None:
    choose(shop, client, "news")
    choose(shop, client, "news", "offers")
    assert granted(shop) == ["news", "offers"]


def test_one_click_ends_it_all_and_the_page_offers_topics_instead(shop: Installation, client: Client) -> None:
    page = client.post(unsubscribe_url("", link(shop))).content.decode()
    assert "choose what you would still like to receive" in page
    assert "checked" not in page
    assert (granted(shop), queued(shop)) == ([], 0)
    client.post(path(shop), {"topic": ["news"]})
    assert granted(shop) == ["news"]
    with within(shop.pk):
        assert not Suppression.objects.exists()
    client.post(unsubscribe_url("", link(shop)))
    assert granted(shop) == []
    with within(shop.pk):
        assert Suppression.objects.get().reason == "unsubscribed"


def test_a_no_in_the_shops_own_records_is_told(shop: Installation, client: Client, now: datetime) -> None:
    tell(shop, [account(now, consent=False)], now)
    assert "a no comes first" in choose(shop, client, "news")
    assert "a no comes first" not in choose(shop, client)
    assert granted(shop) == []


@pytest.mark.parametrize("reason", ["manual", "bounced", "complained"])
def test_an_address_that_is_no_good_stays_suppressed_whatever_is_chosen(
    reason: str, shop: Installation, client: Client, now: datetime
) -> None:
    with within(shop.pk):
        consent.suppress(Message.objects.order_by("id")[0], reason, now)
    assert "cannot write to this address" in choose(shop, client, *TOPICS)
    with within(shop.pk):
        assert Suppression.objects.get().reason == reason


def test_how_often_a_break_no_choosing_and_the_language_are_kept(
    shop: Installation, client: Client, now: datetime
) -> None:
    said = choose(shop, client, *TOPICS, frequency="weekly", pause="30", impersonal="on", language="es")
    assert "Guardado" in said
    held = wants(shop)
    assert (held.frequency, held.is_personalised, held.language) == (Frequency.WEEKLY, False, "es")
    assert held.paused_until is not None
    assert held.paused_until >= now + 30 * DAY
    choose(shop, client, *TOPICS, frequency="weekly", pause="keep", impersonal="on", language="es")
    assert wants(shop) == held, "the same again"
    choose(shop, client, *TOPICS, frequency="nonsense", pause="nonsense", language="xx")
    assert wants(shop) == Preferences(Frequency.WEEKLY, held.paused_until, None, "es"), "nonsense changes nothing"
    choose(shop, client, *TOPICS, language="")
    assert wants(shop) == Preferences(language="es")


@pytest.mark.parametrize(("asked", "leaves"), [({"pause": "30"}, 0), ({"frequency": "weekly"}, 0), ({}, 1)])
def test_who_wants_quiet_gets_it(
    asked: dict[str, str], leaves: int, shop: Installation, client: Client, mail_server: MailServer
) -> None:
    choose(shop, client, *TOPICS, **asked)
    messages.run(shop.pk, timezone.now())
    assert len(mail_server.received) == leaves
    if not leaves:
        with within(shop.pk):
            waiting = Message.objects.order_by("id")[1]
        # By then the reminder of a cart is of no use any more.
        assert (waiting.state, waiting.reason, waiting.due_at) == ("skipped", "quiet_asked_for", None)


def test_mails_speak_the_language_that_was_chosen(shop: Installation, client: Client, mail_server: MailServer) -> None:
    choose(shop, client, *TOPICS, language="es")
    messages.run(shop.pk, timezone.now())
    assert [mail["Content-Language"] for mail in mail_server.received] == ["es"]


def test_tracking_ends_with_do_not_personalise(shop: Installation, client: Client) -> None:
    with within(shop.pk):
        person = Customer.objects.get(merged_into=None)
        assert not consent.is_tracked(person.pk), "nobody has agreed to it"
    choose(shop, client, *TOPICS, impersonal="on")
    assert wants(shop).is_personalised is False


def test_a_broken_token_leads_nowhere(shop: Installation, client: Client, other_installation: Installation) -> None:
    before = rows(shop)
    mixed = preferences_url("", Link(other_installation.public_id, link(shop).message_id))
    token = unsubscribe_url("", link(shop)).rpartition("/")[2]
    for address in (f"{path(shop)}x", path(shop)[:-1], mixed, f"/preferences/{token}"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"topic": ["news"]}).status_code == 404
    assert rows(shop) == before


def sending(shop: Installation) -> None:
    with within(shop.pk):
        Message.objects.filter(state="queued").update(state="sending")


def test_it_says_that_one_may_still_arrive(shop: Installation, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "PATIENCE_SECONDS", 0.2)
    sending(shop)
    assert "may still arrive" in client.post(unsubscribe_url("", link(shop))).content.decode()
    form = "application/x-www-form-urlencoded"
    program = client.post(unsubscribe_url("", link(shop)), "List-Unsubscribe=One-Click", content_type=form)
    assert "may still arrive" not in program.content.decode(), "nobody reads that answer"


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_what_is_on_its_way(shop: Installation, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is settled while the page waits, by another connection."""
    sending(shop)
    looked: list[float] = []

    def settle() -> None:
        with within(shop.pk):
            Message.objects.filter(state="sending").update(state="sent", due_at=None)
        connection.close()

    def sleep(seconds: float) -> None:
        looked.append(seconds)
        if len(looked) == 3:
            thread = Thread(target=settle)
            thread.start()
            thread.join()

    monkeypatch.setattr(links.time, "sleep", sleep)
    answer = client.post(unsubscribe_url("", link(shop))).content.decode()
    assert "may still arrive" not in answer
    assert len(looked) == 3
