from typing import Any

import httpx
import pytest

from saleor_lifecycle.sandbox import accounts, checkouts, metadata
from saleor_lifecycle.sandbox.actors import NOBODY, Actor
from saleor_lifecycle.sandbox.records import App, Checkout, Order, User, Variant
from saleor_lifecycle.sandbox.server import Sandbox


def _admin(sandbox: Sandbox) -> User:
    return next(user for user in sandbox.shop.all(User) if user.is_staff)


BULK = """mutation ($rows: [CustomerBulkUpdateInput!]!) {
  customerBulkUpdate(customers: $rows, errorPolicy: IGNORE_FAILED) { count
    results { customer { id } errors { path message code } } errors { path message code } } }"""


def _many(field: str, count: int) -> str:
    return "{" + " ".join(field.replace("{}", str(n)) for n in range(count)) + "}"


def _customer(sandbox: Sandbox, email: str = "ann@example.com") -> User:
    user = accounts.register(sandbox.shop, NOBODY, email, "secret")
    assert user
    return user


@pytest.mark.parametrize("token", [None, "x" * 30, "a.b.c"], ids=["no token", "a wrong one", "a broken JWT"])
@pytest.mark.parametrize(
    "query",
    ["{ app { id } }", "{ customers(first: 1) { totalCount } }", "{ orders(first: 1) { totalCount } }",
     "{ checkouts(first: 1) { totalCount } }", '{ user(email: "ann@example.com") { id } }'],
)  # fmt: skip
def test_strangers_are_denied_with_http_200(query: str, token: str | None, ask: Any) -> None:
    answer = ask(query, token)

    assert set(answer["data"].values()) == {None}
    assert [error["extensions"]["exception"]["code"] for error in answer["errors"]] == ["PermissionDenied"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ shop { nope } }", "Cannot query field 'nope' on type 'Shop'."),
        ("{ shop {", "Syntax Error"),
        (_many("a{}: shop { name }", 101), "Number of aliases exceed the limit of 100"),
        (
            "mutation " + _many('m{}: orderCancel(id: "x") { errors { code } }', 5),
            "Number of mutations exceed the limit of 4",
        ),
    ],
    ids=["unknown field", "broken syntax", "101 aliases", "five mutations"],
)  # fmt: skip
def test_bad_queries_get_http_400(query: str, message: str, ask: Any) -> None:
    assert ask(query, status=400)["errors"][0]["message"].startswith(message)


@pytest.mark.parametrize("body", [b'{"query": ', b"[{}]", b"{}", b'"x"'])
def test_bad_bodies_get_http_400(body: bytes, sandbox: Sandbox, http: httpx.Client) -> None:
    answer = http.post(sandbox.api_url, content=body)

    assert answer.status_code == 400
    assert "errors" in answer.json()


def test_a_hundred_aliases_pass(ask: Any) -> None:
    answer = ask(_many("a{}: shop { name }", 100))

    assert len(answer["data"]) == 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [("", "You must provide a `first`"), ("(first: 101)", "Requesting 101 records on the `customers`")],
)
def test_lists_are_paged_by_a_hundred_at_most(arguments: str, message: str, ask: Any, staff: str) -> None:
    answer = ask(f"{{ customers{arguments} {{ totalCount }} }}", staff)

    assert answer["errors"][0]["message"].startswith(message)


def test_pages_hold_every_row_once(sandbox: Sandbox, ask: Any, staff: str) -> None:
    expected = [_customer(sandbox, f"c{n}@example.com").id for n in range(5)]
    query = """query ($after: String) { customers(first: 2, after: $after) {
      pageInfo { hasNextPage endCursor } edges { node { id } } } }"""
    found: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        page = ask(query, staff, after=page["pageInfo"]["endCursor"])["data"]["customers"]
        found += [edge["node"]["id"] for edge in page["edges"]]

    assert found == expected


SORTED = """query ($after: String, $direction: OrderDirection!) {
  customers(first: 2, after: $after, sortBy: {field: LAST_MODIFIED_AT, direction: $direction}) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { email } } } }"""


