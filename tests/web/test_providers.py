"""What mail providers report, as they report it: proven, stored once, answered."""

import json
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import provider_webhooks
from saleor_lifecycle.models import Consent, DeliveryEvent, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from tests.delivered import customer, message, queued
from tests.reports import KINDS, PROVIDERS, Provider, mailgun_signature

pytestmark = pytest.mark.django_db

ENDED = {"bounced": "bounced", "complained": "complained", "unsubscribed": "unsubscribed"}


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def expect(shop: Installation, provider: Provider, now: datetime) -> str:
    """Set up a provider's reports; return the name and password that its address holds."""
    with within(shop.pk):
        return provider_webhooks.set_up(shop, provider.name, provider.signing, now).secrets["webhook_secret"]


def post(client: Client, shop: Installation, provider: Provider, secret: str, *told: Any) -> int:
    bodies = [provider.body(told)] if provider.takes_many else [provider.body([one]) for one in told]
    answers = {
        client.post(
            f"/providers/{shop.public_id}/{provider.name}",
            body,
            content_type="application/json",
            headers=provider.headers(secret),
        ).status_code
        for body in bodies
    }
    (status,) = answers
    return status


def stored(shop: Installation) -> list[tuple[str, str, bool | None]]:
    with within(shop.pk):
        return list(DeliveryEvent.objects.order_by("occurred_at", "id").values_list("kind", "reason", "is_permanent"))


def rows(shop: Installation) -> Any:
    with within(shop.pk):
        return [list(model.objects.order_by("pk").values()) for model in (DeliveryEvent, Suppression, Consent, Message)]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_every_kind_is_stored_in_one_vocabulary_and_ends_what_it_has_to(
    provider: Provider, installation: Installation, client: Client, now: datetime
) -> None:
    secret = expect(installation, provider, now)
    ada = customer(installation, now)
    for number, kind in enumerate(KINDS):
        with within(installation.pk):
            Suppression.objects.all().delete()
            Consent.objects.filter(source="unsubscribe").delete()
            DeliveryEvent.objects.all().delete()
            Message.objects.all().delete()
        sent = message(installation, ada, now, key=f"{number}", state="unknown")
        waiting = queued(installation, ada, now)
        at = now - timedelta(minutes=30)
        assert post(client, installation, provider, secret, provider.event(kind, sent.public_id, at)) == 200, kind
        with within(installation.pk):
            row = DeliveryEvent.objects.get()
            assert (row.provider, row.occurred_at, row.message_id) == (provider.name, at, sent.pk)
            assert row.kind == kind.removeprefix("soft_")
            assert row.is_permanent == {"bounced": True, "soft_bounced": False}.get(kind)
            assert "ada@" not in row.detail
            assert "192.0.2.7" not in row.detail
            assert Message.objects.get(pk=sent.pk).state == "sent"
            reasons = list(Suppression.objects.values_list("reason", flat=True))
            assert reasons == ([ENDED[kind]] if kind in ENDED else [])
            assert Message.objects.get(pk=waiting.pk).state == ("skipped" if kind in ENDED else "queued")
            is_no = Consent.objects.filter(source="unsubscribe", is_granted=False).exists()
            assert is_no == (kind in ("complained", "unsubscribed"))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_in_a_batch_repeated_and_out_of_order_it_ends_the_same(
    provider: Provider, installation: Installation, client: Client, now: datetime
) -> None:
    secret = expect(installation, provider, now)
    ada = customer(installation, now)
    sent = message(installation, ada, now, state="unknown")
    kinds = ("deferred", "delivered", "bounced", "complained")
    told = [
        provider.event(kind, sent.public_id, now - timedelta(minutes=40 - number)) for number, kind in enumerate(kinds)
    ]
    foreign = provider.event("bounced", uuid4(), now)
    assert post(client, installation, provider, secret, *reversed([*told, foreign]), *told) == 200
    expected = stored(installation)
    assert [kind for kind, *_ in expected] == list(kinds)
    before = rows(installation)
    assert post(client, installation, provider, secret, *told) == 200
    assert rows(installation) == before


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_what_is_not_proven_is_refused_and_nothing_is_written(
    provider: Provider, installation: Installation, other_installation: Installation, client: Client, now: datetime
) -> None:
    secret = expect(installation, provider, now)
    others = expect(other_installation, provider, now)
    sent = message(installation, customer(installation, now), now)
    event = provider.event("bounced", sent.public_id, now)
    before = rows(installation)
    path = f"/providers/{installation.public_id}/{provider.name}"
    if provider.signing:
        wrong = []
        signature = event["signature"]
        for name, text in signature.items():
            for place in range(len(text)):
                letter = "0" if text[place] != "0" else "1"
                wrong.append({**event, "signature": {**signature, name: f"{text[:place]}{letter}{text[place + 1 :]}"}})
        wrong += [{key: value for key, value in event.items() if key != "signature"}, {}]
        for body in wrong:
            assert client.post(path, json.dumps(body), content_type="application/json").status_code == 401
    else:
        for password in ("", "lifecycle:", f"{secret}x", secret[:-1], secret.upper(), others, "lifecycle"):
            assert post(client, installation, provider, password, event) == 401, password
        refused = client.post(path, provider.body([event]), content_type="application/json")
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, 'Basic realm="delivery events"')
    assert rows(installation) == before


