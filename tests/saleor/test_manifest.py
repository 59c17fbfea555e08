import struct
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, parse, validate

from saleor_lifecycle.saleor import manifest
from saleor_lifecycle.saleor.versions import read_version
from tests.saleor.sdl import SERVED, schema_of

# What Saleor 3.23 reads; it ignores anything else, so a misspelt key would go unnoticed.
KEYS = {
    "id", "name", "version", "about", "author", "permissions", "requiredSaleorVersion", "appUrl",
    "tokenTargetUrl", "dataPrivacyUrl", "homepageUrl", "supportUrl", "audience", "brand", "extensions",
    "webhooks",
}  # fmt: skip
WEBHOOK_KEYS = {"name", "identifier", "targetUrl", "query", "asyncEvents", "isActive"}
EXTENSION_KEYS = {"label", "mount", "target", "url", "permissions", "options", "identifier"}
LOGO = Path(manifest.__file__).parents[1] / "static" / "lifecycle" / "logo.png"


def built(version: str | None = "3.23", **more: Any) -> dict[str, Any]:
    return manifest.build("https://lifecycle.example/", version, "0.1.0", **more)


EACH = [(version, webhook) for version in SERVED for webhook in built(version)["webhooks"]]
each_webhook = pytest.mark.parametrize(
    ("version", "webhook"), EACH, ids=[f"{version} {webhook['identifier']}" for version, webhook in EACH]
)
each_version = pytest.mark.parametrize("version", SERVED)


@each_webhook
def test_asks_only_for_what_the_schema_has(version: str, webhook: dict[str, str]) -> None:
    schema = schema_of(version)
    assert validate(schema, parse(webhook["query"])) == []
    known = schema.type_map["WebhookEventTypeAsyncEnum"].values  # type: ignore[attr-defined]
    assert webhook["asyncEvents"]
    assert set(webhook["asyncEvents"]) <= set(known)


@each_webhook
def test_describes_a_webhook_within_saleors_limits(version: str, webhook: dict[str, str]) -> None:
    assert set(webhook) == WEBHOOK_KEYS
    assert webhook["targetUrl"] == "https://lifecycle.example/api/webhooks/saleor"
    assert len(webhook["targetUrl"]) <= 255
    assert "__typename" in webhook["query"]
    assert "issuedAt" in webhook["query"]
    assert "#" not in webhook["query"]


@each_version
def test_says_only_what_saleor_understands(version: str) -> None:
    said = built(version)
    assert set(said) <= KEYS
    assert None not in said.values()
    assert said["tokenTargetUrl"] == "https://lifecycle.example/api/register"
    assert said["requiredSaleorVersion"] == ">=3.21 <4"
    assert "MANAGE_APPS" not in said["permissions"]


@each_version
def test_asks_for_permissions_that_exist(version: str) -> None:
    known = schema_of(version).type_map["PermissionEnum"].values  # type: ignore[attr-defined]
    assert set(built(version)["permissions"]) <= set(known)


@each_version
def test_is_the_same_each_time(version: str) -> None:
    assert manifest.build("https://lifecycle.example", version, "0.1.0") == built(version)


@each_version
def test_names_each_webhook_and_each_event_once(version: str) -> None:
    webhooks = built(version)["webhooks"]
    identifiers = [webhook["identifier"] for webhook in webhooks]
    events = [event for webhook in webhooks for event in webhook["asyncEvents"]]
    assert len(identifiers) == len(set(identifiers))
    assert len(events) == len(set(events))


@pytest.mark.parametrize(
    ("version", "webhooks", "events", "extensions"),
    [
        ("3.9", 0, 0, 0),
        ("3.20", 0, 0, 0),
        ("3.21", 7, 29, 2),
        ("3.22", 7, 29, 3),
        ("3.23", 7, 30, 3),
        ("3.24", 7, 30, 3),
        ("3.31", 7, 30, 3),
        ("4.0", 7, 30, 3),
        (None, 7, 30, 3),
        ("", 7, 30, 3),
    ],
)
def test_gives_each_saleor_what_it_knows(version: str | None, webhooks: int, events: int, extensions: int) -> None:
    said = built(version)
    assert len(said["webhooks"]) == webhooks
    assert sum(len(webhook["asyncEvents"]) for webhook in said["webhooks"]) == events
    assert len(said["extensions"]) == extensions


def test_takes_another_id_so_that_two_may_stand_in_one_shop() -> None:
    assert built(app_id="lifecycle.staging")["id"] == "lifecycle.staging"


@each_version
def test_follows_the_rules_for_extensions(version: str) -> None:
    said = built(version, iframe_url="https://pages.example/")
    assert said["appUrl"] == "https://pages.example/dashboard/"
    for extension in said["extensions"]:
        assert set(extension) <= EXTENSION_KEYS
        assert set(extension["permissions"]) == {"MANAGE_USERS"} <= set(said["permissions"])
        # Relative below appUrl for a page, and absolute for all else.
        is_page = extension["target"] == "APP_PAGE"
        assert extension["url"] == ("/overview" if is_page else "https://pages.example/dashboard/customer")
        assert ("options" in extension) == (extension["target"] == "WIDGET")


@pytest.mark.parametrize("version", ["3.21", "3.22"])
def test_names_only_mounts_and_targets_that_an_old_saleor_knows(version: str) -> None:
    schema = schema_of(version)
    mounts, targets = (schema.type_map[name].values for name in ("AppExtensionMountEnum", "AppExtensionTargetEnum"))  # type: ignore[attr-defined]
    for extension in built(version)["extensions"]:
        assert extension["mount"] in mounts
        assert extension["target"] in targets
        assert "identifier" not in extension


def test_lets_the_widget_open_the_full_view_where_that_can_be() -> None:
    named = [extension for extension in built("3.23")["extensions"] if "identifier" in extension]
    assert [(extension["target"], extension["identifier"]) for extension in named] == [("POPUP", "lifecycle.customer")]


def test_shows_a_logo_that_saleor_takes() -> None:
    assert built()["brand"]["logo"]["default"] == "https://lifecycle.example/static/lifecycle/logo.png"
    head = LOGO.read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:24])
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert width == height >= 256


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.23", (3, 23, 0)),
        ("3.23.28", (3, 23, 28)),
        ("3.24.0-a.0", (3, 24, 0)),
        ("3.9", (3, 9, 0)),
    ],
)
def test_reads_a_version(text: str, version: tuple[int, int, int]) -> None:
    assert read_version(text) == version


@pytest.mark.parametrize("text", [None, "", "nonsense", "4"])
def test_takes_what_names_no_version_for_the_newest(text: str | None) -> None:
    assert read_version(text) > read_version("99.99.99")


def test_is_made_for_the_schema_that_code_is_generated_from(schema: GraphQLSchema) -> None:
    assert set(schema.type_map) == set(schema_of("3.23").type_map)
