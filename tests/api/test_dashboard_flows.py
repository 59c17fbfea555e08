from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.models import Enrollment, Flow, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.api.conftest import Ask
from tests.facts import CHECKOUT, account, cart, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
IDLE = timedelta(minutes=30)
RESULTS = """query ($days: Int! = 30) { cartFlow { results(days: $days) { entered waiting finished exited
    exits { reason count } messages { state reason count } recovered recoveredRevenue { amount currency } } } }"""
NOTHING = {
    "entered": 0,
    "waiting": 0,
    "finished": 0,
    "exited": 0,
    "exits": [],
    "messages": [],
    "recovered": 0,
    "recoveredRevenue": [],
}


@pytest.fixture(autouse=True)
def _templates(installation: Installation, now: datetime) -> None:
    add_ready_templates(installation.pk, now)


def results(ask: Ask, at: datetime, **values: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(RESULTS, at=at, **values)["cartFlow"]["results"]
    return answer


def abandoned(installation: Installation, at: datetime, number: int = 1, *, sent_at: datetime | None = None) -> int:
    """Return the id of the passage of a cart of its own person that was left at that moment."""
    checkout, user = f"{CHECKOUT}{number}", f"VXNlcjo{number}"
    tell(installation, [account(at, user, f"{number}@example.com"), cart(at, checkout, user, None)], at)
    passages.run(installation.pk, at + IDLE)
    passages.run(installation.pk, at + HOUR)
    with within(installation.pk):
        enrollment = Enrollment.objects.get(key=checkout)
        if sent_at:
            Message.objects.filter(enrollment=enrollment).update(state="sent", settled_at=sent_at)
        return enrollment.pk


def test_shows_the_flow_that_an_installation_begins_with(ask: Ask) -> None:
    assert ask("{ cartFlow { key isOn } }")["cartFlow"] == {"key": "abandoned-cart", "isOn": True}


def test_a_shop_without_the_flow_is_told_so(ask: Ask, installation: Installation) -> None:
    with within(installation.pk):
        Flow.objects.update(version=None)
    assert ask("{ cartFlow { key } }") == {"cartFlow": None}


def test_a_flow_that_nobody_entered_has_no_results(ask: Ask, now: datetime) -> None:
    assert results(ask, now) == NOTHING


def test_results_say_what_became_of_those_who_entered(ask: Ask, installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    emptied, ended, failed = (abandoned(installation, now, number) for number in (2, 3, 4))
    with within(installation.pk):
        Enrollment.objects.filter(pk=emptied).update(state="exited", reason="cart_emptied")
        Enrollment.objects.filter(pk=ended).update(state="finished", reason="all steps done")
        Message.objects.filter(enrollment_id=emptied).update(state="skipped", reason="cart_emptied")
        Message.objects.filter(enrollment_id=ended).update(state="sent", reason="shop_away", settled_at=now)
        Message.objects.filter(enrollment_id=failed).update(state="failed", reason="550 no")
    shown = results(ask, now + HOUR)
    assert (shown["entered"], shown["waiting"], shown["finished"], shown["exited"]) == (4, 2, 1, 1)
    assert shown["exits"] == [{"reason": "cart_emptied", "count": 1}]
    assert sorted((one["state"], one["reason"], one["count"]) for one in shown["messages"]) == [
        ("FAILED", "550 no", 1),
        ("QUEUED", "", 1),
        ("SENT", "", 1),
        ("SKIPPED", "cart_emptied", 1),
    ]


def test_results_reach_back_as_many_days_of_the_shop_as_are_asked_for(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    entered = abandoned(installation, now)
    midnight = now.replace(hour=0)
    for at, count in ((midnight, 1), (midnight - timedelta(microseconds=1), 0)):
        with within(installation.pk):
            Enrollment.objects.filter(pk=entered).update(entered_at=at)
        assert results(ask, now, days=1)["entered"] == count
        assert results(ask, now, days=2)["entered"] == 1


@pytest.mark.parametrize(
    ("case", "sent", "status", "recovered"),
    [
        ("ordered after a message", -1, "UNFULFILLED", 1),
        ("ordered in the second of the message", 0, "UNFULFILLED", 1),
        ("ordered before the message", 1, "UNFULFILLED", 0),
        ("ordered without a message", None, "UNFULFILLED", 0),
        ("ordered after a message and cancelled", -1, "CANCELED", 0),
        ("ordered after a message and expired", -1, "EXPIRED", 0),
    ],
)
def test_a_cart_is_recovered_when_it_was_ordered_after_a_message(
    ask: Ask, installation: Installation, now: datetime, case: str, sent: int | None, status: str, recovered: int
) -> None:
    ordered = now + 2 * HOUR
    sent_at = None if sent is None else ordered + timedelta(seconds=sent)
    abandoned(installation, now, sent_at=sent_at)
    bought = replace(order(ordered, user="VXNlcjo1", checkout=f"{CHECKOUT}1"), status=status)
    tell(installation, [bought], ordered)
    shown = results(ask, ordered)
    assert shown["recovered"] == recovered
    assert shown["recoveredRevenue"] == [{"amount": "20.000", "currency": "EUR"}] * recovered


def test_an_order_of_another_cart_recovers_nothing(ask: Ask, installation: Installation, now: datetime) -> None:
    abandoned(installation, now, sent_at=now + HOUR)
    tell(installation, [order(now + 2 * HOUR, user="VXNlcjox", checkout="another")], now + 2 * HOUR)
    assert results(ask, now + 2 * HOUR)["recovered"] == 0


def test_worth_is_never_summed_across_currencies(ask: Ask, installation: Installation, now: datetime) -> None:
    at = now + 2 * HOUR
    for number, (total, currency) in enumerate([("10", "EUR"), ("15.5", "EUR"), ("7", "USD")], 1):
        abandoned(installation, now, number, sent_at=now + HOUR)
        bought = replace(
            order(at, f"T3JkZXI6{number}", checkout=f"{CHECKOUT}{number}"), total=Decimal(total), currency=currency
        )
        tell(installation, [bought], at)
    shown = results(ask, at)
    assert shown["recovered"] == 3
    assert shown["recoveredRevenue"] == [
        {"amount": "25.500", "currency": "EUR"},
        {"amount": "7.000", "currency": "USD"},
    ]
