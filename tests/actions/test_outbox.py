from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import outbox, projection
from saleor_lifecycle.actions.outbox import Told
from saleor_lifecycle.domain.projection import PHASE
from saleor_lifecycle.models import Customer, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers
from tests.facts import ADA, GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def projecting(installation: Installation, now: datetime) -> Installation:
    with within(installation.pk):
        projection.switch(installation, True, False)
        projection.ask_block(installation.pk, now)
    return installation


def row(installation: Installation) -> Outbox:
    with within(installation.pk):
        person = Customer.objects.get(merged_into=None)
        return Outbox.objects.get(key=str(person.pk))


def settle(installation: Installation, at: datetime) -> None:
    with within(installation.pk):
        rows = outbox.lease(installation.pk, Outbox.Kind.PROJECTION, 100, at)
        outbox.done({one.pk: Told(one.version, {"lifecycle.phase": "sales"}, ADA) for one in rows}, at)


@pytest.mark.parametrize("answer", [None, False])
def test_nothing_is_asked_before_the_merchant_agrees(
    answer: bool | None, installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        installation.is_projecting = answer
        installation.save(update_fields=["is_projecting"])
    tell(installation, [account(now), cart(now)], now)
    customers.run(installation.pk, now + 60 * DAY)
    with within(installation.pk):
        assert Outbox.objects.count() == 0


def test_a_new_phase_is_asked_for_at_once(projecting: Installation, now: datetime) -> None:
    tell(projecting, [account(now), cart(now)], now)
    assert row(projecting).due_at == now
    settle(projecting, now)
    assert row(projecting).due_at is None
    tell(projecting, [order(now + DAY)], now + DAY)
    assert row(projecting).due_at == now + DAY


def test_a_new_band_is_asked_for_at_most_daily(projecting: Installation, now: datetime) -> None:
    tell(projecting, [account(now), cart(now)], now)
    settle(projecting, now)
    with within(projecting.pk):
        assert Customer.objects.get(merged_into=None).band == "warm"
    at = now + MINUTE
    tell(projecting, [cart(at, f"cart {number}") for number in range(3)], at)
    with within(projecting.pk):
        assert Customer.objects.get(merged_into=None).band == "hot"
    assert row(projecting).due_at == at + DAY


def test_of_several_wishes_the_earliest_counts(projecting: Installation, now: datetime) -> None:
    tell(projecting, [account(now), cart(now)], now)
    settle(projecting, now)
    with within(projecting.pk):
        person = Customer.objects.get(merged_into=None)
        for days in (2, 1, 3):
            outbox.ask_projection(projecting.pk, [person.pk], now + days * DAY)
    assert row(projecting).due_at == now + DAY


def test_what_is_asked_again_while_it_is_told_stays_due(projecting: Installation, now: datetime) -> None:
    tell(projecting, [account(now), cart(now)], now)
    with within(projecting.pk):
        (taken,) = [
            one for one in outbox.lease(projecting.pk, Outbox.Kind.PROJECTION, 100, now) if one.pk == row(projecting).pk
        ]
    assert row(projecting).due_at == now + outbox.LEASE
    tell(projecting, [order(now + MINUTE / 2)], now + MINUTE / 2)
    with within(projecting.pk):
        outbox.done({taken.pk: Told(taken.version, {"lifecycle.phase": "sales"}, ADA)}, now + MINUTE)
    held = row(projecting)
    assert (held.due_at, held.written) == (now + MINUTE, {"lifecycle.phase": "sales"})
    settle(projecting, now + MINUTE)
    assert row(projecting).due_at is None


def test_what_is_leased_comes_due_again_when_its_worker_dies(projecting: Installation, now: datetime) -> None:
    tell(projecting, [account(now, GRACE, "grace@example.com", confirmed=False)], now)

    def lease(at: datetime) -> int:
        with within(projecting.pk):
            return len(outbox.lease(projecting.pk, Outbox.Kind.PROJECTION, 100, at))

    assert lease(now) > 0
    assert lease(now + outbox.LEASE - timedelta(seconds=1)) == 0
    assert lease(now + outbox.LEASE) > 0


def test_an_edit_that_is_heard_of_while_something_else_is_told_is_still_to_be_put_right(
    projecting: Installation, now: datetime
) -> None:
    tell(projecting, [account(now), cart(now)], now)
    with within(projecting.pk):
        (first,) = outbox.lease(projecting.pk, Outbox.Kind.PROJECTION, 100, now)
        outbox.done({first.pk: Told(first.version, {PHASE: "sales", "of the": "band"}, ADA, now)}, now)
        outbox.ask_projection(projecting.pk, [int(first.key)], now)
        (second,) = outbox.lease(projecting.pk, Outbox.Kind.PROJECTION, 100, now)
    tell(projecting, [account(now + MINUTE, projected="gold")], now + MINUTE)
    with within(projecting.pk):
        outbox.done({second.pk: Told(second.version, {"of the": "other band"}, ADA, now + MINUTE)}, now + MINUTE)
    held = row(projecting)
    assert (held.written, held.due_at) == ({"of the": "other band"}, now + MINUTE)
    assert (held.repaired, held.edited_at) == ("sales", None)


def test_what_was_written_elsewhere_is_not_taken_for_written_here(projecting: Installation, now: datetime) -> None:
    tell(projecting, [account(now), cart(now)], now)
    for record in (ADA, GRACE):
        with within(projecting.pk):
            held = Outbox.objects.get()
            outbox.done({held.pk: Told(held.version, {f"told to {record}": "x"}, record)}, now)
    assert (row(projecting).written, row(projecting).record) == ({f"told to {GRACE}": "x"}, GRACE)
