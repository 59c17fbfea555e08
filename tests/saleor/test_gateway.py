import json
import logging
import socket
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from graphql import FieldNode, GraphQLSchema, parse, validate, visit
from graphql.language import Visitor

from saleor_lifecycle import outbound
from saleor_lifecycle.domain.attributes import Origin
from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.saleor.carts import CartLine, CartNow, carts_document
from saleor_lifecycle.saleor.errors import (
    Incomplete,
    PermissionMissing,
    Refused,
    ShopAway,
    ShopError,
    TokenDead,
)
from saleor_lifecycle.saleor.gateway import InstalledApp, Shop
from saleor_lifecycle.saleor.projected import Projected, ProjectedCustomer
from tests.recordings import recorded_answers
from tests.saleor.conftest import LocalShop

TOKEN = "a-secret-token"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SINCE = datetime(2026, 11, 20, 12, tzinfo=UTC)
APP: dict[str, Any] = {"id": "QXBwOjE="}
KNOWN = {
    "data": {
        "app": APP | {"identifier": "saleor.app.lifecycle", "permissions": [{"code": "MANAGE_ORDERS"}]},
        "shop": {"name": "A shop", "version": "3.23.28"},
    }
}
CHECKOUT: dict[str, Any] = {
    "id": "Q2hlY2tvdXQ6MQ==",
    "updatedAt": "2026-11-21T10:00:00+00:00",
    "email": "Ada@example.com",
    "voucherCode": None,
    "languageCode": "ES_MX",
    "authorizeStatus": "NONE",
    "chargeStatus": "NONE",
    "user": {"id": "VXNlcjox"},
    "channel": {"slug": "default-channel", "isActive": True},
    "totalPrice": {"gross": {"amount": 23.97, "currency": "USD"}},
    "lines": [
        {
            "quantity": 3,
            "totalPrice": {"gross": {"amount": 23.97, "currency": "USD"}, "net": {"amount": 19.8}},
            "variant": {
                "id": "UHJvZHVjdFZhcmlhbnQ6MQ==",
                "name": "UHJvZHVjdFZhcmlhbnQ6MQ==",
                "sku": None,
                "quantityAvailable": 2,
                "translation": None,
                "product": {
                    "name": "Apple Juice",
                    "slug": "apple-juice",
                    "translation": None,
                    "thumbnail": {"url": "https://shop.example/thumbnail/1/256/", "alt": None},
                },
            },
        }
    ],
}
ORDER: dict[str, Any] = {
    "id": "T3JkZXI6MQ==",
    "number": "1",
    "created": "2026-11-21T10:00:00+00:00",
    "updatedAt": "2026-11-21T11:00:00+00:00",
    "status": "UNFULFILLED",
    "chargeStatus": "NONE",
    "origin": "CHECKOUT",
    "checkoutId": "Q2hlY2tvdXQ6MQ==",
    "userEmail": "Ada@example.com",
    "languageCodeEnum": "EN",
    "user": None,
    "channel": {"slug": "default-channel"},
    "total": {"gross": {"amount": 23.97, "currency": "USD"}},
    "totalCharged": {"amount": 0.0},
    "totalRefunded": {"amount": 0.0},
}


@pytest.fixture
def shop(local_shop: LocalShop) -> Any:
    with Shop(local_shop.api_url, TOKEN, allow_private=True) as opened:
        yield opened


def error(code: str, *path: str) -> dict[str, Any]:
    extensions = {"exception": {"code": code}}
    return {"message": "about ada@example.com", "path": list(path), "extensions": extensions}


def page(*orders: dict[str, Any], has_more: bool = False) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": has_more}, "edges": [{"node": order} for order in orders]}


def asked_carts(shop: Shop) -> object:
    return shop.carts_now(["Q2hlY2tvdXQ6MQ=="])


def asked_orders(shop: Shop) -> object:
    return shop.orders_since(SINCE, ["Q2hlY2tvdXQ6MQ=="], ["VXNlcjox"], ["ada@example.com"], NOW)


def projected(shop: Shop) -> object:
    return shop.project_customers([ProjectedCustomer("VXNlcjox", {"lifecycle.phase": "sales"}, {})])


QUESTIONS = [asked_carts, asked_orders, projected]


