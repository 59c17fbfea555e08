"""The storefront schema over HTTP: which shop is meant, who gets in, what is read of a refused request."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_lifecycle.actions import installations
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models import Consent, Customer, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.web import shops
from tests.facts import ADA, GRACE, account, tell
from tests.saleor.test_tokens import FORGED, WRONG_FOR_BOTH, WRONG_FOR_THE_STOREFRONT
from tests.shop_server import ShopServer
from tests.tokens import customer_claims, dashboard_claims, jwks, key, signed

pytestmark = pytest.mark.django_db

API_URL = "https://shop.example.com/graphql/"
ME = "{ lifecycleMe { id } }"
USERS = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id lifecycle { id } } }
}
"""
GIVE = 'mutation { lifecycleConsentGive(input: {text: "Yes"}) { errors { code } } }'


def install(url: str = API_URL, keys: dict[str, Any] | None = None) -> Installation:
    installation_id = register(Registration(url, "QXBwOjE=", "token", keys or jwks()), timezone.now())
    with within(installation_id):
        return Installation.objects.get(pk=installation_id)


@pytest.fixture
def shop(db: None) -> Installation:
    """A shop with two customers, which this process has in mind."""
    shop = install()
    now = timezone.now()
    tell(shop, [account(now), account(now, GRACE, "grace@example.com")], now)
    shops.named(shop.storefront_key)
    return shop


