from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Customer, Installation, PhaseChange
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.tokens import DashboardToken
from tests.api.conftest import EVERYTHING, Ask
from tests.facts import CHECKOUT, GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MOVEMENT = """query ($days: Int! = 30) { movement(days: $days) {
    since entered moves { before after cause customers } days { day into { phase customers } } } }"""
PHASES = "{ phases { phase customers } }"


def counted(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["phase"]: row["customers"] for row in rows if row["customers"]}


def change(
    installation: Installation, at: datetime, before: str = "education", after: str = "sales", cause: str = "behaviour"
) -> None:
    with within(installation.pk):
        customer = Customer.objects.create(installation=installation, created_at=at)
        PhaseChange.objects.create(
            installation=installation, customer=customer, before=before, after=after, cause=cause, reason="", at=at
        )


def test_four_rows_stand_in_the_order_of_the_journey_also_in_an_empty_shop(ask: Ask) -> None:
    assert ask(PHASES)["phases"] == [
        {"phase": phase, "customers": 0} for phase in ("EDUCATION", "SALES", "RETENTION", "LOSS")
    ]


def test_counts_the_customers_of_this_shop(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now), account(now, GRACE, "grace@example.com"), order(now)], now)
    tell(other_installation, [account(now)], now)
    assert counted(ask(PHASES)["phases"]) == {"EDUCATION": 1, "RETENTION": 1}
    assert counted(ask(PHASES, of=other_installation)["phases"]) == {"EDUCATION": 1}


def test_two_who_turned_out_to_be_one_count_once(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [order(now, user=None)], now)
    tell(installation, [account(now)], now)
    assert counted(ask(PHASES)["phases"]) == {"RETENTION": 1}


def test_movement_sums_who_came_and_who_moved(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY)], now - DAY)
    tell(installation, [cart(now)], now)
    tell(installation, [account(now, GRACE, "grace@example.com"), order(now, user=GRACE)], now, Cause.IMPORT)
    movement = ask(MOVEMENT, days=3)["movement"]
    assert movement["entered"] == 2
    assert movement["moves"] == [{"before": "EDUCATION", "after": "SALES", "cause": "BEHAVIOUR", "customers": 1}]
    assert [(day["day"], counted(day["into"])) for day in movement["days"]] == [
        ("2026-03-09", {}),
        ("2026-03-10", {"EDUCATION": 1}),
        ("2026-03-11", {"SALES": 1, "RETENTION": 1}),
    ]


def test_moves_of_one_kind_are_added_up_and_the_most_frequent_stands_first(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    change(installation, now, "retention", "loss", "time")
    for back in (0, 1, 29):
        change(installation, now - back * DAY)
    assert ask(MOVEMENT)["movement"]["moves"] == [
        {"before": "EDUCATION", "after": "SALES", "cause": "BEHAVIOUR", "customers": 3},
        {"before": "RETENTION", "after": "LOSS", "cause": "TIME", "customers": 1},
    ]


def test_the_days_are_the_shops(ask: Ask, installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Installation.objects.update(time_zone="America/New_York")
    # Clocks went forward on March 8th there: that day had 23 hours.
    midnight = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)
    change(installation, midnight - timedelta(microseconds=1), after="sales")
    change(installation, midnight, after="loss")
    change(installation, midnight + timedelta(hours=23), after="retention")
    movement = ask(MOVEMENT, days=4)["movement"]
    assert movement["since"] == "2026-03-08T00:00:00-05:00"
    assert [(day["day"], counted(day["into"])) for day in movement["days"]] == [
        ("2026-03-08", {"LOSS": 1}),
        ("2026-03-09", {"RETENTION": 1}),
        ("2026-03-10", {}),
        ("2026-03-11", {}),
    ]


@pytest.mark.parametrize(("days", "is_right"), [(0, False), (1, True), (365, True), (366, False), (-1, False)])
def test_a_stretch_of_time_has_between_one_day_and_a_year(
    installation: Installation, now: datetime, days: int, is_right: bool
) -> None:
    context = Context(installation.pk, DashboardToken("x", "", EVERYTHING), now)
    with CaptureQueriesContext(connection) as queries:
        result = schema.execute_sync(MOVEMENT, {"days": days}, context)
    if is_right:
        assert result.errors is None
        assert result.data is not None
        assert len(result.data["movement"]["days"]) == days
    else:
        assert [error.extensions for error in result.errors or ()] == [{"code": "INVALID"}]
        assert len(queries) == 0


def test_what_is_asked_of_the_database_does_not_grow_with_the_shop(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    question = "{ phases { customers } movement { days { into { customers } } } cartFlow { results { entered } } }"
    with CaptureQueriesContext(connection) as few:
        ask(question)
    people = [f"VXNlcjo{number}" for number in range(40)]
    tell(installation, [account(now, person, f"{person}@example.com".lower()) for person in people], now)
    tell(installation, [cart(now, f"{CHECKOUT}{person}", person, None) for person in people], now)
    with CaptureQueriesContext(connection) as many:
        ask(question)
    assert len(many) == len(few)
