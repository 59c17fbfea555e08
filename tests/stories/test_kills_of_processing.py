"""A worker killed on any statement, a hundred times, leaves what one that was never killed does."""

import random
from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.models import Event, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers, events, flows
from tests.facts import receive
from tests.kills import dump, undisturbed, work_with_kills
from tests.recordings import recordings

pytestmark = pytest.mark.django_db(transaction=True)

LATER = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BATCH = 3


def work(installation: Installation) -> None:
    """Take in what a shop sent, let idle carts into their flow, and let half a year pass."""
    while events.run(installation.pk, LATER):
        pass
    while flows.run(installation.pk, LATER + HOUR):
        pass
    while customers.run(installation.pk, LATER + 200 * DAY):
        pass


def fill(installation: Installation) -> None:
    """Store what a real Saleor sent, in an order in which much comes too late."""
    told = [one.body for one in recordings()]
    random.Random(3).shuffle(told)
    receive(installation, told, LATER)
    with within(installation.pk):
        Installation.objects.update(is_projecting=True)


def test_a_hundred_deaths_change_nothing(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BATCH", BATCH)
    monkeypatch.setattr(customers, "BATCH", BATCH)
    fill(installation)
    calm = undisturbed(installation, lambda: work(installation))
    died = work_with_kills(lambda: work(installation), kills=100, rate=1 / 24, chance=random.Random(11))
    assert died == 100
    assert dump(installation) == calm
    assert len(calm["lifecycle_enrollment"]) + len(calm["lifecycle_customer"]) > 20
    with within(installation.pk):
        assert Event.objects.filter(state=Event.State.DONE).count() > 200
