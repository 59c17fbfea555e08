from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.domain.backfill import Kind, Progress, State

AT = datetime(2026, 3, 11, 12, tzinfo=UTC)
WAITING = Progress(Kind.ORDERS, 0, None, 0, None, None, None, "")
RUNNING = replace(WAITING, done=100, total=400, started_at=AT, updated_at=AT + timedelta(seconds=20))


@pytest.mark.parametrize(
    ("case", "progress", "state", "percent", "rate", "left"),
    [
        ("its turn has not come", WAITING, State.WAITING, None, None, None),
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
