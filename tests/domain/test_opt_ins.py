from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.opt_ins import LASTS, REMIND_AFTER, Expire, Remind, WaitUntil, may_ask, next_step

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("case", "after", "is_reminded", "step"),
    [
        ("just asked", timedelta(), False, WaitUntil(NOW + REMIND_AFTER)),
        ("just before the reminder", REMIND_AFTER - TICK, False, WaitUntil(NOW + REMIND_AFTER)),
        ("the reminder", REMIND_AFTER, False, Remind(NOW + LASTS)),
        ("reminded once is enough", REMIND_AFTER, True, WaitUntil(NOW + LASTS)),
        ("just before the end", LASTS - TICK, True, WaitUntil(NOW + LASTS)),
        ("the end", LASTS, True, Expire()),
        ("the end, and nobody came to remind", LASTS, False, Expire()),
    ],
)
def test_one_reminder_then_the_end(
    case: str, after: timedelta, is_reminded: bool, step: Remind | Expire | WaitUntil
) -> None:
    assert next_step(NOW, is_reminded, NOW + after) == step, case


@pytest.mark.parametrize(
    ("case", "ago", "answer"),
    [
        ("the first", [], True),
        ("another on the same day", [DAY - TICK], False),
        ("a day later", [DAY], True),
        ("the third in a month", [10 * DAY, 20 * DAY], True),
        ("the fourth in a month", [10 * DAY, 20 * DAY, 30 * DAY - TICK], False),
        ("one of them is forgotten", [10 * DAY, 20 * DAY, 30 * DAY], True),
    ],
)
def test_an_address_is_asked_seldom(case: str, ago: list[timedelta], answer: bool) -> None:
    assert may_ask([NOW - each for each in ago], NOW) is answer, case
