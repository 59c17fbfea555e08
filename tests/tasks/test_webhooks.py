"""What has happened is told to the merchant's endpoints: signed, at least once, by an id that stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from pytest_django import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from saleor_lifecycle.actions import outbox, webhook_deliveries, webhook_endpoints
from saleor_lifecycle.channels import webhook
from saleor_lifecycle.domain.webhooks import OFF_AFTER, OVERLAP, RETRY_AFTER
from saleor_lifecycle.models import Installation, Outbox, WebhookEndpoint
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import nudge, sweep, webhooks
from tests.saleor.conftest import Asked, LocalShop, local_shop

__all__ = ["local_shop"]

pytestmark = pytest.mark.django_db

GIVEN, WITHDRAWN = "consent.given", "consent.withdrawn"
SECOND = timedelta(seconds=1)
Endpoint = Callable[..., str]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[datetime]:
    """The moment that attempts are made and written down at; a test moves it."""
    moment = [now]
    monkeypatch.setattr("saleor_lifecycle.tasks.webhooks.timezone.now", lambda: moment[0])
    return moment


@pytest.fixture
def endpoint(installation: Installation, local_shop: LocalShop, clock: list[datetime], now: datetime) -> Endpoint:
    """Add an endpoint at the local server; answers its secret."""

    def add(*events: str, path: str = "/hook", of: Installation = installation) -> str:
        with within(of.pk):
            return webhook_endpoints.add(of, f"{local_shop.origin}{path}", events or (GIVEN,), now)[1]

    return add


def happen(installation: Installation, at: datetime, event: str = GIVEN, key: str = "1") -> None:
    with within(installation.pk):
        outbox.ask_webhook(installation.pk, event, key, {"customer": f"c{key}", "at": at.isoformat()}, at)


def rows(installation: Installation) -> list[Outbox]:
    with within(installation.pk):
        return list(Outbox.objects.filter(kind="webhook").order_by("id"))


def held(installation: Installation) -> WebhookEndpoint:
    with within(installation.pk):
        return WebhookEndpoint.objects.order_by("id")[0]


def tell(installation: Installation, clock: list[datetime], at: datetime) -> int:
    clock[0] = at
    return webhooks.run(installation.pk, at)


def is_signed(asked: Asked, secret: str) -> bool:
    headers = {name.lower(): value for name, value in asked.headers.items()}
    # The library asks the machine's clock; only the signature is looked at here.
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
    wanted = Webhook(secret).sign(headers["webhook-id"], at, asked.body.decode())
    return wanted in headers["webhook-signature"].split(" ")


def test_an_event_is_posted_signed_and_is_done(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    secret = endpoint()
    local_shop.will_answer(b"", 204)
    happen(installation, now)
    assert tell(installation, clock, now) > 0
    [asked] = local_shop.asked
    assert asked.json == {"type": GIVEN, "timestamp": now.isoformat(), "data": {"customer": "c1"}}
    assert is_signed(asked, secret)
    assert not is_signed(asked, "whsec_b3RoZXI=")
    assert rows(installation) == []
    assert held(installation).served_at == now
    assert tell(installation, clock, now) == 0


def test_the_librarys_own_check_accepts_it(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    secret = endpoint()
    local_shop.will_answer({})
    endpoint_row = held(installation)
    answer = webhooks.test(installation.pk, endpoint_row.public_id, webhooks.timezone.now())
    assert answer is not None
    assert answer.is_taken
    [asked] = local_shop.asked
    assert Webhook(secret).verify(asked.body, asked.headers) == asked.json
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(asked.body + b" ", asked.headers)


def test_without_an_endpoint_an_event_is_settled(
    installation: Installation, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    happen(installation, now)
    tell(installation, clock, now)
    assert rows(installation) == []
    assert local_shop.asked == []


def test_an_endpoint_hears_only_what_it_asked_for_and_only_its_own_shop(
    installation: Installation,
    other_installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
) -> None:
    local_shop.will_answer({})
    endpoint(GIVEN, path="/given")
    endpoint(GIVEN, WITHDRAWN, path="/both")
    endpoint(GIVEN, path="/stranger", of=other_installation)
    happen(installation, now, WITHDRAWN)
    happen(installation, now, GIVEN)
    tell(installation, clock, now)
    tell(other_installation, clock, now)
    told = sorted((asked.path, asked.json["type"]) for asked in local_shop.asked)
    assert told == [("/both", GIVEN), ("/both", WITHDRAWN), ("/given", GIVEN)]
    given = {asked.headers["webhook-id"] for asked in local_shop.asked if asked.json["type"] == GIVEN}
    assert len(given) == 1, "one event has one id, wherever it is told"


def test_what_was_not_taken_comes_again_under_the_same_id(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.will_answer(b"out of order", 500)
    local_shop.will_answer({})
    happen(installation, now)
    tell(installation, clock, now)
    [row] = rows(installation)
    assert (row.attempts, row.error) == (1, "500 Internal Server Error out of order")
    assert row.due_at is not None
    assert now + RETRY_AFTER[0] <= row.due_at <= now + RETRY_AFTER[0] * 1.2
    assert tell(installation, clock, row.due_at - SECOND) == 0
    tell(installation, clock, row.due_at)
    assert rows(installation) == []
    first, second = local_shop.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    endpoint_row = held(installation)
    assert (endpoint_row.failures, endpoint_row.failing_since, endpoint_row.lost) == (0, None, 0)


@pytest.mark.parametrize("status", [429, 503])
def test_an_endpoint_that_asks_for_a_rest_has_it(
    installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
    status: int,
) -> None:
    endpoint()
    local_shop.will_answer({}, status, {"Retry-After": "600"})
    local_shop.will_answer({})
    for key in ("1", "2"):
        happen(installation, now, key=key)
    tell(installation, clock, now)
    assert len(local_shop.asked) == 1
    later = now + timedelta(seconds=600)
    assert tell(installation, clock, later - SECOND) == 0
    assert (nudge.WEBHOOKS, installation.pk) not in sweep.due(later - SECOND)
    assert (nudge.WEBHOOKS, installation.pk) in sweep.due(later)
    tell(installation, clock, later)
    assert len(local_shop.asked) == 3
    assert rows(installation) == []


def test_one_that_takes_nothing_is_left_alone_and_costs_a_flood_nothing(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.will_answer(b"", 500)
    for key in range(10):
        happen(installation, now, key=str(key))
    tell(installation, clock, now)
    assert len(local_shop.asked) == webhook_deliveries.PATIENCE
    assert tell(installation, clock, now + timedelta(seconds=59)) == 0
    assert [row.attempts for row in rows(installation)] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_an_endpoint_is_switched_off_after_days_and_says_why(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.will_answer(b"closed", 500)
    at = now
    happen(installation, at)
    tell(installation, clock, at)
    for hour in range(1, int(OFF_AFTER / timedelta(hours=1)) + 1):
        at = now + timedelta(hours=hour)
        if hour % 24 == 0:
            happen(installation, at, key=str(hour))
        tell(installation, clock, at)
    row = held(installation)
    assert (row.off_at, row.off_reason) == (at, "failing")
    assert row.trouble == "500 Internal Server Error closed"
    assert row.lost > 0
    assert rows(installation) == []
    asked = len(local_shop.asked)
    happen(installation, at, key="after")
    tell(installation, clock, at + timedelta(days=1))
    assert (len(local_shop.asked), rows(installation)) == (asked, [])


def test_one_that_says_gone_is_switched_off_at_once(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.will_answer(b"", 410)
    happen(installation, now)
    tell(installation, clock, now)
    assert (held(installation).off_reason, held(installation).lost, rows(installation)) == ("gone", 1, [])
    assert problem(installation) != {}, "staff are told at Saleor"
    with within(installation.pk):
        webhook_endpoints.switch_on(held(installation))
        webhook_endpoints.tell_staff(installation, now)
    assert problem(installation) == {}


def problem(installation: Installation) -> dict[str, object]:
    with within(installation.pk):
        written: dict[str, object] = Outbox.objects.get(kind="problem", key="lifecycle.outbound-webhook").written
        return written


def test_an_event_that_is_never_taken_is_given_up_while_others_pass(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    happen(installation, now, key="bad")
    at = now
    for attempt in range(len(RETRY_AFTER) + 1):
        local_shop.answers = [(422, {}, b"no"), (200, {}, b"")]
        tell(installation, clock, at)
        assert len(local_shop.asked) == 2 * attempt + 1
        happen(installation, at, key=f"good {attempt}")
        tell(installation, clock, at)
        left = rows(installation)
        if left:
            assert left[0].due_at is not None
            at = left[0].due_at
    row = held(installation)
    assert (rows(installation), row.lost, row.off_at) == ([], 1, None)


def test_a_changed_secret_signs_beside_its_successor_for_a_day(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    old = endpoint()
    with within(installation.pk):
        row = WebhookEndpoint.objects.get()
        new = webhook_endpoints.rotate(row, now)
    assert old.encode() not in bytes(row.secret)
    local_shop.will_answer({})
    for at, is_old_there in ((now, True), (now + OVERLAP - SECOND, True), (now + OVERLAP, False)):
        happen(installation, at, key=at.isoformat())
        tell(installation, clock, at)
        assert is_signed(local_shop.asked[-1], new)
        assert is_signed(local_shop.asked[-1], old) is is_old_there


@pytest.mark.parametrize(("headers", "status"), [({"Location": "/elsewhere"}, 302), ({"Location": "/elsewhere"}, 307)])
def test_a_redirect_is_not_followed(
    installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
    headers: dict[str, str],
    status: int,
) -> None:
    endpoint()
    local_shop.will_answer(b"", status, headers)
    happen(installation, now)
    tell(installation, clock, now)
    assert [asked.path for asked in local_shop.asked] == ["/hook"]
    assert rows(installation)[0].attempts == 1


def test_no_private_address_is_called(
    installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
    settings: Settings,
) -> None:
    endpoint()
    settings.ALLOW_PRIVATE_ADDRESSES = False
    happen(installation, now)
    tell(installation, clock, now)
    assert local_shop.asked == []
    [row] = rows(installation)
    assert row.error == "the host has no public address"


def test_no_more_of_an_answer_is_read_than_is_shown(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.will_answer(b"x" * 9_000_000, 500)
    happen(installation, now)
    tell(installation, clock, now)
    assert len(rows(installation)[0].error) == 300


def test_what_a_dead_worker_held_comes_due_again(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.will_answer({})
    happen(installation, now)
    with within(installation.pk):
        webhook_deliveries.share(installation.pk, now)
        [named] = webhook_deliveries.endpoints(installation.pk, now)
        assert webhook_deliveries.lease(installation, named, now) is not None
        assert webhook_deliveries.lease(installation, named, now) is None
    later = now + webhook_deliveries.LEASE
    assert (nudge.WEBHOOKS, installation.pk) in sweep.due(later)
    tell(installation, clock, later)
    assert len(local_shop.asked) == 1


@pytest.mark.parametrize("sign", [{"home": "another database"}, {"held_at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_a_copy_of_the_database_tells_nobody(
    installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
    sign: dict[str, Any],
) -> None:
    endpoint()
    happen(installation, now)
    with within(installation.pk):
        Installation.objects.update(**sign)
    assert tell(installation, clock, now) == 0
    assert (len(rows(installation)), local_shop.asked) == (1, [])


def test_a_secret_that_cannot_be_read_waits_and_is_told(
    installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
    settings: Settings,
) -> None:
    endpoint()
    settings.TOKEN_KEYS = ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q="]
    happen(installation, now)
    tell(installation, clock, now)
    assert local_shop.asked == []
    assert "TOKEN_KEYS" in held(installation).trouble


def test_nothing_of_the_network_happens_inside_a_transaction(
    installation: Installation,
    endpoint: Endpoint,
    clock: list[datetime],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint()
    happen(installation, now)
    depth = len(connection.savepoint_ids)
    seen: list[int] = []

    def post(*_: object) -> webhooks.Answer:
        seen.append(len(connection.savepoint_ids) - depth)
        return webhooks.Answer(200)

    monkeypatch.setattr("saleor_lifecycle.channels.webhook.post", post)
    tell(installation, clock, now)
    assert seen == [0]


def test_one_whose_answer_never_ends_is_left_alone_and_the_others_are_told(
    installation: Installation,
    endpoint: Endpoint,
    local_shop: LocalShop,
    clock: list[datetime],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint(path="/slow")
    endpoint(path="/other")
    local_shop.will_answer({})
    happen(installation, now)
    honest = webhook.post

    def post(client: httpx.Client, url: str, *rest: Any) -> webhook.Answer:
        if url.endswith("/slow"):
            raise SoftTimeLimitExceeded
        return honest(client, url, *rest)

    monkeypatch.setattr(webhook, "post", post)
    tell(installation, clock, now)
    assert [asked.path for asked in local_shop.asked] == ["/other"]
    assert (held(installation).trouble, held(installation).free_at) == (
        "its answer took too long",
        now + timedelta(hours=1),
    )


def test_who_has_waited_longest_goes_first(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint(GIVEN, path="/busy")
    endpoint(WITHDRAWN, path="/quiet")
    local_shop.will_answer({})
    happen(installation, now)
    tell(installation, clock, now)
    for event in (GIVEN, WITHDRAWN):
        happen(installation, now + SECOND, event, "2")
    tell(installation, clock, now + SECOND)
    assert [asked.path for asked in local_shop.asked] == ["/busy", "/quiet", "/busy"]


def test_one_refusal_among_others_is_no_trouble_of_the_endpoint(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    local_shop.answers = [(422, {}, b"no"), (200, {}, b"")]
    for key in ("bad", "good"):
        happen(installation, now, key=key)
    tell(installation, clock, now)
    assert (held(installation).failures, held(installation).failing_since) == (0, None)
    assert [row.attempts for row in rows(installation)] == [1]


def test_a_task_ends_and_leaves_the_rest_to_the_sweep(
    installation: Installation, endpoint: Endpoint, local_shop: LocalShop, clock: list[datetime], now: datetime
) -> None:
    endpoint()
    happen(installation, now)
    assert webhooks.run(installation.pk, now, end=float("-inf")) == 0
    assert (local_shop.asked, len(rows(installation))) == ([], 1)
    assert (nudge.WEBHOOKS, installation.pk) in sweep.due(now)
