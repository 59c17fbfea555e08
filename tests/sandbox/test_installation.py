import threading
from collections.abc import Callable
from typing import Any

import pytest

from saleor_lifecycle.sandbox import apps
from saleor_lifecycle.sandbox.records import App, Webhook
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Sandbox, keep_installed

INSTALL = """mutation ($url: String!) { appInstall(input: {appName: "Named by staff", manifestUrl: $url}) {
  appInstallation { id status } errors { field message code } } }"""
INSTALLATIONS = "{ appsInstallations { status message } }"


def _failure(ask: Any, staff: str, app: Any, eventually: Callable[..., Any]) -> str:
    """The message with which an installation of the app fails."""
    ask(INSTALL, staff, url=f"{app.url}/manifest")

    def failed() -> list[dict[str, str]]:
        rows = ask(INSTALLATIONS, staff)["data"]["appsInstallations"]
        return [row for row in rows if row["status"] == "FAILED"]

    return str(eventually(failed)[0]["message"])


def test_sends_the_token_with_saleors_headers(
    sandbox: Sandbox, app: Any, ask: Any, staff: str, eventually: Callable[..., Any]
) -> None:
    ask(INSTALL, staff, url=f"{app.url}/manifest")
    eventually(lambda: app.deliveries("APP_INSTALLED"))

    headers, body = app.asked("/register")[0]
    record = sandbox.shop.all(App)[0]
    assert body == b'{"auth_token": "%s"}' % record.token.encode()
    assert len(record.token) == 30
    assert headers["saleor-api-url"] == sandbox.api_url
    assert headers["saleor-domain"] == headers["x-saleor-domain"] == sandbox.url.removeprefix("http://")
    assert headers["saleor-schema-version"] == app.asked("/manifest")[0][0]["saleor-schema-version"] == "3.23"
    assert "saleor-signature" not in headers
    assert record.name == "Named by staff"
    assert ask(INSTALLATIONS, staff)["data"]["appsInstallations"] == []


def test_fails_with_the_apps_message(
    sandbox: Sandbox, app: Any, ask: Any, staff: str, eventually: Callable[..., Any]
) -> None:
    app.registration = (403, {"error": {"message": "This shop may not install us."}})

    assert _failure(ask, staff, app, eventually) == "This shop may not install us."
    assert sandbox.shop.all(App) == sandbox.shop.all(Webhook) == []
    assert app.deliveries() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None}, "id: Field required"),
        ({"permissions": ["MANAGE_APPS"]}, "permissions: MANAGE_APPS is refused, as from Saleor 3.24 on"),
        (
            {"webhooks": [{"name": "w", "targetUrl": "http://x", "query": "subscription { event { nope } }"}]},
            "webhooks: w: Cannot query field 'nope' on type 'Event'.",
        ),
        (
            {"webhooks": [{"name": "w", "targetUrl": "http://x", "query": "", "asyncEvents": ["NOPE"]}]},
            "webhooks: w: events unknown to the sandbox: NOPE",
        ),
    ],
    ids=["no id", "too many permissions", "a query that Saleor would refuse", "an event that does not exist"],
)
def test_refuses_a_bad_manifest(
    change: dict[str, Any], message: str,
    sandbox: Sandbox, app: Any, ask: Any, staff: str, eventually: Callable[..., Any],
) -> None:  # fmt: skip
    app.manifest |= change

    assert _failure(ask, staff, app, eventually) == message
    assert sandbox.shop.all(App) == []
    assert app.asked("/register") == []


def test_refuses_the_same_app_twice(
    sandbox: Sandbox, installed: App, app: Any, ask: Any, staff: str, eventually: Callable[..., Any]
) -> None:
    assert _failure(ask, staff, app, eventually) == "App with the same identifier is already installed"
    assert sandbox.shop.all(App) == [installed]


def test_needs_the_staff(sandbox: Sandbox, app: Any, ask: Any) -> None:
    answer = ask(INSTALL, url=f"{app.url}/manifest")

    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert app.requests == []


def test_keeps_an_installation_that_stands(sandbox: Sandbox, installed: App, app: Any) -> None:
    keep_installed(sandbox.shop, f"{app.url}/manifest", threading.Event())

    assert sandbox.shop.all(App) == [installed]
    assert len(app.asked("/register")) == 1


def test_a_new_installation_has_a_new_id_and_token(
    sandbox: Sandbox, installed: App, app: Any, ask: Any, staff: str
) -> None:
    ask("mutation ($id: ID!) { appDelete(id: $id) { errors { code } } }", staff, id=installed.id)
    again = apps.install(sandbox.shop, f"{app.url}/manifest", check_query)

    assert again.id != installed.id
    assert again.token != installed.token


@pytest.mark.parametrize("mutation", ["appDelete", "appDeactivate"])
def test_the_token_dies_at_once(mutation: str, sandbox: Sandbox, installed: App, ask: Any, staff: str) -> None:
    assert ask("{ app { id } }", installed.token)["data"]["app"] == {"id": installed.id}

    ask(f"mutation ($id: ID!) {{ {mutation}(id: $id) {{ errors {{ code }} }} }}", staff, id=installed.id)

    answer = ask("{ app { id } }", installed.token)
    assert answer["data"] == {"app": None}
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
