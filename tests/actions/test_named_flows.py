from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import admissions, backfill, flow_drafts, flow_switches, named_flows
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.domain.entries import pace
from saleor_lifecycle.domain.named_flows import KEYS
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Admission, Customer, Enrollment, Flow, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers, entries
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.facts import account, order, tell

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WIN_BACK = "win-back"


@pytest.fixture
def lapsed(installation: Installation, now: datetime) -> list[int]:
    """Fifty people who were lost a day after one another, the last a month ago, those first who were lost last."""
    facts = []
    for number in range(50):
        user, email = f"VXNlcjo{number}", f"p{number}@example.com"
        # In no order: who came first was not lost first.
        at = now - (300 + number * 7 % 50) * DAY
        facts += [account(at, user, email), order(at, f"T3JkZXI6{number}", user, email)]
    tell(installation, facts, now, Cause.IMPORT)
    while customers.run(installation.pk, now):
        pass
    add_ready_templates(installation.pk, now)
    with within(installation.pk):
        people = Customer.objects.filter(phase="loss").order_by("-loss_at", "-id")
        return list(people.values_list("id", flat=True))


def loses(installation: Installation, name: str, at: datetime) -> int:
    """Have somebody been lost for a day; return who."""
    facts = (account(at, name, f"{name}@example.com"), order(at - DAY, name, name, None))
    tell(installation, facts, at, Cause.IMPORT)
    with within(installation.pk):
        one = Customer.objects.get(identities__value=name)
        Customer.objects.filter(pk=one.pk).update(phase="loss", loss_at=at - MINUTE, due_at=None)
        return one.pk


def switch(installation: Installation, state: State, now: datetime, **settings: Any) -> Flow:
    with within(installation.pk):
        flow = flow_drafts.locked(installation.pk, WIN_BACK)
        named_flows.change(flow, {}, settings, "", now)
        flow_switches.switch(flow, state, now)
        return flow


def let_pass(installation: Installation, since: datetime, how_long: timedelta) -> list[int]:
    """Let time pass, minute by minute; return who has entered, in that order."""
    for minute in range(int(how_long / MINUTE)):
        while entries.run(installation.pk, since + minute * MINUTE):
            pass
    with within(installation.pk):
        return list(Enrollment.objects.order_by("entered_at", "id").values_list("customer_id", flat=True))


def test_those_who_were_lost_enter_at_the_pace_the_newest_first(
    installation: Installation, now: datetime, lapsed: list[int]
) -> None:
    assert len(lapsed) == 50
    switch(installation, State.ON, now, per_hour=12)
    assert let_pass(installation, now, HOUR) == lapsed[:12]
    assert let_pass(installation, now + HOUR, 4 * HOUR) == lapsed
    with within(installation.pk):
        walk = Admission.objects.get(kind="customers")
    assert (walk.customers, walk.admitted, walk.looked_at, walk.due_at) == (50, 50, 50, None)


def test_nobody_enters_twice_whatever_is_switched_and_published(
    installation: Installation, now: datetime, lapsed: list[int]
) -> None:
    switch(installation, State.ON, now, per_hour=60)
    let_pass(installation, now, 10 * MINUTE)
    for minutes, state, days in ((10, State.OFF, 3), (11, State.SHADOW, 3), (12, State.ON, 5), (13, State.ON, 0)):
        switch(installation, state, now + minutes * MINUTE, days_before=days)
    entered = let_pass(installation, now + 14 * MINUTE, 2 * HOUR)
    assert sorted(entered) == sorted(set(entered)) == sorted(lapsed)


def test_switched_on_again_it_finds_who_was_lost_meanwhile_and_goes_on(
    installation: Installation, now: datetime, lapsed: list[int]
) -> None:
    switch(installation, State.ON, now, per_hour=60)
    let_pass(installation, now, 10 * MINUTE)
    switch(installation, State.OFF, now + 10 * MINUTE)
    assert let_pass(installation, now + 10 * MINUTE, HOUR) == lapsed[:10]
    newest = loses(installation, "late", now + HOUR)
    switch(installation, State.ON, now + 2 * HOUR)
    assert let_pass(installation, now + 2 * HOUR, HOUR) == [*lapsed[:10], newest, *lapsed[10:]]
    with within(installation.pk):
        walks = Admission.objects.filter(kind="customers").order_by("id")
        assert list(walks.values_list("due_at", "stopped_at", "admitted")) == [
            (None, now + 2 * HOUR, 10),
            (None, None, 41),
        ]


def test_when_an_import_is_over_a_flow_that_is_on_finds_who_was_lost(installation: Installation, now: datetime) -> None:
    add_ready_templates(installation.pk, now)
    switch(installation, State.ON, now, per_hour=60)
    assert let_pass(installation, now, HOUR) == []
    with within(installation.pk):
        backfill.start(installation.pk, now)
        rows = {row.kind: row for row in backfill.claim(installation.pk, now)}
    lost = loses(installation, "imported", now + HOUR)
    for kind in backfill.HISTORY:
        assert let_pass(installation, now + 2 * HOUR, HOUR) == []
        with within(installation.pk):
            backfill.turn_page(rows[kind], None, (1, 0, 1), now + HOUR, now + DAY)
    assert let_pass(installation, now + 3 * HOUR, HOUR) == [lost]


def test_who_has_bought_meanwhile_is_not_let_in(installation: Installation, now: datetime, lapsed: list[int]) -> None:
    switch(installation, State.ON, now, per_hour=60)
    with within(installation.pk):
        user = Customer.objects.get(pk=lapsed[-1]).identities.get(kind="user").value
    tell(installation, [replace(order(now + MINUTE, "T3JkZXI6OTk=", user, None), email=None)], now + MINUTE)
    assert lapsed[-1] not in let_pass(installation, now + 2 * MINUTE, 2 * HOUR)


def test_in_a_shadow_nobody_who_was_lost_is_let_in(
    installation: Installation, now: datetime, lapsed: list[int]
) -> None:
    switch(installation, State.SHADOW, now)
    assert let_pass(installation, now, HOUR) == []


def test_tells_beforehand_whom_it_would_let_in(installation: Installation, now: datetime, lapsed: list[int]) -> None:
    with within(installation.pk):
        assert admissions.existing(Flow.objects.get(key=WIN_BACK), now) == (50, 20)
        assert admissions.existing(Flow.objects.get(key="cross-sell"), now) is None


@pytest.mark.parametrize(
    ("said", "there", "per_hour"), [(None, 0, 20), (None, 24_000, 20), (None, 400_000, 333), (7, 400_000, 7)]
)
def test_the_pace_is_a_fiftieth_a_day_and_twenty_an_hour_at_least(said: int | None, there: int, per_hour: int) -> None:
    assert pace(said, there) == per_hour


def test_a_shop_that_lacks_them_is_given_the_four_once(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        flows = Flow.objects.filter(key__in=("cross-sell", WIN_BACK))
        flows.update(version=None)
        flows.get(key=WIN_BACK).versions.all().delete()
        Flow.objects.filter(key=WIN_BACK).delete()
        Flow.objects.filter(key="cross-sell").update(archived_at=now, version=None)
        named_flows.furnish(installation, now)
        named_flows.furnish(installation, now)
        found = {flow.key: flow for flow in Flow.objects.all()}
    assert found.keys() == set(KEYS)
    assert found["cross-sell"].version is None, "what is there stays as it is"
    assert found[WIN_BACK].version is not None
    assert not found[WIN_BACK].is_on
