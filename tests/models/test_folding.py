"""The two interpreters of one set of rules: what SQL folds is what Python folds."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions.customers import _profile_row
from saleor_lifecycle.domain.ladder import loss_rules
from saleor_lifecycle.domain.phases import stand
from saleor_lifecycle.domain.prediction import FIXED, RUNG_FIT, LossRule, Parameters
from saleor_lifecycle.domain.profile import CartRow, OrderRow, fold
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, Kind, LossPolicy, Part, Policy
from saleor_lifecycle.models import Customer, Installation, folding
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.installations import Scoring
from tests.domain.histories import carts, common
from tests.domain.histories import orders as any_channel
from tests.domain.shops import rules
from tests.people import put

pytestmark = pytest.mark.django_db

Person = tuple[list[datetime], list[OrderRow], list[CartRow]]
"""And when they followed a link of a message comes beside it."""

channels = st.sampled_from(["", "default-channel", "españa", "Z"])
orders = st.builds(lambda order, channel: replace(order, channel=channel), any_channel, channels)
people: st.SearchStrategy[Person] = st.tuples(
    st.lists(common, max_size=2), st.lists(orders, max_size=8), st.lists(carts, max_size=4)
)
parts = st.builds(
    Part, st.floats(1, 400), st.dictionaries(st.sampled_from(Kind), st.floats(-50, 50).filter(lambda w: abs(w) > 0.1))
)
losses = st.builds(
    LossPolicy,
    share=st.floats(0.05, 0.95),
    earliest_days=st.floats(1, 60),
    latest_days=st.floats(60, 400),
    set_days=st.none() | st.floats(1, 400),
    per_channel=st.dictionaries(channels, st.floats(1, 400), max_size=2),
)
policies = st.builds(
    Policy,
    before=parts,
    customer=parts,
    theta=st.floats(0.5, 30),
    k=st.floats(1, 40),
    warm_from=st.floats(5, 40),
    hot_from=st.floats(41, 95),
    keeps_returned_buyers=st.booleans(),
    loss=losses,
)


def by_sql(
    installation: Installation,
    scoring: Scoring,
    held: list[Customer],
    now: datetime,
    statement: str = folding.WHOLE,
    made: tuple[str, ...] = folding.WHOLE_COLUMNS,
) -> list[dict[str, Any]]:
    columns = ("id", *made)
    first, last = min(one.pk for one in held), max(one.pk for one in held)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{statement} SELECT {', '.join(columns)} FROM stood ORDER BY id",
            folding.values(installation, scoring, first - 1, last, now),
        )
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        for name in {"spent", "sums"} & row.keys():
            field = Customer._meta.get_field(name)
            row[name] = field.from_db_value(row[name], None, connection)  # type: ignore[union-attr]
    return rows


def by_python(
    person: Person, installation: Installation, scoring: Scoring, now: datetime, clicks: list[datetime]
) -> dict[str, Any]:
    profile = fold(*person, scoring.policy, ZoneInfo(installation.time_zone), scoring.rules, clicks)
    standing = stand(profile, scoring.policy, now)
    return {
        **_profile_row(profile, None),
        "phase": standing.phase.value,
        "phase_reason": standing.reason.value,
        "band": standing.band.value,
        "due_at": standing.due_at,
    }


def assert_equal(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """The same, sums to 1e-9, dates to the second; money to the digit."""
    found, expected = dict(found), dict(expected)
    sums, expected_sums = found.pop("sums"), expected.pop("sums")
    assert [entry[:2] for entry in sums] == [entry[:2] for entry in expected_sums]
    assert [entry[2] for entry in sums] == pytest.approx([entry[2] for entry in expected_sums], abs=1e-9)
    for name in ("before_u", "customer_u"):
        assert found.pop(name) == pytest.approx(expected.pop(name), abs=1e-9)
    spent, expected_spent = found.pop("spent"), expected.pop("spent")
    assert {key: Decimal(amount) for key, amount in spent.items()} == {
        key: Decimal(amount) for key, amount in expected_spent.items()
    }
    assert {name: found[name] for name in expected if name != "policy_id"} == {
        name: value for name, value in expected.items() if name != "policy_id"
    }


@given(st.lists(people, min_size=1, max_size=4), policies, rules | st.just(FIXED), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_fold_alike(
    installation: Installation, persons: list[Person], policy: Policy, rule: LossRule, data: st.DataObject
) -> None:
    now = data.draw(common)
    clicks = [data.draw(st.lists(common, max_size=3)) for _ in persons]
    installation.time_zone = data.draw(st.sampled_from(["UTC", "Europe/Madrid", "Pacific/Auckland"]))
    scoring = Scoring(policy, loss_rules(rule, policy.loss))
    with within(installation.pk):
        held = [put(installation, *person, now, told) for person, told in zip(persons, clicks, strict=True)]
        rows = by_sql(installation, scoring, held, now)
    assert len(rows) == len(persons)
    for person, told, row in zip(persons, clicks, rows, strict=True):
        assert_equal(row, by_python(person, installation, scoring, now, told))


@given(st.lists(people, min_size=1, max_size=4), policies, policies, rules | st.just(FIXED), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_policy_that_reads_orders_as_the_one_before_needs_no_more_than_the_scores(
    installation: Installation,
    persons: list[Person],
    before: Policy,
    policy: Policy,
    rule: LossRule,
    data: st.DataObject,
) -> None:
    now = data.draw(common)
    clicks = [data.draw(st.lists(common, max_size=3)) for _ in persons]
    policy = replace(policy, loss=before.loss, keeps_returned_buyers=before.keeps_returned_buyers)
    rules = loss_rules(rule, before.loss)
    with within(installation.pk):
        held = [put(installation, *person, now, told) for person, told in zip(persons, clicks, strict=True)]
        for row in by_sql(installation, Scoring(before, rules), held, now):
            Customer.objects.filter(pk=row.pop("id")).update(**row)
        kept = list(Customer.objects.filter(pk__in=[one.pk for one in held]).order_by("pk").values())
        made = folding.SCORE_COLUMNS
        rows = by_sql(installation, Scoring(policy, rules), held, now, folding.SCORES, made)
    assert len(rows) == len(persons)
    for person, told, was, row in zip(persons, clicks, kept, rows, strict=True):
        assert_equal({**was, **row}, by_python(person, installation, Scoring(policy, rules), now, told))


@pytest.mark.parametrize("many", [1, 1200])
def test_so_they_do_where_somebody_ordered_very_often(installation: Installation, now: datetime, many: int) -> None:
    order = OrderRow(now, "FULFILLED", "FULL", Decimal(1), Decimal(0), Decimal("1.000"), "EUR", "c")
    person: Person = ([], [replace(order, created_at=now - timedelta(days=2 * day)) for day in range(many)], [])
    shop = LossRule(RUNG_FIT, Parameters(0.64, 51.0, 0.81, 1.23))
    scoring = Scoring(DEFAULT_POLICY, loss_rules(shop, LossPolicy(latest_days=3650)))
    with within(installation.pk):
        (row,) = by_sql(installation, scoring, [put(installation, *person, now)], now)
    assert row["order_days"] == many
    assert_equal(row, by_python(person, installation, scoring, now, []))
