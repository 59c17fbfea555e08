"""The manifest, the registration that proves nothing by itself, and health."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from saleor_lifecycle.actions import backfill, templates
from saleor_lifecycle.actions.installations import unseal
from saleor_lifecycle.channels.ready import ready_templates
from saleor_lifecycle.domain.backfill import Kind, State
from saleor_lifecycle.models import Backfill, Brand, Flow, Installation, TemplateVariant, TemplateVersion
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks.nudge import BACKFILL, RECONCILE
from saleor_lifecycle.tasks.sweep import due
from saleor_lifecycle.web import shops
from tests.recordings import recorded_jwks
from tests.shop_server import HANG_UP, ShopServer

pytestmark = pytest.mark.django_db

PATH = "/api/register"
TOKEN = "a-secret-token"


def register(client: Client, url: str, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    return post(client, json.dumps({"auth_token": token}).encode(), {"Saleor-Api-Url": url})


def post(client: Client, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    answer = client.post(PATH, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def installed() -> list[int]:
    with across():
        return list(Installation.objects.order_by("id").values_list("id", flat=True))


@pytest.mark.parametrize("version", ["3.21", "3.22", "3.23", "3.24", None])
def test_the_same_saleor_reads_the_same_manifest_twice(version: str | None, client: Client) -> None:
    headers = {"Saleor-Schema-Version": version} if version else {}
    one, two = (client.get("/api/manifest", headers=headers) for _ in range(2))
    assert one.status_code == 200
    assert one.content == two.content
    manifest = one.json()
    assert manifest["id"] == "saleor.app.lifecycle"
    assert manifest["tokenTargetUrl"] == "https://app.example.com/api/register"
    assert {hook["targetUrl"] for hook in manifest["webhooks"]} == {"https://app.example.com/api/webhooks/saleor"}


def test_a_saleor_that_is_too_old_is_offered_nothing_that_it_does_not_know(client: Client) -> None:
    manifest = client.get("/api/manifest", headers={"Saleor-Schema-Version": "3.20"}).json()
    assert manifest["webhooks"] == []
    assert manifest["extensions"] == []
    assert manifest["requiredSaleorVersion"] == ">=3.21 <4"


@pytest.mark.parametrize("path", ["/api/manifest", "/healthz"])
def test_reading_takes_no_post(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/api/manifest/", "/api/register/", "/healthz/", "/"])
def test_no_other_path_redirects(path: str, client: Client) -> None:
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_registration_takes_no_get(client: Client) -> None:
    assert client.get(PATH).status_code == 405
    assert installed() == []


def test_health_is_the_databases(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (200, "ok")


def test_a_shop_that_confirms_its_token_is_installed_with_all_it_starts_with(
    client: Client, shop_server: ShopServer
) -> None:
    assert register(client, shop_server.api_url) == (200, {"success": True})
    (installation_id,) = installed()
    with within(installation_id):
        installation = Installation.objects.select_related("policy").get()
        assert (installation.saleor_api_url, installation.app_id) == (shop_server.api_url, "QXBwOjE=")
        assert (installation.shop_name, installation.saleor_version) == ("A shop", "3.23.28")
        assert (installation.state, installation.is_projecting) == ("active", None)
        assert installation.jwks == recorded_jwks()
        assert installation.policy is not None
        assert Brand.objects.get().sender_name == "A shop"
        assert Flow.objects.select_related("version").get(key="abandoned-cart").version is not None
        assert set(TemplateVariant.objects.values_list("template__key", "language")) == {
            (ready.key, ready.language) for ready in ready_templates()
        }
        assert [part.state for part in backfill.progress(installation_id)] == [State.WAITING] * len(Kind)
    assert {(BACKFILL, installation_id), (RECONCILE, installation_id)} <= set(due(timezone.now()))
    assert shop_server.asked == ["InstalledApp", "/.well-known/jwks.json"]


def test_of_who_installs_us_again_only_what_changed_is_read(client: Client, shop_server: ShopServer) -> None:
    register(client, shop_server.api_url)
    (installation_id,) = installed()
    with within(installation_id):
        Backfill.objects.update(finished_at=timezone.now(), since=timezone.now(), due_at=None)
    register(client, shop_server.api_url)
    assert (BACKFILL, installation_id) in due(timezone.now())
    with within(installation_id):
        assert not Backfill.objects.filter(Q(since=None) | Q(finished_at=None)).exists()


def test_a_shop_is_called_where_we_are_told_and_known_by_its_own_address(
    client: Client, shop_server: ShopServer, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    announced = "http://localhost:8000/graphql/"
    assert register(client, announced)[0] == 403
    assert installed() == shop_server.asked == []
    settings.SALEOR_API_URL_REWRITES = {announced: shop_server.api_url}
    assert register(client, announced)[0] == 200
    with within(installed()[0]):
        assert Installation.objects.get().saleor_api_url == announced
    assert shop_server.asked == ["InstalledApp", "/.well-known/jwks.json"]


def test_no_other_shop_may_be_private_because_one_is(
    client: Client, shop_server: ShopServer, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    settings.SALEOR_API_URL_REWRITES = {"http://localhost:8000/graphql/": shop_server.api_url}
    assert register(client, shop_server.api_url)[0] == 403
    assert installed() == shop_server.asked == []


def test_the_token_is_not_readable_in_the_database(
    client: Client, shop_server: ShopServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    register(client, shop_server.api_url)
    with within(installed()[0]), connection.cursor() as cursor:
        cursor.execute("SELECT token, installation::text FROM lifecycle_installation installation")
        sealed, row = cursor.fetchone()
    assert unseal(sealed) == TOKEN
    assert TOKEN.encode() not in bytes(sealed)
    assert TOKEN not in row
    assert TOKEN.encode().hex() not in row
    assert TOKEN not in caplog.text


def test_a_shop_that_installs_again_keeps_its_row_and_what_was_set_up(client: Client, shop_server: ShopServer) -> None:
    register(client, shop_server.api_url)
    (installation_id,) = installed()
    with within(installation_id):
        Brand.objects.update(sender_name="Our own name")
        own = templates.locked(installation_id, "abandoned-cart-1")
        assert own is not None
        words = templates.Words("Our own words", "", "", "")
        templates.publish(templates.add_version(own, "en", words, "VXNlcjoy", timezone.now()), timezone.now())
        Installation.objects.update(state="removed", token=b"", registered_at=timezone.now() - timedelta(days=9))
    assert shops.find(shop_server.api_url) is not None
    shop_server.token, shop_server.app_id = "another-token", "QXBwOjI="
    assert register(client, shop_server.api_url, "another-token")[0] == 200
    assert installed() == [installation_id]
    with within(installation_id):
        held = Installation.objects.get()
        assert (held.state, held.app_id, unseal(held.token)) == ("active", "QXBwOjI=", "another-token")
        assert timezone.now() - held.registered_at < timedelta(days=1)
        assert Brand.objects.get().sender_name == "Our own name"
        spoken = templates.find(installation_id, "abandoned-cart-1", "en")
        assert spoken is not None
        assert spoken.subject == "Our own words"
        assert TemplateVersion.objects.count() == len(ready_templates()) + 1
        assert Flow.objects.get(key="abandoned-cart").versions.count() == 1
    known = shops.find(shop_server.api_url)
    assert known is not None
    assert (known.app_id, known.is_removed) == ("QXBwOjI=", False)


def test_a_stranger_cannot_take_over_an_installed_shop(client: Client, shop_server: ShopServer) -> None:
    register(client, shop_server.api_url)
    assert register(client, shop_server.api_url, "a made-up token")[0] == 401
    with within(installed()[0]):
        assert unseal(Installation.objects.get().token) == TOKEN


@pytest.mark.parametrize(
    ("case", "change", "status", "code", "words"),
    [
        ("token of another app", {"identifier": "some.other.app"}, 401, "UNKNOWN_APP_ID", "another app"),
        ("app without identifier", {"identifier": None}, 401, "UNKNOWN_APP_ID", "another app"),
        ("dead token", {"token": "another"}, 401, "UNKNOWN_APP_ID", "switched on"),
        ("shop answers 503", {"trouble": 503}, 503, "SHOP_AWAY", "reachable"),
        ("shop hangs up", {"trouble": HANG_UP}, 503, "SHOP_AWAY", "reachable"),
        ("shop redirects", {"trouble": 302}, 503, "SHOP_AWAY", "reachable"),
        ("no keys", {"jwks": {"keys": []}}, 503, "JWKS_NOT_AVAILABLE", "public keys"),
    ],
)
def test_a_shop_that_does_not_confirm_is_refused_in_words_for_its_merchant(
    case: str,
    change: dict[str, Any],
    status: int,
    code: str,
    words: str,
    client: Client,
    shop_server: ShopServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, value in change.items():
        setattr(shop_server, name, value)
    answered, content = register(client, shop_server.api_url)
    assert (answered, content["success"], content["error"]["code"]) == (status, False, code), case
    assert words in content["error"]["message"]
    assert installed() == []
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("case", "body", "headers"),
    [
        ("not JSON", b"auth_token=x", {"Saleor-Api-Url": "https://shop.example.com/graphql/"}),
        ("nothing", b"", {"Saleor-Api-Url": "https://shop.example.com/graphql/"}),
        ("a list", b"[]", {"Saleor-Api-Url": "https://shop.example.com/graphql/"}),
        ("token not a text", b'{"auth_token": 1}', {"Saleor-Api-Url": "https://shop.example.com/graphql/"}),
        ("no token", b"{}", {"Saleor-Api-Url": "https://shop.example.com/graphql/"}),
        ("no shop", b'{"auth_token": "x"}', {}),
    ],
)
def test_an_incomplete_registration_is_refused(case: str, body: bytes, headers: dict[str, str], client: Client) -> None:
    status, content = post(client, body, headers)
    assert (status, content["error"]["code"]) == (400, "INCOMPLETE"), case
    assert installed() == []


def test_a_registration_that_is_too_large_is_refused(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    status, content = register(client, "https://shop.example.com/graphql/")
    assert (status, content["error"]["code"]) == (400, "INCOMPLETE")
    assert installed() == []


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/graphql/",
        "https://localhost/graphql/",
        "https://169.254.169.254/graphql/",
        "https://[::1]/graphql/",
        "http://93.184.216.34/graphql/",
        "https://shop.example.com/",
        "file:///graphql/",
        "https://user@93.184.216.34/graphql/",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(url: str, client: Client, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    status, content = register(client, url)
    assert (status, content["error"]["code"]) == (403, "SALEOR_URL_PROHIBITED")
    assert content["error"]["message"]
    assert installed() == []


def test_a_private_shop_is_not_even_asked(client: Client, settings: Any, shop_server: ShopServer) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    assert register(client, shop_server.api_url)[0] == 403
    assert shop_server.asked == []
    assert installed() == []


@pytest.mark.parametrize(
    ("pattern", "status"), [(r"127\.0\.0\.1", 200), (r"127\.0\.0", 403), (r".*\.saleor\.cloud", 403)]
)
def test_only_shops_on_the_list_may_install(
    pattern: str, status: int, client: Client, settings: Any, shop_server: ShopServer
) -> None:
    settings.ALLOWED_DOMAIN_PATTERN = pattern
    assert register(client, shop_server.api_url)[0] == status
    assert len(installed()) == (1 if status == 200 else 0)
