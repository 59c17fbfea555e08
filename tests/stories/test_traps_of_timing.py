"""Traps of clocks, caps, leaving and figures that flows elsewhere fall into; each test says how it is here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saleor_lifecycle.actions import why
from saleor_lifecycle.api import flow_stories
from saleor_lifecycle.api.why import speech
from saleor_lifecycle.domain import lift
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.models import Decision, Enrollment, Installation, Message, arms
from saleor_lifecycle.models.entry import within
from tests.facts import deletion, order
from tests.shop_server import ShopServer, install_at, shop_server
from tests.stories.days import CALLED, DAY, HOUR, Days, passing, send, tag, tagged, wait

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

ADA, USER = "ada.1@example.com", "VXNlcjo1"
LONG = (send("one"), wait("pause", "P30D"), send("two"))
CLOCKS = [
    ("US", "America/New_York", "2026-03-06T20:00", "2026-03-07T15:00"),
    ("US", "America/New_York", "2026-03-07T20:00", "2026-03-08T14:00"),  # an hour is left out
    ("US", "America/New_York", "2026-10-30T20:00", "2026-10-31T14:00"),
    ("US", "America/New_York", "2026-10-31T20:00", "2026-11-01T15:00"),  # an hour comes twice
    ("ES", "Europe/Madrid", "2026-03-28T20:00", "2026-03-29T08:00"),
    ("ES", "Europe/Madrid", "2026-10-24T20:00", "2026-10-25T09:00"),
]


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    return passing(install_at(shop_server, now), now, monkeypatch)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lives(days: Days, country: str, zone: str) -> None:
    """Have somebody live where an order of theirs went, and the shop elsewhere."""
    with within(days.shop.pk):
        Installation.objects.update(time_zone="Asia/Tokyo")
    days.join(1)
    days.tell(replace(order(days.at, user=USER, email=ADA), country=country, zone=zone))
    days.go(HOUR)


@pytest.mark.parametrize(("country", "zone", "since", "leaves"), CLOCKS)
def test_a_wait_until_ten_is_ten_where_the_customer_is(
    country: str, zone: str, since: str, leaves: str, days: Days
) -> None:
    days.at = moment(since) - HOUR
    lives(days, country, zone)
    days.flow({"key": "ten", "kind": "wait_for_time", "at": "10:00"}, send("one"), trigger=CALLED)
    days.call("hello")
    days.go(3 * DAY)
    assert days.mails == [(moment(leaves), ADA, "one")]
    assert moment(leaves).astimezone(ZoneInfo(zone)).hour == 10


@pytest.mark.parametrize(("country", "zone", "since", "leaves"), CLOCKS)
def test_quiet_hours_are_those_of_the_customers_night_and_not_of_the_shops(
    country: str, zone: str, since: str, leaves: str, days: Days
) -> None:
    days.at = moment(since) + 7 * HOUR
    days.settings(quiet_hours={"email": ["21:00", "10:00"]})
    lives(days, country, zone)
    days.flow(send("one"), wait("pause", "P1DT1H"), send("two"), trigger=CALLED)
    days.call("hello")
    days.go(3 * DAY)
    assert days.mails[:2] == [(moment(leaves), ADA, "one"), (moment(leaves) + DAY + HOUR, ADA, "two")]


def test_a_message_over_the_cap_waits_for_room_and_leaves(days: Days) -> None:
    days.flow(send("one"), key="first")
    days.flow(wait("pause", "PT2H"), send("two"), key="second")
    days.join(1)
    began = days.at
    days.go(10 * DAY)
    assert days.mails == [(began, ADA, "one"), (began + DAY, ADA, "two")]
    assert ("deferred", "two", "frequency_cap") in days.told(Decision.Kind.DEFERRED)


def test_of_two_messages_the_more_urgent_leaves_first(days: Days) -> None:
    days.flow(send("idle"), key="idle", priority=20)
    days.flow(send("urgent"), key="urgent", priority=80)
    days.join(1)
    days.go(10 * DAY)
    assert days.sent() == [(ADA, "urgent"), (ADA, "idle")]


def test_twenty_flows_at_once_send_one_mail_a_day_and_lose_none(days: Days) -> None:
    for number in range(20):
        days.flow(send(f"step-{number}"), key=f"flow-{number}")
    days.join(1)
    days.go(90 * DAY)
    moments = [at for at, _, _ in days.mails]
    assert len({step for _, _, step in days.mails}) == len(moments) == 20
    for window, most in ((DAY, 1), (7 * DAY, 3), (30 * DAY, 8)):
        for place, at in enumerate(moments[: -most or None]):
            assert moments[place + most] - at >= window


def test_touches_after_one_that_was_held_up_keep_their_distance(days: Days) -> None:
    days.flow(send("one"), wait("pause", "P2D"), send("two"), priority=20)
    days.flow(send("urgent"), key="urgent", priority=80)
    days.join(1)
    began = days.at
    days.go(20 * DAY)
    assert [(at - began, step) for at, _, step in days.mails] == [
        (timedelta(), "urgent"),
        (DAY, "one"),
        (3 * DAY, "two"),
    ]


def test_a_small_shop_is_told_not_enough_yet_and_no_figure(days: Days) -> None:
    began = days.at
    flow = days.flow(send("one"), holdout=0.5)
    days.join(*range(1, 31))
    days.go(DAY)
    days.tell(*[order(days.at, f"T3JkZXI6{number}", f"VXNlcjo{number}", None) for number in range(1, 16)])
    days.go(20 * DAY)
    with within(days.shop.pk):
        found = arms.arms(flow.pk, began, 14 * DAY, days.at)
    treated, held_out = arms.totals(found.conversions)
    assert (treated.people + held_out.people, treated.converted + held_out.converted) == (30, 15)
    for outcome, weekly in ((lift.Outcome.CONVERSION, found.conversions), (lift.Outcome.AMOUNT, found.amounts[0][1])):
        said = lift.compare(outcome, *arms.totals(weekly), found.weeks)
        assert (said.verdict, said.lift) == (lift.Verdict.NOT_ENOUGH_YET, None)
        assert {(one.estimate, one.low, one.high) for one in lift.series(outcome, weekly)} == {(None, None, None)}


NOT_NEW = {"kind": "not", "rule": {"kind": "happened", "event": "account_created", "within": "P2D"}}
EXITS = [{"reason": "vip", "when": tagged("vip")}, {"reason": "no_longer_new", "when": NOT_NEW}]
LEAVING: Mapping[str, Callable[[Days], object]] = {
    "ordered": lambda days: days.tell(order(days.at, user=USER, email=ADA)),
    "customer_gone": lambda days: days.tell(deletion(days.at, USER, ADA)),
    "unsubscribed": lambda days: days.unsubscribe(ADA),
    "vip": lambda days: days.call("marks"),
    "no_longer_new": lambda days: days.go(HOUR),
}


@pytest.mark.parametrize("reason", LEAVING)
def test_whoever_is_to_leave_does_so_at_once_and_not_when_a_long_wait_is_over(reason: str, days: Days) -> None:
    days.flow(tag("mark", "vip"), key="marks", trigger=CALLED)
    days.flow(*LONG, exits=EXITS)
    days.join(1)
    joined_at = days.at
    days.go(2 * DAY - HOUR)
    assert days.states() == [("waiting", "")]
    LEAVING[reason](days)
    left_at = days.at
    days.work()
    with within(days.shop.pk):
        left = Enrollment.objects.get(flow__key="hello")
    assert (left.state, left.reason, left.ended_at) == ("exited", reason, left_at)
    assert left_at <= joined_at + 2 * DAY
    days.go(40 * DAY)
    assert days.sent() == [(ADA, "one")]


def test_nobody_enters_stays_or_leaves_without_a_word_in_the_ledger(days: Days) -> None:
    days.flow(tag("mark", "vip"), key="marks", trigger=CALLED)
    days.flow(*LONG, exits=EXITS[:1], holdout=0.5)
    days.join(*range(1, 31))
    days.join(31, consent=None)
    days.join(32, name="refused")
    days.go(DAY)
    leaving: list[Fact] = [
        order(days.at, "T3JkZXI6MQ==", "VXNlcjo1", None),
        deletion(days.at, "VXNlcjo2", None),
    ]
    days.tell(*leaving)
    days.unsubscribe(days.sent()[-1][0])
    days.go(DAY)
    days.call("marks")
    days.go(40 * DAY)
    with within(days.shop.pk):
        passages = list(Enrollment.objects.select_related("customer", "flow"))
        messages = Message.objects.values_list("enrollment_id", "step", "state", "reason")
        rows = Decision.objects.values_list("enrollment_id", "step", "kind", "outcome")
        told, said = set(rows), [why.why(one.customer, one.flow, 10) for one in passages]
    assert {one.reason for one in passages} >= {"ordered", "customer_gone", "unsubscribed", "vip"}
    for one in passages:
        assert (one.pk, "", "entered", one.arm) in told
        assert (one.pk, one.step, one.state, "" if one.reason == "all steps done" else one.reason) in told
    for enrollment, step, state, reason in messages:
        assert (enrollment, step, state, "" if state in ("sent", "failed") else reason) in told or state == "failed"
    for language in ("en", "es"):
        tongue = speech(language, "Europe/Madrid", days.at)
        stories = [story for some in said for story in some]
        words = [flow_stories.line_words(line, one.document, tongue) for one in stories for line in one.lines]
        assert all(words)
        assert not [one for one in words if "_" in one]
