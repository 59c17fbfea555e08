"""What the gateway asks of shops that do not know yet what it asks of new ones, and of the app's own webhooks."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import parse, validate

from saleor_lifecycle.saleor import gateway
from saleor_lifecycle.saleor.errors import Incomplete, Refused, ShopAway, TokenDead
from saleor_lifecycle.saleor.gateway import ProjectedCustomer, Shop
from saleor_lifecycle.saleor.reconciliation import Change, FoundWebhook, Webhook
from tests.saleor.conftest import Asked, LocalShop
from tests.saleor.sdl import SERVED, schema_of
from tests.saleor.test_gateway import NOW, ORDER, SINCE, TOKEN, page

ADA = {"id": "VXNlcjox"}
WEBHOOK = Webhook("lifecycle a", "https://x.example", frozenset({"ORDER_CREATED"}), "subscription { a }", "lifecycle.a")
FOUND = FoundWebhook("V2ViaG9vazox", True, WEBHOOK)
NODE = {
    "id": "V2ViaG9vazox",
    "identifier": "lifecycle.a",
    "name": "lifecycle a",
    "targetUrl": "https://x.example",
    "isActive": True,
    "subscriptionQuery": "subscription { a }",
    "customHeaders": "{}",
    "asyncEvents": [{"eventType": "ORDER_CREATED"}],
}


def opened(shop: LocalShop, version: str) -> Shop:
    return Shop(shop.api_url, TOKEN, allow_private=True, saleor_version=version)


def days(orders: list[dict[str, Any]], by_checkout: Any = None, end: str | None = None) -> dict[str, Any]:
    """The answer of an old Saleor: ``end`` is the cursor when there is more."""
    recent = page(*orders, has_more=end is not None)
    recent["pageInfo"]["endCursor"] = end
    return {"data": {"byCheckout": by_checkout or page(), "recent": recent}}


def order(number: int, **more: Any) -> dict[str, Any]:
    return ORDER | {"id": f"T3JkZXI6{number}", "created": "2026-11-21T10:00:00+00:00", "checkoutId": None} | more


def ids(shop: Shop, emails: tuple[str, ...] = ("ada@example.com",)) -> list[str]:
    found = shop.orders_since(SINCE, ["Q2hlY2tvdXQ6MQ=="], ["VXNlcjox"], emails, NOW)
    return [one.order_id for one in found]


def test_picks_the_persons_orders_out_of_all_of_these_days(local_shop: LocalShop) -> None:
    strangers = {"user": {"id": "VXNlcjoz"}, "userEmail": "else@example.com"}
    local_shop.will_answer(
        days(
            [
                order(2, user=ADA, userEmail=None),
                order(3, user=None, userEmail="Ada@Example.com"),
                order(4, **strangers),
                order(5, user=ADA, created="2026-11-20T11:59:59+00:00"),  # the day has begun before we ask
                order(6, user=ADA, status="DRAFT"),
            ],
            page(order(7, **strangers, checkoutId="Q2hlY2tvdXQ6MQ==")),
        )
    )
    with opened(local_shop, "3.21.20") as shop:
        assert ids(shop) == ["T3JkZXI67", "T3JkZXI62", "T3JkZXI63"]
    assert local_shop.asked[0].json["variables"] == {"day": "2026-11-20", "checkouts": ["Q2hlY2tvdXQ6MQ=="]}


def test_reads_on_from_page_to_page(local_shop: LocalShop) -> None:
    local_shop.will_answer(days([order(2, user=ADA)], end="here"))
    local_shop.will_answer(days([order(3, user=ADA)]))
    with opened(local_shop, "3.21.20") as shop:
        assert ids(shop) == ["T3JkZXI62", "T3JkZXI63"]
    assert [asked.json["variables"].get("after") for asked in local_shop.asked] == [None, "here"]


def test_admits_that_there_are_more_orders_than_it_reads(
    local_shop: LocalShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MOST_PAGES", 3)
    local_shop.will_answer(days([], end="on"))
    with opened(local_shop, "3.21.20") as shop, pytest.raises(Incomplete):
        ids(shop)
    assert len(local_shop.asked) == 3


@pytest.mark.parametrize("missing", ["byCheckout", "recent"])
def test_takes_a_missing_part_for_no_answer(missing: str, local_shop: LocalShop) -> None:
    answer = days([])
    answer["data"][missing] = None
    local_shop.will_answer(answer)
    with opened(local_shop, "3.21.20") as shop, pytest.raises(ShopAway):
        ids(shop)


CREATE, UPDATE, DELETE = Change(WEBHOOK, None), Change(WEBHOOK, FOUND, ("name",)), Change(None, FOUND)
ASKS: dict[str, Callable[[Shop], object]] = {
    "installed_app": lambda shop: shop.installed_app(),
    "carts_now": lambda shop: shop.carts_now(["Q2hlY2tvdXQ6MQ=="]),
    "orders_since": ids,
    "project_customers": lambda shop: shop.project_customers([ProjectedCustomer("VXNlcjox", {"k": "v"}, {})]),
    "webhooks": lambda shop: shop.webhooks(),
    "create": lambda shop: shop.change_webhook(CREATE),
    "update": lambda shop: shop.change_webhook(UPDATE),
    "delete": lambda shop: shop.change_webhook(DELETE),
}


@pytest.mark.parametrize("version", SERVED)
@pytest.mark.parametrize("ask", ASKS)
def test_asks_only_what_the_shops_schema_has(ask: str, version: str, local_shop: LocalShop) -> None:
    local_shop.will_answer({}, 503)
    with opened(local_shop, f"{version}.99") as shop, pytest.raises(ShopAway):
        ASKS[ask](shop)
    assert validate(schema_of(version), parse(local_shop.asked[0].json["query"])) == []


@pytest.mark.parametrize(("version", "identifier"), [("3.23.28", "lifecycle.a"), ("3.23.22", None), ("3.21.20", None)])
def test_lists_the_apps_own_webhooks(version: str, identifier: str | None, local_shop: LocalShop) -> None:
    node = {key: value for key, value in NODE.items() if key != "identifier" or identifier}
    bare = {"identifier": None, "name": None, "subscriptionQuery": None, "customHeaders": '{"x-b": "2", "x-a": "1"}'}
    other = NODE | bare | {"id": "2", "isActive": False, "asyncEvents": [{"eventType": "NEVER_HEARD_OF"}]}
    local_shop.will_answer({"data": {"app": {"id": "QXBwOjE=", "webhooks": [node, other]}}})
    with opened(local_shop, version) as shop:
        one, two = shop.webhooks()
    assert one == FoundWebhook(
        "V2ViaG9vazox", True, Webhook(WEBHOOK.name, WEBHOOK.target_url, WEBHOOK.events, WEBHOOK.query, identifier)
    )
    headers = (("x-a", "1"), ("x-b", "2"))
    assert two == FoundWebhook(
        "2", False, Webhook("", "https://x.example", frozenset({"NEVER_HEARD_OF"}), "", headers=headers)
    )
    assert ("identifier" in local_shop.asked[0].json["query"]) == bool(identifier)


def test_lists_no_webhooks_for_a_dead_token(local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"app": None}})
    with opened(local_shop, "") as shop, pytest.raises(TokenDead):
        shop.webhooks()


def variables(asked: Asked) -> Any:
    return asked.json["variables"]


def test_makes_changes_and_deletes_a_webhook(local_shop: LocalShop) -> None:
    sealed = Webhook("bare", "https://x.example", frozenset({"CUSTOMER_DELETED"}), "", headers=(("x-a", "1"),))
    done: dict[str, Any] = {"errors": []}
    for answer in ({"webhookCreate": done | {"webhook": {"id": "1"}}}, {"webhookUpdate": done}, {"webhookDelete": done},
                   {"webhookCreate": done | {"webhook": {"id": "2"}}}):  # fmt: skip
        local_shop.will_answer({"data": answer})
    with opened(local_shop, "3.23.28") as shop:
        for change in (CREATE, UPDATE, DELETE, Change(sealed, None)):
            shop.change_webhook(change)
    fields = {
        "name": "lifecycle a",
        "identifier": "lifecycle.a",
        "targetUrl": "https://x.example",
        "asyncEvents": ["ORDER_CREATED"],
        "query": "subscription { a }",
    }
    assert list(map(variables, local_shop.asked)) == [
        {"input": fields | {"isActive": True}},
        {"id": "V2ViaG9vazox", "input": fields},  # nothing about on or off
        {"id": "V2ViaG9vazox"},
        {
            "input": {
                "name": "bare",
                "targetUrl": "https://x.example",
                "asyncEvents": ["CUSTOMER_DELETED"],
                "customHeaders": '{"x-a": "1"}',
                "isActive": True,
            }
        },
    ]


@pytest.mark.parametrize(
    ("change", "field"), [(CREATE, "webhookCreate"), (UPDATE, "webhookUpdate"), (DELETE, "webhookDelete")]
)
def test_says_what_a_shop_refuses_about_a_webhook(change: Change, field: str, local_shop: LocalShop) -> None:
    refusal = {"errors": [{"field": "query", "code": "NEVER_HEARD_OF"}]} | (
        {"webhook": None} if change is CREATE else {}
    )
    local_shop.will_answer({"data": {field: refusal}})
    with opened(local_shop, "") as shop, pytest.raises(Refused, match=r"query: NEVER_HEARD_OF$"):
        shop.change_webhook(change)


def test_understands_an_app_with_a_permission_of_a_newer_saleor(local_shop: LocalShop) -> None:
    app = {"id": "1", "identifier": "x", "permissions": [{"code": "MANAGE_TOMORROW"}, {"code": "MANAGE_USERS"}]}
    local_shop.will_answer({"data": {"app": app, "shop": {"name": "A shop", "version": "3.29.0"}}})
    with opened(local_shop, "") as shop:
        assert shop.installed_app().permissions == {"MANAGE_TOMORROW", "MANAGE_USERS"}


def test_reads_orders_with_words_of_a_newer_saleor(local_shop: LocalShop) -> None:
    new = order(2, status="TELEPORTED", origin="DREAM", chargeStatus="OWED", languageCodeEnum="TLH_QO")
    local_shop.will_answer({"data": {"byCheckout": page(new), "byUser": page(), "byEmail": page()}})
    with opened(local_shop, "3.29.0") as shop:
        (found,) = shop.orders_since(datetime(2026, 1, 1, tzinfo=UTC), [], [], [], NOW)
    assert (found.status, found.origin, found.charge_status, found.language) == (
        "TELEPORTED",
        "DREAM",
        "OWED",
        "tlh-QO",
    )
