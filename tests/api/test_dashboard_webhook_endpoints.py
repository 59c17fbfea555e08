"""Staff set up addresses that are told what happens."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from saleor_lifecycle.actions import outbox, webhook_deliveries, webhook_endpoints
from saleor_lifecycle.models import Installation, Outbox, WebhookEndpoint
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import webhooks
from tests.api.conftest import Ask
from tests.saleor.conftest import LocalShop, local_shop

__all__ = ["local_shop"]

pytestmark = pytest.mark.django_db

ENDPOINT = "endpoint { id url events offAt offReason formerSecretUntil waiting givenUp failures { event error } }"
LIST = f"{{ webhookEndpoints {ENDPOINT.removeprefix('endpoint ')} }}"
ADD = f"""mutation ($url: String!, $events: [WebhookEvent!]!) {{
  webhookEndpointAdd(url: $url, events: $events) {{ {ENDPOINT} secret errors {{ field message code }} }} }}"""
UPDATE = f"""mutation ($id: ID!, $url: String, $events: [WebhookEvent!]) {{
  webhookEndpointUpdate(id: $id, url: $url, events: $events) {{ {ENDPOINT} errors {{ field code }} }} }}"""
ROTATE = f"mutation ($id: ID!) {{ webhookEndpointRotate(id: $id) {{ {ENDPOINT} secret errors {{ code }} }} }}"
SWITCH = f"""mutation ($id: ID!, $on: Boolean!) {{
  webhookEndpointSwitch(id: $id, isOn: $on) {{ {ENDPOINT} errors {{ code }} }} }}"""
TEST = "mutation ($id: ID!) { webhookEndpointTest(id: $id) { isTaken status answer errors { code } } }"
REMOVE = "mutation ($id: ID!) { webhookEndpointRemove(id: $id) { errors { code } } }"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.webhook_endpoints.nudge", lambda *_: True)


def add(ask: Ask, url: str, *events: str) -> dict[str, Any]:
    return dict(ask(ADD, url=url, events=list(events or ("CONSENT_GIVEN",)))["webhookEndpointAdd"])


def test_its_secret_is_shown_once(ask: Ask, installation: Installation, local_shop: LocalShop) -> None:
    added = add(ask, f" {local_shop.origin}/hook ", "CONSENT_GIVEN", "CONSENT_WITHDRAWN", "CONSENT_GIVEN")
    assert added["errors"] == []
    assert added["secret"].startswith("whsec_")
    assert added["endpoint"]["events"] == ["CONSENT_GIVEN", "CONSENT_WITHDRAWN"]
    assert added["endpoint"]["url"] == f"{local_shop.origin}/hook"
    [shown] = ask(LIST)["webhookEndpoints"]
    assert added["secret"] not in str(shown)
    with within(installation.pk):
        assert added["secret"].encode() not in bytes(WebhookEndpoint.objects.get().secret)


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("http://x.example/", "url"),
        ("ftp://x.example/", "url"),
        ("https://", "url"),
        ("https://ada:secret@x.example/", "url"),
        ("https://x.example/#part", "url"),
        ("https://x.example/a b", "url"),
        ("https://x.example:99999/", "url"),
        ("https://[::1/", "url"),
        ("https://127.0.0.1/", "url"),
        ("https://localhost/", "url"),
        ("https://169.254.169.254/latest", "url"),
        (f"https://x.example/{'a' * 500}", "url"),
    ],
)
def test_refuses_an_address_that_is_none_of_the_public_internet(
    ask: Ask, installation: Installation, settings: Settings, url: str, field: str
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    added = add(ask, url)
    assert (added["endpoint"], added["secret"]) == (None, None)
    assert {error["field"] for error in added["errors"]} == {field}
    with within(installation.pk):
        assert not WebhookEndpoint.objects.exists()


def test_needs_an_event_and_gives_messages_to_one_only(ask: Ask, installation: Installation) -> None:
    nothing = ask(ADD, url="http://127.0.0.1/", events=[])["webhookEndpointAdd"]
    assert [(error["field"], error["code"]) for error in nothing["errors"]] == [("events", "INVALID")]
    first, second = (add(ask, "http://127.0.0.1/", "MESSAGE_SEND") for _ in range(2))
    assert (first["errors"], [error["code"] for error in second["errors"]]) == ([], ["TAKEN"])
    own = {"id": first["endpoint"]["id"], "events": ["MESSAGE_SEND", "CONSENT_GIVEN"]}
    assert ask(UPDATE, **own)["webhookEndpointUpdate"]["errors"] == []
    with within(installation.pk):
        assert WebhookEndpoint.objects.count() == 1


def test_there_is_an_end_to_them(ask: Ask, installation: Installation) -> None:
    for number in range(webhook_endpoints.MOST):
        assert add(ask, f"http://127.0.0.1/{number}")["errors"] == []
    assert [error["field"] for error in add(ask, "http://127.0.0.1/more")["errors"]] == ["url"]
    with within(installation.pk):
        assert WebhookEndpoint.objects.count() == webhook_endpoints.MOST


def test_a_new_secret_leaves_the_old_one_a_day(ask: Ask, now: datetime) -> None:
    added = add(ask, "http://127.0.0.1/")
    changed = ask(ROTATE, id=added["endpoint"]["id"])["webhookEndpointRotate"]
    assert changed["secret"] not in (None, added["secret"])
    assert changed["endpoint"]["formerSecretUntil"] == (now + timedelta(days=1)).isoformat()
    assert ask(LIST, at=now + timedelta(days=1))["webhookEndpoints"][0]["formerSecretUntil"] is None


def test_shows_what_was_not_taken(ask: Ask, installation: Installation, local_shop: LocalShop, now: datetime) -> None:
    add(ask, local_shop.origin)
    local_shop.will_answer(b"closed", 503)
    with within(installation.pk):
        outbox.ask_webhook(installation.pk, "consent.given", "1", {"at": now.isoformat()}, now)
    webhooks.run(installation.pk, now)
    [shown] = ask(LIST)["webhookEndpoints"]
    assert shown["waiting"] == 1
    assert shown["failures"] == [{"event": "consent.given", "error": "503 Service Unavailable closed"}]


def test_switched_off_it_is_told_nothing_until_it_is_on_again(
    ask: Ask, installation: Installation, local_shop: LocalShop, now: datetime
) -> None:
    named = add(ask, local_shop.origin)["endpoint"]["id"]
    local_shop.will_answer({})
    off = ask(SWITCH, id=named, on=False)["webhookEndpointSwitch"]["endpoint"]
    assert (off["offAt"], off["offReason"]) == (now.isoformat(), "MERCHANT")
    with within(installation.pk):
        outbox.ask_webhook(installation.pk, "consent.given", "1", {"at": now.isoformat()}, now)
    webhooks.run(installation.pk, now)
    on = ask(SWITCH, id=named, on=True)["webhookEndpointSwitch"]["endpoint"]
    assert (on["offAt"], on["offReason"], local_shop.asked) == (None, None, [])
    with within(installation.pk):
        outbox.ask_webhook(installation.pk, "consent.given", "2", {"at": now.isoformat()}, now)
    webhooks.run(installation.pk, now)
    assert len(local_shop.asked) == 1


@pytest.mark.parametrize(
    ("status", "is_taken", "answer"), [(204, True, ""), (404, False, "404 Not Found nothing here")]
)
def test_a_trial_says_what_is_answered(
    ask: Ask, local_shop: LocalShop, status: int, is_taken: bool, answer: str
) -> None:
    named = add(ask, local_shop.origin)["endpoint"]["id"]
    local_shop.will_answer(b"" if is_taken else b"nothing here", status)
    told = ask(TEST, id=named)["webhookEndpointTest"]
    assert told == {"isTaken": is_taken, "status": status, "answer": answer, "errors": []}
    assert local_shop.asked[0].json["type"] == "test"


def test_a_removed_one_takes_what_waits_with_it(
    ask: Ask, installation: Installation, local_shop: LocalShop, now: datetime
) -> None:
    named = add(ask, local_shop.origin)["endpoint"]["id"]
    with within(installation.pk):
        outbox.ask_webhook(installation.pk, "consent.given", "1", {"at": now.isoformat()}, now)
        webhook_deliveries.share(installation.pk, now)
        assert Outbox.objects.count() == 1
    assert ask(REMOVE, id=named)["webhookEndpointRemove"]["errors"] == []
    with within(installation.pk):
        assert not Outbox.objects.exists()
        assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("question", [UPDATE, ROTATE, TEST, REMOVE])
def test_of_one_that_is_not_there_nothing_is_done(
    ask: Ask, other_installation: Installation, now: datetime, question: str
) -> None:
    with within(other_installation.pk):
        row, _ = webhook_endpoints.add(other_installation, "https://x.example/", ["consent.given"], now)
    for named in (str(uuid4()), str(row.public_id), "no id"):
        [answer] = ask(question, id=named).values()
        assert [error["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    with within(other_installation.pk):
        assert WebhookEndpoint.objects.get().former_secret is None
