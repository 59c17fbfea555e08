from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from saleor_lifecycle.actions import deliverability, ledger, visitors
from saleor_lifecycle.actions.bodies import BODIES_STAY
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.domain.touches import Touch
from saleor_lifecycle.models import (
    Activity,
    Brand,
    Cart,
    Customer,
    Decision,
    Event,
    Identity,
    Installation,
    Outbox,
    SenderDomain,
    SendingDay,
    timeline,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import upkeep
from tests.facts import ADA, account, cart, receive, tell
from tests.visits import VISITOR, visit

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
BEFORE = timedelta(days=730)


def partitions(table: str = "lifecycle_activity") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1", [table]
        )
        return [name.removeprefix(f"{table}_") for (name,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def _no_partition_stays() -> Iterator[None]:
    yield
    for table in ("lifecycle_activity", "lifecycle_event_body", "lifecycle_decision"):
        for name in set(partitions(table)) - {"default"}:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {table}_{name}")


def activities(installation: Installation) -> list[datetime]:
    with within(installation.pk):
        return sorted(Activity.objects.values_list("occurred_at", flat=True))


def test_months_are_made_before_they_come_and_for_visits_that_are_told_of_late(now: datetime) -> None:
    upkeep.run(now)
    upkeep.run(now)
    assert partitions() == ["2026_02", "2026_03", "2026_04", "2026_05", "default"]
    for table in ("lifecycle_event_body", "lifecycle_decision"):
        assert partitions(table) == ["2026_03", "2026_04", "2026_05", "default"]


def test_a_visit_lies_in_its_month(installation: Installation, now: datetime) -> None:
    upkeep.run(now)
    visit(installation, now)
    visit(installation, now + 400 * DAY)
    with within(installation.pk), connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM lifecycle_activity ORDER BY occurred_at")
        assert [name for (name,) in cursor.fetchall()] == ["lifecycle_activity_2026_03", "lifecycle_activity_default"]


def test_a_month_that_came_before_it_was_made_stays_where_it_is(installation: Installation, now: datetime) -> None:
    visit(installation, now)
    upkeep.run(now)
    assert "2026_03" not in partitions()
    assert activities(installation) == [now]


def test_what_is_too_old_goes_to_the_second(installation: Installation, now: datetime) -> None:
    for at in (now - BEFORE - SECOND, now - BEFORE, now - BEFORE + SECOND):
        visit(installation, at, user_id=ADA, products=("a",))
    upkeep.run(now)
    assert activities(installation) == [now - BEFORE] * 2 + [now - BEFORE + SECOND] * 2


def test_each_shop_keeps_activities_as_long_as_it_says(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        Installation.objects.update(activity_retention_days=30)
    for shop in (installation, other_installation):
        visit(shop, now - 31 * DAY)
        visit(shop, now - 29 * DAY)
    upkeep.run(now)
    assert activities(installation) == [now - 29 * DAY]
    assert activities(other_installation) == [now - 31 * DAY, now - 29 * DAY]


def decide(installation: Installation, at: datetime) -> None:
    with within(installation.pk):
        ledger.record(installation.pk, [ledger.Entry(1, 1, Decision.Kind.ENTERED, enrollment_id=1)], at)


def decisions(installation: Installation) -> list[datetime]:
    with within(installation.pk):
        return sorted(Decision.objects.values_list("occurred_at", flat=True))


def test_decisions_stay_as_long_as_activities(
    installation: Installation, other_installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    with within(installation.pk):
        Installation.objects.update(activity_retention_days=30)
    ages = [33 * DAY, 32 * DAY, 31 * DAY, 30 * DAY + SECOND, 30 * DAY, 29 * DAY]
    for shop in (installation, other_installation):
        for age in ages:
            decide(shop, now - age)
    upkeep.run(now)
    assert decisions(installation) == [now - 30 * DAY, now - 29 * DAY]
    assert decisions(other_installation) == [now - age for age in ages]


def test_months_of_decisions_that_nobody_keeps_are_dropped(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Installation.objects.update(activity_retention_days=30)
    upkeep.run(now)
    decide(installation, now)
    upkeep.run(now + 60 * DAY)
    assert partitions("lifecycle_decision") == ["2026_04", "2026_05", "2026_06", "2026_07", "default"]
    assert decisions(installation) == []


def test_bodies_that_are_too_old_go_to_the_second_and_their_digests_stay(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    upkeep.run(now)
    at = now + 50 * DAY  # so that what is old lies in more than one month
    ages = [40 * DAY, 33 * DAY, 30 * DAY + SECOND, 30 * DAY, 30 * DAY - SECOND, SECOND]
    for age in ages:
        receive(installation, [str(age).encode()], at - age)
    receive(other_installation, [b"its own"], at - 31 * DAY)
    receive(other_installation, [b"young"], at)
    upkeep.expire_bodies(installation.pk, at - BODIES_STAY)
    assert bodies(installation) == [str(age) for age in ages[3:]]
    assert bodies(other_installation) == ["its own", "young"]
    upkeep.run(at)
    assert bodies(installation) == [str(age) for age in ages[3:]]
    assert bodies(other_installation) == ["young"]
    with within(installation.pk):
        assert Event.objects.count() == len(ages)


def bodies(installation: Installation) -> list[str]:
    """Return what is kept of what a shop sent, the oldest first."""
    with within(installation.pk), connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(body, 'UTF8') FROM lifecycle_event_body ORDER BY occurred_at")
        return [body for (body,) in cursor.fetchall()]


def test_more_than_a_batch_goes(installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    monkeypatch.setattr(upkeep, "AT_ONCE", 2)
    for number in range(5):
        at = now - BEFORE - number * DAY - DAY
        visit(installation, at, visitor=f"visitor-number-{number}")
        tell(installation, [replace(cart(at, f"cart {number}"), touch=Touch(at, f"{number}"))], at)
    upkeep.run(now)
    assert activities(installation) == []
    with within(installation.pk):
        assert not Identity.objects.filter(kind="visitor").exists()
        assert [one.touch for one in Cart.objects.all()] == [{}] * 5
        kept = Identity.objects.get(kind="user")
        assert kept.first_touch
        assert kept.last_touch
        assert (kept.first_touch["source"], kept.last_touch["source"]) == ("4", "0")


def test_first_and_last_touch_outlive_the_activities(installation: Installation, now: datetime) -> None:
    early, late = now - BEFORE - 9 * DAY, now - BEFORE - DAY
    visit(installation, early, "first")
    visit(installation, early + DAY, "between", ADA)
    tell(installation, [account(early), replace(cart(late), touch=Touch(late, "last"))], late)
    with within(installation.pk):
        customer = Customer.objects.get(merged_into=None).pk
        before = timeline.first_and_last(customer)
    upkeep.run(now)
    assert activities(installation) == []
    with within(installation.pk):
        assert timeline.first_and_last(customer) == before
        assert [touch.source for touch in before if touch] == ["first", "last"]
        assert Cart.objects.get().touch == {}


def test_visitors_who_are_nobody_s_go_when_they_were_not_seen_for_so_long(
    installation: Installation, now: datetime
) -> None:
    visit(installation, now - BEFORE - DAY, visitor="a-stranger-long-gone")
    visit(installation, now - BEFORE - DAY, visitor="one-who-has-come-back")
    visit(installation, now - DAY, visitor="one-who-has-come-back")
    visit(installation, now - BEFORE - DAY, user_id=ADA)
    upkeep.run(now)
    with within(installation.pk):
        left = Identity.objects.filter(kind="visitor").values_list("value", "customer")
        assert {value: customer is None for value, customer in left} == {
            visitors.value_of(installation, "one-who-has-come-back"): True,
            visitors.value_of(installation, VISITOR): False,
        }


def test_a_month_is_dropped_when_it_is_too_old_for_every_shop(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        Installation.objects.update(activity_retention_days=30)
    upkeep.run(now)
    ends = datetime(2026, 4, 1, tzinfo=UTC)
    visit(other_installation, ends - SECOND)
    upkeep.run(ends + BEFORE - SECOND)
    assert "2026_03" in partitions(), "the other shop keeps its last second still"
    assert activities(other_installation) == [ends - SECOND]
    upkeep.run(ends + BEFORE)
    assert {"2026_02", "2026_03"}.isdisjoint(partitions())
    assert "2026_04" in partitions()
    assert activities(other_installation) == []


def test_without_a_shop_no_month_is_dropped(now: datetime) -> None:
    upkeep.run(now)
    upkeep.run(now + 5000 * DAY)
    assert "2026_03" in partitions()


def test_who_writes_is_noted_and_what_comes_back_is_judged(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Brand.objects.update(sender_email="hello@shop.example")
        deliverability.note(installation, "email", Counts(1000, 30, 0), now)
        deliverability.note(installation, "email", Counts(1000, 30, 0), now - 500 * DAY)
    upkeep.run(now + 7 * DAY)
    with within(installation.pk):
        assert SenderDomain.objects.get().domain == "shop.example"
        assert SendingDay.objects.get().day == now.date()
        assert Outbox.objects.get(kind="problem").written == {}, "the warning is over"
