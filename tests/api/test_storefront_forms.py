from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import bases, consent_settings
from saleor_lifecycle.api.storefront.access import Context, People
from saleor_lifecycle.api.storefront.schema import schema
from saleor_lifecycle.domain.opt_ins import FORMS_PER_HOUR
from saleor_lifecycle.domain.topics import READY
from saleor_lifecycle.models import ConsentText, Installation, Message, OptIn, Preference
from saleor_lifecycle.models.entry import within
from tests.api.storefront import data
from tests.facts import ADA, account, deletion, tell

pytestmark = pytest.mark.django_db

SUBSCRIBE = """mutation ($input: LifecycleSubscribeInput!) {
  lifecycleSubscribe(input: $input) { isAccepted errors { field code } } }"""
UPDATE = """mutation ($input: LifecyclePreferencesUpdateInput!) {
  lifecyclePreferencesUpdate(input: $input) {
    preferences { frequency pausedUntil isPersonalised languageCode topics { topic } } errors { field code } } }"""
TEXT = "Send me news."


def subscribe(shop: Installation, now: datetime, network: str = "", *, is_server: bool = False, **given: Any) -> Any:
    context = Context(shop.pk, None, None, is_server, now, People(shop.pk), network)
    result = schema.execute_sync(SUBSCRIBE, {"input": {"email": "Grace@Example.com", "text": TEXT} | given}, context)
    assert result.errors is None
    assert result.data is not None
    return result.data["lifecycleSubscribe"]


def update(shop: Installation, now: datetime, user: str | None = ADA, **given: Any) -> Any:
    return data(shop, now, UPDATE, user, input=given)["lifecyclePreferencesUpdate"]


def forms(shop: Installation) -> int:
    with within(shop.pk):
        return OptIn.objects.count()


def test_topics_are_offered_in_the_readers_language(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        consent_settings.set_topics(installation.pk, READY[1:3])
    query = "{ lifecycleTopics(languageCode: ES_MX) { key name description } }"
    assert data(installation, now, query, None)["lifecycleTopics"] == [
        {"key": "news", "name": "Novedades", "description": "Lo nuevo de la tienda."},
        {"key": "offers", "name": "Ofertas", "description": "Descuentos y promociones."},
    ]


def test_a_form_is_taken_in_and_asks_its_address(installation: Installation, now: datetime) -> None:
    for _ in range(2):
        said = subscribe(installation, now, topics=["news"], languageCode="ES", page="footer")
        assert said == {"isAccepted": True, "errors": []}
    with within(installation.pk):
        row = OptIn.objects.get()
        assert (row.address, row.topics, row.language, row.form) == ("grace@example.com", ["news"], "es", "footer")
        assert ConsentText.objects.get(hash=row.text_hash).text == TEXT
        queued = Message.objects.get()
        assert (queued.template, queued.purpose, queued.opt_in, queued.customer) == ("opt-in", "service", row, None)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"email": "grace"}, [("email", "INVALID")]),
        ({"text": " "}, [("text", "REQUIRED")]),
        ({"topics": []}, [("topics", "NOT_FOUND")]),
        ({"topics": ["gossip"]}, [("topics", "NOT_FOUND")]),
        ({"page": "x" * 301}, [("page", "INVALID")]),
    ],
)
def test_what_is_wrong_with_a_form_is_named_and_nothing_stored(
    given: dict[str, Any], errors: list[tuple[str, str]], installation: Installation, now: datetime
) -> None:
    said = subscribe(installation, now, **given)
    assert (said["isAccepted"], [(one["field"], one["code"]) for one in said["errors"]]) == (False, errors)
    assert forms(installation) == 0


def test_one_network_is_limited_and_a_shops_server_is_not(installation: Installation, now: datetime) -> None:
    for number in range(FORMS_PER_HOUR + 1):
        address = f"guest{number}@example.com"
        said = subscribe(installation, now, "192.0.2.7", email=address)
        assert said["isAccepted"] is (number < FORMS_PER_HOUR)
    assert [error["code"] for error in said["errors"]] == ["RATE_LIMITED"]
    assert forms(installation) == FORMS_PER_HOUR
    assert subscribe(installation, now, "192.0.2.7", email=address, is_server=True)["isAccepted"] is True
    assert subscribe(installation, now + timedelta(minutes=6), "192.0.2.7", email="one@example.com")["isAccepted"]


def test_a_customer_says_how_they_want_to_be_written_to(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    said = update(installation, now, frequency="MONTHLY", pauseDays=30, languageCode="ES")["preferences"]
    until = (now + timedelta(days=30)).isoformat()
    assert (said["frequency"], said["pausedUntil"], said["languageCode"]) == ("MONTHLY", until, "ES")
    assert (said["isPersonalised"], len(said["topics"])) == (None, 6)
    said = update(installation, now, isPersonalised=True, text="Note what I click.", pauseDays=0)["preferences"]
    assert (said["frequency"], said["pausedUntil"], said["isPersonalised"]) == ("MONTHLY", None, True)
    query = "{ lifecyclePreferences { frequency isPersonalised } }"
    assert data(installation, now, query)["lifecyclePreferences"] == {"frequency": "MONTHLY", "isPersonalised": True}
    with within(installation.pk):
        row = Preference.objects.get()
        assert ConsentText.objects.get(hash=row.text_hash).text == "Note what I click."
        assert row.identity.customer_id is not None
        assert bases.is_tracked(row.identity.customer_id)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"pauseDays": -1}, ("pauseDays", "INVALID")),
        ({"pauseDays": 366}, ("pauseDays", "INVALID")),
        ({"isPersonalised": True}, ("text", "REQUIRED")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_stored(
    given: dict[str, Any], error: tuple[str, str], installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now)], now)
    said = update(installation, now, **given)
    assert (said["preferences"], [(one["field"], one["code"]) for one in said["errors"]]) == (None, [error])
    with within(installation.pk):
        assert not Preference.objects.exists()


def test_nobody_and_who_was_deleted_say_nothing(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - timedelta(days=1)), deletion(now)], now)
    assert update(installation, now, None, frequency="WEEKLY")["errors"] == [{"field": None, "code": "UNAUTHENTICATED"}]
    assert update(installation, now, frequency="WEEKLY")["errors"] == [{"field": None, "code": "NOT_FOUND"}]
    with within(installation.pk):
        assert not Preference.objects.exists()