@pytest.mark.parametrize(("direction", "expected"), [("ASC", ["c1@", "c2@", "c0@"]), ("DESC", ["c0@", "c2@", "c1@"])])
def test_a_sorted_list_goes_on_behind_its_cursor(
    sandbox: Sandbox, ask: Any, staff: str, direction: str, expected: list[str]
) -> None:
    customers = [_customer(sandbox, f"c{n}@example.com") for n in range(3)]
    accounts.update(sandbox.shop, Actor(user=_admin(sandbox)), customers[0].id, accounts.CustomerInput({"note": "x"}))
    first = ask(SORTED, staff, direction=direction)["data"]["customers"]
    with sandbox.shop.change(NOBODY) as change:  # the last of the page goes meanwhile
        change.remove(customers[2])
    rest = ask(SORTED, staff, direction=direction, after=first["pageInfo"]["endCursor"])["data"]["customers"]
    found = [edge["node"]["email"] for page in (first, rest) for edge in page["edges"]]
    assert found == [f"{name}example.com" for name in expected]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (3, True, False)


@pytest.mark.parametrize("cursor", ["nonsense", "bm90aGluZw=="])
def test_a_cursor_that_is_none_is_an_error_as_in_saleor(ask: Any, staff: str, cursor: str) -> None:
    errors = ask(SORTED, staff, direction="ASC", after=cursor)["errors"]
    assert [error["message"] for error in errors] == ["Received cursor is invalid."]
    assert errors[0]["extensions"]["exception"]["code"] == "GraphQLError"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"key": "phase", "value": {"eq": "sales"}}, ["b@example.com"]),
        ({"key": "phase", "value": {"oneOf": ["sales", "loss"]}}, ["b@example.com", "c@example.com"]),
        ({"key": "phase"}, ["b@example.com", "c@example.com"]),
        ({"key": "other"}, []),
        ({"key": "hidden"}, []),
    ],
    ids=["one value", "one of two", "any value", "another key", "a private key"],
)
def test_customers_are_found_by_public_metadata_only(
    where: dict[str, Any], expected: list[str], sandbox: Sandbox, ask: Any, staff: str
) -> None:
    query = """query ($where: CustomerWhereInput) {
      customers(first: 10, where: $where) { edges { node { email } } } }"""
    boss = Actor(user=accounts.by_email(sandbox.shop, "admin@example.com"))
    _customer(sandbox, "a@example.com")
    for email, phase in (("b@example.com", "sales"), ("c@example.com", "loss")):
        user = _customer(sandbox, email)
        metadata.update(sandbox.shop, boss, user.id, {"phase": phase}, private=False)
        metadata.update(sandbox.shop, boss, user.id, {"hidden": phase}, private=True)

    answer = ask(query, staff, where={"metadata": where})
    assert [edge["node"]["email"] for edge in answer["data"]["customers"]["edges"]] == expected


def test_orders_are_found_by_cart_account_and_email(sandbox: Sandbox, ask: Any, staff: str, variant: str) -> None:
    user = _customer(sandbox)
    placed = []
    for email in ("ann@example.com", "guest@example.com"):
        cart = checkouts.create(sandbox.shop, NOBODY, [(variant, 1)], email=email)
        placed.append(checkouts.complete(sandbox.shop, NOBODY, cart.id))
    query = "query ($where: OrderWhereInput) { orders(first: 9, where: $where) { edges { node { id } } } }"

    def found(**where: Any) -> list[str]:
        edges = ask(query, staff, where=where)["data"]["orders"]["edges"]
        return [edge["node"]["id"] for edge in edges]

    own, guests = placed
    assert found(checkoutId={"oneOf": [own.checkout_id]}) == [own.id]
    assert found(user={"oneOf": [user.id]}) == [own.id]
    assert found(userEmail={"oneOf": ["guest@example.com"]}) == [guests.id]
    assert found(createdAt={"gte": own.created.isoformat()}) == [guests.id, own.id]
    assert found(createdAt={"gte": guests.created.isoformat(), "lte": guests.created.isoformat()}) == [guests.id]
    assert found(userEmail={"oneOf": []}) == []


