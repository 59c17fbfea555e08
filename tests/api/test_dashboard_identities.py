from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.models import Installation, Separation
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask
from tests.facts import ADA, GRACE, account, order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STAFF = "VXNlcjoyMQ=="
FIELDS = "id orders identities { id kind label joinedAt separatedAt }"
HANDLES = "identities { kind label separatedAt } errors { field code }"
NOTHING = "00000000-0000-4000-8000-000000000000"


def person(ask: Ask, user: str = ADA, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = ask(f"query ($user: ID!) {{ customer(userId: $user) {{ {FIELDS} }} }}", user=user, **more)
    return dict(found["customer"])


def say(ask: Ask, what: str, customer: str, identity: str, **more: Any) -> dict[str, Any]:
    query = f"mutation ($c: ID!, $i: ID!) {{ {what}(customerId: $c, identityId: $i) {{ {HANDLES} }} }}"
    return dict(ask(query, c=customer, i=identity, **more)[what])


@pytest.fixture
def joined(installation: Installation, now: datetime) -> Installation:
    tell(installation, [order(now - DAY, user=None), account(now, joined=now - HOUR)], now)
    return installation


def test_shows_who_is_one_person_without_the_whole_address(ask: Ask, joined: Installation, now: datetime) -> None:
    email, own = sorted(person(ask)["identities"], key=lambda one: str(one["kind"]))
    assert email.pop("id") != own.pop("id")
    assert email == {
        "kind": "EMAIL",
        "label": "a•••@example.com",
        "joinedAt": now.isoformat(),
        "separatedAt": None,
    }
    assert own == {"kind": "USER", "label": ADA, "joinedAt": (now - HOUR).isoformat(), "separatedAt": None}


def test_staff_separate_two_people_and_take_it_back(ask: Ask, joined: Installation, now: datetime) -> None:
    before = person(ask)
    email = next(one["id"] for one in before["identities"] if one["kind"] == "EMAIL")
    assert say(ask, "customerSeparate", before["id"], email) == {
        "identities": [
            {"kind": "USER", "label": ADA, "separatedAt": None},
            {"kind": "EMAIL", "label": "a•••@example.com", "separatedAt": now.isoformat()},
        ],
        "errors": [],
    }
    assert person(ask)["orders"] == 0
    with within(joined.pk):
        assert [row.separated_by for row in Separation.objects.all()] == [STAFF]
    assert say(ask, "customerRejoin", before["id"], email)["errors"] == []
    assert person(ask) == before
    with within(joined.pk):
        assert [row.rejoined_by for row in Separation.objects.all()] == [STAFF]


@pytest.mark.parametrize("what", ["customerSeparate", "customerRejoin"])
def test_refuses_what_is_nobodys(
    ask: Ask, joined: Installation, other_installation: Installation, now: datetime, what: str
) -> None:
    tell(joined, [account(now, GRACE, "grace@example.com")], now)
    tell(other_installation, [account(now), order(now, user=None)], now)
    ada, grace, strange = person(ask), person(ask, GRACE), person(ask, of=other_installation)
    wrong = [
        ("customerId", "x", ada["identities"][0]["id"]),
        ("customerId", NOTHING, ada["identities"][0]["id"]),
        ("customerId", strange["id"], strange["identities"][0]["id"]),
        ("identityId", ada["id"], "x"),
        ("identityId", ada["id"], grace["identities"][0]["id"]),
        ("identityId", ada["id"], strange["identities"][0]["id"]),
    ]
    for field, customer, identity in wrong:
        assert say(ask, what, customer, identity) == {
            "identities": [],
            "errors": [{"field": field, "code": "INVALID"}],
        }
    for shop in (joined, other_installation):
        with within(shop.pk):
            assert not Separation.objects.exists()


def test_refuses_what_is_not_joined_or_not_apart(ask: Ask, joined: Installation, now: datetime) -> None:
    ada = person(ask)
    email = next(one["id"] for one in ada["identities"] if one["kind"] == "EMAIL")
    refused = {"identities": [], "errors": [{"field": "identityId", "code": "INVALID"}]}
    assert say(ask, "customerRejoin", ada["id"], email) == refused
    say(ask, "customerSeparate", ada["id"], email)
    assert say(ask, "customerSeparate", ada["id"], email) == refused
    with within(joined.pk):
        assert Separation.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "found"),
    [(" Ada@Example.com ", ADA), ("grace@example.com", None), ("nobody@example.com", None), ("", None)],
)
def test_an_account_is_found_by_its_customers_e_mail(ask: Ask, joined: Installation, email: str, found: str) -> None:
    query = "query ($email: String!) { accountWithEmail(email: $email) { kind label } }"
    answer = ask(query, email=email)["accountWithEmail"]
    assert answer == (found and {"kind": "USER", "label": found})


def test_no_account_of_another_shop_is_found(ask: Ask, joined: Installation, other_installation: Installation) -> None:
    query = '{ accountWithEmail(email: "ada@example.com") { label } }'
    assert ask(query)["accountWithEmail"] is not None
    assert ask(query, of=other_installation)["accountWithEmail"] is None
