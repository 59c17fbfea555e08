from collections.abc import Callable
from typing import Any

import pytest

from saleor_lifecycle.sandbox import apps
from saleor_lifecycle.sandbox.records import App, AppExtension
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Sandbox

WIDGET = {
    "label": "Phase",
    "url": "https://app.example/customer",
    "mount": "CUSTOMER_DETAILS_WIDGETS",
    "target": "WIDGET",
    "permissions": ["MANAGE_USERS"],
    "options": {"widgetTarget": {"method": "GET"}},
    "identifier": "phase",
}
EXTENSIONS = """query ($filter: AppExtensionFilterInput) { appExtensions(first: 9, filter: $filter) { edges { node {
  label url mountName targetName settings identifier permissions { code } app { id } } } } }"""


@pytest.fixture
def install(sandbox: Sandbox, app: Any) -> Callable[..., App]:
    """Installs the app with these changes to its manifest."""

    def install(**changes: Any) -> App:
        app.manifest |= {"appUrl": f"{app.url}/page"} | changes
        return apps.install(sandbox.shop, f"{app.url}/manifest", check_query)

    return install


def test_are_answered_as_saleor_stores_them(install: Callable[..., App], ask: Any, staff: str) -> None:
    record = install(extensions=[{**WIDGET, "mount": "customer_details_widgets", "target": "widget"}])

    answer = ask(EXTENSIONS, staff)["data"]["appExtensions"]["edges"]
    assert answer == [
        {
            "node": {
                "label": "Phase",
                "url": "https://app.example/customer",
                "mountName": "CUSTOMER_DETAILS_WIDGETS",
                "targetName": "WIDGET",
                "settings": {"widgetTarget": {"method": "GET"}},
                "identifier": "phase",
                "permissions": [{"code": "MANAGE_USERS"}],
                "app": {"id": record.id},
            }
        }
    ]


@pytest.mark.parametrize(
    ("filter", "labels"),
    [
        (None, ["Phase", "More"]),
        ({"mountName": ["customer_details_widgets"]}, ["Phase"]),
        ({"mountName": ["CUSTOMER_DETAILS_WIDGETS", "CUSTOMER_DETAILS_MORE_ACTIONS"]}, ["Phase", "More"]),
        ({"mountName": []}, []),
        ({"targetName": "popup"}, ["More"]),
        ({"mountName": ["CUSTOMER_DETAILS_WIDGETS"], "targetName": "POPUP"}, []),
    ],
    ids=["no filter", "a mount, in lower case", "two mounts", "no mount", "a target", "both, which none has"],
)
def test_are_found_by_mount_and_target(
    filter: dict[str, Any] | None, labels: list[str], install: Callable[..., App], ask: Any, staff: str
) -> None:
    more = {"label": "More", "url": "https://app.example/more", "mount": "CUSTOMER_DETAILS_MORE_ACTIONS"}
    install(extensions=[WIDGET, more])

    edges = ask(EXTENSIONS, staff, filter=filter)["data"]["appExtensions"]["edges"]
    assert [edge["node"]["label"] for edge in edges] == labels


@pytest.mark.parametrize(
    ("target", "url", "answered"),
    [
        ("POPUP", "/customer", "{app}/page/customer"),
        ("APP_PAGE", "/customer", "/customer"),
        ("NEW_TAB", "/customer", "/customer"),
        ("POPUP", "https://app.example/customer", "https://app.example/customer"),
    ],
)
def test_only_a_popups_address_is_completed(
    target: str, url: str, answered: str, install: Callable[..., App], app: Any, ask: Any, staff: str
) -> None:
    install(extensions=[{"label": "One", "url": url, "mount": "CUSTOMER_DETAILS_MORE_ACTIONS", "target": target}])

    edges = ask(EXTENSIONS, staff)["data"]["appExtensions"]["edges"]
    assert edges[0]["node"]["url"] == answered.replace("{app}", app.url)


