"""The dashboard schema over HTTP: who gets in, what is asked too much, what is read of a refused request."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.api.dashboard import installations as schema_of_installations
from saleor_lifecycle.domain.facts import AppChange, AppFact
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.web import shops
from tests.facts import tell
from tests.saleor.test_tokens import FORGED, WRONG_FOR_BOTH, WRONG_FOR_THE_DASHBOARD
from tests.shop_server import ShopServer
from tests.tokens import customer_claims, dashboard_claims, jwks, key, signed

pytestmark = pytest.mark.django_db

PATH = "/graphql/dashboard/"
API_URL = "https://shop.example.com/graphql/"
APP = "QXBwOjE="
VIEWER = "{ viewer { userId email permissions } }"
Claims = dict[str, Any]


def install(url: str = API_URL, app: str = APP, keys: Claims | None = None) -> int:
    """Return the installation's id; its keys were read long ago, so they may be asked for again."""
    return register(Registration(url, app, "token", keys or jwks()), timezone.now() - timedelta(days=1))


def ask(client: Client, token: str | None, query: str = VIEWER, **more: Any) -> tuple[int, dict[str, Any]]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    body = json.dumps({"query": query, **more})
    answer = client.post(PATH, body, content_type="application/json", headers=headers)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    return answer.status_code, answer.json()


def refused(client: Client, token: str | None, looks_up: bool = False) -> tuple[int, str]:
    """Return the status and the code of a refusal, for which nothing was read.

    ``looks_up``: but for which installations there are, under the role that sees nothing else of them.
    """
    with CaptureQueriesContext(connection) as queries:
        status, answer = ask(client, token)
    assert "data" not in answer
    asked = [query["sql"] for query in queries]
    assert [sql for sql in asked if "lifecycle_app" in sql or ("lifecycle_" in sql and not looks_up)] == []
    return status, answer["errors"][0]["extensions"]["code"]


@pytest.fixture
def known(db: None) -> int:
    """An installed shop that this process has in mind, so that to refuse a token takes no look at the database."""
    installation_id = install()
    shops.find(API_URL)
    return installation_id


def claims(**changes: Any) -> Claims:
    return dashboard_claims(timezone.now(), **changes)


def test_a_staff_member_gets_in(client: Client, known: int) -> None:
    status, answer = ask(client, signed(claims()))
    assert status == 200
    assert answer == {
        "data": {
            "viewer": {
                "userId": "VXNlcjoyMQ==",
                "email": "staff@shop.example.com",
                "permissions": ["MANAGE_CHECKOUTS", "MANAGE_ORDERS", "MANAGE_USERS"],
            }
        }
    }


# A key that the shop does not have makes us ask for its keys: see below.
@pytest.mark.parametrize("case", set(FORGED) - {"signed with a key that the shop does not have"})
def test_a_forged_token_is_refused_and_nothing_read(client: Client, known: int, case: str) -> None:
    assert refused(client, FORGED[case](claims())) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("case", sorted(set(WRONG_FOR_BOTH | WRONG_FOR_THE_DASHBOARD)))
def test_a_token_for_something_else_is_refused_and_nothing_read(client: Client, known: int, case: str) -> None:
    wrong = (WRONG_FOR_BOTH | WRONG_FOR_THE_DASHBOARD)[case]
    is_of_another = bool({"iss", "app"} & set(wrong))
    assert refused(client, signed(claims(**wrong)), looks_up=is_of_another) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(("ago", "status"), [(timedelta(minutes=4), 200), (timedelta(minutes=6), 401)])
def test_a_token_holds_for_five_minutes(client: Client, known: int, ago: timedelta, status: int) -> None:
    token = signed(dashboard_claims(timezone.now() - ago))
    assert ask(client, token)[0] == status


def test_a_customer_is_refused(client: Client, known: int) -> None:
    assert refused(client, signed(customer_claims(timezone.now()))) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("header", [None, "", "Basic dXNlcjpwYXNz", "Bearer", "Bearer  "])
