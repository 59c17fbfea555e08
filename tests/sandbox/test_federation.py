from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType, build_schema

from saleor_lifecycle.sandbox import accounts, catalogue
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import App, User, Variant
from saleor_lifecycle.sandbox.schema import SCHEMA
from saleor_lifecycle.sandbox.server import Sandbox

ENTITIES = """query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename
  ... on User { id email } ... on Product { id channel name } ... on ProductVariant { id channel sku } } }"""
CHANNEL = catalogue.CHANNEL.slug
PRODUCT = catalogue.PRODUCTS[0]


@pytest.fixture
def ann(sandbox: Sandbox, token_of: Any) -> User:
    """The customer whose token `token_of("a customer")` is."""
    token_of("a customer")
    user = accounts.by_email(sandbox.shop, "ann@example.com")
    assert user
    return user


def _user(user: User) -> dict[str, str]:
    return {"__typename": "User", "id": user.id, "email": user.email}


def test_sdl_is_that_of_federation_1(ask: Any) -> None:
    sdl = ask("{ _service { sdl } }")["data"]["_service"]["sdl"]

    assert 'type User implements Node & ObjectWithMetadata @key(fields: "id") @key(fields: "email") {' in sdl
    assert 'type Product implements Node @key(fields: "id channel") {' in sdl
    assert 'type ProductVariant implements Node @key(fields: "id channel") {' in sdl
    assert "@link" not in sdl
    assert "type Subscription" not in sdl
    assert "schema {" not in sdl


def test_sdl_holds_the_schema(ask: Any) -> None:
    sdl = ask("{ _service { sdl } }")["data"]["_service"]["sdl"]

    told = build_schema("directive @key(fields: String!) repeatable on OBJECT\n" + sdl)
    for name in ("Query", "Mutation", "User", "Product", "ProductVariant"):
        own, theirs = SCHEMA.type_map[name], told.type_map[name]
        assert isinstance(own, GraphQLObjectType)
        assert isinstance(theirs, GraphQLObjectType)
        assert set(own.fields) == set(theirs.fields)


@pytest.mark.parametrize("key", ["id", "email"])
@pytest.mark.parametrize(
    ("who", "is_found"),
    [
        ("the app", True),
        ("the admin", True),
        ("a customer", True),
        ("another customer", False),
        ("the order manager", False),
        ("nobody", False),
    ],
)
def test_a_customer_is_found_by_who_may_see_them(
    key: str, who: str, is_found: bool, ann: User, ask: Any, token_of: Any, installed: App
) -> None:
    token = installed.token if who == "the app" else token_of(who)
    asked = {"__typename": "User", key: getattr(ann, key)}

    answer = ask(ENTITIES, token, representations=[asked])
    assert answer == {"data": {"_entities": [_user(ann) if is_found else None]}}


def test_unknown_users_are_null_in_their_place(ann: User, ask: Any, staff: str) -> None:
    ids = ["VXNlcjo5OTk=", ann.id]

    answer = ask(ENTITIES, staff, representations=[{"__typename": "User", "id": one} for one in ids])
    assert answer["data"]["_entities"] == [None, _user(ann)]


@pytest.mark.parametrize(
    ("who", "channel", "is_found"),
    [
        ("nobody", CHANNEL, True),
        ("nobody", None, False),
        ("nobody", "elsewhere", False),
        ("a customer", CHANNEL, True),
        ("a customer", None, False),
        ("the admin", None, True),
        ("the admin", "elsewhere", False),
    ],
)
def test_products_are_found_in_their_channel(
    who: str, channel: str | None, is_found: bool, sandbox: Sandbox, ask: Any, token_of: Any
) -> None:
    variant = sandbox.shop.all(Variant)[0]
    key = {"channel": channel}
    asked = [
        {"__typename": "Product", "id": PRODUCT.id} | key,
        {"__typename": "ProductVariant", "id": variant.id} | key,
    ]

    answer = ask(ENTITIES, token_of(who), representations=asked)
    product = {"__typename": "Product", "id": PRODUCT.id, "channel": CHANNEL, "name": PRODUCT.name}
    found = {"__typename": "ProductVariant", "id": variant.id, "channel": CHANNEL, "sku": variant.sku}
    assert answer["data"]["_entities"] == ([product, found] if is_found else [None, None])


def test_a_mixed_call_is_answered_by_type(ann: User, ask: Any, staff: str) -> None:
    product = {"__typename": "Product", "id": PRODUCT.id, "channel": CHANNEL}
    user = {"__typename": "User", "id": ann.id}

    answer = ask(ENTITIES, staff, representations=[user, product, user])
    assert [one["__typename"] for one in answer["data"]["_entities"]] == ["User", "User", "Product"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([{"__typename": "User", "id": PRODUCT.id}], f"Invalid ID: {PRODUCT.id}. Expected: User."),
        ([{"__typename": "Product"}], "Invalid ID: None. Expected: Product."),
        ([{"__typename": "Nope", "id": "x"}], "Nope is no entity of this shop"),
        ([{"__typename": "User", "nope": "x"}], "'nope' is an invalid keyword argument for User"),
        (
            [{"__typename": "User", "id": "VXNlcjox"}] * 101,
            "Federated query exceeded entity limit: 101 items requested over 100.",
        ),
    ],
    ids=["an id of another type", "no id", "no entity", "no field of a key", "101 at once"],
)
def test_what_saleor_refuses_is_refused(asked: list[dict[str, str]], message: str, ask: Any, staff: str) -> None:
    answer = ask(ENTITIES, staff, representations=asked)

    assert answer["data"] == {"_entities": None}
    assert answer["errors"][0]["message"] == message


def test_a_hundred_at_once_pass(ann: User, ask: Any, staff: str) -> None:
    answer = ask(ENTITIES, staff, representations=[{"__typename": "User", "id": ann.id}] * 100)

    assert answer["data"]["_entities"] == [_user(ann)] * 100


def test_keys_may_stand_in_the_query(ann: User, ask: Any, staff: str) -> None:
    query = f'{{ _entities(representations: [{{__typename: "User", id: "{ann.id}"}}]) {{ ... on User {{ email }} }} }}'

    assert ask(query, staff)["data"]["_entities"] == [{"email": ann.email}]


def test_another_account_is_not_told_apart_from_none(sandbox: Sandbox, ann: User, ask: Any, token_of: Any) -> None:
    accounts.register(sandbox.shop, NOBODY, "bob@example.com", "secret")
    asked = [{"__typename": "User", "email": email} for email in ("bob@example.com", "no@example.com")]

    answer = ask(ENTITIES, token_of("a customer"), representations=asked)
    assert answer == {"data": {"_entities": [None, None]}}


def test_pages_of_any_origin_may_ask(sandbox: Sandbox, http: httpx.Client) -> None:
    asked = {"Origin": "https://storefront.example", "Access-Control-Request-Method": "POST"}

    preflight = http.options(sandbox.api_url, headers=asked)
    answer = http.post(sandbox.api_url, json={"query": "{ shop { name } }"}, headers=asked)
    assert preflight.status_code == answer.status_code == 200
    for one in (preflight, answer):
        assert one.headers["Access-Control-Allow-Origin"] == "https://storefront.example"
        assert one.headers["Vary"] == "Origin"
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
