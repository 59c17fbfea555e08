import pytest
from graphql import GraphQLSchema, parse, validate

from saleor_lifecycle.saleor import documents, manifest

# What Saleor 3.23 reads; it ignores anything else, so a misspelt key would go unnoticed.
KEYS = {
    "id", "name", "version", "about", "author", "permissions", "requiredSaleorVersion", "appUrl",
    "tokenTargetUrl", "dataPrivacyUrl", "homepageUrl", "supportUrl", "audience", "brand", "extensions",
    "webhooks",
}  # fmt: skip
WEBHOOK_KEYS = {"name", "identifier", "targetUrl", "query", "asyncEvents", "isActive"}
BUILT = manifest.build("https://lifecycle.example/", "3.23", "0.1.0")


@pytest.mark.parametrize("webhook", BUILT["webhooks"], ids=lambda webhook: webhook["identifier"])
def test_asks_only_for_what_the_schema_has(webhook: dict[str, str], schema: GraphQLSchema) -> None:
    assert validate(schema, parse(webhook["query"])) == []
    known = schema.type_map["WebhookEventTypeAsyncEnum"].values  # type: ignore[attr-defined]
    assert webhook["asyncEvents"]
    assert set(webhook["asyncEvents"]) <= set(known)


@pytest.mark.parametrize("webhook", BUILT["webhooks"], ids=lambda webhook: webhook["identifier"])
def test_describes_a_webhook_within_saleors_limits(webhook: dict[str, str]) -> None:
    assert set(webhook) == WEBHOOK_KEYS
    assert webhook["targetUrl"] == "https://lifecycle.example/api/webhooks/saleor"
    assert len(webhook["targetUrl"]) <= 255
    assert "__typename" in webhook["query"]
    assert "issuedAt" in webhook["query"]
    assert "#" not in webhook["query"]


def test_says_only_what_saleor_understands() -> None:
    assert set(BUILT) <= KEYS
    assert None not in BUILT.values()
    assert BUILT["tokenTargetUrl"] == "https://lifecycle.example/api/register"
    assert "MANAGE_APPS" not in BUILT["permissions"]


def test_asks_for_permissions_that_exist(schema: GraphQLSchema) -> None:
    assert set(BUILT["permissions"]) <= set(schema.type_map["PermissionEnum"].values)  # type: ignore[attr-defined]


def test_is_the_same_each_time() -> None:
    assert manifest.build("https://lifecycle.example", "3.23", "0.1.0") == BUILT


def test_names_each_webhook_and_each_event_once() -> None:
    identifiers = [webhook["identifier"] for webhook in BUILT["webhooks"]]
    events = [event for webhook in BUILT["webhooks"] for event in webhook["asyncEvents"]]
    assert len(identifiers) == len(set(identifiers))
    assert len(events) == len(set(events)) == 29


@pytest.mark.parametrize(
    ("schema_version", "webhooks"),
    [(None, 7), ("3.23", 7), ("3.24", 7), ("4.0", 7), ("3.22", 0), ("3.9", 0), ("nonsense", 7)],
)
def test_gives_an_older_saleor_no_document_that_it_would_fail_on(schema_version: str | None, webhooks: int) -> None:
    built = manifest.build("https://lifecycle.example", schema_version, "0.1.0")
    assert len(built["webhooks"]) == webhooks
    assert built["requiredSaleorVersion"] == ">=3.23 <4"


def test_takes_another_id_so_that_two_may_stand_in_one_shop() -> None:
    assert manifest.build("https://x.example", "3.23", "0.1.0", app_id="lifecycle.staging")["id"] == (
        "lifecycle.staging"
    )


def test_adds_a_fragment_that_only_another_fragment_needs() -> None:
    composed = documents.with_fragments("query Q { orders(first: 1) { ...OrdersFound } }")
    assert composed.count("fragment OrdersFound on") == 1
    assert composed.count("fragment OrderFacts on") == 1
    assert "UserFacts" not in composed
