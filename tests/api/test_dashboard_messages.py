"""The messages to a customer, and who reports of them."""

import json
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from saleor_lifecycle.actions import delivery_events
from saleor_lifecycle.domain.delivery_events import EventKind, Report
from saleor_lifecycle.models import DeliveryEvent, Installation, ProviderWebhook
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask
from tests.delivered import customer, message, queued
from tests.facts import ADA
from tests.reports import PROVIDERS

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MESSAGES = f"""query ($first: Int!, $after: String) {{
    customerMessages(userId: "{ADA}", first: $first, after: $after) {{
    id template step state reason purpose deliveredAt clickedAt cursor
    events {{ kind at provider reason detail isPermanent verdict link }} }} }}"""
SET_UP = """mutation ($provider: String!, $key: String!) { deliveryReportsSetUp(provider: $provider, signingKey: $key) {
    address errors { field code } } }"""
SOURCES = "{ deliveryReports { providers { provider mustSign } sources { provider since lastReportAt } } }"


def test_each_message_is_told_with_what_came_of_it(ask: Ask, installation: Installation, now: datetime) -> None:
    ada = customer(installation, now)
    sent, waiting = message(installation, ada, now), queued(installation, ada, now, queued_at=now)
    bounced = Report(
        "1", EventKind.BOUNCED, sent.public_id, "", "bounced", "552 5.2.2 full", is_permanent=False, occurred_at=now
    )
    delivered = Report("2", EventKind.DELIVERED, sent.public_id, "", occurred_at=now - HOUR)
    with within(installation.pk):
        delivery_events.apply(installation, "postmark", [bounced, delivered], now)
        for link, verdict in enumerate(("scanner", "human", "human", "provisional")):
            DeliveryEvent.objects.create(
                installation=installation,
                message=sent,
                provider="",
                key=verdict + str(link),
                kind="clicked",
                verdict=verdict,
                reason="burst" if verdict == "scanner" else "",
                link=link,
                links=4,
                occurred_at=now + link * HOUR,
                received_at=now,
            )
    newest, oldest = ask(MESSAGES, first=10)["customerMessages"]
    assert (newest["id"], newest["state"], newest["events"]) == (str(waiting.public_id), "QUEUED", [])
    assert (oldest["id"], oldest["state"], oldest["purpose"]) == (str(sent.public_id), "SENT", "COMMERCIAL")
    assert oldest["deliveredAt"] == (now - HOUR).isoformat()
    assert oldest["clickedAt"] == (now + HOUR).isoformat()
    assert [(each["kind"], each["verdict"], each["reason"]) for each in oldest["events"]] == [
        ("CLICKED", "PROVISIONAL", ""),
        ("CLICKED", "HUMAN", ""),
        ("CLICKED", "HUMAN", ""),
        ("CLICKED", "SCANNER", "burst"),
        ("BOUNCED", None, "bounced"),
        ("DELIVERED", None, ""),
    ]
    assert oldest["events"][4]["detail"] == "552 5.2.2 full"
    assert oldest["events"][4]["isPermanent"] is False


def test_pages_go_back_to_the_first(ask: Ask, installation: Installation, now: datetime) -> None:
    ada = customer(installation, now)
    ids = [str(message(installation, ada, now, key=f"{number}").public_id) for number in range(5)]
    found, after = [], None
    while rows := ask(MESSAGES, first=2, after=after)["customerMessages"]:
        found += [row["id"] for row in rows]
        after = rows[-1]["cursor"]
    assert found == ids[::-1]


def test_another_shops_messages_are_not_told(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    message(other_installation, customer(other_installation, now), now)
    assert ask(MESSAGES, first=10)["customerMessages"] == []
    assert len(ask(MESSAGES, first=10, of=other_installation)["customerMessages"]) == 1


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_the_address_that_is_shown_takes_reports(
    provider: Any, ask: Ask, installation: Installation, now: datetime, client: Client
) -> None:
    sent = message(installation, customer(installation, now), now)
    key = next(iter(provider.signing.values()), "")
    answer = ask(SET_UP, provider=provider.name, key=key)["deliveryReportsSetUp"]
    assert answer["errors"] == []
    parts = urlsplit(answer["address"])
    assert (parts.scheme, parts.hostname) == ("https", "app.example.com")
    headers = {}
    if parts.username:
        headers = {"Authorization": f"Basic {b64encode(f'{parts.username}:{parts.password}'.encode()).decode()}"}
    assert bool(headers) != bool(key)
    body = provider.body([provider.event("delivered", sent.public_id, now)])
    told = client.post(parts.path, body, content_type="application/json", headers=headers)
    assert told.status_code == 200
    shown = ask(SOURCES)["deliveryReports"]
    (source,) = shown["sources"]
    assert (source["provider"], source["since"]) == (provider.name, now.isoformat())
    assert source["lastReportAt"] is not None
    assert {"provider": "mailgun", "mustSign": True} in shown["providers"]
    assert answer["address"] not in json.dumps(shown)


def test_a_new_address_ends_the_one_before_and_an_end_ends_both(
    ask: Ask, installation: Installation, now: datetime, client: Client
) -> None:
    first, second = (ask(SET_UP, provider="brevo", key="")["deliveryReportsSetUp"]["address"] for _ in range(2))

    def status(address: str) -> int:
        parts = urlsplit(address)
        secret = b64encode(f"{parts.username}:{parts.password}".encode()).decode()
        told = client.post(
            parts.path,
            '{"event": "request"}',
            content_type="application/json",
            headers={"Authorization": f"Basic {secret}"},
        )
        return told.status_code

    assert (status(first), status(second)) == (401, 200)
    end = 'mutation { deliveryReportsEnd(provider: "brevo") { errors { field code } } }'
    assert ask(end)["deliveryReportsEnd"]["errors"] == []
    assert status(second) == 404
    assert ask(end)["deliveryReportsEnd"]["errors"] == [{"field": "provider", "code": "INVALID"}]


@pytest.mark.parametrize(
    ("provider", "key", "field", "code"),
    [
        ("nobody", "", "provider", "INVALID"),
        ("amazon_ses", "", "provider", "INVALID"),
        ("mailgun", " ", "signingKey", "REQUIRED"),
        ("mailgun", "ñ", "signingKey", "INVALID"),
        ("postmark", "a key", "signingKey", "INVALID"),
        ("sendgrid", "no key", "signingKey", "INVALID"),
    ],
)
def test_what_cannot_work_is_refused(
    provider: str, key: str, field: str, code: str, ask: Ask, installation: Installation
) -> None:
    answer = ask(SET_UP, provider=provider, key=key)["deliveryReportsSetUp"]
    assert answer == {"address": None, "errors": [{"field": field, "code": code}]}
    with within(installation.pk):
        assert not ProviderWebhook.objects.exists()


def test_the_secrets_are_sealed(ask: Ask, installation: Installation) -> None:
    address = ask(SET_UP, provider="brevo", key="")["deliveryReportsSetUp"]["address"]
    with within(installation.pk):
        held = bytes(ProviderWebhook.objects.get().secrets)
    assert (urlsplit(address).password or "").encode() not in held
