from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.pacing import JITTER, MOST_ATTEMPTS, RETRY_AFTER, free_after, retry_at, turns

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("attempts", "pause"), [(1, RETRY_AFTER[0]), (2, RETRY_AFTER[1]), (4, RETRY_AFTER[3]), (11, RETRY_AFTER[3])]
)
@pytest.mark.parametrize(("key", "share"), [(b"\x00\x00", 0.0), (b"\xff\xff", 1.0)])
def test_tries_again_later_each_time_and_not_all_at_once(
    attempts: int, pause: timedelta, key: bytes, share: float
) -> None:
    assert retry_at(attempts, key, NOW) == NOW + pause * (1 + JITTER * share)


def test_gives_up_after_enough_attempts() -> None:
    assert retry_at(MOST_ATTEMPTS, b"ab", NOW) is None


@pytest.mark.parametrize(
    ("case", "free_at", "per_minute", "expected"),
    [
        ("without a limit", None, None, 100),
        ("resting, without a limit", NOW + TICK, None, 0),
        ("never sent before", None, 60, 20),
        ("one second ago", NOW - SECOND, 60, 1),
        ("two seconds ago", NOW - 2 * SECOND, 60, 2),
        ("right now", NOW, 60, 1),
        ("still to come", NOW + TICK, 60, 0),
        ("idle for long", NOW - 60 * MINUTE, 60, 20),
        ("fast", NOW - 60 * MINUTE, 6000, 100),
    ],
)
def test_the_pace_lets_some_out(case: str, free_at: datetime | None, per_minute: int | None, expected: int) -> None:
    assert turns(free_at, per_minute, 100, NOW) == expected, case


def test_a_pace_is_kept_over_an_hour_and_turns_given_back_count() -> None:
    free_at, sent, now = None, 0, NOW
    while now < NOW + 60 * MINUTE:
        taken = turns(free_at, 30, 100, now)
        if taken:
            free_at = free_after(free_at, 30, taken, now)
            unused = taken // 2
            free_at = free_after(free_at, 30, -unused, free_at or now)
            sent += taken - unused
        now += SECOND
    assert 1800 <= sent <= 1800 + 10, "30 a minute, and what is allowed after a rest"
