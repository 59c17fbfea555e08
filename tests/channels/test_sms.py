"""SMS through Twilio's client, against a server of our own that answers as Twilio does."""

import logging
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from saleor_lifecycle.channels import sms
from saleor_lifecycle.channels.channel import Outgoing, ProviderAccount
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure
from saleor_lifecycle.domain.delivery_events import EventKind
from tests.saleor.conftest import LocalShop, local_shop

__all__ = ["local_shop"]

ID = UUID("11111111-2222-3333-4444-555555555555")
NUMBER = "+34612345678"
TAKEN = {"sid": "SM1", "status": "queued", "account_sid": "AC1", "to": NUMBER, "body": "x"}


@pytest.fixture(autouse=True)
def twilio(local_shop: LocalShop, settings: Settings) -> LocalShop:
    """The account's settings; the server takes everything unless a test says otherwise."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "secret"
    settings.TWILIO_SENDER, settings.TWILIO_API_URL = "+34600000000", local_shop.origin
    settings.PUBLIC_URL = "https://app.example"
    return local_shop


def outgoing(address: str = NUMBER, short: str = "Hola, tu carrito") -> Outgoing:
    return Outgoing(ID, "Shop", "", "", address, "Subject", "<p>mail</p>", "mail", "es", "", ("hello",), short)


def send(message: Outgoing | None = None) -> SendOutcome:
    with sms.open_connection(ProviderAccount()) as connection:
        return connection.send([message or outgoing()])[0]


def test_says_the_short_text_and_asks_to_be_told_by_our_own_id(twilio: LocalShop) -> None:
    twilio.will_answer(TAKEN, 201)
    assert send() == Sent("SM1")
    [asked] = twilio.asked
    assert asked.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert parse_qs(asked.body.decode()) == {
        "To": [NUMBER],
        "From": ["+34600000000"],
        "Body": ["Hola, tu carrito"],
        "StatusCallback": [f"https://app.example/sms/twilio?message={ID}"],
    }


def test_a_messaging_service_sends_in_a_numbers_place(twilio: LocalShop, settings: Settings) -> None:
    settings.TWILIO_SENDER = "MG123"
    twilio.will_answer(TAKEN, 201)
    send()
    assert parse_qs(twilio.asked[0].body.decode())["MessagingServiceSid"] == ["MG123"]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 21211, Refused("the provider answered 400, error 21211", is_address_bad=True)),
        (400, 21614, Refused("the provider answered 400, error 21614", is_address_bad=True)),
        (400, 21610, Refused("the provider answered 400, error 21610")),
        (401, 20003, Trouble("the provider answered 401, error 20003")),
        (429, 20429, Trouble("the provider answered 429, error 20429")),
        (500, 20500, Trouble("the provider answered 500, error 20500")),
        (502, 0, Unsure("the provider answered 502, error unknown")),
        (504, 0, Unsure("the provider answered 504, error unknown")),
    ],
)
def test_what_the_provider_answers(twilio: LocalShop, status: int, code: int, expected: SendOutcome) -> None:
    twilio.will_answer({"code": code, "message": f"about {NUMBER}", "status": status}, status)
    assert send() == expected


def test_an_answer_that_is_none_leaves_it_open(twilio: LocalShop) -> None:
    twilio.will_answer(b"<html>", 201)
    assert isinstance(send(), Unsure)


def test_a_provider_that_is_not_there_is_asked_later(settings: Settings) -> None:
    settings.TWILIO_API_URL = "http://127.0.0.1:9"
    assert isinstance(send(), Trouble)


@pytest.mark.parametrize("address", ["", "612345678", "+34", "+341", "ada@example.com", "+999123456789"])
def test_what_is_no_number_is_never_asked_about(twilio: LocalShop, address: str) -> None:
    assert send(outgoing(address)) == Refused("this is no telephone number", is_address_bad=True)
    assert twilio.asked == []


def test_more_segments_than_carriers_take_are_refused(twilio: LocalShop) -> None:
    assert isinstance(send(outgoing(short="a" * (153 * 10 + 1))), Refused)
    assert twilio.asked == []


def test_neither_number_nor_words_are_logged(twilio: LocalShop, caplog: pytest.LogCaptureFixture) -> None:
    twilio.will_answer(TAKEN, 201)
    with caplog.at_level(logging.DEBUG):
        send()
    assert "612345678" not in caplog.text.replace("%2B", "+")
    assert "carrito" not in caplog.text


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER"])
def test_without_its_settings_nothing_is_opened(settings: Settings, missing: str) -> None:
    setattr(settings, missing, "")
    with pytest.raises(ImproperlyConfigured, match="TWILIO"):
        send()


def test_only_what_twilio_signed_is_believed() -> None:
    path, fields = f"/sms/twilio?message={ID}", {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signature = RequestValidator("secret").compute_signature(f"https://app.example{path}", fields)
    assert sms.is_proven(path, fields, signature)
    assert not sms.is_proven(path, fields | {"MessageStatus": "failed"}, signature)
    assert not sms.is_proven(f"{path}0", fields, signature)
    assert not sms.is_proven(path, fields, "")


def test_without_a_token_nothing_is_believed(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    path = "/sms/twilio"
    assert not sms.is_proven(path, {}, RequestValidator("").compute_signature(f"https://app.example{path}", {}))


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("queued", "", None),
        ("sent", "", (EventKind.SENT, "", None)),
        ("delivered", "", (EventKind.DELIVERED, "", None)),
        ("undelivered", "30003", (EventKind.BOUNCED, "bounced", False)),
        ("undelivered", "30005", (EventKind.BOUNCED, "bounced", True)),
        ("failed", "30001", (EventKind.FAILED, "", None)),
        ("failed", "21610", (EventKind.REJECTED, "unsubscribed", None)),
        ("undelivered", "x", (EventKind.BOUNCED, "bounced", False)),
    ],
)
def test_reads_what_became_of_a_message(status: str, code: str, expected: Any) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code, "To": NUMBER}
    report = sms.report(str(ID), fields)
    assert (report and (report.kind, report.reason, report.is_permanent)) == expected
    assert report is None or (report.message_id, report.provider_id) == (ID, "SM1")
    assert NUMBER not in repr(report)


def test_a_report_that_names_no_message_is_none() -> None:
    assert sms.report("x", {"MessageSid": "SM1", "MessageStatus": "sent"}) is None
