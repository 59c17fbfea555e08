from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from saleor_lifecycle.actions import admissions, occasions
from saleor_lifecycle.models import Customer, Flow, Installation, Occasion
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import entries as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import ENTER
from tests.entering import CALLED, entered, flow, people, publish
from tests.facts import order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEFORE_LOSS = {"kind": "date", "date": "loss_at", "offset": "-P7D"}
BIRTHDAY = {"kind": "date", "date": "attribute.birthday", "at": "09:00:00", "is_yearly": True}


def run(installation: Installation, at: datetime) -> None:
    while tasks.run(installation.pk, at):
        pass


def awaited(installation: Installation) -> list[tuple[int, datetime]]:
    with within(installation.pk):
        return list(Occasion.objects.order_by("customer_id").values_list("customer_id", "at"))


def born(day: str) -> dict[str, Any]:
    return {"attributes": {"birthday": {"value": day, "origin": "user", "at": "2026-01-01T00:00:00+00:00"}}}


def loss(installation: Installation) -> datetime:
    with within(installation.pk):
        at = Customer.objects.values_list("loss_at", flat=True).get()
    assert at is not None
    return at


def test_days_before_the_predicted_loss_a_buyer_enters(installation: Installation, now: datetime) -> None:
    flow(installation, BEFORE_LOSS, now)
    tell(installation, [order(now)], now)
    at = loss(installation) - 7 * DAY
    assert [moment for _, moment in awaited(installation)] == [at]
    assert (ENTER, installation.pk) in sweep.due(at)
    run(installation, at - timedelta(seconds=1))
    assert entered(installation) == []
    assert (ENTER, installation.pk) not in sweep.due(at - timedelta(seconds=1))
    run(installation, at)
    (found,) = entered(installation)
    assert (found.anchor_at, found.key) == (at, f"loss_at:{now.isoformat()}")
    assert awaited(installation) == []


def test_an_order_moves_the_date_and_a_refit_does_not_bring_it_twice(installation: Installation, now: datetime) -> None:
    flow(installation, BEFORE_LOSS, now)
    tell(installation, [order(now)], now)
    first = loss(installation)
    tell(installation, [order(now + 150 * DAY, "another")], now + 150 * DAY)
    assert loss(installation) > first
    assert [moment for _, moment in awaited(installation)] == [loss(installation) - 7 * DAY]
    run(installation, loss(installation) - 7 * DAY)
    with within(installation.pk):
        Customer.objects.update(loss_at=loss(installation) + 10 * DAY)
        occasions.refresh(installation, Customer.objects.values_list("pk", flat=True), loss(installation))
    run(installation, loss(installation))
    assert len(entered(installation)) == 1


def test_a_date_that_moved_without_notice_comes_at_its_new_moment(installation: Installation, now: datetime) -> None:
    flow(installation, BEFORE_LOSS, now)
    tell(installation, [order(now)], now)
    was = loss(installation)
    with within(installation.pk):
        Customer.objects.update(loss_at=was + 10 * DAY)
    run(installation, was - 7 * DAY)
    assert entered(installation) == []
    assert [moment for _, moment in awaited(installation)] == [was + 3 * DAY]


