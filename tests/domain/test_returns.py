from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from saleor_lifecycle.domain.flow_triggers import (
    CalledTrigger,
    CartIdle,
    DateTrigger,
    EventTrigger,
    PhaseTrigger,
    ScheduleTrigger,
    Trigger,
)
from saleor_lifecycle.domain.local_time import DAY
from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.domain.returns import LASTS_AT_MOST, begins_after_purchase, is_open

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("case", "status", "charged", "refunded", "changed", "expected"),
    [
        ("all came back", "RETURNED", "20", "0", DAY, True),
        ("some came back", "PARTIALLY_RETURNED", "20", "0", DAY, True),
        ("paid back", "RETURNED", "0", "20", DAY, False),
        ("paid back in part", "PARTIALLY_RETURNED", "10", "10", DAY, False),
        ("never paid", "RETURNED", "0", "0", DAY, False),
        ("exchanged for another size", "FULFILLED", "20", "0", DAY, False),
        ("partly on its way", "PARTIALLY_FULFILLED", "20", "0", DAY, False),
        ("called off", "CANCELED", "20", "0", DAY, False),
        ("just short of too long", "RETURNED", "20", "0", LASTS_AT_MOST - TICK, True),
        ("too long", "RETURNED", "20", "0", LASTS_AT_MOST, False),
    ],
)
def test_is_under_way(case: str, status: str, charged: str, refunded: str, changed: timedelta, expected: bool) -> None:
    assert is_open(status, Decimal(charged), Decimal(refunded), NOW - changed, NOW) is expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (EventTrigger("event", "order_placed"), True),
        (EventTrigger("event", "order_fulfilled"), True),
        (EventTrigger("event", "product_viewed"), False),
        (PhaseTrigger("phase_entered", Phase.RETENTION), True),
        (PhaseTrigger("phase_entered", Phase.LOSS), True),
        (PhaseTrigger("phase_entered", Phase.SALES), False),
        (DateTrigger("date", "loss_at"), True),
        (DateTrigger("date", "attribute.birthday"), False),
        (CartIdle("cart_idle", DAY), False),
        (CalledTrigger("manual"), False),
        (ScheduleTrigger("schedule", NOW.time()), False),
    ],
)
def test_a_flow_begins_after_a_purchase(trigger: Trigger, expected: bool) -> None:
    assert begins_after_purchase(trigger) is expected