@pytest.mark.parametrize("who", ["nobody", "a customer"])
def test_are_for_staff_and_apps(who: str, install: Callable[..., App], ask: Any, token_of: Any) -> None:
    install(extensions=[WIDGET])

    answer = ask(EXTENSIONS, token_of(who))
    assert answer["data"] == {"appExtensions": None}
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.parametrize("mutation", ["appDeactivate", "appDelete"])
def test_go_with_their_app(mutation: str, install: Callable[..., App], ask: Any, staff: str) -> None:
    record = install(extensions=[WIDGET])

    ask(f"mutation ($id: ID!) {{ {mutation}(id: $id) {{ errors {{ code }} }} }}", staff, id=record.id)

    assert ask(EXTENSIONS, staff)["data"]["appExtensions"]["edges"] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extensions": None}, "extensions: Input should be a valid list"),
        ({"permissions": None}, "permissions: Input should be a valid list"),
        ({"webhooks": None}, "webhooks: Input should be a valid list"),
        ({"extensions": [{"label": "One", "url": "/x"}]}, "extensions: label, url and mount are required"),
        (
            {"extensions": [WIDGET, {**WIDGET, "label": "Other"}]},
            "extensions: Duplicated extension identifier.",
        ),
    ],
    ids=["null extensions", "null permissions", "null webhooks", "no mount", "an identifier twice"],
)
def test_manifest_is_refused(change: dict[str, Any], message: str, sandbox: Sandbox, install: Any, app: Any) -> None:
    with pytest.raises(apps.InstallationFailed, match=f"^{message}$"):
        install(**change)
    assert sandbox.shop.all(App) == sandbox.shop.all(AppExtension) == []
    assert app.asked("/register") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"permissions": ["MANAGE_PRODUCTS"]}, "Extension permission must be listed in App's permissions."),
        ({"permissions": None}, "permissions: Input should be a valid list"),
        ({"options": None}, "options: Input should be a valid dictionary"),
        ({"url": "customer"}, "Incorrect value for field: url."),
        ({"url": "ftp://app.example"}, "Incorrect value for field: url."),
        ({"identifier": "x" * 257}, "identifier: at most 256 characters"),
        ({"target": "MODAL"}, "the Dashboard knows no target MODAL"),
        ({"target": "APP_PAGE", "options": {}}, "the url of an APP_PAGE must start with /"),
        ({"mount": "CUSTOMER_DETAILS_MORE_ACTIONS"}, "CUSTOMER_DETAILS_MORE_ACTIONS takes no WIDGET"),
        ({"options": {"newTabTarget": {"method": "GET"}}}, "newTabTarget is for the target NEW_TAB"),
        ({"target": "POPUP"}, "widgetTarget is for the target WIDGET"),
        (
            {"options": {"homeWidgetTarget": {"method": "GET"}}},
            "homeWidgetTarget is for the mount HOMEPAGE_WIDGETS",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_extension_is_refused(change: dict[str, Any], message: str, sandbox: Sandbox, install: Any, app: Any) -> None:
    with pytest.raises(apps.InstallationFailed) as refused:
        install(extensions=[WIDGET | change])
    assert str(refused.value) == f"extensions: Phase: {message}"
    assert sandbox.shop.all(App) == sandbox.shop.all(AppExtension) == []
    assert app.asked("/register") == []


def test_a_relative_address_needs_the_apps(sandbox: Sandbox, install: Any) -> None:
    with pytest.raises(apps.InstallationFailed, match="Incorrect value for field: url"):
        install(appUrl=None, extensions=[WIDGET | {"url": "/customer"}])
    assert sandbox.shop.all(App) == []


def test_a_failed_installation_leaves_no_extension(sandbox: Sandbox, install: Any, app: Any) -> None:
    app.registration = (403, {})

    with pytest.raises(apps.InstallationFailed):
        install(extensions=[WIDGET])
    assert sandbox.shop.all(App) == sandbox.shop.all(AppExtension) == []