def test_a_birthday_comes_every_year_in_the_shops_zone(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Installation.objects.filter(pk=installation.pk).update(time_zone="Europe/Madrid")
    installation.refresh_from_db()
    people(installation, 1, now, **born("1990-07-01"))
    flow(installation, BIRTHDAY, now)
    run(installation, now)
    this_year = datetime.fromisoformat("2026-07-01T07:00:00+00:00")
    assert [moment for _, moment in awaited(installation)] == [this_year]
    run(installation, this_year)
    assert [moment for _, moment in awaited(installation)] == [datetime.fromisoformat("2027-07-01T07:00:00+00:00")]
    run(installation, this_year + 365 * DAY)
    assert [one.key for one in entered(installation)] == ["attribute.birthday:2026", "attribute.birthday:2027"]


def test_switching_on_fills_in_who_is_there_and_leaves_out_what_passed(
    installation: Installation, now: datetime
) -> None:
    trigger = {"kind": "date", "date": "loss_at"}
    offsets = (-2 * DAY, -DAY, -DAY + HOUR, HOUR, DAY)
    who = [people(installation, 1, now, loss_at=now + offset)[0].pk for offset in offsets]
    flow(installation, trigger, now)
    with within(installation.pk):
        admissions.walk(installation, now)
    assert awaited(installation) == [(one, now + offset) for one, offset in zip(who[2:], offsets[2:], strict=True)]
    run(installation, now)
    assert [one.customer_id for one in entered(installation)] == [who[2]]


def test_a_fill_goes_on_where_it_was_killed(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admissions, "BLOCK", 2)
    who = [one.pk for one in people(installation, 5, now, loss_at=now + DAY)]
    flow(installation, {"kind": "date", "date": "loss_at"}, now)
    with within(installation.pk):
        admissions.walk(installation, now)
    assert [one for one, _ in awaited(installation)] == who[3:]
    with within(installation.pk):
        admissions.walk(installation, now)
        transaction.set_rollback(True)  # dead before it was stored
    assert [one for one, _ in awaited(installation)] == who[3:]
    run(installation, now)
    assert [one for one, _ in awaited(installation)] == who


def test_a_flow_that_is_off_waits_and_one_that_is_archived_forgets(installation: Installation, now: datetime) -> None:
    made = flow(installation, BEFORE_LOSS, now)
    tell(installation, [order(now)], now)
    at = loss(installation) - 7 * DAY
    with within(installation.pk):
        Flow.objects.filter(pk=made.pk).update(is_on=False)
    assert (ENTER, installation.pk) not in sweep.due(at)
    run(installation, at)
    assert (entered(installation), len(awaited(installation))) == ([], 1)
    with within(installation.pk):
        made.refresh_from_db()
        made.archived_at = at
        made.save()
        admissions.changed(installation, made, at)
    assert awaited(installation) == []


def test_a_version_with_another_trigger_forgets_the_dates(installation: Installation, now: datetime) -> None:
    made = flow(installation, BEFORE_LOSS, now)
    tell(installation, [order(now)], now)
    with within(installation.pk):
        publish(made, CALLED, now)
        admissions.changed(installation, made, now)
    assert awaited(installation) == []


def test_what_moves_many_moves_their_dates(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occasions, "BLOCK", 2)
    flow(installation, BEFORE_LOSS, now)
    who = [one.pk for one in people(installation, 5, now, loss_at=now + 30 * DAY)]
    with within(installation.pk):
        occasions.refresh_between(installation, who[0], who[-1], now)
    assert awaited(installation) == [(one, now + 23 * DAY) for one in who[1:]]


def test_somebody_who_turned_out_to_be_another_has_no_dates(installation: Installation, now: datetime) -> None:
    flow(installation, BEFORE_LOSS, now)
    ada, was = people(installation, 2, now, loss_at=now + 30 * DAY)
    with within(installation.pk):
        occasions.refresh(installation, [ada.pk, was.pk], now)
        Customer.objects.filter(pk=was.pk).update(merged_into=ada)
    run(installation, now + 23 * DAY)
    assert [one.customer_id for one in entered(installation)] == [ada.pk]
    assert awaited(installation) == []


def test_the_dates_of_two_installations_never_mix(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    flow(installation, BEFORE_LOSS, now)
    flow(other_installation, CALLED, now)
    people(other_installation, 1, now, loss_at=now + 7 * DAY)
    run(installation, now + HOUR)
    run(other_installation, now + HOUR)
    assert (awaited(installation), awaited(other_installation)) == ([], [])
    assert entered(other_installation) == []


def test_a_tick_reads_no_dates_while_no_flow_wants_any(
    installation: Installation, now: datetime, django_assert_num_queries: Any
) -> None:
    (ada,) = people(installation, 1, now)
    with within(installation.pk), django_assert_num_queries(1):
        occasions.refresh(installation, [ada.pk], now)
    assert awaited(installation) == []
