import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import jwt
import pytest

from saleor_lifecycle.sandbox import apps, checkouts, metadata
from saleor_lifecycle.sandbox.actors import NOBODY, Actor
from saleor_lifecycle.sandbox.deliveries import RETRY_WAITS, Disorder
from saleor_lifecycle.sandbox.records import App, Checkout, Delivery, User
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Options, Sandbox, running

Eventually = Callable[..., Any]


def _delivery(sandbox: Sandbox, event: str) -> Delivery:
    return next(d for d in sandbox.shop.all(Delivery) if d.event == event)


def _cart(sandbox: Sandbox, variant: str, **details: Any) -> Checkout:
    return checkouts.create(sandbox.shop, NOBODY, [(variant, 1)], **details)


def _settled(sandbox: Sandbox, event: str) -> Callable[[], Delivery | None]:
    def check() -> Delivery | None:
        delivery = _delivery(sandbox, event)
        return delivery if delivery.status != "PENDING" else None

    return check


def test_signature_verifies_with_the_published_key(
    sandbox: Sandbox, installed: App, app: Any, variant: str, http: httpx.Client, eventually: Eventually
) -> None:
    _cart(sandbox, variant)
    headers, body = eventually(lambda: app.deliveries("CHECKOUT_CREATED"))[0]
    (published,) = http.get(f"{sandbox.url}/.well-known/jwks.json").json()["keys"]

    key = jwt.PyJWK(published)
    decoded = jwt.api_jws.decode_complete(headers["saleor-signature"], key, algorithms=["RS256"], detached_payload=body)
    assert decoded["header"] == {
        "alg": "RS256", "b64": False, "crit": ["b64"], "kid": published["kid"], "typ": "JWT"
    }  # fmt: skip
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.api_jws.decode(
            headers["saleor-signature"], key, algorithms=["RS256"], detached_payload=body.replace(b"1", b"2")
        )


def test_key_id_is_the_keys_thumbprint(sandbox: Sandbox, http: httpx.Client) -> None:
    (key,) = http.get(f"{sandbox.url}/.well-known/jwks.json").json()["keys"]
    members = {name: key[name] for name in ("e", "kty", "n")}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()

    assert key["kid"] == urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_headers_are_saleors(sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually) -> None:
    _cart(sandbox, variant)
    headers, body = eventually(lambda: app.deliveries("CHECKOUT_CREATED"))[0]

    assert headers["saleor-event"] == headers["x-saleor-event"] == "checkout_created"
    assert headers["saleor-signature"] == headers["x-saleor-signature"]
    assert headers["saleor-domain"] == headers["x-saleor-domain"] == sandbox.url.removeprefix("http://")
    assert headers["saleor-api-url"] == sandbox.api_url
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "Saleor/3.23"
    event = json.loads(body)
    assert event["recipient"] == {"id": installed.id}
    assert event["issuedAt"] == _delivery(sandbox, "CHECKOUT_CREATED").issued_at.isoformat()


def test_a_server_error_is_tried_again_with_the_same_bytes(
    sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually
) -> None:
    app.statuses = [503, 500]
    _cart(sandbox, variant)

    done = eventually(_settled(sandbox, "CHECKOUT_CREATED"))
    assert [attempt.status for attempt in done.attempts] == [503, 500, 200]
    assert done.status == "SUCCESS"
    first, second, third = app.deliveries("CHECKOUT_CREATED")
    assert first[1] == second[1] == third[1]
    assert first[0]["saleor-signature"] == third[0]["saleor-signature"]


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 413, 429])
def test_redirects_and_client_errors_are_final(
    status: int, sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually
) -> None:
    app.statuses = [status]
    _cart(sandbox, variant)

    done = eventually(_settled(sandbox, "CHECKOUT_CREATED"))
    assert done.status == "FAILED"
    assert [attempt.status for attempt in done.attempts] == [status]
    assert len(app.deliveries("CHECKOUT_CREATED")) == 1


def test_gives_up_after_five_retries(
    sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually
) -> None:
    app.status = 503
    _cart(sandbox, variant)

    done = eventually(_settled(sandbox, "CHECKOUT_CREATED"))
    assert done.status == "FAILED"
    assert len(done.attempts) == 1 + len(RETRY_WAITS) == 6


def test_no_connection_is_tried_again(sandbox: Sandbox, installed: App, variant: str, eventually: Eventually) -> None:
    for webhook in sandbox.shop.all(apps.Webhook):
        with sandbox.shop.change(NOBODY) as change:
            change.put(replace(webhook, target_url="http://127.0.0.1:9/hook"))
    _cart(sandbox, variant)

    done = eventually(_settled(sandbox, "CHECKOUT_CREATED"))
    assert {attempt.error for attempt in done.attempts} == {"ConnectError"}
    assert len(done.attempts) == 6


def test_waits_are_saleors() -> None:
    assert RETRY_WAITS == (10, 20, 40, 80, 160)


