from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from saleor_lifecycle.actions import admissions, occasions, restores, resuming
from saleor_lifecycle.actions.admissions import NothingToGoBy
from saleor_lifecycle.models import Admission, Flow, Installation, Message, Occasion, PhaseChange
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import entries as tasks
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import ENTER
from tests.entering import CALLED, SOLD, entered, flow, people, told

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONDAYS = {"kind": "schedule", "at": "09:00:00", "weekdays": [1]}


def run(installation: Installation, at: datetime) -> None:
    while tasks.run(installation.pk, at):
        pass


def start(installation: Installation, made: Flow, at: datetime, per_hour: int | None = None) -> Admission:
    with within(installation.pk):
        held = Flow.objects.select_related("version").get(pk=made.pk)
        return admissions.start(held, at, per_hour)


def test_the_newest_enter_first_and_no_more_than_the_pace_allows(installation: Installation, now: datetime) -> None:
    who = [one.pk for one in people(installation, 7, now)]
    row = start(installation, flow(installation, CALLED, now), now, per_hour=120)
    run(installation, now)
    assert [one.customer_id for one in entered(installation)] == who[:-3:-1]
    assert (ENTER, installation.pk) not in sweep.due(now + MINUTE - SECOND)
    run(installation, now + MINUTE - SECOND)
    assert len(entered(installation)) == 2
    assert (ENTER, installation.pk) in sweep.due(now + MINUTE)
    for minute, count in ((1, 4), (2, 6), (3, 7), (4, 7)):
        run(installation, now + minute * MINUTE)
        assert len(entered(installation)) == count
    row.refresh_from_db()
    assert (row.customers, row.looked_at, row.admitted, row.due_at) == (7, 7, 7, None)


def test_a_late_worker_makes_up_for_nothing(installation: Installation, now: datetime) -> None:
    people(installation, 9, now)
    start(installation, flow(installation, CALLED, now), now, per_hour=60)
    run(installation, now)
    run(installation, now + HOUR)
    assert len(entered(installation)) == 2


def test_looks_that_come_a_little_late_take_nothing_off_the_pace(installation: Installation, now: datetime) -> None:
    people(installation, 30, now)
    start(installation, flow(installation, CALLED, now), now, per_hour=90)
    for look in range(0, 601, 50):
        run(installation, now + look * SECOND)
    # Two each 80 seconds.
    assert len(entered(installation)) == 2 * 8


def test_whom_the_filter_does_not_take_is_passed_by_in_silence(installation: Installation, now: datetime) -> None:
    rule = {"kind": "compare", "fact": "orders", "op": ">=", "value": 1}
    made = flow(installation, CALLED, now, entry={"where": rule})
    people(installation, 3, now)
    (buyer,) = people(installation, 1, now, orders=1)
    people(installation, 3, now)
    start(installation, made, now)
    run(installation, now)
    run(installation, now + MINUTE)
    assert [one.customer_id for one in entered(installation)] == [buyer.pk]
    assert told(installation) == [("entered", "")]


@pytest.mark.parametrize(("kind", "places"), [("phase_entered", [0, 1]), ("phase_left", [2])])
def test_they_stand_where_the_trigger_would_have_brought_them(
    kind: str, places: list[int], installation: Installation, now: datetime
) -> None:
    made = flow(installation, {"kind": kind, "phase": "loss"}, now)
    who = [people(installation, 1, now, phase=phase)[0].pk for phase in ("loss", "loss", "sales", "sales")]
    with within(installation.pk):
        PhaseChange.objects.create(
            installation=installation, customer_id=who[2], before="loss", after="sales", cause="behaviour", at=now
        )
    start(installation, made, now)
    run(installation, now)
    assert sorted(one.customer_id for one in entered(installation)) == [who[place] for place in places]


@pytest.mark.parametrize(
    "trigger", [SOLD, {"kind": "cart_idle", "idle": "PT30M"}, {"kind": "date", "date": "next_order_at"}]
)
def test_what_happens_once_lets_in_nobody_who_is_there(
    trigger: dict[str, Any], installation: Installation, now: datetime
) -> None:
    made = flow(installation, trigger, now)
    with pytest.raises(NothingToGoBy):
        start(installation, made, now)
    with within(installation.pk):
        assert not Admission.objects.filter(kind="customers").exists()


def test_a_walk_goes_on_where_it_was_killed(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admissions, "BLOCK", 2)
    people(installation, 5, now)
    row = start(installation, flow(installation, CALLED, now), now, per_hour=6000)
    with within(installation.pk):
        admissions.walk(installation, now)
        transaction.set_rollback(True)  # dead before it was stored
    assert entered(installation) == []
    for seconds in range(10):
        run(installation, now + seconds * SECOND)
    row.refresh_from_db()
    assert (row.looked_at, row.admitted, row.due_at) == (5, 5, None)
    assert len({one.customer_id for one in entered(installation)}) == 5


def test_it_rests_while_the_flow_is_off_and_staff_may_end_it(installation: Installation, now: datetime) -> None:
    made = flow(installation, CALLED, now)
    people(installation, 9, now)
    row = start(installation, made, now, per_hour=60)
    run(installation, now)
    with within(installation.pk):
        Flow.objects.filter(pk=made.pk).update(is_on=False)
    assert (ENTER, installation.pk) not in sweep.due(now + HOUR)
    run(installation, now + HOUR)
    assert len(entered(installation)) == 1
    with within(installation.pk):
        Flow.objects.filter(pk=made.pk).update(is_on=True)
    run(installation, now + HOUR)
    assert len(entered(installation)) == 2
    with within(installation.pk):
        assert admissions.stop(installation.pk, row.public_id, now + HOUR) is not None
    run(installation, now + DAY)
    assert len(entered(installation)) == 2
    row.refresh_from_db()
    assert (row.due_at, row.stopped_at) == (None, now + HOUR)


