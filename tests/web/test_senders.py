"""The page on which a sender's holder says yes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import senders
from saleor_lifecycle.channels.links import Link, OptInLink, SenderLink, confirm_url, sender_url, unsubscribe_url
from saleor_lifecycle.models import Installation, Sender
from saleor_lifecycle.models.entry import within

pytestmark = pytest.mark.django_db

ADDRESS = "hola@shop.example"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def asked(installation: Installation, at: datetime) -> str:
    with within(installation.pk):
        sender = senders.ask(installation, ADDRESS, at)
    return sender_url("", SenderLink(installation.public_id, sender.public_id))


def is_verified(installation: Installation) -> bool:
    with within(installation.pk):
        return ADDRESS in senders.verified(installation.pk)


def test_a_look_changes_nothing_and_the_button_says_yes(
    client: Client, installation: Installation, now: datetime
) -> None:
    path = asked(installation, now)
    look = client.get(path)
    assert (look.status_code, ADDRESS in look.content.decode()) == (200, True)
    assert not is_verified(installation)
    assert client.post(path).status_code == 200
    assert is_verified(installation)
    again = client.post(path)
    assert "done already" in again.content.decode()


def test_the_link_ends_and_asked_again_works_again(client: Client, installation: Installation, now: datetime) -> None:
    path = asked(installation, now - senders.LASTS)
    assert client.post(path).status_code == 410
    assert not is_verified(installation)
    assert asked(installation, now - senders.LASTS + timedelta(minutes=1)) == path
    assert client.post(path).status_code == 200
    assert is_verified(installation)


def test_a_yes_stays_when_somebody_asks_again(client: Client, installation: Installation, now: datetime) -> None:
    client.post(asked(installation, now))
    asked(installation, now)
    assert is_verified(installation)


@pytest.mark.parametrize("kind", ["tampered", "confirm", "unsubscribe", "of nobody", "of another shop"])
def test_any_other_token_is_refused(
    kind: str, client: Client, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    path = asked(installation, now)
    with within(installation.pk):
        named = Sender.objects.get().public_id
    token = {
        "tampered": path.rpartition("/")[2][:-2] + "AA",
        "confirm": confirm_url("", OptInLink(installation.public_id, named)).rpartition("/")[2],
        "unsubscribe": unsubscribe_url("", Link(installation.public_id, named)).rpartition("/")[2],
        "of nobody": sender_url("", SenderLink(uuid4(), named)).rpartition("/")[2],
        "of another shop": sender_url("", SenderLink(other_installation.public_id, named)).rpartition("/")[2],
    }[kind]
    assert client.post(f"/sender/{token}").status_code in (404, 410)
    assert not is_verified(installation)