def test_shows_the_state_of_delivery_not_of_the_event(options: Options, app: Any, eventually: Eventually) -> None:
    with running(replace(options, disorder=Disorder(shuffle=1))) as sandbox:
        apps.install(sandbox.shop, f"{app.url}/manifest", check_query)
        variant = sandbox.shop.all(checkouts.Variant)[0].id
        bodies = []
        for _ in range(8):  # each waits up to a second, so it is all but certain that one shows three
            cart = _cart(sandbox, variant)
            checkouts.add_lines(sandbox.shop, NOBODY, cart.id, [(variant, 2)])
        eventually(lambda: len(app.deliveries("CHECKOUT_CREATED")) == 8)
        bodies = [json.loads(body) for _, body in app.deliveries("CHECKOUT_CREATED")]

    assert 3 in {body["checkout"]["quantity"] for body in bodies}


def test_what_is_gone_at_delivery_is_not_sent_and_says_so(
    sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually
) -> None:
    with sandbox.shop.change(NOBODY) as change:
        cart = Checkout(id=checkouts.new_id("Checkout"), created=change.now, updated_at=change.now)
        change.emit("CHECKOUT_UPDATED", cart)

    done = eventually(_settled(sandbox, "CHECKOUT_UPDATED"))
    assert (done.status, done.note, done.attempts) == ("FAILED", "the subject was gone at delivery", ())
    assert app.deliveries("CHECKOUT_UPDATED") == []


def test_sends_some_twice_with_the_same_body(options: Options, app: Any, eventually: Eventually) -> None:
    with running(replace(options, disorder=Disorder(repeat=1))) as sandbox:
        apps.install(sandbox.shop, f"{app.url}/manifest", check_query)
        _cart(sandbox, sandbox.shop.all(checkouts.Variant)[0].id)
        first, second = eventually(lambda: d if len(d := app.deliveries("CHECKOUT_CREATED")) == 2 else None)

    assert first[1] == second[1]


def test_nothing_is_sent_without_the_permission(
    sandbox: Sandbox, app: Any, variant: str, eventually: Eventually
) -> None:
    app.manifest["permissions"] = ["MANAGE_USERS"]
    apps.install(sandbox.shop, f"{app.url}/manifest", check_query)
    _cart(sandbox, variant)

    assert {d.event for d in sandbox.shop.all(Delivery)} == {"APP_INSTALLED"}


def test_an_app_that_is_off_hears_only_of_itself(
    sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually
) -> None:
    staff = Actor(user=next(u for u in sandbox.shop.all(User) if u.is_staff))
    apps.deactivate(sandbox.shop, staff, installed.id)
    _cart(sandbox, variant)
    apps.activate(sandbox.shop, staff, installed.id)
    eventually(lambda: len(app.deliveries("APP_STATUS_CHANGED")) == 2)

    told = [json.loads(body)["app"]["isActive"] for _, body in app.deliveries("APP_STATUS_CHANGED")]
    assert sorted(told) == [False, True]
    assert app.deliveries("CHECKOUT_CREATED") == []
    assert not any(d.event == "CHECKOUT_CREATED" for d in sandbox.shop.all(Delivery))


def test_names_who_did_it(sandbox: Sandbox, installed: App, app: Any, variant: str, eventually: Eventually) -> None:
    cart = _cart(sandbox, variant)
    metadata.update(sandbox.shop, Actor(app=installed), cart.id, {"a": "b"}, private=True)

    _, body = eventually(lambda: app.deliveries("CHECKOUT_UPDATED"))[0]
    assert json.loads(body)["issuingPrincipal"] == {"__typename": "App", "id": installed.id}


def test_deliveries_are_listed_with_their_attempts(
    sandbox: Sandbox, installed: App, app: Any, variant: str, http: httpx.Client, eventually: Eventually
) -> None:
    app.statuses = [404]
    _cart(sandbox, variant)
    eventually(_settled(sandbox, "CHECKOUT_CREATED"))

    report = http.get(f"{sandbox.url}/deliveries").json()
    newest = report["deliveries"][0]
    assert report["totals"] == {"SUCCESS": 1, "FAILED": 1}
    assert (newest["event"], newest["status"]) == ("CHECKOUT_CREATED", "FAILED")
    assert [attempt["status"] for attempt in newest["attempts"]] == [404]


def test_survive_a_restart(options: Options, app: Any, eventually: Eventually) -> None:
    options = replace(options, retry_scale=1000)
    with running(options) as sandbox:
        apps.install(sandbox.shop, f"{app.url}/manifest", check_query)
        eventually(lambda: app.deliveries("APP_INSTALLED"))
        app.statuses = [503]
        cart = _cart(sandbox, sandbox.shop.all(checkouts.Variant)[0].id)
        eventually(lambda: _delivery(sandbox, "CHECKOUT_CREATED").failures == 1)
    with running(options) as sandbox:
        done = eventually(_settled(sandbox, "CHECKOUT_CREATED"))
        assert done.status == "SUCCESS"
        assert sandbox.shop.get(Checkout, cart.id) == cart

    first, second = app.deliveries("CHECKOUT_CREATED")
    assert first[1] == second[1]
