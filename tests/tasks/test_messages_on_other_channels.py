"""Messages on channels other than e-mail go the same way: decided, claimed once, recorded."""

from datetime import datetime
from urllib.parse import parse_qs

import pytest
from django.utils import timezone
from pytest_django import Settings

from saleor_lifecycle.actions import attention_settings, attributes, consent, templates, webhook_endpoints
from saleor_lifecycle.domain.attention import Caps
from saleor_lifecycle.domain.attributes import KeyMapping, Origin
from saleor_lifecycle.domain.values import Attribute, Type
from saleor_lifecycle.models import Customer, Installation, Message, Suppression, WebhookEndpoint
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import on_site
from tests.facts import ADA, CHECKOUT, account, tell
from tests.saleor.conftest import LocalShop, local_shop
from tests.shop_server import ShopServer
from tests.tasks.abandoned import HOUR, abandon, now, send, shop, standing

pytestmark = pytest.mark.django_db

__all__ = ["local_shop", "now", "shop"]

NUMBER = "+34612345678"
TAKEN = {"sid": "SM1", "status": "queued", "account_sid": "AC1"}


def queue(shop: Installation, now: datetime, channel: str, short: str = "Hi {{ customer.first_name }}") -> Message:
    tell(shop, [account(now - HOUR)], now)
    with within(shop.pk):
        templates.save(shop.pk, "hi", "en", ("Hi", "", "Hello there"), "<p>Hello there</p>", now, short=short)
        return Message.objects.create(
            installation=shop,
            customer=Customer.objects.get(merged_into=None),
            key="hi:1",
            template="hi",
            topic="news",
            channel=channel,
            queued_at=now,
            due_at=now,
        )


def agree(shop: Installation, channel: str, now: datetime, *, is_granted: bool = True, topic: str = "news") -> None:
    with within(shop.pk):
        installation = Installation.objects.select_related("policy").get(pk=shop.pk)
        consent.say(installation, ADA, consent.Word(is_granted, (topic,), channel, "a test", "May we?"), now)


def receive_at(shop: Installation, local_shop: LocalShop, now: datetime) -> str:
    with within(shop.pk):
        return webhook_endpoints.add(shop, f"{local_shop.origin}/say", ["message.send"], now)[1]


def phone(shop: Installation, number: str = NUMBER) -> None:
    with within(shop.pk):
        mapping = KeyMapping(Origin.USER, "verified_phone", Attribute("mobile", Type.PHONE))
        attributes.set_mappings(shop.pk, [mapping], shop.registered_at)
        Customer.objects.update(attributes={"mobile": {"value": number, "origin": "user", "at": ""}})


@pytest.fixture(autouse=True)
def awake(shop: Installation) -> None:
    """No quiet hours: the tests' clock is the machine's."""
    with within(shop.pk):
        attention_settings.set_all(shop.pk, Caps(), {})


@pytest.fixture
def twilio(local_shop: LocalShop, settings: Settings) -> LocalShop:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "secret"
    settings.TWILIO_SENDER, settings.TWILIO_API_URL = "+34600000000", local_shop.origin
    local_shop.will_answer(TAKEN, 201)
    return local_shop


@pytest.mark.parametrize("channel", ["webhook", "on_site", "sms"])
@pytest.mark.parametrize(
    ("agreed", "expected"), [(None, ("skipped", "no_consent")), (False, ("skipped", "consent_refused"))]
)
def test_each_needs_a_basis_of_its_own(
    shop: Installation,
    now: datetime,
    twilio: LocalShop,
    channel: str,
    agreed: bool | None,
    expected: tuple[str, str],
) -> None:
    queue(shop, now, channel)
    phone(shop)
    receive_at(shop, twilio, now)
    agree(shop, "email", now)
    if agreed is not None:
        agree(shop, channel, now, is_granted=agreed)
    send(shop)
    assert standing(shop) == expected
    assert twilio.asked == []


def test_the_merchants_system_is_told_signed_and_by_the_messages_id(
    shop: Installation, now: datetime, local_shop: LocalShop
) -> None:
    row = queue(shop, now, "webhook")
    receive_at(shop, local_shop, now)
    agree(shop, "webhook", now)
    local_shop.will_answer({})
    send(shop)
    assert standing(shop) == ("sent", "")
    [asked] = local_shop.asked
    said = asked.json
    assert (said["type"], said["data"]["user"], said["data"]["shortText"]) == ("message.send", ADA, "Hi Ada")
    assert asked.headers["webhook-id"] == f"msg_{row.public_id.hex}"
    assert "/unsubscribe/" in said["data"]["unsubscribeUrl"]


def test_without_an_endpoint_it_waits(shop: Installation, now: datetime) -> None:
    queue(shop, now, "webhook")
    agree(shop, "webhook", now)
    send(shop)
    assert standing(shop) == ("queued", "sender_not_set_up")