@pytest.mark.parametrize(
    "path", ["/providers/{own}/mailjet", "/providers/{own}/nobody", "/providers/{none}/postmark", "/providers/postmark"]
)
def test_where_nobody_waits_for_reports_there_is_nothing(
    path: str, installation: Installation, client: Client, now: datetime
) -> None:
    secret = expect(installation, PROVIDERS[0], now)
    sent = message(installation, customer(installation, now), now)
    before = rows(installation)
    address = path.format(own=installation.public_id, none=uuid4())
    event = PROVIDERS[0].body([PROVIDERS[0].event("bounced", sent.public_id, now)])
    headers = PROVIDERS[0].headers(secret)
    assert client.post(address, event, content_type="application/json", headers=headers).status_code == 404
    assert client.get(address).status_code == 404
    assert rows(installation) == before


def test_an_installation_never_takes_the_operators_secret(
    installation: Installation, client: Client, now: datetime, settings: Any
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "operator:secret", "MAILGUN_WEBHOOK_SIGNING_KEY": "another key"}
    postmark, mailgun = PROVIDERS[:2]
    expect(installation, postmark, now)
    expect(installation, mailgun, now)
    sent = message(installation, customer(installation, now), now)
    assert (
        post(client, installation, postmark, "operator:secret", postmark.event("bounced", sent.public_id, now)) == 401
    )
    assert post(client, installation, mailgun, "", mailgun.event("delivered", sent.public_id, now)) == 200
    assert [kind for kind, *_ in stored(installation)] == ["delivered"]


def test_the_operators_account_reports_for_every_installation_in_one_place(
    installation: Installation, other_installation: Installation, client: Client, now: datetime, settings: Any
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "operator:secret"}
    sparkpost = PROVIDERS[3]
    told = []
    for shop in (installation, other_installation):
        told.append(sparkpost.event("bounced", message(shop, customer(shop, now), now).public_id, now))
    for secret, status in (("operator:wrong", 401), ("operator:secret", 200)):
        answer = client.post(
            "/providers/sparkpost",
            sparkpost.body([*told, sparkpost.event("bounced", uuid4(), now)]),
            content_type="application/json",
            headers=sparkpost.headers(secret),
        )
        assert answer.status_code == status
        assert stored(installation) == stored(other_installation)
        assert len(stored(installation)) == (status == 200)


def test_another_installations_message_is_nobodys(
    installation: Installation, other_installation: Installation, client: Client, now: datetime
) -> None:
    postmark = PROVIDERS[0]
    secret = expect(installation, postmark, now)
    theirs = message(other_installation, customer(other_installation, now), now)
    before = rows(other_installation)
    assert post(client, installation, postmark, secret, postmark.event("bounced", theirs.public_id, now)) == 200
    assert stored(installation) == []
    assert rows(other_installation) == before


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '{"RecordType": "Bounce", "BouncedAt": 5}', "\xff"])
def test_what_nobody_can_read_is_said_to_be_so(
    body: str, installation: Installation, client: Client, now: datetime
) -> None:
    postmark = PROVIDERS[0]
    headers = postmark.headers(expect(installation, postmark, now))
    path = f"/providers/{installation.public_id}/postmark"
    assert client.post(path, body, content_type="application/json", headers=headers).status_code == 400
    assert stored(installation) == []


def test_a_database_that_is_away_asks_for_another_time(
    installation: Installation, client: Client, now: datetime
) -> None:
    postmark = PROVIDERS[0]
    secret = expect(installation, postmark, now)
    sent = message(installation, customer(installation, now), now)
    told = postmark.event("bounced", sent.public_id, now)
    with patch.object(DeliveryEvent.objects, "bulk_create", side_effect=OperationalError("gone")):
        assert post(client, installation, postmark, secret, told) == 503
    assert stored(installation) == []
    assert post(client, installation, postmark, secret, told) == 200
    assert [kind for kind, *_ in stored(installation)] == ["bounced"]


def test_a_provider_may_try_the_address(installation: Installation, client: Client, now: datetime) -> None:
    expect(installation, PROVIDERS[0], now)
    path = f"/providers/{installation.public_id}/postmark"
    assert (client.head(path).status_code, client.get(path).status_code) == (200, 200)
    assert client.put(path).status_code == 405
    assert stored(installation) == []


@pytest.mark.parametrize("agreed", [None, False])
@pytest.mark.parametrize("kind", ["opened", "clicked"])
def test_what_is_followed_is_known_only_of_who_agreed(
    kind: str, agreed: bool | None, installation: Installation, client: Client, now: datetime
) -> None:
    brevo = PROVIDERS[2]
    secret = expect(installation, brevo, now)
    sent = message(installation, customer(installation, now, agreed), now)
    nobodys = message(installation, None, now, key="2")
    for each in (sent, nobodys):
        assert post(client, installation, brevo, secret, brevo.event(kind, each.public_id, now)) == 200
    assert stored(installation) == []


def test_a_signature_of_mailguns_is_over_moment_and_token() -> None:
    assert mailgun_signature("1", "a")["signature"] != mailgun_signature("1", "b")["signature"]
