from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.entries import DEEPEST, Door, Past, Refusal, refusal
from saleor_lifecycle.domain.flow_triggers import Entry

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
OPEN = Door(is_open=True, is_held=False, opened_at=NOW - DAY)
ONCE = Entry(per="customer")
AGAIN = Entry(per="customer", again_after=7 * DAY)


@pytest.mark.parametrize(
    ("case", "entry", "door", "past", "happened_at", "depth", "because"),
    [
        ("nothing against it", Entry(), OPEN, Past(), NOW, 0, None),
        ("switched off", Entry(), Door(False, False, None), Past(), NOW, 0, Refusal.FLOW_OFF),
        ("restored", Entry(), Door(True, True, None), Past(), NOW, 0, Refusal.HELD),
        ("as deep as may be", Entry(), OPEN, Past(), NOW, DEEPEST, None),
        ("deeper", Entry(), OPEN, Past(), NOW, DEEPEST + 1, Refusal.TOO_DEEP),
        ("just before it was switched on", Entry(), OPEN, Past(), NOW - DAY - SECOND, 0, Refusal.TOO_LATE),
        ("just as it was", Entry(), OPEN, Past(), NOW - DAY, 0, None),
        ("for the same occasion", Entry(), OPEN, Past({"one"}), NOW, 0, Refusal.ALREADY),
        ("for another, while inside", Entry(), OPEN, Past({"two"}, True, NOW), NOW, 0, None),
        ("inside", AGAIN, OPEN, Past({"two"}, True, NOW - 8 * DAY), NOW, 0, Refusal.STILL_INSIDE),
        ("never again", ONCE, OPEN, Past({"two"}, False, NOW - 999 * DAY), NOW, 0, Refusal.TOO_SOON),
        ("a second too soon", AGAIN, OPEN, Past({"two"}, False, NOW - 7 * DAY + SECOND), NOW, 0, Refusal.TOO_SOON),
        ("again", AGAIN, OPEN, Past({"two"}, False, NOW - 7 * DAY), NOW, 0, None),
    ],
)
def test_what_stands_against_an_entry(
    case: str, entry: Entry, door: Door, past: Past, happened_at: datetime, depth: int, because: Refusal | None
) -> None:
    assert refusal(entry, door, past, "one", happened_at, depth, NOW) is because
