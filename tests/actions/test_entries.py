from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import entries
from saleor_lifecycle.actions.entries import Candidate, NoSuchFlow
from saleor_lifecycle.domain.holdout import Arm, arm
from saleor_lifecycle.models import Brand, Customer, Enrollment, Flow, Installation
from saleor_lifecycle.models.entry import within
from tests.entering import CALLED, SOLD, entered, flow, people, told
from tests.facts import GRACE, account, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def enter(
    installation: Installation, made: Flow, who: list[Customer], now: datetime, key: str = "one", **more: Any
) -> list[int]:
    with within(installation.pk):
        held = Flow.objects.select_related("version").get(pk=made.pk)
        found = entries.enter(installation, [Candidate(held, one.pk, key, now, **more) for one in who], now)
        return [one.customer_id for one in found]


def test_who_enters_stands_at_the_first_step_and_is_due_at_once(installation: Installation, now: datetime) -> None:
    made = flow(installation, CALLED, now)
    ada, grace = people(installation, 2, now)
    assert enter(installation, made, [ada, grace], now, properties={"total": 20.5}) == [ada.pk, grace.pk]
    first, _ = entered(installation)
    assert (first.step, first.since, first.due_at, first.state, first.arm) == ("wait", now, now, "waiting", "")
    assert (first.anchor_at, first.properties, first.version_id) == (now, {"total": 20.5}, made.version_id)
    assert told(installation) == [("entered", "")] * 2


def test_a_repeat_enters_nobody_and_is_no_decision(installation: Installation, now: datetime) -> None:
    made, who = flow(installation, CALLED, now), people(installation, 1, now)
    assert enter(installation, made, [*who, *who], now) == [who[0].pk]
    assert enter(installation, made, who, now + DAY) == []
    assert len(entered(installation)) == 1
    assert told(installation) == [("entered", "")]


def test_a_customer_enters_again_when_they_are_out_and_the_time_has_passed(
    installation: Installation, now: datetime
) -> None:
    made = flow(installation, CALLED, now, entry={"per": "customer", "again_after": "P7D"})
    who = people(installation, 1, now)
    assert enter(installation, made, who, now)
    assert enter(installation, made, who, now + 8 * DAY, "two") == []
    with within(installation.pk):
        Enrollment.objects.update(state="finished")
    assert enter(installation, made, who, now + 6 * DAY, "two") == []
    assert enter(installation, made, who, now + 7 * DAY, "two")
    assert told(installation) == [
        ("entered", ""),
        ("entered", ""),
        ("refused", "still_inside"),
        ("refused", "too_soon"),
    ]


def test_of_two_occasions_at_once_a_customer_enters_for_the_first(installation: Installation, now: datetime) -> None:
    made = flow(installation, CALLED, now, entry={"per": "customer"})
    (ada,) = people(installation, 1, now)
    with within(installation.pk):
        both = [Candidate(made, ada.pk, key, now) for key in ("one", "two")]
        assert [one.key for one in entries.enter(installation, both, now)] == ["one"]
    assert told(installation) == [("entered", ""), ("refused", "still_inside")]


def test_the_filter_asks_the_customer_and_what_came_along(installation: Installation, now: datetime) -> None:
    rule = {
        "kind": "all",
        "rules": [
            {"kind": "compare", "fact": "orders", "op": ">=", "value": 2},
            {"kind": "compare", "fact": "property.total", "op": ">", "value": 10},
        ],
    }
    made = flow(installation, CALLED, now, entry={"where": rule})
    (much,) = people(installation, 1, now, orders=2)
    (few,) = people(installation, 1, now, orders=1)
    assert enter(installation, made, [much, few], now, "cheap", properties={"total": 10}) == []
    assert enter(installation, made, [much, few], now, "dear", properties={"total": 11}) == [much.pk]
    assert told(installation) == [("entered", ""), *[("refused", "entry_filter")] * 2]


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("off", {"is_on": False}),
        ("archived", {"archived_at": datetime.fromisoformat("2026-01-01T00:00Z")}),
        ("switched on later", {"switched_on_at": datetime.fromisoformat("2026-03-11T12:00:01Z")}),
    ],
)
def test_a_flow_that_does_not_run_lets_nobody_in_and_keeps_silent(
    case: str, changes: dict[str, Any], installation: Installation, now: datetime
) -> None:
    made, who = flow(installation, CALLED, now), people(installation, 1, now)
    with within(installation.pk):
        Flow.objects.filter(pk=made.pk).update(**changes)
    assert enter(installation, made, who, now) == []
    assert entered(installation) == []
    assert told(installation) == []


def test_what_happened_before_a_restore_lets_nobody_in(installation: Installation, now: datetime) -> None:
    made, who = flow(installation, CALLED, now - DAY), people(installation, 1, now)
    installation.restored_at = now + timedelta(seconds=1)
    assert enter(installation, made, who, now) == []
    installation.restored_at = now
    assert enter(installation, made, who, now)


def test_while_a_restored_database_is_held_nobody_enters(installation: Installation, now: datetime) -> None:
    made, who = flow(installation, CALLED, now), people(installation, 1, now)
    installation.held_at = now
    assert enter(installation, made, who, now) == []
    assert (entered(installation), told(installation)) == ([], [("refused", "held")])


def test_flows_that_start_one_another_come_to_an_end(installation: Installation, now: datetime) -> None:
    made, who = flow(installation, CALLED, now), people(installation, 1, now)
    assert enter(installation, made, who, now, depth=6) == []
    assert told(installation) == [("refused", "too_deep")]