def test_learns_whose_token_it_holds(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer(KNOWN)
    assert shop.installed_app() == InstalledApp(
        "QXBwOjE=", "saleor.app.lifecycle", frozenset({"MANAGE_ORDERS"}), "A shop", "3.23.28"
    )
    assert local_shop.asked[0].path == "/graphql/"
    assert local_shop.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_understands_what_saleor_says_of_an_app(shop: Shop, local_shop: LocalShop) -> None:
    recorded = recorded_answers()["app itself"]["body"]["data"]["app"]
    local_shop.will_answer({"data": {"app": recorded, "shop": KNOWN["data"]["shop"]}})
    assert "MANAGE_USERS" in shop.installed_app().permissions


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"app": None, "shop": {"name": "A shop", "version": "3.23.28"}}},
        {"data": None, "errors": [error("PermissionDenied", "shop", "version")]},
        recorded_answers()["wrong token"]["body"],
        recorded_answers()["tampered token"]["body"],
    ],
)
def test_sees_that_a_token_is_dead(answer: Any, shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer(answer)
    with pytest.raises(TokenDead):
        shop.installed_app()


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize(
    ("status", "answer", "trouble"),
    [
        (500, {}, ShopAway),
        (502, b"<html>Bad gateway</html>", ShopAway),
        (503, {}, ShopAway),
        (429, {}, ShopAway),
        (302, {}, ShopAway),
        (404, recorded_answers()["not found"]["body"], ShopAway),
        (200, b"<html>Maintenance</html>", ShopAway),
        (200, b"", ShopAway),
        (200, b"[]", ShopAway),
        (200, {"data": None}, ShopAway),
        (200, {"data": {}}, ShopAway),
        (200, {"data": {"app": {"id": "QXBwOjE="}, "c0": {"id": "only"}}}, ShopAway),
        (200, {"data": None, "errors": [error("OperationalError")]}, ShopAway),
        (200, {"data": None, "errors": ["odd"]}, ShopAway),
        (200, {"data": None, "errors": [{"odd": 1}]}, ShopAway),
        (401, {}, TokenDead),
        (403, {}, TokenDead),
        (200, recorded_answers()["tampered token"]["body"], TokenDead),
        (400, recorded_answers()["unknown field"]["body"], Refused),
        (400, recorded_answers()["syntax error"]["body"], Refused),
        (400, recorded_answers()["too many aliases"]["body"], Refused),
        (200, recorded_answers()["too many records"]["body"], Refused),
    ],
)
def test_tells_the_troubles_of_a_shop_apart(
    ask: Callable[[Shop], object],
    status: int,
    answer: Any,
    trouble: type[ShopError],
    shop: Shop,
    local_shop: LocalShop,
) -> None:
    local_shop.will_answer(answer, status)
    with pytest.raises(ShopError) as raised:
        ask(shop)
    assert raised.type is trouble
    assert len(local_shop.asked) == 1


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize(
    ("probe", "trouble"),
    [
        (KNOWN, PermissionMissing),
        ({"data": {"app": None, "shop": {"name": "A shop", "version": "3.23.28"}}}, TokenDead),
    ],
)
def test_asks_who_it_is_before_it_blames_a_permission(
    ask: Callable[[Shop], object], probe: Any, trouble: type[ShopError], shop: Shop, local_shop: LocalShop
) -> None:
    local_shop.will_answer(recorded_answers()["permission missing"]["body"])
    local_shop.will_answer(probe)
    with pytest.raises(trouble):
        ask(shop)
    assert [asked.json["operationName"] for asked in local_shop.asked][1:] == ["InstalledApp"]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {"data": None, "errors": [error("GraphQLError")]}),
        (200, {"data": {"app": APP, "c0": {"email": "ada@example.com"}}}),
        (500, {"message": "ada@example.com"}),
        (400, {"errors": [error("GraphQLError")]}),
    ],
)
def test_says_nothing_of_tokens_or_people(
    status: int, answer: Any, shop: Shop, local_shop: LocalShop, caplog: pytest.LogCaptureFixture
) -> None:
    local_shop.will_answer(answer, status)
    with caplog.at_level(logging.DEBUG, "saleor_lifecycle"), pytest.raises(ShopError) as raised:
        asked_carts(shop)
    said = "".join(traceback.format_exception(raised.value)) + caplog.text
    assert TOKEN not in said
    assert "ada@example.com" not in said


def test_calls_a_shop_away_that_cannot_be_reached(local_shop: LocalShop) -> None:
    with Shop("http://127.0.0.1:9/graphql/", TOKEN, allow_private=True) as shop, pytest.raises(ShopAway):
        shop.installed_app()


def test_calls_a_shop_away_that_does_not_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_PATIENCE", httpx.Timeout(0.1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/graphql/"
        with Shop(url, TOKEN, allow_private=True) as shop, pytest.raises(ShopAway, match="ReadTimeout"):
            shop.installed_app()