def test_while_a_restored_database_is_held_nobody_is_looked_at(installation: Installation, now: datetime) -> None:
    people(installation, 1, now)
    row = start(installation, flow(installation, CALLED, now), now)
    with within(installation.pk):
        Installation.objects.filter(pk=installation.pk).update(held_at=now)
    run(installation, now)
    row.refresh_from_db()
    assert (entered(installation), row.looked_at) == ([], 0)


def test_whom_a_walk_let_in_since_a_dump_hears_nothing_twice(installation: Installation, now: datetime) -> None:
    """Who it was the restored rows do not know: as many as the pace allowed until now, and those next in line."""
    who = [one.pk for one in people(installation, 9, now)][::-1]
    hello = flow(installation, CALLED, now, steps=[{"key": "hello", "kind": "send", "template": "hello"}])
    start(installation, hello, now, per_hour=4)
    run(installation, now)
    with within(installation.pk):
        restores.hold(installation.pk, now + HOUR)
        resuming.resume(Installation.objects.get(), now + HOUR)
    assert [one.customer_id for one in entered(installation)] == who[:5]
    run(installation, now + 3 * HOUR)
    while passages.run(installation.pk, now + 3 * HOUR):
        pass
    with within(installation.pk):
        told = dict(Message.objects.values_list("customer_id", "reason"))
    assert told == {**dict.fromkeys(who[:5], "restored"), **dict.fromkeys(who[5:6], "")}


def test_a_schedule_lets_everybody_in_whom_the_filter_takes_once_a_moment(
    installation: Installation, now: datetime
) -> None:
    who = people(installation, 3, now)
    made = flow(installation, MONDAYS, now)
    monday = datetime.fromisoformat("2026-03-16T09:00:00+00:00")
    with within(installation.pk):
        made.refresh_from_db()
    assert made.runs_at == monday
    run(installation, monday - SECOND)
    assert entered(installation) == []
    for at in (monday, monday + SECOND, monday + DAY):
        run(installation, at)
    assert [(one.customer_id, one.key) for one in entered(installation)] == [
        (one.pk, f"schedule:{monday.isoformat()}") for one in reversed(who)
    ]
    run(installation, monday + 7 * DAY)
    assert len(entered(installation)) == 6
    with within(installation.pk):
        made.refresh_from_db()
    assert made.runs_at == monday + 14 * DAY


def test_moments_that_nobody_was_there_for_are_one(installation: Installation, now: datetime) -> None:
    people(installation, 1, now)
    made = flow(installation, MONDAYS, now)
    run(installation, now + 30 * DAY)
    assert len(entered(installation)) == 1
    with within(installation.pk):
        made.refresh_from_db()
    assert made.runs_at == datetime.fromisoformat("2026-04-13T09:00:00+00:00")


def test_a_flow_that_is_off_has_no_moments(installation: Installation, now: datetime) -> None:
    people(installation, 1, now)
    made = flow(installation, MONDAYS, now)
    with within(installation.pk):
        made.is_on = False
        made.save()
    assert (ENTER, installation.pk) not in sweep.due(now + 30 * DAY)
    run(installation, now + 30 * DAY)
    assert entered(installation) == []
    with within(installation.pk):
        made.is_on = True
        made.save()
        admissions.changed(installation, made, now + 30 * DAY)
        assert made.runs_at == datetime.fromisoformat("2026-04-13T09:00:00+00:00")


def test_walks_keep_to_their_installation(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    people(installation, 1, now)
    people(other_installation, 3, now)
    row = start(installation, flow(installation, CALLED, now), now)
    run(other_installation, now)
    run(installation, now)
    row.refresh_from_db()
    assert (row.customers, row.looked_at) == (1, 1)
    assert (len(entered(installation)), entered(other_installation)) == (1, [])
    with within(other_installation.pk):
        assert admissions.stop(other_installation.pk, row.public_id, now) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_lets_people_in(installation: Installation, now: datetime) -> None:
    people(installation, 9, now)
    start(installation, flow(installation, CALLED, now), now, per_hour=120)
    seen: list[bool] = []

    def meanwhile() -> None:
        try:
            with within(installation.pk):
                seen.append(admissions.walk(installation, now))
        finally:
            connection.close()

    with within(installation.pk):
        assert admissions.walk(installation, now)
        other = Thread(target=meanwhile)
        other.start()
        other.join()
    assert seen == [False]
    run(installation, now)
    assert len(entered(installation)) == 2


def test_two_paces_of_moves_queue_up_behind_each_other(installation: Installation, now: datetime) -> None:
    made = flow(installation, {"kind": "phase_entered", "phase": "loss", "causes": ["refit"]}, now)
    who = [one.pk for one in people(installation, 4, now, phase="loss")]
    with within(installation.pk):
        occasions.pace(made, who[:2], "one", now)
        occasions.pace(made, who[2:], "two", now)
        step = HOUR / 500
        assert list(Occasion.objects.order_by("at").values_list("customer_id", "at")) == [
            (one, now + place * step) for place, one in enumerate(who)
        ]
