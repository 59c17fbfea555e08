from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.api.storefront.me import LifecyclePhase
from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.models import Customer, Installation
from saleor_lifecycle.models.entry import within
from tests.api.storefront import answer, data
from tests.facts import ADA, GRACE, account, deletion, order, tell

pytestmark = pytest.mark.django_db

ME = "{ lifecycleMe { id phase } }"
USERS = """
query ($named: [_Any!]!) {
  _entities(representations: $named) { ... on User { id lifecycle { id phase } } }
}
"""


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop that has agreed to the projection, with a buyer and somebody who has not bought."""
    with within(installation.pk):
        Installation.objects.update(is_projecting=True)
    facts = [account(now), account(now, GRACE, "grace@example.com"), order(now - timedelta(days=1))]
    tell(installation, facts, now)
    return installation


def public_id(shop: Installation, user_id: str) -> str:
    with within(shop.pk):
        return str(Customer.objects.get(identities__value=user_id).public_id)


def named(*user_ids: str) -> list[dict[str, str]]:
    return [{"__typename": "User", "id": user_id} for user_id in user_ids]


def test_a_customer_reads_their_phase(shop: Installation, now: datetime) -> None:
    assert data(shop, now, ME) == {"lifecycleMe": {"id": public_id(shop, ADA), "phase": "RETENTION"}}
    assert data(shop, now, ME, GRACE) == {"lifecycleMe": {"id": public_id(shop, GRACE), "phase": "EDUCATION"}}


@pytest.mark.parametrize("answered", [None, False])
def test_the_phase_is_told_only_where_it_is_projected(shop: Installation, now: datetime, answered: bool | None) -> None:
    with within(shop.pk):
        Installation.objects.update(is_projecting=answered)
    assert data(shop, now, ME) == {"lifecycleMe": {"id": public_id(shop, ADA), "phase": None}}
    assert data(shop, now, USERS, named=named(ADA))["_entities"][0]["lifecycle"]["phase"] is None


@pytest.mark.parametrize("user_id", [None, "VXNlcjo5"])
def test_nobody_and_somebody_unknown_have_no_lifecycle(shop: Installation, now: datetime, user_id: str | None) -> None:
    assert data(shop, now, ME, user_id) == {"lifecycleMe": None}


def test_a_deleted_account_has_no_lifecycle(shop: Installation, now: datetime) -> None:
    tell(shop, [deletion(now)], now)
    assert data(shop, now, ME) == {"lifecycleMe": None}


def test_another_shops_customer_is_not_found(
    shop: Installation, other_installation: Installation, now: datetime
) -> None:
    assert data(other_installation, now, ME) == {"lifecycleMe": None}
    assert data(other_installation, now, USERS, None, is_server=True, named=named(ADA))["_entities"] == [
        {"id": ADA, "lifecycle": None}
    ]


def test_a_gateway_extends_only_the_customer_who_asks(shop: Installation, now: datetime) -> None:
    found = data(shop, now, USERS, named=named(GRACE, ADA))["_entities"]
    assert found == [
        {"id": GRACE, "lifecycle": None},
        {"id": ADA, "lifecycle": {"id": public_id(shop, ADA), "phase": "RETENTION"}},
    ]
    assert data(shop, now, USERS, None, named=named(ADA))["_entities"] == [{"id": ADA, "lifecycle": None}]


def test_a_server_extends_anybody_in_the_order_asked(shop: Installation, now: datetime) -> None:
    found = data(shop, now, USERS, None, is_server=True, named=named(GRACE, "VXNlcjo5", ADA, GRACE))["_entities"]
    assert [one["id"] for one in found] == [GRACE, "VXNlcjo5", ADA, GRACE]
    assert [one["lifecycle"] and one["lifecycle"]["phase"] for one in found] == [
        "EDUCATION",
        None,
        "RETENTION",
        "EDUCATION",
    ]


def test_a_hundred_users_take_as_many_queries_as_one(shop: Installation, now: datetime) -> None:
    tell(shop, [account(now, f"VXNlcjo{number}", f"{number}@example.com") for number in range(10, 110)], now)
    counts = []
    for many in (1, 100):
        people = named(*(f"VXNlcjo{number}" for number in range(10, 10 + many)))
        with CaptureQueriesContext(connection) as queries:
            found = data(shop, now, USERS, None, is_server=True, named=people)["_entities"]
        assert sum(one["lifecycle"] is not None for one in found) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_not_told_is_not_read(shop: Installation, now: datetime) -> None:
    with CaptureQueriesContext(connection) as queries:
        data(shop, now, USERS, None, named=named(ADA, GRACE))
        data(shop, now, ME, None)
    assert len(queries) == 0


def test_at_most_a_hundred_representations_are_answered(shop: Installation, now: datetime) -> None:
    with CaptureQueriesContext(connection) as queries:
        result = answer(shop, now, USERS, named=named(*[ADA] * 101))
    assert result.data is None
    assert result.errors
    assert result.errors[0].extensions == {"code": "TOO_LARGE"}
    assert len(queries) == 0


@pytest.mark.parametrize(
    "representation",
    [
        {},
        "User",
        None,
        {"__typename": "User"},
        {"__typename": "User", "id": 1},
        {"__typename": "User", "email": "ada@example.com"},
        {"__typename": "ProductVariant", "id": "VmFyaWFudDox", "channel": "web"},
        {"__typename": "LifecycleMe", "id": "1"},
        {"__typename": "Query", "id": "1"},
        {"__typename": "nothing of ours", "id": "1"},
    ],
)
def test_nothing_but_users_is_resolved(shop: Installation, now: datetime, representation: Any) -> None:
    if representation is None:  # refused by the schema itself
        assert answer(shop, now, USERS, named=[None]).data is None
        return
    result = answer(shop, now, USERS, named=[representation, *named(ADA)])
    assert result.data is not None
    assert result.data["_entities"][0] is None
    assert result.data["_entities"][1]["lifecycle"] is not None
    assert result.errors
    assert [error.extensions for error in result.errors] == [{"code": "INVALID"}]


def test_a_representation_cannot_slip_in_arguments(shop: Installation, now: datetime) -> None:
    slipped = [{"__typename": "User", "id": ADA, "info": None, "cls": None, "self": 1}]
    assert data(shop, now, USERS, named=slipped)["_entities"][0]["id"] == ADA


def test_there_are_the_phases_that_there_are() -> None:
    assert {phase.name: phase.value for phase in LifecyclePhase} == {phase.name: phase.value for phase in Phase}
