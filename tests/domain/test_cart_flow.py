import json
from datetime import timedelta

import pytest

from saleor_lifecycle.domain.cart_flow import Touch, cart_document, touches, upgraded
from saleor_lifecycle.domain.flow_steps import Send, Wait
from saleor_lifecycle.domain.flow_triggers import CartIdle
from saleor_lifecycle.models.flow_documents import read_program

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOUCHES = (HOUR, 24 * HOUR, 72 * HOUR)


def test_a_cart_document_is_read_as_it_was_meant() -> None:
    document = json.loads(json.dumps(cart_document(timedelta(minutes=30), TOUCHES, 0.1)))
    read = read_program(document).document
    assert (read.topic, read.trigger, read.ends) == ("cart", CartIdle("cart_idle", timedelta(minutes=30)), 7 * DAY)
    assert read.holdout == 0.1
    assert read.steps == (
        Wait("wait-touch-1", "wait", HOUR, "anchor"),
        Send("touch-1", "send", "abandoned-cart-1"),
        Wait("wait-touch-2", "wait", 24 * HOUR, "anchor", 23 * HOUR),
        Send("touch-2", "send", "abandoned-cart-2"),
        Wait("wait-touch-3", "wait", 72 * HOUR, "anchor", 48 * HOUR),
        Send("touch-3", "send", "abandoned-cart-3"),
    )
    assert touches(read) == [
        Touch(f"touch-{number}", after, f"abandoned-cart-{number}") for number, after in enumerate(TOUCHES, 1)
    ]


@pytest.mark.parametrize(
    ("touches", "ends"),
    [((timedelta(seconds=1),), 7 * DAY), ((HOUR, 3.5 * DAY), 7 * DAY), ((HOUR, 4 * DAY), 8 * DAY)],
)
def test_a_cart_flow_ends_after_a_week_or_twice_its_last_touch(touches: tuple[timedelta, ...], ends: timedelta) -> None:
    assert read_program(cart_document(HOUR, touches)).document.ends == ends


def test_what_was_written_before_there_were_other_flows_is_read_as_it_was_meant() -> None:
    old = {
        "schema_version": 1,
        "trigger": {"kind": "cart_idle", "idle": 1800},
        "topic": "cart",
        "channel": "email",
        "steps": [
            {"key": f"touch-{number}", "after": int(after.total_seconds()), "template": f"abandoned-cart-{number}"}
            for number, after in enumerate(TOUCHES, 1)
        ],
        "ends": 7 * 86400,
    }
    assert read_program(old) == read_program(cart_document(timedelta(minutes=30), TOUCHES))
    new = cart_document(HOUR, TOUCHES)
    assert upgraded(new) is new
