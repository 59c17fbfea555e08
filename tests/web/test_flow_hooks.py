"""Addresses of flows, called by a merchant's other systems, by strangers and too often."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import flow_hooks
from saleor_lifecycle.models import Customer, Flow, FlowHook, Identity, Installation
from saleor_lifecycle.models.entry import within
from tests.entering import entered, flow, told
from tests.facts import ADA, account, tell

pytestmark = pytest.mark.django_db

WEBHOOK = {"kind": "webhook"}


@pytest.fixture
def now() -> datetime:
    return timezone.now() - timedelta(hours=1)


@pytest.fixture
def path(installation: Installation, now: datetime) -> str:
    """The address of a flow, in a shop that knows Ada."""
    made = flow(installation, WEBHOOK, now)
    tell(installation, [account(now)], now)
    with within(installation.pk):
        hook, secret = flow_hooks.make(made, now)
    return f"/flows/{hook.public_id}/{secret}"


def post(client: Client, path: str, given: Any) -> tuple[int, Any]:
    body = given if isinstance(given, bytes) else json.dumps(given)
    answer = client.post(path, body, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("whom", [{"email": "ADA@example.com"}, {"user_id": ADA}])
def test_a_known_customer_enters_with_what_came_along(
    whom: dict[str, str], installation: Installation, client: Client, path: str
) -> None:
    given = whom | {"key": "trial 7", "properties": {"plan": "gold", "seats": 3}}
    assert post(client, path, given) == (202, {"outcome": "entered"})
    assert post(client, path, given) == (202, {"outcome": "already"})
    (found,) = entered(installation)
    assert (found.key, found.properties) == ("trial 7", {"plan": "gold", "seats": 3})


def test_nothing_is_kept_of_a_stranger(
    installation: Installation, client: Client, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with within(installation.pk):
        before = (Identity.objects.count(), Customer.objects.count())
    answer = post(client, path, {"email": "grace@example.com"})
    assert answer == (202, {"outcome": "unknown_customer"})
    with within(installation.pk):
        assert (Identity.objects.count(), Customer.objects.count()) == before
    assert (entered(installation), told(installation)) == ([], [])
    assert "grace" not in caplog.text


def test_a_flow_that_is_off_says_so(installation: Installation, client: Client, path: str) -> None:
    with within(installation.pk):
        Flow.objects.filter(key="hello").update(is_on=False)
    assert post(client, path, {"email": "ada@example.com"}) == (202, {"outcome": "flow_off"})
    assert entered(installation) == []


@pytest.mark.parametrize(
    ("case", "given", "status", "field"),
    [
        ("no JSON", b"{", 422, None),
        ("deep JSON", b"[" * 20_000, 422, None),
        ("nobody", {}, 422, "email"),
        ("a strange property", {"email": "ada@example.com", "properties": {"a": []}}, 422, "properties.a"),
        ("too much", b" " * (32 * 1024 + 1), 413, None),
    ],
)
def test_what_cannot_be_read_is_refused_in_json(
    case: str, given: Any, status: int, field: str | None, installation: Installation, client: Client, path: str
) -> None:
    answered, said = post(client, path, given)
    assert (answered, said["errors"][0]["field"]) == (status, field)
    assert "ada" not in json.dumps(said)
    assert entered(installation) == []


def test_without_its_secret_an_address_does_not_exist(installation: Installation, client: Client, path: str) -> None:
    _, _, public_id, secret = path.split("/")
    for wrong in (f"/flows/{public_id}/{secret[:-1]}x", f"/flows/{uuid4()}/{secret}"):
        status, said = post(client, wrong, {"email": "ada@example.com"})
        assert (status, said["errors"][0]["code"]) == (404, "NOT_FOUND")
    assert entered(installation) == []


def test_a_new_secret_ends_the_one_before(installation: Installation, client: Client, path: str, now: datetime) -> None:
    with within(installation.pk):
        hook, secret = flow_hooks.make(Flow.objects.get(key="hello"), now)
        assert secret not in hook.secret_hash
    assert post(client, path, {"email": "ada@example.com"})[0] == 404
    assert post(client, f"/flows/{hook.public_id}/{secret}", {"email": "ada@example.com"})[0] == 202
    with within(installation.pk):
        assert flow_hooks.remove(Flow.objects.get(key="hello"))
    assert post(client, f"/flows/{hook.public_id}/{secret}", {"email": "ada@example.com"})[0] == 404


def test_a_removed_shops_address_does_not_exist(installation: Installation, client: Client, path: str) -> None:
    with within(installation.pk):
        Installation.objects.filter(pk=installation.pk).update(state="removed")
    assert post(client, path, {"email": "ada@example.com"})[0] == 404
    assert entered(installation) == []


def test_who_calls_too_often_is_asked_to_come_again(
    installation: Installation, client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_hooks, "PER_MINUTE", 2)
    statuses = [post(client, path, {"email": "ada@example.com"})[0] for _ in range(3)]
    assert statuses == [202, 202, 429]
    assert len(entered(installation)) == 2


def test_only_a_post_is_a_call(installation: Installation, client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert entered(installation) == []


def test_an_address_leads_into_its_own_shop_only(
    installation: Installation, other_installation: Installation, client: Client, path: str, now: datetime
) -> None:
    flow(other_installation, WEBHOOK, now)
    tell(other_installation, [account(now, email="grace@example.com")], now)
    assert post(client, path, {"email": "grace@example.com"}) == (202, {"outcome": "unknown_customer"})
    assert entered(other_installation) == []
    with within(other_installation.pk):
        assert not FlowHook.objects.exists()
