from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.models import Cart, Flow, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import ADVANCE
from tests.entering import entered, flow, publish, told
from tests.facts import CHECKOUT, cart, tell

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MORE = (("VmFyaWFudDox", 3),)
READY = "abandoned-cart"


def idle(duration: str) -> dict[str, str]:
    return {"kind": "cart_idle", "idle": duration}


def advance(installation: Installation, at: datetime) -> None:
    while passages.run(installation.pk, at):
        pass


def watched(installation: Installation) -> datetime | None:
    with within(installation.pk):
        return Cart.objects.values_list("idle_at", flat=True).get()


def test_each_flow_looks_at_a_cart_at_its_own_moment(installation: Installation, now: datetime) -> None:
    flow(installation, idle("PT2H"), now)
    tell(installation, [cart(now)], now)
    assert watched(installation) == now + 30 * MINUTE
    advance(installation, now + 30 * MINUTE)
    assert (len(entered(installation, READY)), entered(installation)) == (1, [])
    assert watched(installation) == now + 2 * HOUR
    assert (ADVANCE, installation.pk) in sweep.due(now + 2 * HOUR)
    advance(installation, now + 2 * HOUR)
    (found,) = entered(installation)
    assert (found.key, found.anchor_at, found.entered_at) == (CHECKOUT, now, now + 2 * HOUR)
    assert found.properties == {"channel": "default-channel", "items": 2}
    assert (watched(installation), len(entered(installation, READY))) == (None, 1)


def test_a_late_worker_lets_a_cart_into_all_of_them_at_once(installation: Installation, now: datetime) -> None:
    flow(installation, idle("PT2H"), now)
    tell(installation, [cart(now)], now)
    advance(installation, now + 3 * HOUR)
    assert (len(entered(installation, READY)), len(entered(installation))) == (1, 1)
    assert watched(installation) is None


def test_a_change_moves_the_moment_of_the_flows_that_it_has_not_entered(
    installation: Installation, now: datetime
) -> None:
    flow(installation, idle("PT2H"), now)
    tell(installation, [cart(now)], now)
    advance(installation, now + 30 * MINUTE)
    tell(installation, [cart(now + HOUR, lines=MORE)], now + HOUR)
    assert watched(installation) == now + 3 * HOUR
    advance(installation, now + 3 * HOUR - SECOND)
    assert entered(installation) == []
    advance(installation, now + 3 * HOUR)
    assert len(entered(installation)) == 1


def test_whom_a_filter_refuses_is_asked_again_when_the_cart_changes(installation: Installation, now: datetime) -> None:
    rule = {"kind": "compare", "fact": "property.items", "op": ">=", "value": 3}
    flow(installation, idle("PT2H"), now, entry={"where": rule})
    tell(installation, [cart(now)], now)
    advance(installation, now + 2 * HOUR)
    assert entered(installation) == []
    assert ("refused", "entry_filter") in told(installation)
    assert watched(installation) is None
    tell(installation, [cart(now + 3 * HOUR, lines=MORE)], now + 3 * HOUR)
    advance(installation, now + 5 * HOUR)
    assert len(entered(installation)) == 1


@pytest.mark.parametrize(("minutes", "count"), [(29, 1), (30, 1), (31, 0)])
def test_a_cart_that_went_idle_while_the_flow_was_off_does_not_enter(
    minutes: int, count: int, installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        Flow.objects.filter(key=READY).update(is_on=False)
    tell(installation, [cart(now)], now)
    with within(installation.pk):
        Flow.objects.filter(key=READY).update(is_on=True, switched_on_at=now + minutes * MINUTE)
    advance(installation, now + HOUR)
    assert len(entered(installation, READY)) == count


@pytest.mark.parametrize("duration", ["PT10M", "PT1H"])
def test_a_version_with_another_idle_time_counts_for_carts_that_wait(
    duration: str, installation: Installation, now: datetime
) -> None:
    made = flow(installation, idle("PT40M"), now)
    tell(installation, [cart(now)], now)
    with within(installation.pk):
        publish(made, idle(duration), now + 20 * MINUTE)
    for minutes in (30, 40, 60):
        advance(installation, now + minutes * MINUTE)
    assert [one.entered_at for one in entered(installation)] == [now + (30 if duration == "PT10M" else 60) * MINUTE]


def test_a_flow_that_would_be_over_does_not_look(installation: Installation, now: datetime) -> None:
    flow(installation, idle("PT2H"), now - DAY, ends="PT3H")
    tell(installation, [cart(now)], now + 3 * HOUR - SECOND)
    with within(installation.pk):
        Flow.objects.filter(key=READY).update(archived_at=now)
    tell(installation, [cart(now, language="es")], now + 3 * HOUR)
    assert watched(installation) is None
    advance(installation, now + 3 * HOUR)
    assert entered(installation) == []


def test_a_held_database_keeps_its_carts_for_later(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now)], now)
    with within(installation.pk):
        Installation.objects.filter(pk=installation.pk).update(held_at=now)
    advance(installation, now + HOUR)
    assert (entered(installation, READY), watched(installation)) == ([], now + 30 * MINUTE)
