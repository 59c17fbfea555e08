from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Cart, Customer, Installation, PhaseChange
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers, sweep
from tests.facts import GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
TICK = "saleor_lifecycle.tasks.customers.tick"


def person(installation: Installation) -> Customer:
    with within(installation.pk):
        return Customer.objects.get(merged_into=None)


def changes(installation: Installation) -> list[tuple[str, str, str, str]]:
    with within(installation.pk):
        return list(PhaseChange.objects.order_by("id").values_list("before", "after", "cause", "reason"))


def let_time_pass(installation: Installation) -> list[datetime]:
    """Tick at each moment that was foretold, until none is; return the moments."""
    moments = []
    while due := person(installation).due_at:
        assert customers.run(installation.pk, due - SECOND) == 0, "not a second early"
        assert customers.run(installation.pk, due) == 1
        held = person(installation).due_at
        assert held is None or held > due
        moments.append(due)
    return moments


def test_each_move_is_written_down_with_its_cause_and_reason(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, joined=now - 400 * DAY)], now)
    tell(installation, [cart(now + DAY)], now + DAY)
    let_time_pass(installation)
    later = now + 100 * DAY
    tell(installation, [order(later)], later)
    let_time_pass(installation)
    assert changes(installation) == [
        ("", "education", "behaviour", "no_interest_yet"),
        ("education", "sales", "behaviour", "open_cart"),
        ("sales", "education", "time", "no_interest_yet"),
        ("education", "retention", "behaviour", "ordered"),
        ("retention", "loss", "time", "silent_too_long"),
    ]


def test_a_customer_is_lost_at_the_second_that_was_foretold(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    lost_at = person(installation).loss_at
    assert lost_at == now + 180 * DAY
    let_time_pass(installation)
    with within(installation.pk):
        change = PhaseChange.objects.get(after="loss")
    assert change.at == lost_at
    found = person(installation)
    assert (found.phase, found.phase_since) == ("loss", lost_at)


def test_one_who_comes_back_is_retained_again(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    let_time_pass(installation)
    later = now + 200 * DAY
    tell(installation, [order(later, "the second")], later)
    assert changes(installation)[-1] == ("loss", "retention", "behaviour", "ordered")
    assert person(installation).orders == 2


def test_an_import_says_that_it_was_one(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now - 300 * DAY)], now, Cause.IMPORT)
    assert changes(installation) == [("", "loss", "import", "silent_too_long")]


def test_the_same_news_again_moves_nobody(installation: Installation, now: datetime) -> None:
    facts = [account(now), cart(now), order(now)]
    tell(installation, facts, now)
    before = person(installation)
    tell(installation, facts, now + DAY)
    after = person(installation)
    assert len(changes(installation)) == 1
    assert (after.phase_since, after.loss_at, after.sums) == (before.phase_since, before.loss_at, before.sums)


def test_a_look_at_a_later_moment_leaves_the_next_one_ahead(installation: Installation, now: datetime) -> None:
    """An outage of a month: one look settles all that it missed."""
    tell(installation, [account(now, joined=now), cart(now)], now)
    later = now + 31 * DAY
    assert customers.run(installation.pk, later) == 1
    assert customers.run(installation.pk, later) == 0
    due = person(installation).due_at
    assert due is None or due > later


def test_a_tick_reads_nothing_of_the_history(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now)], now)
    with within(installation.pk):
        Cart.objects.all().delete()
    let_time_pass(installation)
    assert changes(installation)[-1] == ("sales", "education", "time", "no_interest_yet")


def test_the_sweep_finds_those_who_are_due(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    due = person(installation).due_at
    assert due is not None
    assert (TICK, installation.pk) not in sweep.due(due - SECOND)
    assert (TICK, installation.pk) in sweep.due(due)


def test_installations_never_mix(installation: Installation, other_installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    tell(other_installation, [cart(now), account(now, GRACE, "grace@example.com")], now)
    assert person(installation).phase == "retention"
    with within(other_installation.pk):
        assert set(Customer.objects.filter(merged_into=None).values_list("phase", flat=True)) == {"sales", "education"}
        before = list(Customer.objects.order_by("id").values())
    let_time_pass(installation)
    with within(other_installation.pk):
        assert list(Customer.objects.order_by("id").values()) == before
