"""Deliveries as a real Saleor signed them, and everything that only looks like one."""

import base64
import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from celery import Celery
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.celery import app
from saleor_lifecycle.domain.facts import AppChange, AppFact
from saleor_lifecycle.models import Account, Event, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import legacy
from saleor_lifecycle.tasks import events, nudge, sweep
from saleor_lifecycle.web import shops
from tests.facts import tell
from tests.recordings import Recording, recorded_jwks, recording, recordings
from tests.shop_server import ShopServer

pytestmark = pytest.mark.django_db

PATH = "/api/webhooks/saleor"
RECORDED_AT = "http://127.0.0.1:8000/graphql/"
APP = "QXBwOjE="
ONE = recording("ORDER_CREATED-1")
LONG_AGO = timedelta(days=1)

Key = tuple[str, rsa.RSAPrivateKey]


@pytest.fixture(scope="module")
def own_key() -> Key:
    return "own", rsa.generate_private_key(65537, 2048)


def install_at(
    url: str = RECORDED_AT, jwks: dict[str, Any] | None = None, app: str = APP, since: timedelta = LONG_AGO
) -> int:
    """Return the installation's id; ``since`` is how long ago its keys were read."""
    held = recorded_jwks() if jwks is None else jwks
    return register(Registration(url, app, "token", held), timezone.now() - since)