def ask(
    client: Client, shop: Installation | str, query: str = ME, variables: Any = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    """Return the status and the answer; in the names of headers an underscore is a hyphen."""
    name = shop if isinstance(shop, str) else shop.storefront_key
    answer = client.post(
        f"/graphql/storefront/{name}/",
        json.dumps({"query": query, "variables": variables}),
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    return answer.status_code, answer.json()


def refused(client: Client, shop: Installation, **headers: str) -> tuple[int, str]:
    """Return the status and the code of a refusal, for which nothing was read or written."""
    with CaptureQueriesContext(connection) as queries:
        status, answer = ask(client, shop, GIVE, **headers)
    assert "data" not in answer
    assert [query["sql"] for query in queries if "lifecycle_" in query["sql"]] == []
    return status, answer["errors"][0]["extensions"]["code"]


def token(**changes: Any) -> str:
    return f"Bearer {signed(customer_claims(timezone.now(), **changes))}"


def public_id(shop: Installation, user_id: str) -> str:
    with within(shop.pk):
        return str(Customer.objects.get(identities__value=user_id).public_id)


@pytest.mark.parametrize(
    "headers",
    [
        lambda text: {"Authorization": f"Bearer {text}"},
        lambda text: {"Authorization": f"JWT {text}"},
        lambda text: {"Authorization_Bearer": text},
    ],
    ids=["Authorization: Bearer", "Authorization: JWT", "Authorization-Bearer"],
)
def test_a_customer_gets_in_by_each_header_that_saleor_takes(client: Client, shop: Installation, headers: Any) -> None:
    status, answer = ask(client, shop, **headers(token().removeprefix("Bearer ")))
    assert (status, answer) == (200, {"data": {"lifecycleMe": {"id": public_id(shop, ADA)}}})


def test_without_a_token_it_is_nobody(client: Client, shop: Installation) -> None:
    assert ask(client, shop) == (200, {"data": {"lifecycleMe": None}})
    assert ask(client, shop, Authorization="") == (200, {"data": {"lifecycleMe": None}})


# A key that the shop does not have makes us ask for its keys: see below.
@pytest.mark.parametrize("case", sorted(set(FORGED) - {"signed with a key that the shop does not have"}))
def test_a_forged_token_is_refused_and_nothing_read(client: Client, shop: Installation, case: str) -> None:
    forged = FORGED[case](customer_claims(timezone.now()))
    assert refused(client, shop, Authorization=f"Bearer {forged}") == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("case", sorted(WRONG_FOR_BOTH | WRONG_FOR_THE_STOREFRONT))
def test_a_token_for_something_else_is_refused_and_nothing_read(client: Client, shop: Installation, case: str) -> None:
    wrong = token(**(WRONG_FOR_BOTH | WRONG_FOR_THE_STOREFRONT)[case])
    assert refused(client, shop, Authorization=wrong) == (401, "UNAUTHENTICATED")


def test_the_dashboards_token_is_refused(client: Client, shop: Installation) -> None:
    dashboard = signed(dashboard_claims(timezone.now()))
    assert refused(client, shop, Authorization=f"Bearer {dashboard}") == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer undefined", "undefined"])
def test_what_is_no_token_is_not_nobody(client: Client, shop: Installation, header: str) -> None:
    assert refused(client, shop, Authorization=header) == (401, "UNAUTHENTICATED")


def test_a_token_of_another_shop_that_we_know_is_refused(client: Client, shop: Installation) -> None:
    other = "https://other.example.com/graphql/"
    install(other, jwks(key("the other's"), "other"))
    theirs = signed(customer_claims(timezone.now(), other), key("the other's"), "other")
    mixed = signed(customer_claims(timezone.now(), other))
    with within(shop.pk):
        Installation.objects.update(jwks_fetched_at=timezone.now())  # so it is not asked for them again
    shops.find(API_URL, fresh=True)
    assert refused(client, shop, Authorization=f"Bearer {mixed}") == (401, "UNAUTHENTICATED")
    assert ask(client, shop, Authorization=f"Bearer {theirs}")[0] == 401


def test_a_new_key_of_the_shop_is_fetched(client: Client, shop_server: ShopServer) -> None:
    shop_server.jwks = jwks(key("new"), "new")
    shop = install(shop_server.api_url)
    with within(shop.pk):
        Installation.objects.update(jwks_fetched_at=timezone.now() - timedelta(days=1))
    new = f"Bearer {signed(customer_claims(timezone.now(), shop_server.api_url), key('new'), 'new')}"
    shop_server.trouble = 503
    assert ask(client, shop, Authorization=new)[0] == 503
    shops.forget()
    shop_server.trouble = None
    assert ask(client, shop, Authorization=new)[0] == 200


@pytest.mark.parametrize("name", ["pk_unknown", "%00", "x" * 1000, f"pk_{'0' * 32}"])
def test_a_storefront_that_is_not_known_is_told_so(client: Client, shop: Installation, name: str) -> None:
    status, answer = ask(client, name, Authorization=token())
    assert (status, answer["errors"][0]["extensions"]["code"]) == (404, "UNKNOWN_STOREFRONT")
    assert "storefront key" in answer["errors"][0]["message"]


def test_a_shop_that_removed_the_app_has_no_storefront_any_more(client: Client, shop: Installation) -> None:
    with within(shop.pk):
        Installation.objects.update(state=Installation.State.REMOVED)
    shops.forget()
    assert ask(client, shop, Authorization=token())[0] == 404


def server_key(shop: Installation) -> str:
    with within(shop.pk):
        return installations.new_server_key(Installation.objects.get(pk=shop.pk))


def test_a_server_asks_for_any_customer(client: Client, shop: Installation) -> None:
    held = server_key(shop)
    assert ask(client, shop, Lifecycle_Server_Key=held) == (200, {"data": {"lifecycleMe": None}})
    for user_id in (ADA, GRACE):
        status, answer = ask(client, shop, Lifecycle_Server_Key=held, Lifecycle_Customer=user_id)
        assert (status, answer["data"]["lifecycleMe"]) == (200, {"id": public_id(shop, user_id)})


def test_a_replaced_or_a_strange_server_key_is_refused(client: Client, shop: Installation) -> None:
    first = server_key(shop)
    other = server_key(install("https://other.example.com/graphql/"))
    assert ask(client, shop, Lifecycle_Server_Key=first)[0] == 200
    server_key(shop)
    for wrong in (first, other, "sk_", "x", shop.storefront_key):
        status, answer = ask(client, shop, GIVE, Lifecycle_Server_Key=wrong, Lifecycle_Customer=ADA)
        assert (status, "data" in answer) == (401, False)
    with within(shop.pk):
        assert Consent.objects.count() == 0


def test_only_a_hash_of_the_server_key_is_kept(shop: Installation) -> None:
    assert shop.server_key_hash == ""
    held = server_key(shop)
    assert held.startswith("sk_")
    assert len(held) >= 3 + 43  # 256 bits
    with within(shop.pk):
        row = Installation.objects.filter(pk=shop.pk).values().get()
    assert row["server_key_hash"] != ""
    assert not [name for name, value in row.items() if held in str(value)]


def test_no_server_key_is_made_before_it_is_asked_for(client: Client, shop: Installation) -> None:
    assert ask(client, shop, Lifecycle_Server_Key="sk_anything")[0] == 401


def test_a_customer_and_a_server_at_once_are_neither(client: Client, shop: Installation) -> None:
    held = server_key(shop)
    assert refused(client, shop, Authorization=token(), Lifecycle_Server_Key=held) == (400, "AMBIGUOUS")


def test_naming_a_customer_takes_the_server_key(client: Client, shop: Installation) -> None:
    assert refused(client, shop, Lifecycle_Customer=ADA) == (401, "UNAUTHENTICATED")
    assert refused(client, shop, Authorization=token(), Lifecycle_Customer=GRACE) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("named", ["1", "ada@example.com", "T3JkZXI6MQ==", "VXNlcjox=", "VXNlcjp4"])
def test_a_server_names_customers_by_their_saleor_id(client: Client, shop: Installation, named: str) -> None:
    status, answer = ask(client, shop, GIVE, Lifecycle_Server_Key=server_key(shop), Lifecycle_Customer=named)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "INVALID")
    with within(shop.pk):
        assert Consent.objects.count() == 0


def entities(*user_ids: str) -> dict[str, Any]:
    return {"representations": [{"__typename": "User", "id": user_id} for user_id in user_ids]}


def test_a_gateway_learns_of_the_signed_in_customer_alone(client: Client, shop: Installation) -> None:
    status, answer = ask(client, shop, USERS, entities(GRACE, ADA), Authorization=token())
    assert status == 200
    assert answer["data"]["_entities"] == [
        {"id": GRACE, "lifecycle": None},
        {"id": ADA, "lifecycle": {"id": public_id(shop, ADA)}},
    ]
    assert ask(client, shop, USERS, entities(ADA))[1]["data"]["_entities"] == [{"id": ADA, "lifecycle": None}]


def test_cors_is_open_for_customers_and_closed_for_servers(client: Client, shop: Installation) -> None:
    path = f"/graphql/storefront/{shop.storefront_key}/"
    asks = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": "POST"}
    answer = client.options(path, headers=asks | {"Access-Control-Request-Headers": "authorization,content-type"})
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in answer["Access-Control-Allow-Headers"]
    assert "lifecycle" not in answer["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in answer
    answered = client.post(path, json.dumps({"query": ME}), "application/json", headers={"Origin": "https://a.example"})
    assert answered["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/graphql/dashboard/", "/api/manifest", "/healthz"])
def test_cors_is_closed_elsewhere(client: Client, path: str, shop: Installation) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": "https://shop.example.com"})


def test_a_get_is_refused(client: Client, shop: Installation) -> None:
    answer = client.get(f"/graphql/storefront/{shop.storefront_key}/", {"query": ME})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_too_large_a_body_is_refused(client: Client, shop: Installation) -> None:
    status, answer = ask(client, shop, ME + " " * 100_000, Authorization=token())
    assert (status, answer["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")


def test_a_database_that_is_away_is_told_as_such(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(storefront_key: str) -> None:
        raise OperationalError

    monkeypatch.setattr(shops, "named", away)
    status, answer = ask(client, "pk_any")
    assert (status, answer["errors"][0]["extensions"]["code"]) == (503, "STORAGE_AWAY")