@pytest.mark.parametrize("kind", [Kind.CUSTOMERS, Kind.ORDERS, Kind.CHECKOUTS])
def test_waits_longer_for_a_page_than_for_other_answers(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    waits: list[float] = []

    def too_late(_: object, request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"]["read"])
        raise httpx.ReadTimeout("too late")

    monkeypatch.setattr(outbound._Guard, "handle_request", too_late)
    with pytest.raises(ShopAway):
        shop.page(kind, "", None, datetime(2026, 3, 11, tzinfo=UTC), "marketing_consent")
    assert waits == [outbound.LONG_PATIENCE.read]


def test_follows_no_redirect_with_the_token(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({}, 307, {"Location": local_shop.api_url})
    with pytest.raises(ShopAway):
        shop.installed_app()
    assert len(local_shop.asked) == 1


def test_reads_a_cart_as_it_stands(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"app": APP, "c0": CHECKOUT, "c1": None}})
    assert shop.carts_now(["Q2hlY2tvdXQ6MQ==", "Q2hlY2tvdXQ6Mg=="]) == {
        "Q2hlY2tvdXQ6MQ==": CartNow(
            checkout_id="Q2hlY2tvdXQ6MQ==",
            updated_at=datetime(2026, 11, 21, 10, tzinfo=UTC),
            email="ada@example.com",
            typed_email="Ada@example.com",
            user_id="VXNlcjox",
            language="es-MX",
            channel="default-channel",
            is_channel_active=True,
            is_being_paid=False,
            total=Decimal("23.970"),
            currency="USD",
            lines=(
                CartLine(
                    variant_id="UHJvZHVjdFZhcmlhbnQ6MQ==",
                    product_name="Apple Juice",
                    variant_name="",
                    quantity=3,
                    total=Decimal("23.970"),
                    available=2,
                    image_url="https://shop.example/thumbnail/1/256/",
                    image_alt="",
                    product_slug="apple-juice",
                    net=Decimal("19.800"),
                ),
            ),
        ),
        "Q2hlY2tvdXQ6Mg==": None,
    }
    assert len(local_shop.asked) == 1
    assert local_shop.asked[0].json["variables"] == {
        "c0": "Q2hlY2tvdXQ6MQ==",
        "c1": "Q2hlY2tvdXQ6Mg==",
        "language": "EN",
    }


def test_claims_nothing_of_a_cart_that_the_shop_could_not_work_out(shop: Shop, local_shop: LocalShop) -> None:
    broken = error("KeyError", "c0", "lines")
    local_shop.will_answer({"data": {"app": APP, "c0": None, "c1": CHECKOUT}, "errors": [broken]})
    assert list(shop.carts_now(["Q2hlY2tvdXQ6OQ==", "Q2hlY2tvdXQ6MQ=="])) == ["Q2hlY2tvdXQ6MQ=="]


@pytest.mark.parametrize("rest", [{"c0": CHECKOUT}, {"c0": None}])
def test_believes_no_cart_read_with_a_dead_token(rest: Any, shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"app": None, **rest}})
    with pytest.raises(TokenDead):
        asked_carts(shop)


def test_believes_no_cart_when_the_app_is_in_doubt(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"app": None, "c0": CHECKOUT}, "errors": [error("KeyError", "app")]})
    with pytest.raises(ShopAway):
        asked_carts(shop)


