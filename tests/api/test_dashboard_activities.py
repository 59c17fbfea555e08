"""The activities of a customer, page by page, and where the customer came from."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.domain.touches import Touch
from saleor_lifecycle.models import Installation
from saleor_lifecycle.saleor.tokens import DashboardToken
from tests.api.conftest import EVERYTHING, Ask
from tests.facts import ADA, GRACE, account, cart, order, tell
from tests.visits import visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOUCH = "{ at source medium campaign term content referrerHost clickIdName }"


def customer(ask: Ask, fields: str, **more: Any) -> dict[str, Any]:
    variables = " ($after: String)" if "$after" in fields else ""
    query = f'query{variables} {{ customer(userId: "{ADA}") {{ {fields} }} }}'
    answer: dict[str, Any] = ask(query, **more)["customer"]
    return answer


def pages(ask: Ask, first: int) -> list[list[dict[str, Any]]]:
    """Return all pages of a customer's activities."""
    found: list[list[dict[str, Any]]] = []
    after = None
    while True:
        fields = f"activities(first: {first}, after: $after) {{ kind at reference cursor }}"
        rows = customer(ask, fields, after=after)["activities"]
        if not rows:
            return found
        found.append(rows)
        after = rows[-1]["cursor"]


@pytest.fixture
def busy(installation: Installation, now: datetime) -> Installation:
    """A shop with a customer who did much, a good part of it at one and the same moment."""
    back = Decimal(20)
    tell(installation, [account(now - DAY, joined=now, consent=True)], now)
    tell(
        installation,
        [
            replace(order(now, f"T3JkZXI6{number}"), number=f"{number}", charged=Decimal(0), refunded=back)
            for number in range(12)
        ],
        now,
    )
    tell(installation, [cart(now, f"checkout {number}") for number in range(4)], now)
    visit(installation, now, user_id=ADA, products=tuple(f"UHJvZHVjdDo{number}" for number in range(9)))
    visit(installation, now - HOUR, user_id=ADA)
    return installation


@pytest.mark.parametrize("first", [1, 2, 3, 7, 40, 100])
@pytest.mark.usefixtures("busy")
def test_each_is_on_one_page_in_the_same_order_however_long_the_pages_are(ask: Ask, first: int) -> None:
    found = pages(ask, first)
    rows = [row for page in found for row in page]
    assert [len(page) for page in found[:-1]] == [first] * (len(found) - 1)
    assert len({row["cursor"] for row in rows}) == len(rows) == 2 * 12 + 4 + 9 + 2 + 1 + 1
    assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)
    assert rows == pages(ask, 100)[0]


def test_what_comes_meanwhile_moves_no_page(ask: Ask, busy: Installation, now: datetime) -> None:
    before = pages(ask, 5)
    cursor = before[0][-1]["cursor"]
    visit(busy, now + HOUR, user_id=ADA)
    fields = "activities(first: 5, after: $after) { kind at reference cursor }"
    assert customer(ask, fields, after=cursor)["activities"] == before[1]


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "eA==", "MjAyNi0wMy0xMSBjYXJ0IDE=", "MjAyNi0wMy0xMVQxMjowMCBub25lIDE="]
)
def test_what_is_no_cursor_is_refused(installation: Installation, now: datetime, cursor: str) -> None:
    tell(installation, [account(now)], now)
    question = f'query ($after: String) {{ customer(userId: "{ADA}") {{ activities(after: $after) {{ at }} }} }}'
    context = Context(installation.pk, DashboardToken("x", "", EVERYTHING), now)
    result = schema.execute_sync(question, {"after": cursor}, context)
    assert [error.extensions for error in result.errors or ()] == [{"code": "INVALID"}]


def test_a_word_of_consent_names_who_said_it(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, consent=False, joined=now - DAY)], now)
    rows = customer(ask, "activities { kind at reference }")["activities"]
    assert rows[0] == {"kind": "CONSENT", "at": now.isoformat(), "reference": "account: no"}


def test_where_a_customer_came_from(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 9 * DAY)], now - 9 * DAY)
    both = f"firstTouch {TOUCH} lastTouch {TOUCH}"
    assert customer(ask, both) == {"firstTouch": None, "lastTouch": None}
    visit(installation, now - 3 * DAY, "newsletter", ADA)
    visit(installation, now - DAY, "last", GRACE, visitor="the-browser-of-grace")
    begun = now - 5 * DAY
    came = Touch(begun, "google", "cpc", "verano", "zapatos", "arriba", "google.es", "gclid", "secret")
    tell(installation, [replace(cart(begun), touch=came)], now)
    said = {
        "at": begun.isoformat(),
        "source": "google",
        "medium": "cpc",
        "campaign": "verano",
        "term": "zapatos",
        "content": "arriba",
        "referrerHost": "google.es",
        "clickIdName": "gclid",
    }
    assert customer(ask, both) == {
        "firstTouch": said,
        "lastTouch": {**dict.fromkeys(said), "at": (now - 3 * DAY).isoformat(), "source": "newsletter"},
    }


def test_an_order_has_the_last_touch_before_it(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 9 * DAY)], now - 9 * DAY)
    for ago, source in ((7, "first"), (5, "before the second"), (1, "after all")):
        visit(installation, now - ago * DAY, source, ADA)
    begun = now - 3 * DAY
    tell(installation, [replace(cart(begun), touch=Touch(begun, "of the cart"))], begun)
    placed = {"none": 8 * DAY, "first": 7 * DAY, "second": 4 * DAY, "third": 2 * DAY}
    tell(
        installation,
        [replace(order(now - ago, f"T3JkZXI6{name}"), number=name) for name, ago in placed.items()],
        now,
    )
    rows = customer(ask, "activities(first: 100) { kind reference touch { source } }")["activities"]
    found = {row["reference"]: row["touch"] and row["touch"]["source"] for row in rows if row["kind"] == "ORDER"}
    assert found == {"none": None, "first": "first", "second": "before the second", "third": "of the cart"}
