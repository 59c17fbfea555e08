"""The tokens of the Dashboard and of shoppers, against those recorded at a real Saleor."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from saleor_lifecycle.sandbox import apps
from saleor_lifecycle.sandbox.records import App
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Sandbox

RECORDED = json.loads((Path(__file__).parents[1] / "payloads" / "jwt-examples.json").read_text())
TOKENS = "{ appExtensions(first: 1) { edges { node { id accessToken app { id accessToken } } } } }"


@pytest.fixture
def framed(sandbox: Sandbox, app: Any) -> App:
    """An installed app with one extension, for which fewer permissions are asked than the app has."""
    extension = {"label": "Phase", "url": "/x", "mount": "NAVIGATION_CUSTOMERS", "permissions": ["MANAGE_USERS"]}
    app.manifest |= {"appUrl": f"{app.url}/page", "extensions": [extension]}
    return apps.install(sandbox.shop, f"{app.url}/manifest", check_query)


def _tokens(ask: Any, token: str | None) -> tuple[str | None, str | None]:
    """The app's and the extension's."""
    node = ask(TOKENS, token)["data"]["appExtensions"]["edges"][0]["node"]
    return node["app"]["accessToken"], node["accessToken"]


def _verified(sandbox: Sandbox, http: httpx.Client, token: str) -> dict[str, Any]:
    """The claims of a token that the shop's published key signed."""
    keys = http.get(f"{sandbox.url}/.well-known/jwks.json").json()["keys"]
    header = jwt.get_unverified_header(token)
    assert header == {"alg": "RS256", "kid": keys[0]["kid"], "typ": "JWT"}
    return dict(jwt.decode(token, jwt.PyJWK(keys[0]).key, ["RS256"], issuer=sandbox.api_url))


def test_the_apps_token_says_what_saleors_says(
    sandbox: Sandbox, http: httpx.Client, framed: App, ask: Any, token_of: Any
) -> None:
    token, _ = _tokens(ask, token_of("the admin"))

    assert token
    claims = _verified(sandbox, http, token)
    recorded = RECORDED["dashboard_app_access_token"]["claims"]
    assert list(claims) == list(recorded)
    assert {name: type(value) for name, value in claims.items()} == {n: type(v) for n, v in recorded.items()}
    assert (claims["type"], claims["owner"], claims["is_staff"]) == ("thirdparty", "saleor", True)
    assert (claims["app"], claims["email"]) == (framed.id, "admin@example.com")
    assert claims["exp"] - claims["iat"] == 300
    assert sorted(claims["permissions"]) == ["MANAGE_CHECKOUTS", "MANAGE_ORDERS", "MANAGE_USERS"]
    assert set(claims["user_permissions"]) == set(recorded["user_permissions"])


def test_the_extensions_token_holds_the_extensions_permissions_only(
    sandbox: Sandbox, http: httpx.Client, framed: App, ask: Any, token_of: Any
) -> None:
    _, token = _tokens(ask, token_of("the admin"))

    assert token
    claims = _verified(sandbox, http, token)
    assert claims["permissions"] == ["MANAGE_USERS"]
    assert claims["app"] == framed.id
    assert claims["app_extension"]


def test_an_order_manager_has_fewer_permissions(
    sandbox: Sandbox, http: httpx.Client, framed: App, ask: Any, token_of: Any
) -> None:
    of_app, of_extension = _tokens(ask, token_of("the order manager"))

    assert of_extension is None
    assert of_app
    claims = _verified(sandbox, http, of_app)
    assert sorted(claims["permissions"]) == sorted(claims["user_permissions"]) == ["MANAGE_CHECKOUTS", "MANAGE_ORDERS"]


def test_an_app_gets_no_token_of_its_own(framed: App, ask: Any) -> None:
    assert _tokens(ask, framed.token) == (None, None)


def test_the_apps_token_acts_for_the_user_within_its_permissions(framed: App, ask: Any, token_of: Any) -> None:
    token, _ = _tokens(ask, token_of("the admin"))

    assert ask("{ me { email } customers(first: 1) { totalCount } }", token)["data"] == {
        "me": {"email": "admin@example.com"},
        "customers": {"totalCount": 0},
    }
    answer = ask("{ appsInstallations { id } }", token)
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.parametrize("seconds", [-60, 5], ids=["over already", "five seconds"])
def test_the_sandboxs_pages_may_ask_for_another_lifetime(
    seconds: int, sandbox: Sandbox, http: httpx.Client, framed: App, token_of: Any
) -> None:
    headers = {"Authorization": f"Bearer {token_of('the admin')}", "Sandbox-Token-Seconds": str(seconds)}
    before = time.time()

    answer = http.post(sandbox.api_url, json={"query": TOKENS}, headers=headers).json()

    node = answer["data"]["appExtensions"]["edges"][0]["node"]
    for token in (node["accessToken"], node["app"]["accessToken"]):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert int(before) + seconds <= claims["exp"] <= time.time() + seconds
        assert claims["iat"] < claims["exp"]


def test_a_shoppers_token_says_what_saleors_says(sandbox: Sandbox, http: httpx.Client, ask: Any, token_of: Any) -> None:
    token = token_of("a customer")

    claims = _verified(sandbox, http, token)
    recorded = RECORDED["customer_access"]["claims"]
    assert list(claims) == list(recorded)
    assert (claims["type"], claims["is_staff"]) == ("access", False)
    assert ask("{ me { id email } }", token)["data"]["me"] == {"id": claims["user_id"], "email": claims["email"]}


def test_me_is_nobody_without_a_token(ask: Any) -> None:
    assert ask("{ me { id } }") == {"data": {"me": None}}
