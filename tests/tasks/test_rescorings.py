import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from saleor_lifecycle.actions import rescoring_blocks, rescorings
from saleor_lifecycle.domain.policies import policy_document
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, LossPolicy
from saleor_lifecycle.models import Customer, Installation, PhaseChange, Rescoring
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import nudge
from saleor_lifecycle.tasks.rescorings import rescore, work
from tests.facts import order, tell

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
BUYERS = 12


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring_blocks, "BLOCK", 2)


@pytest.fixture
def proposed(installation: Installation, now: datetime) -> Rescoring:
    tell(installation, [order(now - 10 * DAY, f"order {n}", None, f"{n}@example.com") for n in range(BUYERS)], now)
    policy = replace(DEFAULT_POLICY, loss=LossPolicy(set_days=9.0))
    with within(installation.pk):
        held = Installation.objects.select_related("policy").get(pk=installation.pk)
        return rescorings.propose_policy(held, policy_document(policy), now)


def stored(row: Rescoring) -> Rescoring:
    with within(row.installation_id):
        return Rescoring.objects.get(pk=row.pk)


def test_workers_who_walk_at_once_come_to_everybody_once(
    installation: Installation, proposed: Rescoring, now: datetime
) -> None:
    def walk() -> None:
        started.wait()
        try:
            work(installation.pk, 60, clock=lambda: now)
        finally:
            connection.close()

    for state in (Rescoring.State.PROPOSED, Rescoring.State.APPLIED):
        started = threading.Barrier(3)
        workers = [threading.Thread(target=walk) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        found = stored(proposed)
        assert (found.state, found.looked, found.moves) == (state, BUYERS, {"retention>loss": BUYERS})
        if state == Rescoring.State.PROPOSED:
            with within(installation.pk):
                rescorings.apply(installation.pk, proposed.pk, now)
    with within(installation.pk):
        assert PhaseChange.objects.filter(cause="policy").count() == BUYERS
        assert set(Customer.objects.values_list("phase", "policy")) == {("loss", proposed.policy_id)}


def test_whoever_takes_a_part_calls_somebody_for_the_next(
    installation: Installation, proposed: Rescoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudged: list[tuple[str, int]] = []
    monkeypatch.setattr(nudge, "nudge", lambda *what: nudged.append(what))
    rescore(installation.pk)
    assert nudged == [(nudge.RESCORE, installation.pk)] * 3
    assert stored(proposed).state == Rescoring.State.PROPOSED


def test_it_asks_for_another_turn_where_its_time_is_over(
    installation: Installation, proposed: Rescoring, now: datetime
) -> None:
    assert work(installation.pk, 0, clock=lambda: now)
    assert stored(proposed).looked == 2
    while work(installation.pk, 0, clock=lambda: now):
        pass
    assert stored(proposed).state == Rescoring.State.PROPOSED
