from datetime import datetime
from typing import Any

import pytest

from saleor_lifecycle.models import Installation
from tests.api.storefront import data
from tests.entering import CALLED, entered, flow
from tests.facts import ADA, account, tell

pytestmark = pytest.mark.django_db

ENTER = """mutation ($input: LifecycleFlowEnterInput!) {
  lifecycleFlowEnter(input: $input) { outcome errors { field code } } }"""


def enter(shop: Installation, now: datetime, *, is_server: bool = True, **given: Any) -> Any:
    wanted = {"flow": "hello"} | given
    return data(shop, now, ENTER, None, is_server=is_server, input=wanted)["lifecycleFlowEnter"]


def test_a_server_lets_a_customer_in_once_for_a_key(installation: Installation, now: datetime) -> None:
    flow(installation, {"kind": "api"}, now)
    tell(installation, [account(now)], now)
    properties = [{"name": "plan", "text": "gold"}, {"name": "seats", "number": 3}, {"name": "new", "flag": False}]
    for given in ({"userId": ADA}, {"email": "Ada@example.com"}):
        said = enter(installation, now, key="7", properties=properties, **given)
        assert said == {"outcome": "entered" if "userId" in given else "already", "errors": []}
    (found,) = entered(installation)
    assert (found.key, found.properties) == ("7", {"plan": "gold", "seats": 3.0, "new": False})


def test_only_a_server_may(installation: Installation, now: datetime) -> None:
    flow(installation, {"kind": "api"}, now)
    tell(installation, [account(now)], now)
    said = enter(installation, now, is_server=False, userId=ADA)
    assert said == {"outcome": None, "errors": [{"field": None, "code": "UNAUTHENTICATED"}]}
    assert entered(installation) == []


def test_a_stranger_is_told_of_and_not_kept(installation: Installation, now: datetime) -> None:
    flow(installation, {"kind": "api"}, now)
    assert enter(installation, now, email="grace@example.com") == {"outcome": "unknown_customer", "errors": []}
    assert entered(installation) == []


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"flow": "another", "userId": ADA}, "flow", "NOT_FOUND"),
        ({"flow": "by-hand", "userId": ADA}, "flow", "NOT_FOUND"),
        ({}, "email", "INVALID"),
        ({"userId": "a b"}, "userId", "INVALID"),
        ({"userId": ADA, "properties": [{"name": "a"}]}, "properties", "INVALID"),
        ({"userId": ADA, "properties": [{"name": "a", "flag": True, "text": "x"}]}, "properties", "INVALID"),
    ],
)
def test_what_does_not_hold_is_refused(
    given: dict[str, Any], field: str, code: str, installation: Installation, now: datetime
) -> None:
    flow(installation, {"kind": "api"}, now)
    flow(installation, CALLED, now, key="by-hand")
    tell(installation, [account(now)], now)
    assert enter(installation, now, **given) == {"outcome": None, "errors": [{"field": field, "code": code}]}
    assert entered(installation) == []