def test_bulk_update_answers_each_row(sandbox: Sandbox, installed: App, ask: Any) -> None:
    user = _customer(sandbox)
    rows = [
        {"id": user.id, "input": {"metadata": [{"key": "phase", "value": "sales"}]}},
        {"id": "VXNlcjo5OTk=", "input": {}},
    ]

    answer = ask(BULK, installed.token, rows=rows)["data"]["customerBulkUpdate"]
    assert (answer["count"], answer["errors"]) == (1, [])
    assert answer["results"][0] == {"customer": {"id": user.id}, "errors": []}
    assert answer["results"][1]["customer"] is None
    assert answer["results"][1]["errors"][0]["code"] == "NOT_FOUND"
    changed = sandbox.shop.get(User, user.id)
    assert changed
    assert changed.metadata == {"phase": "sales"}
    assert changed.updated_at > user.updated_at


def test_bulk_update_without_permission_writes_nothing(sandbox: Sandbox, ask: Any, app: Any, installed: App) -> None:
    user = _customer(sandbox)
    rows = [{"id": user.id, "input": {"metadata": [{"key": "phase", "value": "sales"}]}}]

    answer = ask(BULK, rows=rows)
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert sandbox.shop.get(User, user.id) == user


def test_a_refused_mutation_says_why_in_its_payload(sandbox: Sandbox, ask: Any, variant: str) -> None:
    cart = checkouts.create(sandbox.shop, NOBODY, [(variant, 1)])
    query = """mutation ($id: ID) { checkoutComplete(id: $id) {
      order { id } confirmationNeeded errors { field message code } } }"""

    answer = ask(query, id=cart.id)["data"]["checkoutComplete"]
    assert answer["order"] is None
    assert [(error["field"], error["code"]) for error in answer["errors"]] == [("email", "EMAIL_NOT_SET")]
    assert sandbox.shop.all(Order) == []
    assert sandbox.shop.get(Checkout, cart.id) == cart


def test_registering_never_tells_whether_the_email_was_known(sandbox: Sandbox, ask: Any) -> None:
    _customer(sandbox)
    query = """mutation ($email: String!) { accountRegister(input: {email: $email, password: "s"}) {
      requiresConfirmation errors { code } } }"""

    known, new = ask(query, email="ann@example.com"), ask(query, email="new@example.com")
    assert known == new
    assert len(sandbox.shop.all(User)) == 4  # two of the staff and two customers


@pytest.mark.parametrize("who", ["staff", "app"])
def test_private_metadata_of_a_staff_user_is_denied_to_apps(
    who: str, sandbox: Sandbox, ask: Any, staff: str, installed: App
) -> None:
    boss = accounts.by_email(sandbox.shop, "admin@example.com")
    assert boss
    query = "query ($id: ID) { user(id: $id) { privateMetadata { key } } }"

    answer = ask(query, staff if who == "staff" else installed.token, id=boss.id)
    assert answer["data"]["user"] == ({"privateMetadata": []} if who == "staff" else None)


def test_only_post_reaches_the_api(sandbox: Sandbox, http: httpx.Client) -> None:
    assert http.get(sandbox.api_url).status_code in (404, 405)


COSTS = """query ($ids: [ID!]!) { productVariants(first: 9, ids: $ids, channel: "default-channel") {
    edges { node { channelListings { price { amount } costPrice { amount } margin } } } } }"""


def test_staff_see_what_a_variant_costs_the_shop(sandbox: Sandbox, ask: Any, staff: str) -> None:
    variant = sandbox.shop.all(Variant)[0]
    answer = ask(COSTS, staff, ids=[variant.id])

    (edge,) = answer["data"]["productVariants"]["edges"]
    (listing,) = edge["node"]["channelListings"]
    assert listing == {"price": {"amount": 14.5}, "costPrice": {"amount": 7.98}, "margin": 45}


def test_shoppers_do_not_see_what_a_variant_costs_the_shop(sandbox: Sandbox, ask: Any) -> None:
    answer = ask(COSTS, ids=[sandbox.shop.all(Variant)[0].id])

    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert [edge["node"]["channelListings"] for edge in answer["data"]["productVariants"]["edges"]] == [None]