def test_without_a_token_nobody_gets_in(client: Client, known: int, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(PATH, json.dumps({"query": VIEWER}), content_type="application/json", headers=headers)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert len(queries) == 0


def test_a_token_of_one_shop_reads_nothing_of_another(client: Client, known: int) -> None:
    other = "https://other.example.com/graphql/"
    install(other, keys=jwks(key("the other's"), "the other's key"))
    query = "{ installation { saleorApiUrl } }"
    theirs = signed(claims(iss=other), key("the other's"), "the other's key")
    assert ask(client, theirs, query)[1]["data"] == {"installation": {"saleorApiUrl": other}}
    assert ask(client, signed(claims()), query)[1]["data"] == {"installation": {"saleorApiUrl": API_URL}}
    # Another shop's own key under this one's name, and the other way round.
    assert refused(client, signed(claims(iss=other), key("the shop's key"), "the other's key"))[0] == 401


def test_a_removed_app_lets_nobody_in(client: Client) -> None:
    install()
    now = timezone.now()
    with within(install()):
        installation = Installation.objects.get()
    tell(installation, [AppFact(APP, AppChange.DELETED, now)], now)
    assert ask(client, signed(claims()))[0] == 401


def test_a_new_installation_is_known_at_once_to_every_process(client: Client, known: int) -> None:
    install(app="QXBwOjI=")  # by another process: this one has the old app in mind
    assert ask(client, signed(claims(app="QXBwOjI=")))[0] == 200
    assert ask(client, signed(claims()))[0] == 401


def test_a_new_key_of_the_shop_is_fetched_once(client: Client, shop_server: ShopServer) -> None:
    install(shop_server.api_url, keys=jwks())
    shop_server.jwks = jwks(key("new"), "new")
    assert ask(client, signed(claims(iss=shop_server.api_url), key("new"), "new"))[0] == 200
    # A forged key id later does not make us ask again.
    shop_server.trouble = 500
    assert ask(client, signed(claims(iss=shop_server.api_url), key("newer"), "newer"))[0] == 401


def test_while_the_shop_does_not_give_its_keys_it_is_worth_trying_again(
    client: Client, shop_server: ShopServer
) -> None:
    install(shop_server.api_url, keys=jwks())
    shop_server.trouble = 500
    status, answer = ask(client, signed(claims(iss=shop_server.api_url), key("new"), "new"))
    assert (status, answer["errors"][0]["extensions"]["code"]) == (503, "SHOP_AWAY")


def test_while_the_database_is_away_it_is_worth_trying_again(
    client: Client, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(shops, "find", away)
    status, answer = ask(client, signed(claims()))
    assert (status, answer["errors"][0]["extensions"]["code"]) == (503, "STORAGE_AWAY")


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_only_post_is_answered(client: Client, known: int, method: str) -> None:
    answer = getattr(client, method)(
        f"{PATH}?query={{viewer{{email}}}}", headers={"Authorization": f"Bearer {signed(claims())}"}
    )
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("case", "body", "kind", "status"),
    [
        ("a form", "query=x", "application/x-www-form-urlencoded", 415),
        ("a form with files", "x", "multipart/form-data; boundary=x", 415),
        ("plain text", "{}", "text/plain", 415),
        ("nothing", " ", "application/json", 400),
        ("no JSON", "{", "application/json", 400),
        ("brackets within brackets", "[" * 50_000, "application/json", 400),
        ("a batch", json.dumps([{"query": VIEWER}]), "application/json", 400),
        ("a text", '"x"', "application/json", 400),
        ("no query", "{}", "application/json", 400),
        ("an empty query", '{"query": " "}', "application/json", 400),
        ("a query that is a number", '{"query": 1}', "application/json", 400),
        ("variables that are a list", json.dumps({"query": VIEWER, "variables": []}), "application/json", 400),
        (
            "an operation that is not there",
            json.dumps({"query": VIEWER, "operationName": "x"}),
            "application/json",
            400,
        ),
        ("a subscription", json.dumps({"query": "subscription { x }"}), "application/json", 200),
        ("too much", json.dumps({"query": VIEWER, "more": "x" * 100_000}), "application/json", 413),
    ],
)
def test_what_is_no_question_is_told_so(
    client: Client, known: int, case: str, body: str, kind: str, status: int
) -> None:
    answer = client.post(PATH, body, content_type=kind, headers={"Authorization": f"Bearer {signed(claims())}"})
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]
    assert "data" not in answer.json() or answer.json()["data"] is None


def aliased(number: int) -> str:
    return "{" + " ".join(f"a{n}: viewer {{ email }}" for n in range(number)) + "}"


def introspective(levels: int) -> str:
    return "{ __schema { types " + "{ fields { type " * levels + "{ name }" + " } }" * levels + " } }"


def doubling(levels: int) -> str:
    """A document whose fragments spread each other twice: two to the power of ``levels`` when written out."""
    inner = "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(levels))
    return f"{{ ...f0 }} {inner} fragment f{levels} on Query {{ viewer {{ email }} }}"