def jwks_of(*keys: Key) -> dict[str, Any]:
    listed = [json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": "RS256"} for kid, key in keys]
    return {"keys": listed}


def signed(key: Key, body: bytes, url: str = RECORDED_AT, event: str = "order_created") -> dict[str, str]:
    header = json.dumps({"alg": "RS256", "b64": False, "crit": ["b64"], "kid": key[0], "typ": "JWT"}).encode()
    protected = base64.urlsafe_b64encode(header).rstrip(b"=")
    seal = base64.urlsafe_b64encode(key[1].sign(protected + b"." + body, padding.PKCS1v15(), SHA256())).rstrip(b"=")
    return {"Saleor-Event": event, "Saleor-Api-Url": url, "Saleor-Signature": f"{protected.decode()}..{seal.decode()}"}


def post(client: Client, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    answer = client.post(PATH, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def deliver(client: Client, one: Recording = ONE) -> tuple[int, dict[str, Any]]:
    return post(client, one.body, one.headers)


def body_for(app: str, **more: Any) -> bytes:
    return json.dumps({"__typename": "OrderCreated", "recipient": {"id": app}, **more}).encode()


def stored(installation_id: int) -> list[tuple[str, bytes]]:
    """Return name and body of every stored delivery."""
    with within(installation_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, body FROM lifecycle_event event JOIN lifecycle_event_body body ON body.event_id = event.id "
            "AND body.occurred_at = event.received_at ORDER BY event.id"
        )
        return [(name, bytes(body)) for name, body in cursor.fetchall()]


def lines_logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what this thread has complained of; nudges have a thread of their own."""
    ours = [record for record in caplog.records if record.threadName == threading.current_thread().name]
    return [record.getMessage() for record in ours if record.levelno >= logging.WARNING]


def test_every_recorded_delivery_is_stored_byte_for_byte(client: Client) -> None:
    installation_id = install_at()
    ours = [one for one in recordings() if recipient(one) == APP]
    assert len(ours) > 100
    for one in ours:
        assert deliver(client, one)[0] == 200, one.name
    # Some were recorded twice.
    assert [body for _, body in stored(installation_id)] == list(dict.fromkeys(one.body for one in ours))


def recipient(one: Recording) -> Any:
    content = json.loads(one.body)
    return content["recipient"]["id"] if isinstance(content, dict) else None


def test_a_repeated_delivery_is_stored_once(client: Client) -> None:
    installation_id = install_at()
    assert [deliver(client) for _ in range(3)] == [(200, {"new": True}), (200, {"new": False}), (200, {"new": False})]
    assert stored(installation_id) == [("order_created", ONE.body)]


def flipped(body: bytes) -> bytes:
    return body.replace(b'"UNFULFILLED"', b'"UNFULFILLEX"')


@pytest.mark.parametrize(
    ("case", "change"),
    [
        ("unsigned", lambda body, headers: (body, headers | {"Saleor-Signature": ""})),
        ("altered body", lambda body, headers: (flipped(body), headers)),
        ("a byte more", lambda body, headers: (body + b" ", headers)),
        ("empty body", lambda body, headers: (b"", headers)),
        ("of another body", lambda body, headers: (recording("ORDER_CREATED-2").body, headers)),
        ("cut short", lambda body, headers: (body, headers | {"Saleor-Signature": headers["Saleor-Signature"][:-4]})),
        ("no signature at all", lambda body, headers: (body, headers | {"Saleor-Signature": "x"})),
        ("payload attached", lambda body, headers: (body, attached(headers))),
    ],
)
def test_what_the_shop_did_not_sign_is_refused(
    case: str,
    change: Callable[[bytes, dict[str, str]], tuple[bytes, dict[str, str]]],
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    installation_id = install_at()
    body, headers = change(ONE.body, dict(ONE.headers))
    assert (body, headers) != (ONE.body, ONE.headers), case
    status, content = post(client, body, headers)
    assert status == 401, case
    assert content["error"]["message"]
    assert stored(installation_id) == []
    assert len(lines_logged(caplog)) == 1
    assert deliver(client) == (200, {"new": True}), "the true one still gets through"


def attached(headers: dict[str, str]) -> dict[str, str]:
    return headers | {"Saleor-Signature": headers["Saleor-Signature"].replace("..", ".e30.")}


def test_one_who_forges_a_known_key_is_refused(client: Client, own_key: Key) -> None:
    installation_id = install_at()
    kid = recorded_jwks()["keys"][0]["kid"]
    assert post(client, ONE.body, signed((kid, own_key[1]), ONE.body))[0] == 401
    assert stored(installation_id) == []


def test_an_unknown_shop_is_asked_to_try_again(client: Client) -> None:
    elsewhere = install_at("https://other.example.com/graphql/")
    assert deliver(client)[0] == 503
    assert post(client, ONE.body, {**ONE.headers, "Saleor-Api-Url": ""})[0] == 503
    assert stored(elsewhere) == []
    installation_id = install_at()
    assert deliver(client) == (200, {"new": True})
    assert len(stored(installation_id)) == 1


def test_a_removed_installation_stores_nothing_more(client: Client) -> None:
    installation_id = install_at()
    with within(installation_id):
        installation = Installation.objects.select_related("policy").get()
    tell(installation, [AppFact(APP, AppChange.DELETED, timezone.now())], timezone.now())
    assert deliver(client)[0] == 503
    assert stored(installation_id) == []
    install_at()
    assert deliver(client)[0] == 503, "remembered for some seconds; Saleor tries again for minutes"


def test_a_delivery_for_another_app_of_the_shop_is_not_stored(client: Client) -> None:
    installation_id = install_at(app="QXBwOjI=")
    assert deliver(client)[0] == 503
    assert stored(installation_id) == []


def test_a_fresh_installation_is_known_at_once_to_a_process_that_remembers_the_old(client: Client) -> None:
    installation_id = install_at(app="QXBwOjI=")
    assert deliver(client)[0] == 503
    assert install_at() == installation_id
    assert deliver(client) == (200, {"new": True})


def test_a_body_that_is_too_large_gets_a_clear_answer(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    installation_id = install_at()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(ONE.body) - 1
    status, content = deliver(client)
    assert status == 413
    assert "MAX_BODY_BYTES" in content["error"]["message"]
    assert stored(installation_id) == []
    assert len(lines_logged(caplog)) == 1
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(ONE.body)
    assert deliver(client) == (200, {"new": True})


@pytest.mark.parametrize(
    ("case", "body", "status"),
    [
        ("not JSON", b"<order>", 400),
        ("nothing", b"", 400),
        ("not UTF-8", b'{"recipient": "\xff"}', 400),
        ("a list", b"[]", 400),
        ("a text", b'"text"', 400),
        ("no recipient", b'{"__typename": "OrderCreated"}', 400),
        ("recipient withheld", b'{"recipient": null}', 400),
        ("recipient not a text", b'{"recipient": {"id": 1}}', 503),
    ],
)
def test_a_signed_body_that_cannot_be_ours_gets_a_clear_answer_and_one_line_in_the_log(
    case: str, body: bytes, status: int, client: Client, own_key: Key, caplog: pytest.LogCaptureFixture
) -> None:
    installation_id = install_at(jwks=jwks_of(own_key))
    answered, content = post(client, body, signed(own_key, body))
    assert answered == status, case
    assert content["error"]["message"]
    assert lines_logged(caplog) == [f"delivery order_created answered {status}: {content['error']['message']}"]
    assert stored(installation_id) == []


DELETED = recording("LEGACY_CUSTOMER_DELETED-1")


def deliver_deletion(client: Client, sealed: str, one: Recording = DELETED, event: str = "customer_deleted") -> Any:
    headers = one.headers | {"Saleor-Event": event}
    return post(client, one.body, headers | ({legacy.HEADER: sealed} if sealed else {}))


def test_a_saleor_before_3_23_tells_of_a_deletion_without_naming_us_in_the_body(client: Client) -> None:
    installation_id = install_at()
    assert deliver_deletion(client, legacy.seal(APP)) == (200, {"new": True})
    assert deliver_deletion(client, legacy.seal(APP)) == (200, {"new": False})
    assert events.run(installation_id, timezone.now()) == 1
    with within(installation_id):
        assert Event.objects.get().state == Event.State.DONE
        account = Account.objects.get()
        assert (account.user_id, account.deleted_at is not None) == ("VXNlcjo1MDU5", True)


@pytest.mark.parametrize(
    ("case", "sealed", "name", "event", "status"),
    [
        ("no seal", "", DELETED.name, "customer_deleted", 400),
        ("nobody's seal", "QXBwOjE=:forged", DELETED.name, "customer_deleted", 400),
        ("another app's seal", legacy.seal("QXBwOjI="), DELETED.name, "customer_deleted", 503),
        ("another event", legacy.seal(APP), DELETED.name, "customer_updated", 400),
        ("a body of the same form", legacy.seal(APP), "LEGACY_CUSTOMER_CREATED-1", "customer_created", 400),
    ],
)
def test_no_body_without_a_recipient_is_taken_unless_the_shop_sent_it_to_us(
    case: str, sealed: str, name: str, event: str, status: int, client: Client
) -> None:
    installation_id = install_at()
    assert deliver_deletion(client, sealed, recording(name), event)[0] == status, case
    assert stored(installation_id) == []


def test_a_list_that_quotes_a_recipient_is_not_for_us(client: Client, own_key: Key) -> None:
    installation_id = install_at(jwks=jwks_of(own_key))
    body = b'[{"type": "User", "id": "VXNlcjox", "metadata": {"recipient": {"id": "%s"}}}]' % APP.encode()
    assert post(client, body, signed(own_key, body, event="customer_deleted"))[0] == 400
    assert stored(installation_id) == []


def test_an_event_that_nobody_asked_for_is_kept_and_noted(client: Client) -> None:
    installation_id = install_at()
    assert deliver(client, recording("VOUCHER_CREATED-1")) == (200, {"new": True})
    assert events.run(installation_id, timezone.now()) == 1
    with within(installation_id):
        event = Event.objects.get()
    assert (event.state, event.note, event.name) == ("done", "not an event we use", "voucher_created")
    assert len(stored(installation_id)) == 1


def test_nothing_personal_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    install_at()
    deliver(client)
    post(client, flipped(ONE.body), ONE.headers)
    assert caplog.text
    assert "@" not in caplog.text


def test_two_installations_never_mix(client: Client, own_key: Key) -> None:
    url, other_url = "https://one.example.com/graphql/", "https://two.example.com/graphql/"
    other_key = ("other", rsa.generate_private_key(65537, 2048))
    one, other = install_at(url, jwks_of(own_key)), install_at(other_url, jwks_of(other_key), since=timedelta(0))
    body = body_for(APP)
    assert post(client, body, signed(own_key, body, url)) == (200, {"new": True})
    assert post(client, body, signed(own_key, body, other_url))[0] == 503, "its keys were read a moment ago"
    assert (len(stored(one)), len(stored(other))) == (1, 0)
    assert post(client, body, signed(other_key, body, other_url)) == (200, {"new": True}), "not taken for a repetition"
    assert (len(stored(one)), len(stored(other))) == (1, 1)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_only_a_post_delivers(method: str, client: Client) -> None:
    assert getattr(client, method)(PATH).status_code == 405


@pytest.mark.parametrize("path", [f"{PATH}/", "/api/webhooks/saleor/x", "//api/webhooks/saleor"])
def test_no_other_path_redirects(path: str, client: Client) -> None:
    for method in (client.get, client.post):
        assert method(path, headers=ONE.headers).status_code == 404


# The shop's keys


def test_an_unknown_key_is_fetched_once_and_then_known(client: Client, own_key: Key, shop_server: ShopServer) -> None:
    installation_id = install_at(shop_server.api_url)
    shop_server.jwks = jwks_of(own_key)
    for number in range(3):
        body = body_for(APP, number=number)
        assert post(client, body, signed(own_key, body, shop_server.api_url)) == (200, {"new": True})
    assert shop_server.asked == ["/.well-known/jwks.json"]
    assert len(stored(installation_id)) == 3


def test_a_key_that_nobody_has_is_asked_for_at_most_once_a_minute(
    client: Client, own_key: Key, shop_server: ShopServer
) -> None:
    installation_id = install_at(shop_server.api_url)
    body = body_for(APP)
    statuses = [
        post(client, body, signed((kid, own_key[1]), body, shop_server.api_url))[0]
        for kid in ("forged", "forged too", "forged three")
    ]
    assert statuses == [401, 503, 503], "whether it is forged is not known until the shop may be asked again"
    assert shop_server.asked == ["/.well-known/jwks.json"]
    with within(installation_id):
        Installation.objects.update(jwks_fetched_at=timezone.now() - timedelta(seconds=61))
    assert post(client, body, signed(own_key, body, shop_server.api_url))[0] == 401
    assert len(shop_server.asked) == 2
    assert stored(installation_id) == []


def test_a_key_that_came_right_after_we_asked_costs_no_event(
    client: Client, own_key: Key, shop_server: ShopServer
) -> None:
    installation_id = install_at(shop_server.api_url)
    body = body_for(APP)
    assert post(client, body, signed(("forged", own_key[1]), body, shop_server.api_url))[0] == 401
    shop_server.jwks = jwks_of(own_key)
    assert post(client, body, signed(own_key, body, shop_server.api_url))[0] == 503, "Saleor will try again"
    with within(installation_id):
        Installation.objects.update(jwks_fetched_at=timezone.now() - timedelta(seconds=61))
    assert post(client, body, signed(own_key, body, shop_server.api_url)) == (200, {"new": True})


def test_keys_that_cannot_be_fetched_make_saleor_try_again(
    client: Client, own_key: Key, shop_server: ShopServer, caplog: pytest.LogCaptureFixture
) -> None:
    installation_id = install_at(shop_server.api_url)
    shop_server.jwks, shop_server.trouble = jwks_of(own_key), 502
    body = body_for(APP)
    assert post(client, body, signed(own_key, body, shop_server.api_url))[0] == 503
    assert stored(installation_id) == []
    assert len(lines_logged(caplog)) == 1
    shop_server.trouble = None
    assert post(client, body, signed(own_key, body, shop_server.api_url))[0] == 503, "not asked again within a minute"
    assert shop_server.asked == ["/.well-known/jwks.json"]
    shops._failed[shop_server.api_url] -= timedelta(seconds=61)
    assert post(client, body, signed(own_key, body, shop_server.api_url)) == (200, {"new": True})


# The database and the broker


def over_wsgi(one: Recording = ONE) -> int:
    """Return the status of one delivery through the real WSGI application, which looks after its own connection."""
    environ = RequestFactory().post(PATH, one.body, content_type="application/json", headers=one.headers).environ
    statuses: list[str] = []
    answer = WSGIHandler()(environ, lambda status, headers: statuses.append(status))
    b"".join(answer)
    answer.close()
    return int(statuses[0].split()[0])


@pytest.fixture
def admin() -> Iterator[psycopg.Connection[Any]]:
    """A connection to another database of the same server."""
    with connection._nodb_cursor() as cursor:
        parameters = cursor.connection.info.get_parameters()
    with psycopg.connect(**parameters, autocommit=True) as held:
        yield held


def end_backends(admin: psycopg.Connection[Any]) -> None:
    """End every connection to the test database."""
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
        [connection.settings_dict["NAME"]],
    )


@pytest.mark.django_db(transaction=True)
def test_deliveries_at_the_same_time_are_each_stored_once() -> None:
    installation_id = install_at()
    ours = [one for one in recordings() if recipient(one) == APP][:20]
    statuses: list[int] = []

    def work() -> None:
        try:
            statuses.extend(over_wsgi(one) for one in ours)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert statuses == [200] * 4 * len(ours)
    assert sorted(body for _, body in stored(installation_id)) == sorted(one.body for one in ours)


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_made_again_without_hands(admin: psycopg.Connection[Any]) -> None:
    installation_id = install_at()
    assert over_wsgi() == 200
    end_backends(admin)
    assert over_wsgi() == 200
    assert len(stored(installation_id)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_makes_saleor_try_again_until_it_is_back(
    admin: psycopg.Connection[Any], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    installation_id = install_at()
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        end_backends(admin)
        assert [over_wsgi() for _ in range(2)] == [503, 503]
        assert len(lines_logged(caplog)) == 2
        assert client.get("/healthz").status_code == 503
    finally:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert over_wsgi() == 200
    assert client.get("/healthz").status_code == 200
    assert stored(installation_id) == [("order_created", ONE.body)]


def test_a_broker_that_is_away_costs_nothing_but_the_wait_for_the_sweep(client: Client, away_broker: None) -> None:
    installation_id = install_at()
    assert deliver(client) == (200, {"new": True})
    assert not nudge.nudge(nudge.PROCESS, installation_id), "the broker is away"
    assert (nudge.PROCESS, installation_id) in sweep.due(timezone.now())
    assert events.run(installation_id, timezone.now()) == 1
    assert (nudge.PROCESS, installation_id) not in sweep.due(timezone.now())


@pytest.fixture
def away_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker at which nobody listens. Celery believes the variable before any setting."""
    monkeypatch.setenv("CELERY_BROKER_URL", "sqla+postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    away = Celery("away", set_as_current=False)
    away.conf.update(broker_transport_options=app.conf.broker_transport_options)
    monkeypatch.setattr(nudge, "app", away)


def test_what_is_older_than_a_moment_needs_no_nudge(client: Client, now: datetime) -> None:
    installation_id = install_at()
    deliver(client)
    process = (nudge.PROCESS, installation_id)
    assert process not in sweep.due(now), "nothing was due before it arrived"
    assert process in sweep.due(timezone.now())
