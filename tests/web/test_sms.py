"""What Twilio tells: proven by its signature, stored once; an answer STOP ends SMS from that number."""

from datetime import datetime
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from saleor_lifecycle.actions.addresses import address_hash
from saleor_lifecycle.models import DeliveryEvent, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from tests.delivered import customer, message

pytestmark = pytest.mark.django_db

NUMBER = "+34612345678"


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_URL = "secret", "https://app.example"


def post(client: Client, path: str, fields: dict[str, str], token: str = "secret") -> int:
    signature = RequestValidator(token).compute_signature(f"https://app.example{path}", fields)
    return client.post(path, fields, headers={"X-Twilio-Signature": signature}).status_code


def sent(shop: Installation, now: datetime) -> Message:
    hashed = address_hash(shop, "sms", NUMBER)
    return message(shop, customer(shop, now), now, channel="sms", address_hash=hashed)


def suppressed(shop: Installation) -> list[tuple[str, str]]:
    with within(shop.pk):
        return list(Suppression.objects.values_list("channel", "reason"))


def test_a_report_is_stored_once(client: Client, installation: Installation, now: datetime) -> None:
    row = sent(installation, now)
    path, fields = f"/sms/twilio?message={row.public_id}", {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert [post(client, path, fields), post(client, path, fields)] == [200, 200]
    with within(installation.pk):
        assert [(event.provider, event.kind) for event in DeliveryEvent.objects.all()] == [("twilio", "delivered")]


def test_stop_ends_sms_in_each_shop_that_wrote_there_and_start_takes_it_back(
    client: Client, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    sent(installation, now)
    stop = {"From": NUMBER, "To": "+34600000000", "Body": "Stop", "MessageSid": "SM2"}
    assert post(client, "/sms/twilio", stop) == 200
    assert (suppressed(installation), suppressed(other_installation)) == ([("sms", "unsubscribed")], [])
    assert post(client, "/sms/twilio", stop | {"Body": "start"}) == 200
    assert suppressed(installation) == []


def test_any_other_answer_changes_nothing(client: Client, installation: Installation, now: datetime) -> None:
    sent(installation, now)
    assert post(client, "/sms/twilio", {"From": NUMBER, "Body": "thanks, I will stop by"}) == 200
    assert suppressed(installation) == []


def test_what_is_not_proven_is_refused(client: Client, installation: Installation, now: datetime) -> None:
    sent(installation, now)
    assert post(client, "/sms/twilio", {"From": NUMBER, "Body": "STOP"}, token="other") == 401
    assert client.post("/sms/twilio", {"From": NUMBER, "Body": "STOP"}).status_code == 401
    assert client.get("/sms/twilio").status_code == 405
    assert suppressed(installation) == []


def test_a_database_that_is_away_is_told_again(client: Client) -> None:
    with patch("saleor_lifecycle.web.sms.across", side_effect=OperationalError("away")):
        assert post(client, "/sms/twilio", {"From": NUMBER, "Body": "STOP"}) == 503