@pytest.mark.parametrize(
    ("case", "own", "of_all", "more", "arms"),
    [
        ("by the flow", 0.5, 0.0, {}, {"treated", "holdout"}),
        ("of everything", 0.0, 0.5, {}, {"treated", "everywhere"}),
        ("nobody", 0.0, 0.0, {}, {""}),
        ("everybody", 1.0, 0.0, {}, {"holdout"}),
        ("of both", 1.0, 0.5, {}, {"holdout", "everywhere"}),
        ("asked for", 1.0, 1.0, {"is_asked_for": True}, {""}),
        ("service", 1.0, 1.0, {"topic": "service"}, {""}),
    ],
)
def test_who_is_held_out_stands_when_they_enter(
    case: str,
    own: float,
    of_all: float,
    more: dict[str, Any],
    arms: set[str],
    installation: Installation,
    now: datetime,
) -> None:
    made = flow(installation, CALLED, now, holdout=own, **more)
    who = people(installation, 30, now)
    installation.holdout_share = of_all
    enter(installation, made, who, now)
    assert {one.arm for one in entered(installation)} == arms
    if own == 0.5:
        for one, customer in zip(entered(installation), who, strict=True):
            assert (one.arm == "holdout") is (arm(customer.arm_key(), "hello", 0.5) is Arm.HOLDOUT)


def test_the_shops_own_people_are_never_held_out(installation: Installation, now: datetime) -> None:
    made = flow(installation, CALLED, now, holdout=1.0)
    tell(installation, [account(now, email="ada@shop.example.net"), account(now, GRACE, "grace@example.com")], now)
    with within(installation.pk):
        Brand.objects.update(sender_email="hello@shop.example.net")
        who = list(Customer.objects.order_by("id"))
    enter(installation, made, who, now)
    assert sorted(one.arm for one in entered(installation)) == ["", "holdout"]


def test_who_enters_a_shadow_is_only_decided_about(installation: Installation, now: datetime) -> None:
    made, who = flow(installation, CALLED, now), people(installation, 1, now)
    with within(installation.pk):
        Flow.objects.update(is_shadow=True)
    enter(installation, made, who, now)
    assert [one.is_shadow for one in entered(installation)] == [True]


def test_no_more_than_asked_for_enter(installation: Installation, now: datetime) -> None:
    made, who = flow(installation, CALLED, now), people(installation, 5, now)
    with within(installation.pk):
        wanted = [Candidate(made, one.pk, "one", now) for one in who]
        assert len(entries.enter(installation, wanted, now, at_most=2)) == 2
    assert [one.customer_id for one in entered(installation)] == [who[0].pk, who[1].pk]


def test_customers_of_another_installation_do_not_enter(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    made = flow(installation, CALLED, now)
    assert enter(installation, made, people(other_installation, 1, now), now) == []
    assert (entered(installation), told(installation)) == ([], [])


def test_somebody_who_turned_out_to_be_another_does_not_enter(installation: Installation, now: datetime) -> None:
    made = flow(installation, CALLED, now)
    (ada,) = people(installation, 1, now)
    was = people(installation, 1, now, merged_into=ada)
    assert enter(installation, made, was, now) == []


def test_whoever_calls_hears_what_became_of_each(installation: Installation, now: datetime) -> None:
    flow(installation, CALLED, now, entry={"where": {"kind": "compare", "fact": "orders", "op": ">=", "value": 1}})
    (buyer,), (other,) = people(installation, 1, now, orders=1), people(installation, 1, now)
    with within(installation.pk):
        answers = entries.call(installation, "hello", [other.pk, buyer.pk], now)
    assert answers == {buyer.pk: "entered", other.pk: "entry_filter"}
    assert [one.customer_id for one in entered(installation)] == [buyer.pk]


def test_a_call_with_a_key_counts_once_and_without_one_each_time(installation: Installation, now: datetime) -> None:
    flow(installation, CALLED, now)
    (ada,) = people(installation, 1, now)
    with within(installation.pk):
        for minute in range(2):
            at = now + timedelta(minutes=minute)
            entries.call(installation, "hello", [ada.pk], at, key="order 7")
            entries.call(installation, "hello", [ada.pk], at)
    assert len(entered(installation)) == 3


def test_whoever_calls_a_flow_that_is_off_is_told_so(installation: Installation, now: datetime) -> None:
    flow(installation, CALLED, now)
    (ada,) = people(installation, 1, now)
    with within(installation.pk):
        Flow.objects.filter(key="hello").update(is_on=False)
        assert entries.call(installation, "hello", [ada.pk], now) == {ada.pk: "flow_off"}
    assert (entered(installation), told(installation)) == ([], [("refused", "flow_off")])


@pytest.mark.parametrize(
    ("key", "kind"),
    [("unknown", "manual"), ("abandoned-cart", "manual"), ("hello", "api"), ("hello", "webhook")],
)
def test_flows_are_called_in_their_own_way(key: str, kind: str, installation: Installation, now: datetime) -> None:
    flow(installation, SOLD, now)
    (ada,) = people(installation, 1, now)
    with within(installation.pk), pytest.raises(NoSuchFlow):
        entries.call(installation, key, [ada.pk], now, kind)
    with within(installation.pk):
        assert entries.call(installation, "hello", [ada.pk], now) == {ada.pk: "entered"}
