"""The task ask: everybody whom a merchant's answer is about, block by block."""

import random
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from saleor_lifecycle.actions import projection
from saleor_lifecycle.celery import app as celery
from saleor_lifecycle.domain.projection import PHASE
from saleor_lifecycle.models import Customer, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import asking, nudge
from saleor_lifecycle.tasks.sweep import due
from tests.facts import GRACE, account, cart, deletion, tell
from tests.kills import dump, undisturbed, work_with_kills

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "BLOCK", 2)


def people(installation: Installation, now: datetime, count: int) -> None:
    users = [account(now, f"user {n}", f"{n}@example.com", confirmed=False) for n in range(count)]
    tell(installation, users, now)


def switch(installation: Installation, is_on: bool, clears: bool = False) -> int:
    with within(installation.pk):
        return projection.switch(Installation.objects.get(pk=installation.pk), is_on, clears)


def walk(installation: Installation, at: datetime) -> None:
    while asking.run(installation.pk, at):
        pass


def asked(installation: Installation) -> list[datetime | None]:
    with within(installation.pk):
        return list(Outbox.objects.order_by("id").values_list("due_at", flat=True))


def is_due(installation: Installation, now: datetime) -> bool:
    return (nudge.ASK, installation.pk) in due(now)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_everybody_is_asked_for_after_the_answer(
    installation: Installation, other_installation: Installation, now: datetime, count: int
) -> None:
    people(installation, now, count)
    people(other_installation, now, 1)
    assert switch(installation, True) == count
    assert (asked(installation), is_due(installation, now)) == ([], True)
    walk(installation, now)
    assert (asked(installation), is_due(installation, now)) == ([now] * count, False)
    assert (asked(other_installation), is_due(other_installation, now)) == ([], False)


def test_those_with_an_account_and_some_activity_are_asked_for(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, "a guest's", None, "guest@example.com"), account(now), cart(now)], now)
    tell(installation, [account(now, GRACE, "grace@example.com"), deletion(now, GRACE)], now)
    tell(installation, [cart(now, "of an account never told of", "VXNlcjoz", None)], now)
    assert switch(installation, True) == 1
    walk(installation, now)
    with within(installation.pk):
        person = Customer.objects.get(identities__value="ada@example.com")
        assert [row.key for row in Outbox.objects.all()] == [str(person.pk)]


def test_a_no_ends_the_walk_and_asks_for_nobody(installation: Installation, now: datetime) -> None:
    people(installation, now, 3)
    switch(installation, True)
    assert asking.run(installation.pk, now)
    assert switch(installation, False) == 0
    assert not is_due(installation, now)
    assert not asking.run(installation.pk, now)
    assert asked(installation) == [now] * 2


def test_emptying_asks_for_those_who_were_written(installation: Installation, now: datetime) -> None:
    people(installation, now, 5)
    switch(installation, True)
    walk(installation, now)
    with within(installation.pk):
        Outbox.objects.update(due_at=None)
        written = list(Outbox.objects.order_by("id").values_list("id", flat=True))[::2]
        Outbox.objects.filter(id__in=written).update(written={PHASE: "sales"})
    switch(installation, False, clears=True)
    walk(installation, now + SECOND)
    assert asked(installation) == [now + SECOND, None, now + SECOND, None, now + SECOND]


def test_a_second_answer_begins_anew(installation: Installation, now: datetime) -> None:
    people(installation, now, 5)
    switch(installation, True)
    asking.run(installation.pk, now)
    switch(installation, True)
    walk(installation, now + SECOND)
    assert asked(installation) == [now + SECOND] * 5


def test_the_attribute_is_brought_to_everybody_where_the_phase_is_written(
    installation: Installation, now: datetime
) -> None:
    people(installation, now, 3)
    for is_on in (False, True):
        switch(installation, is_on)
        walk(installation, now)
        with within(installation.pk):
            held = Installation.objects.get(pk=installation.pk)
            assert projection.switch_attribute(held, True) == (3 if is_on else 0)
        assert is_due(installation, now) == is_on
    walk(installation, now + SECOND)
    assert asked(installation) == [now + SECOND] * 3


def test_a_shop_that_removed_the_app_waits_for_its_return(installation: Installation, now: datetime) -> None:
    switch(installation, True)
    with within(installation.pk):
        Installation.objects.update(state=Installation.State.REMOVED)
    assert not is_due(installation, now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("clears", [False, True])
def test_killed_anywhere_it_ends_the_same(installation: Installation, now: datetime, clears: bool) -> None:
    people(installation, now, 29)
    if clears:
        switch(installation, True)
        walk(installation, now)
        with within(installation.pk):
            Outbox.objects.update(written={PHASE: "sales"}, due_at=None)
    switch(installation, not clears, clears)
    calm = undisturbed(installation, lambda: walk(installation, now))
    died = work_with_kills(lambda: walk(installation, now), kills=40, rate=1 / 5, chance=random.Random(5))
    assert died > 10
    assert dump(installation) == calm
    assert asked(installation) == [now] * 29


def test_a_block_that_another_worker_took_is_left_to_it(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(installation, now, 5)
    switch(installation, True)
    lock = projection._lock_block

    def overtaken(installation_id: int, after: int) -> tuple[int, bool]:
        monkeypatch.setattr(projection, "_lock_block", lock)
        with transaction.atomic():
            projection.ask_block(installation_id, now)
        return lock(installation_id, after)

    monkeypatch.setattr(projection, "_lock_block", overtaken)
    assert not asking.run(installation.pk, now + SECOND)
    assert asked(installation) == [now] * 2


def test_waits_in_the_queue_for_long_work() -> None:
    assert celery.amqp.router.route({}, nudge.ASK)["queue"].name == "bulk"
