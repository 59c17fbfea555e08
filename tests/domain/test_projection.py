from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.projection import (
    CREDIT,
    PHASE,
    REST_AFTER_TROUBLE,
    State,
    at_once,
    changes,
    cleared,
    next_turn,
    rest,
    state,
    wanted,
)

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("case", "failures", "per_minute", "expected"),
    [
        ("all went well", 0, 600, 25),
        ("a pace slower than one request", 0, 10, 10),
        ("one failure", 1, 600, 12),
        ("and another", 2, 600, 6),
        ("never none", 1000, 600, 1),
    ],
)
def test_a_request_gets_smaller_with_each_failure(case: str, failures: int, per_minute: int, expected: int) -> None:
    assert at_once(failures, per_minute) == expected, case


def test_only_the_phase_is_public() -> None:
    found = changes(wanted("sales", NOW, "warm", NOW), {})
    assert found.public == {PHASE: "sales"}
    assert found.private == {
        PHASE: "sales",
        "lifecycle.phase_since": "2026-03-11",
        "lifecycle.engagement": "warm",
        "lifecycle.loss_date": "2026-03-11",
    }


@pytest.mark.parametrize(
    ("case", "written", "expected"),
    [
        ("all is said", {"a": "1", "b": "2"}, {}),
        ("one is missing", {"a": "1"}, {"b": "2"}),
        ("one is another", {"a": "1", "b": "3"}, {"b": "2"}),
        ("more is said than we want", {"a": "1", "b": "2", "c": "3"}, {}),
    ],
)
def test_only_what_changed_is_written(case: str, written: dict[str, str], expected: dict[str, str]) -> None:
    assert changes({"a": "1", "b": "2"}, written).all == expected


def test_what_is_emptied_is_emptied_once() -> None:
    written = {PHASE: "sales", "lifecycle.loss_date": ""}
    emptied = changes(cleared(written), written)
    assert (emptied.public, emptied.private) == ({PHASE: ""}, {PHASE: ""})
    assert changes(cleared(written), cleared(written)).all == {}


@pytest.mark.parametrize(
    ("case", "free_at", "expected"),
    [
        ("never written before: the time unused counts", None, NOW - CREDIT + 10 * SECOND),
        ("free for long: no more of it counts", NOW - 3 * CREDIT, NOW - CREDIT + 10 * SECOND),
        ("free a moment ago", NOW - SECOND, NOW + 9 * SECOND),
        ("free now", NOW, NOW + 10 * SECOND),
    ],
)
def test_a_hundred_at_six_hundred_a_minute_take_ten_seconds(
    case: str, free_at: datetime | None, expected: datetime
) -> None:
    assert next_turn(free_at, 100, 600, NOW) == expected


@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 100)), max_size=60),
    st.integers(1, 6000),
)
def test_however_often_a_worker_looks_the_pace_is_kept(looks: list[tuple[int, int]], per_minute: int) -> None:
    free_at, now, written = None, NOW, 0
    for pause, customers in looks:
        now += timedelta(seconds=pause)
        if free_at is None or free_at <= now:
            customers = min(customers, per_minute)
            free_at = next_turn(free_at, customers, per_minute, now)
            written += customers
    allowed = (now - NOW + CREDIT) / timedelta(minutes=1) * per_minute + min(100, per_minute)
    assert written <= allowed + 1e-6


@pytest.mark.parametrize(("failures", "expected"), [*enumerate(REST_AFTER_TROUBLE, 1), (99, REST_AFTER_TROUBLE[-1])])
def test_a_shop_in_trouble_is_left_alone_for_longer_each_time(failures: int, expected: timedelta) -> None:
    assert rest(failures) == expected


@pytest.mark.parametrize(
    ("case", "is_on", "is_clearing", "is_waiting", "is_edited", "expected"),
    [
        ("written and as we left it", True, False, False, False, State.IN_STEP),
        ("to be written", True, False, True, False, State.WAITING),
        ("edited twice", True, False, False, True, State.EDITED_BY_STAFF),
        ("edited twice, and more is to be written", True, False, True, True, State.EDITED_BY_STAFF),
        ("off", False, False, False, False, State.OFF),
        ("off, with what was still to be written", False, False, True, False, State.OFF),
        ("off, edited before", False, False, False, True, State.OFF),
        ("off, and to be emptied", False, True, True, False, State.WAITING),
        ("off, and emptied", False, True, False, False, State.OFF),
    ],
)
def test_the_state_of_a_record(
    case: str, is_on: bool, is_clearing: bool, is_waiting: bool, is_edited: bool, expected: State
) -> None:
    assert state(is_on, is_clearing, is_waiting, is_edited) is expected
