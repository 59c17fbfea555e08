from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import customers, rescorings
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Customer, Installation, Occasion
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers as ticks
from saleor_lifecycle.tasks import entries as tasks
from saleor_lifecycle.tasks import rescorings as rescore
from tests.entering import entered, flow, people
from tests.facts import GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def phase(kind: str, name: str, *causes: str) -> dict[str, Any]:
    return {"kind": f"phase_{kind}", "phase": name, **({"causes": list(causes)} if causes else {})}


def test_entering_a_phase_starts_a_flow(installation: Installation, now: datetime) -> None:
    flow(installation, phase("entered", "retention"), now)
    tell(installation, [account(now)], now)
    assert entered(installation) == []
    tell(installation, [order(now + HOUR)], now + HOUR)
    (found,) = entered(installation)
    assert found.key == f"retention:{(now + HOUR).isoformat()}"
    assert found.properties == {"before": "education", "after": "retention", "cause": "behaviour"}


def test_leaving_a_phase_starts_a_flow(installation: Installation, now: datetime) -> None:
    flow(installation, phase("left", "education"), now)
    tell(installation, [account(now)], now)
    tell(installation, [cart(now + HOUR)], now + HOUR)
    assert [one.properties["after"] for one in entered(installation)] == ["sales"]


def test_time_starts_a_flow_too(installation: Installation, now: datetime) -> None:
    flow(installation, phase("entered", "loss"), now)
    tell(installation, [order(now)], now)
    with within(installation.pk):
        loss_at = Customer.objects.values_list("loss_at", flat=True).get()
    assert loss_at is not None
    ticks.run(installation.pk, loss_at + timedelta(seconds=1))
    assert [one.properties["cause"] for one in entered(installation)] == ["time"]


@pytest.mark.parametrize("cause", [Cause.IMPORT, Cause.REFIT, Cause.POLICY, Cause.CORRECTION])
def test_other_causes_start_nothing_by_themselves(cause: Cause, installation: Installation, now: datetime) -> None:
    flow(installation, phase("entered", "retention"), now)
    tell(installation, [order(now)], now, cause)
    with within(installation.pk):
        assert Customer.objects.get().phase == "retention"
        assert not Occasion.objects.exists()
    assert entered(installation) == []


def test_where_the_merchant_wants_an_imports_moves_they_come_at_the_flows_pace(
    installation: Installation, now: datetime
) -> None:
    flow(installation, phase("entered", "retention", "import"), now, entry={"existing_per_hour": 60})
    facts = [order(now, f"order {number}", None, f"{number}@example.com") for number in range(5)]
    tell(installation, facts[:3], now, Cause.IMPORT)
    tell(installation, facts[3:], now, Cause.IMPORT)
    assert entered(installation) == []
    for minute, count in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (99, 5)):
        while tasks.run(installation.pk, now + timedelta(minutes=minute)):
            pass
        assert len(entered(installation)) == count


def test_who_has_moved_on_before_their_turn_does_not_enter(installation: Installation, now: datetime) -> None:
    flow(installation, phase("entered", "retention", "import"), now, entry={"existing_per_hour": 1})
    tell(installation, [order(now), order(now, "another", GRACE, "grace@example.com")], now, Cause.IMPORT)
    with within(installation.pk):
        last = Occasion.objects.order_by("at").last()
        assert last is not None
        Customer.objects.filter(pk=last.customer_id).update(phase="loss")
    while tasks.run(installation.pk, now + DAY):
        pass
    assert [one.customer_id == last.customer_id for one in entered(installation)] == [False]
    with within(installation.pk):
        assert not Occasion.objects.exists()


def test_who_comes_by_a_file_may_start_a_flow_of_their_phase(installation: Installation, now: datetime) -> None:
    flow(installation, phase("entered", "education", "import"), now)
    (drawn,) = people(installation, 1, now)
    with within(installation.pk):
        Customer.objects.filter(pk=drawn.pk).delete()
        full = Installation.objects.select_related("policy").get(pk=installation.pk)
        customers.add(full, [drawn.pk], now, Cause.IMPORT)
        assert Occasion.objects.values_list("customer_id", flat=True).get() == drawn.pk


def test_a_refit_that_moves_people_lets_them_in_at_the_flows_pace_where_that_is_wanted(
    installation: Installation, now: datetime
) -> None:
    flow(installation, phase("entered", "loss", "policy"), now)
    flow(installation, {"kind": "date", "date": "loss_at"}, now, key="dated")
    tell(installation, [order(now)], now)
    with within(installation.pk):
        (before,) = Occasion.objects.values_list("at", flat=True)
        held = Installation.objects.select_related("policy").get(pk=installation.pk)
        assert held.policy is not None
        wanted = held.policy.document | {"loss": held.policy.document["loss"] | {"set_days": 40}}
        row = rescorings.propose_policy(held, wanted, now)
    at = now + 60 * DAY
    rescore.work(installation.pk, 60, clock=lambda: at)
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, at)
    rescore.work(installation.pk, 60, clock=lambda: at)
    with within(installation.pk):
        assert Customer.objects.get().phase == "loss"
        assert dict(Occasion.objects.values_list("flow__key", "at")) == {"hello": at}
    assert before == now + 180 * DAY