def test_asks_for_a_hundred_carts_within_saleors_limits(schema: GraphQLSchema) -> None:
    aliases = []

    class Count(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            if node.alias:
                aliases.append(node.alias.value)

    document = parse(carts_document(100))
    visit(document, Count())
    assert validate(schema, document) == []
    assert len(aliases) == 100


def test_asks_no_shop_for_more_than_a_hundred_or_for_nothing(shop: Shop, local_shop: LocalShop) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        shop.carts_now([str(number) for number in range(101)])
    with pytest.raises(ValueError, match="at most 100"):
        shop.project_customers([ProjectedCustomer(str(number), {}, {}) for number in range(101)])
    assert shop.carts_now([]) == {}
    assert shop.project_customers([]) == {}
    assert local_shop.asked == []


def test_finds_who_ordered_since_each_order_once(shop: Shop, local_shop: LocalShop) -> None:
    other = ORDER | {"id": "T3JkZXI6Mg==", "checkoutId": None, "user": {"id": "VXNlcjox"}}
    draft = ORDER | {"id": "T3JkZXI6Mw==", "status": "DRAFT"}
    local_shop.will_answer({"data": {"byCheckout": page(ORDER), "byUser": page(other, draft), "byEmail": page(ORDER)}})
    found = shop.orders_since(SINCE, ["Q2hlY2tvdXQ6MQ=="], ["VXNlcjox"], ["Ada@example.com"], NOW)
    assert [order.order_id for order in found] == ["T3JkZXI6MQ==", "T3JkZXI6Mg=="]
    assert (found[0].checkout_id, found[0].email) == ("Q2hlY2tvdXQ6MQ==", "ada@example.com")
    assert found[0].version.issued_at == NOW
    assert found[0].version.digest != found[1].version.digest
    asked = local_shop.asked[0].json["variables"]
    assert asked["emails"] == ["Ada@example.com", "ada@example.com"]
    assert datetime.fromisoformat(asked["since"]) == SINCE


@pytest.mark.parametrize("full", ["byCheckout", "byUser", "byEmail"])
def test_admits_that_it_has_not_seen_every_order(full: str, shop: Shop, local_shop: LocalShop) -> None:
    pages = {name: page(has_more=name == full) for name in ("byCheckout", "byUser", "byEmail")}
    local_shop.will_answer({"data": pages})
    with pytest.raises(Incomplete):
        asked_orders(shop)


@pytest.mark.parametrize("missing", ["byCheckout", "byUser", "byEmail"])
def test_takes_a_missing_page_for_no_answer(missing: str, shop: Shop, local_shop: LocalShop) -> None:
    pages = {name: None if name == missing else page() for name in ("byCheckout", "byUser", "byEmail")}
    local_shop.will_answer({"data": pages})
    with pytest.raises(ShopAway):
        asked_orders(shop)


def test_projects_many_customers_in_one_request(shop: Shop, local_shop: LocalShop) -> None:
    results = [
        {"customer": {"id": "VXNlcjox", "updatedAt": "2026-03-11T12:00:00+01:00"}, "errors": []},
        {"customer": None, "errors": [{"path": "id", "message": "gone", "code": "NOT_FOUND"}]},
    ]
    local_shop.will_answer({"data": {"customerBulkUpdate": {"results": results, "errors": []}}})
    rows = [
        ProjectedCustomer("VXNlcjox", {"lifecycle.phase": "sales"}, {"lifecycle.score": "12"}),
        ProjectedCustomer("VXNlcjoy", {}, {"lifecycle.score": "0"}),
    ]
    assert shop.project_customers(rows) == {
        "VXNlcjox": Projected(updated_at=datetime(2026, 3, 11, 11, tzinfo=UTC)),
        "VXNlcjoy": Projected("NOT_FOUND"),
    }
    assert local_shop.asked[0].json["variables"]["customers"][0] == {
        "id": "VXNlcjox",
        "input": {
            "metadata": [{"key": "lifecycle.phase", "value": "sales"}],
            "privateMetadata": [{"key": "lifecycle.score", "value": "12"}],
        },
    }


def test_does_not_guess_which_customers_were_written(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"customerBulkUpdate": {"results": [], "errors": []}}})
    with pytest.raises(ShopAway):
        projected(shop)


@pytest.mark.parametrize("ask", [asked_orders, projected, lambda shop: shop.installed_app()])
def test_asks_only_what_the_schema_has(
    ask: Callable[[Shop], object], shop: Shop, local_shop: LocalShop, schema: GraphQLSchema
) -> None:
    local_shop.will_answer({}, 503)
    with pytest.raises(ShopAway):
        ask(shop)
    assert validate(schema, parse(json.loads(local_shop.asked[0].body)["query"])) == []


@pytest.mark.parametrize(
    ("origin", "listed"), [(Origin.USER, "customers"), (Origin.CHECKOUT, "checkouts"), (Origin.ORDER, "orders")]
)
def test_reads_what_stands_under_a_key(shop: Shop, local_shop: LocalShop, origin: Origin, listed: str) -> None:
    held = [{"key": "other", "value": "x"}, {"key": "tier", "value": "gold"}]
    local_shop.will_answer({"data": {listed: {"edges": [{"node": {"metadata": held}}]}}})
    assert shop.texts_under(origin, "tier", 20) == ["gold"]
    asked = local_shop.asked[0].json["variables"]
    assert (asked["key"], asked["first"]) == ("tier", 20)
    assert [asked[name] for name in ("ofUsers", "ofCheckouts", "ofOrders")].count(True) == 1


def test_a_list_that_is_withheld_is_no_empty_list(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"customers": None}})
    with pytest.raises(ShopAway):
        shop.texts_under(Origin.USER, "tier", 20)


def test_names_the_shops_channels(shop: Shop, local_shop: LocalShop) -> None:
    local_shop.will_answer({"data": {"channels": [{"slug": "default-channel", "name": "España"}]}})
    assert shop.channels() == {"default-channel": "España"}