@pytest.mark.parametrize(
    ("case", "query"),
    [
        ("deep", "{ customer(userId: 1) " + "{ next " * 300 + "{ at }" + " }" * 300 + " }"),
        ("a little too deep", "{ viewer " + "{ email " * 9 + "{ x }" + " }" * 9 + " }"),
        ("aliases", aliased(16)),
        ("aliases in a fragment", f"{{ ...f ...f }} fragment f on Query {aliased(8)}"),
        ("long", "{" + "viewer { email } " * 400 + "}"),
        ("fragments that double", doubling(60)),
        ("a fragment in itself", "{ ...f } fragment f on Query { viewer { email } ...f }"),
        ("a fragment that is not there", "{ ...f }"),
        ("introspection without end", introspective(8)),
        ("no GraphQL", "{"),
        ("no such field", "{ customers { email } }"),
    ],
)
def test_what_asks_too_much_is_refused_and_nothing_read(
    client: Client, known: int, case: str, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    with CaptureQueriesContext(connection) as queries, caplog.at_level(logging.ERROR):
        status, answer = ask(client, signed(claims()), query)
    assert status == 200
    assert answer["data"] is None
    assert all(error["message"] != "internal error" for error in answer["errors"])
    assert len(queries) == 0
    assert caplog.records == []


def test_what_is_just_within_the_limits_is_answered(client: Client, known: int) -> None:
    _, answer = ask(client, signed(claims()), aliased(15))
    assert len(answer["data"]) == 15


def test_tools_may_ask_what_the_schema_is(client: Client, known: int) -> None:
    from graphql import get_introspection_query

    _, answer = ask(client, signed(claims()), get_introspection_query())
    assert answer["data"]["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize(("language", "said"), [("es", "Pon de 30 a 3650 días."), ("en", "Give 30 to 3650 days.")])
def test_what_is_wrong_is_said_in_the_language_of_who_asks(
    client: Client, known: int, language: str, said: str
) -> None:
    answer = client.post(
        PATH,
        json.dumps({"query": "mutation { activityRetentionSet(days: 1) { errors { message } } }"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {signed(claims())}", "Accept-Language": language},
    )
    assert answer.json() == {"data": {"activityRetentionSet": {"errors": [{"message": said}]}}}


def test_an_unexpected_error_is_neither_told_nor_logged_with_its_text(
    client: Client, known: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = "@".join(("ada", "example.com"))  # a traceback shows lines of code, so it may not stand in one

    def broken(*_: object) -> None:
        raise ValueError(f"{person} is not what was expected")

    monkeypatch.setattr(schema_of_installations, "rows_of", broken)
    with caplog.at_level(logging.DEBUG):
        status, answer = ask(client, signed(claims()), "{ installation { shopName } }")
    assert status == 200
    assert answer["errors"] == [
        {"message": "internal error", "path": ["installation"], "extensions": {"code": "INTERNAL"}}
    ]
    assert "ValueError" in caplog.text
    assert person not in caplog.text


def test_a_refusal_says_why_and_holds_nothing_of_the_token(client: Client, known: int) -> None:
    token = signed(dashboard_claims(timezone.now() - timedelta(hours=1)))
    _, answer = ask(client, token)
    assert answer == {
        "errors": [{"message": "The token was refused: it has expired.", "extensions": {"code": "UNAUTHENTICATED"}}]
    }


@pytest.mark.parametrize(
    "body",
    [
        r'{"query": "query($id: ID!) { customer(userId: $id) { id } }", "variables": {"id": "VX\u0000"}}',
        r'{"query": "{ customer(userId: \"\\u0000\") { id } }"}',
        r'{"query": "{ customer(userId: \"\\u{0}\") { id } }"}',
        r'{"query": "{ customer(userId: \"\u005cu0000\") { id } }"}',
        r'{"query": "query($id: ID!) { customer(userId: $id) { id } }", "variables": {"id": "VX\ud83d"}}',
    ],
    ids=["in a variable", "in the query", "in the query, in braces", "in disguise", "half a character"],
)
def test_refuses_the_characters_that_the_database_cannot_hold(client: Client, body: str) -> None:
    install()
    token = signed(dashboard_claims(timezone.now()))
    answer = client.post(PATH, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID")


@pytest.mark.parametrize("name", ["https://shop.example.com/\ud800", "https://shop.example.com/\x00"])
def test_a_token_of_a_shop_that_nobody_could_store_is_refused_and_nothing_read(client: Client, name: str) -> None:
    assert refused(client, signed(claims(iss=name))) == (401, "UNAUTHENTICATED")
