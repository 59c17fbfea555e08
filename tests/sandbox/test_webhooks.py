"""What an app may do with its own webhooks, as in Saleor."""

from typing import Any

import pytest

from saleor_lifecycle.sandbox.records import App, Webhook
from saleor_lifecycle.sandbox.server import Sandbox
from tests.sandbox.conftest import QUERY

CREATE = """mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) {
  webhook { id name identifier isActive asyncEvents { eventType } customHeaders } errors { field code } } }"""
UPDATE = """mutation ($id: ID!, $input: WebhookUpdateInput!) { webhookUpdate(id: $id, input: $input) {
  webhook { name subscriptionQuery } errors { field code } } }"""
DELETE = "mutation ($id: ID!) { webhookDelete(id: $id) { errors { field code } } }"
GOOD = {"name": "w", "targetUrl": "http://x.example", "query": QUERY, "asyncEvents": ["ORDER_CREATED"]}


def create(ask: Any, app: App, **given: Any) -> Any:
    return ask(CREATE, app.token, input=GOOD | given)["data"]["webhookCreate"]


def test_an_app_makes_a_webhook(sandbox: Sandbox, installed: App, ask: Any) -> None:
    answer = create(ask, installed, identifier=" own ", customHeaders='{"X-A": "1"}')
    assert answer["errors"] == []
    made = sandbox.shop.get(Webhook, answer["webhook"]["id"])
    assert made is not None
    assert (made.app_id, made.events, made.is_active) == (installed.id, ("ORDER_CREATED",), True)
    assert (made.identifier, made.headers) == ("own", {"x-a": "1"})
    assert answer["webhook"]["asyncEvents"] == [{"eventType": "ORDER_CREATED"}]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"query": "subscription { event { nope } }"}, "query"),
        ({"query": ""}, "query"),
        ({"targetUrl": "http://x.example/" + "x" * 250}, "targetUrl"),
        ({"asyncEvents": ["GIFT_CARD_CREATED"]}, "asyncEvents"),
        ({"identifier": "taken"}, "identifier"),
    ],
)
def test_a_bad_webhook_is_refused(
    given: dict[str, Any], field: str, sandbox: Sandbox, installed: App, ask: Any
) -> None:
    create(ask, installed, identifier="taken")
    before = sandbox.shop.all(Webhook)
    (error,) = create(ask, installed, **given)["errors"]
    assert error["field"] == field
    assert sandbox.shop.all(Webhook) == before


def test_a_change_leaves_what_it_does_not_name(sandbox: Sandbox, installed: App, ask: Any) -> None:
    (before,) = sandbox.shop.all(Webhook)
    answer = ask(UPDATE, installed.token, id=before.id, input={"name": "other", "query": ""})["data"]["webhookUpdate"]
    assert answer == {"webhook": {"name": "other", "subscriptionQuery": QUERY}, "errors": []}
    (after,) = sandbox.shop.all(Webhook)
    assert (after.events, after.target_url, after.is_active) == (before.events, before.target_url, before.is_active)


def test_a_webhook_goes(sandbox: Sandbox, installed: App, ask: Any) -> None:
    (webhook,) = sandbox.shop.all(Webhook)
    assert ask(DELETE, installed.token, id=webhook.id)["data"]["webhookDelete"]["errors"] == []
    assert sandbox.shop.all(Webhook) == []
    assert ask(DELETE, installed.token, id=webhook.id)["data"]["webhookDelete"]["errors"][0]["code"] == "NOT_FOUND"


def test_nobody_else_may(sandbox: Sandbox, installed: App, ask: Any) -> None:
    (webhook,) = sandbox.shop.all(Webhook)
    answer = ask(DELETE, id=webhook.id)
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert sandbox.shop.all(Webhook) == [webhook]
