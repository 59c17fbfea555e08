from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from saleor_lifecycle.domain.backfill import Kind, Progress, State, caught_up_at, next_round, whole

AT = datetime(2026, 3, 11, 12, tzinfo=UTC)
WAITING = Progress(Kind.ORDERS, 0, None, 0, None, None, None, "")
RUNNING = replace(WAITING, done=100, total=400, started_at=AT, updated_at=AT + timedelta(seconds=20))


@pytest.mark.parametrize(
    ("case", "progress", "state", "percent", "rate", "left"),
    [
        ("nobody has begun", WAITING, State.WAITING, None, None, None),
        ("leased, nothing read", replace(WAITING, started_at=AT), State.RUNNING, None, None, None),
        ("a quarter in 20 seconds", RUNNING, State.RUNNING, 25.0, 5.0, 60),
        ("all that were counted, and more to come", replace(RUNNING, done=400), State.RUNNING, 99.9, 20.0, 0),
        ("more than were counted", replace(RUNNING, done=500), State.RUNNING, 99.9, 25.0, 0),
        ("the first page, in no time", replace(RUNNING, updated_at=AT), State.RUNNING, 25.0, None, None),
        ("in trouble", replace(RUNNING, error="ShopAway"), State.TROUBLED, 25.0, 5.0, 60),
        ("over", replace(RUNNING, done=400, finished_at=AT), State.FINISHED, 100.0, 20.0, 0),
        ("over, the shop was empty", replace(RUNNING, done=0, total=0, finished_at=AT), State.FINISHED, 100.0, None, 0),
        ("nothing to read, not yet noted", replace(RUNNING, done=0, total=0), State.RUNNING, 0.0, None, None),
    ],
)
def test_tells_how_far_it_has_come(
    case: str, progress: Progress, state: State, percent: Any, rate: Any, left: Any
) -> None:
    assert (case, progress.state, progress.percent, progress.rate, progress.seconds_left) == (
        case,
        state,
        percent,
        rate,
        left,
    )


FINISHED = replace(RUNNING, finished_at=AT)
TROUBLED = replace(RUNNING, error="ShopAway")


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([FINISHED, TROUBLED, RUNNING], State.RUNNING),
        ([FINISHED, TROUBLED, WAITING], State.TROUBLED),
        ([FINISHED, WAITING], State.WAITING),
        ([FINISHED, replace(FINISHED, error="ShopAway")], State.FINISHED),
    ],
)
def test_kinds_together_run_while_one_runs(parts: list[Progress], state: State) -> None:
    assert whole(parts) is state


def test_all_is_known_until_the_kind_that_is_furthest_behind() -> None:
    later = replace(FINISHED, caught_up_at=AT + timedelta(hours=1))
    assert caught_up_at([later, replace(FINISHED, caught_up_at=AT)]) == AT
    assert caught_up_at([later, FINISHED]) is None
    assert caught_up_at([]) is None


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/Los_Angeles", "Pacific/Auckland"])
@pytest.mark.parametrize("number", [1, 2, 77])
def test_what_changed_is_read_in_the_shops_next_night(zone: str, number: int) -> None:
    for hours in range(49):
        now = AT + timedelta(hours=hours)
        at = next_round(Kind.ORDERS, now, ZoneInfo(zone), number)
        local = at.astimezone(ZoneInfo(zone))
        assert timedelta(0) < at - now <= timedelta(hours=25)
        assert (2, 30) <= (local.hour, local.minute) < (4, 31)


def test_failed_deliveries_are_read_every_hour() -> None:
    assert next_round(Kind.DELIVERIES, AT, ZoneInfo("UTC"), 1) == AT + timedelta(hours=1)