@pytest.mark.parametrize(("status", "state"), [(500, "queued"), (410, "queued"), (422, "failed")])
def test_what_an_endpoint_does_not_take(
    shop: Installation, now: datetime, local_shop: LocalShop, status: int, state: str
) -> None:
    queue(shop, now, "webhook")
    receive_at(shop, local_shop, now)
    agree(shop, "webhook", now)
    local_shop.will_answer(b"no", status)
    send(shop)
    assert standing(shop)[0] == state


def test_only_one_endpoint_receives_messages(shop: Installation, now: datetime, local_shop: LocalShop) -> None:
    receive_at(shop, local_shop, now)
    with within(shop.pk):
        others = WebhookEndpoint.objects.all()
        problems = webhook_endpoints.faults("https://x.example", ["message.send"], others, allow_private=True)
    assert [problem.field for problem in problems] == ["events"]


def test_an_sms_goes_to_the_confirmed_number(shop: Installation, now: datetime, twilio: LocalShop) -> None:
    queue(shop, now, "sms")
    phone(shop)
    agree(shop, "sms", now)
    send(shop)
    assert standing(shop) == ("sent", "")
    said = parse_qs(twilio.asked[0].body.decode())
    assert (said["To"], said["Body"]) == ([NUMBER], ["Hi Ada"])


def test_without_a_number_there_is_no_sms(shop: Installation, now: datetime, twilio: LocalShop) -> None:
    queue(shop, now, "sms")
    agree(shop, "sms", now)
    send(shop)
    assert (standing(shop), twilio.asked) == (("skipped", "no_address"), [])


def test_without_a_provider_an_sms_waits(shop: Installation, now: datetime) -> None:
    queue(shop, now, "sms")
    phone(shop)
    agree(shop, "sms", now)
    send(shop)
    assert standing(shop) == ("queued", "sender_not_set_up")


def test_a_number_that_is_none_is_never_tried_again(shop: Installation, now: datetime, twilio: LocalShop) -> None:
    queue(shop, now, "sms")
    phone(shop, "+34111")
    agree(shop, "sms", now)
    send(shop)
    assert standing(shop)[0] == "failed"
    with within(shop.pk):
        assert [(row.channel, row.reason) for row in Suppression.objects.all()] == [("sms", "bounced")]


@pytest.mark.parametrize("channel", ["on_site", "sms"])
def test_without_a_short_text_there_is_nothing_to_say(
    shop: Installation, now: datetime, twilio: LocalShop, channel: str
) -> None:
    queue(shop, now, channel, short="")
    phone(shop)
    agree(shop, channel, now)
    send(shop)
    state, reason = standing(shop)
    assert (state, "short" in reason, twilio.asked) == ("failed", True, [])


@pytest.mark.parametrize(
    ("number", "expected", "told"), [(NUMBER, ("sent", ""), [NUMBER]), (None, ("skipped", "no_address"), [])]
)
def test_a_carts_message_goes_to_its_persons_number_and_not_to_its_email(
    shop: Installation,
    now: datetime,
    twilio: LocalShop,
    number: str | None,
    expected: tuple[str, str],
    told: list[str],
) -> None:
    abandon(shop, now)
    if number:
        phone(shop, number)
    agree(shop, "sms", now, topic="cart")
    with within(shop.pk):
        words = ("Your cart", "", "{{ links.cart }}")
        templates.save(shop.pk, "cart-sms", "en", words, "", now, short="Your cart waits: {{ links.cart }}")
        Message.objects.update(channel="sms", template="cart-sms")
    send(shop)
    assert standing(shop) == expected
    assert [parse_qs(asked.body.decode())["To"][0] for asked in twilio.asked] == told


def test_on_the_site_to_stand_there_is_to_be_delivered(shop: Installation, now: datetime) -> None:
    queue(shop, now, "on_site")
    agree(shop, "on_site", now)
    send(shop)
    assert standing(shop) == ("sent", "")


def test_a_cart_waits_on_the_site_until_the_shop_says_that_it_is_gone(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    abandon(shop, now)
    agree(shop, "on_site", now, topic="cart")
    with within(shop.pk):
        words = ("Your cart", "", "{{ links.cart }}")
        templates.save(shop.pk, "cart-here", "en", words, "", now, short="{{ cart.lines.size }} in your cart")
        Message.objects.update(channel="on_site", template="cart-here")
        customer = Customer.objects.get(merged_into=None)
    send(shop)
    assert standing(shop) == ("sent", "")

    def shown(channel: str = "default-channel") -> list[str]:
        return [one.text for one in on_site.waiting(shop.pk, customer.pk, channel, None, timezone.now())]

    assert (shown(), shown("another-channel")) == (["1 in your cart"], [])
    shop_server.trouble = 500
    assert shown() == []
    shop_server.trouble = None
    assert shown() == ["1 in your cart"]
    shop_server.carts[CHECKOUT] = None
    assert shown() == []
    assert standing(shop) == ("sent", "")
