import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from saleor_lifecycle.actions import events
from saleor_lifecycle.models import Customer, Event, Installation, PhaseChange
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks import events as tasks
from tests.facts import ADA, account, cart, order, receive, tell
from tests.recordings import recordings

pytestmark = pytest.mark.django_db


def numbered(count: int) -> list[bytes]:
    return [f"event {number}".encode() for number in range(count)]


def claim(installation: Installation, limit: int, at: datetime) -> list[bytes]:
    return [one.body for one in events.claim(installation.pk, limit, at)]


def test_the_oldest_are_claimed_first(installation: Installation, now: datetime) -> None:
    receive(installation, numbered(3), now)
    with within(installation.pk):
        assert claim(installation, 2, now) == [b"event 0", b"event 1"]
        assert claim(installation, 9, now - timedelta(seconds=1)) == []


def test_a_name_that_is_too_long_is_cut(installation: Installation, now: datetime) -> None:
    events.record(installation.pk, events.Delivery("x" * 1000, "digest", b"body", now))
    with within(installation.pk):
        assert Event.objects.get().name == "x" * 100


def test_what_arrives_again_is_stored_once(installation: Installation, now: datetime) -> None:
    one, other = (events.Delivery("an_event", name, name.encode(), now) for name in ("one", "other"))
    assert [events.record(installation.pk, each) for each in (one, one, other, one)] == [True, False, True, False]
    with within(installation.pk):
        assert claim(installation, 9, now) == [b"one", b"other"]


def test_one_shop_never_claims_what_another_received(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    receive(installation, numbered(2), now)
    with within(other_installation.pk):
        assert claim(installation, 9, now) == [], "whatever number it asks for"
        assert Event.objects.count() == 0


@pytest.mark.parametrize("entry", ["across", "nothing"])
def test_no_body_is_read_but_from_within(entry: str, installation: Installation, now: datetime) -> None:
    receive(installation, numbered(1), now)
    query = "SELECT count(*) FROM lifecycle_event_body"
    if entry == "across":
        with pytest.raises(ProgrammingError), across(), connection.cursor() as cursor:
            cursor.execute(query)
    else:
        with within(0), connection.cursor() as cursor:
            cursor.execute(query)
            assert cursor.fetchone() == (0,)


def test_nobody_writes_into_another_shop(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), within(other_installation.pk):
        Customer.objects.create(installation=installation, created_at=now)
    with within(installation.pk):
        assert Customer.objects.count() == 0


def test_history_is_only_ever_added_to(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    with pytest.raises(ProgrammingError, match="permission denied"), within(installation.pk):
        PhaseChange.objects.update(after="sales")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_the_same_event(installation: Installation, now: datetime) -> None:
    receive(installation, numbered(5), now)
    has_claimed, may_end = threading.Event(), threading.Event()
    first: list[bytes] = []

    def work() -> None:
        try:
            with within(installation.pk):
                first.extend(claim(installation, 3, now))
                has_claimed.set()
                may_end.wait(20)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    has_claimed.wait(20)
    with within(installation.pk):
        second = claim(installation, 9, now)
    may_end.set()
    worker.join()
    assert (first, second) == ([b"event 0", b"event 1", b"event 2"], [b"event 3", b"event 4"])


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_held_is_free_again(installation: Installation, now: datetime) -> None:
    receive(installation, numbered(2), now)
    with within(installation.pk):
        assert len(claim(installation, 9, now)) == 2
        transaction.set_rollback(True)
    with within(installation.pk):
        assert len(claim(installation, 9, now)) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_hear_of_the_same_people_do_not_get_into_each_others_way(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(installation, [one.body for one in recordings()], now)
    monkeypatch.setattr(tasks, "BATCH", 7)
    trouble: list[Exception] = []

    def run() -> None:
        try:
            while tasks.run(installation.pk, now):
                pass
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while tasks.run(installation.pk, now):
        pass
    assert trouble == []
    with within(installation.pk):
        left = set(Event.objects.exclude(state="done").values_list("note", flat=True))
    assert left == {"not an event with its __typename"}, "Saleor's legacy payloads, which are no events of ours"


def test_facts_of_one_batch_see_each_other(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now), cart(now), account(now)], now)
    with within(installation.pk):
        person = Customer.objects.get(merged_into=None)
        assert (person.phase, person.orders) == ("retention", 1)
        assert set(person.identities.values_list("value", flat=True)) == {ADA, "ada@example.com"}
