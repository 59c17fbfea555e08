import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.flows import (
    EnrollmentState,
    Exit,
    ExitReason,
    Finish,
    FlowDocument,
    FlowDocumentError,
    FlowFacts,
    SendStep,
    Step,
    Wait,
    cart_document,
    decide,
    passed_over,
    read_document,
)

ANCHOR = datetime(2026, 3, 11, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

TOUCHES = (HOUR, 24 * HOUR, 72 * HOUR)
VERSION = read_document(cart_document(timedelta(minutes=30), TOUCHES))
FIRST, SECOND_TOUCH, THIRD = VERSION.steps
LEFT = FlowFacts(
    anchor_at=ANCHOR,
    is_cart_empty=False,
    is_cart_ordered=False,
    last_placed_at=None,
    is_unsubscribed=False,
    is_gone=False,
)


def enrolled(next_step: int = 0, last_step_at: datetime | None = None) -> EnrollmentState:
    return EnrollmentState(ANCHOR + timedelta(minutes=30), next_step, last_step_at)


# In the order in which they are said.
EXITS: list[tuple[str, dict[str, Any], ExitReason]] = [
    ("the account was deleted", {"is_gone": True}, ExitReason.CUSTOMER_GONE),
    ("the cart was ordered", {"is_cart_ordered": True}, ExitReason.ORDERED),
    ("the person ordered something else", {"last_placed_at": ANCHOR + HOUR}, ExitReason.ORDERED),
    ("the cart was emptied", {"is_cart_empty": True}, ExitReason.CART_EMPTIED),
    ("the person unsubscribed", {"is_unsubscribed": True}, ExitReason.UNSUBSCRIBED),
]


@pytest.mark.parametrize(("changes", "reason"), [row[1:] for row in EXITS], ids=[row[0] for row in EXITS])
@pytest.mark.parametrize(
    ("enrollment", "now"),
    [
        (enrolled(), ANCHOR),
        (enrolled(), ANCHOR + HOUR),
        (enrolled(1, ANCHOR + HOUR), ANCHOR + 2 * HOUR),
        (enrolled(3, ANCHOR + 72 * HOUR), ANCHOR + 72 * HOUR),
        (enrolled(1, ANCHOR + HOUR), ANCHOR + 8 * DAY),
    ],
    ids=["while waiting", "when due", "between touches", "after the last touch", "too late"],
)
def test_leaves_at_once(
    changes: dict[str, Any], reason: ExitReason, enrollment: EnrollmentState, now: datetime
) -> None:
    assert decide(VERSION, enrollment, replace(LEFT, **changes), now) == Exit(reason)


@pytest.mark.parametrize("place", range(len(EXITS)), ids=[row[0] for row in EXITS])
def test_says_the_first_reason_to_leave(place: int) -> None:
    facts = LEFT
    for _, changes, _ in EXITS[place:]:
        facts = replace(facts, **changes)
    assert decide(VERSION, enrolled(), facts, ANCHOR + HOUR) == Exit(EXITS[place][2])


@pytest.mark.parametrize(
    ("case", "placed", "is_over"),
    [
        ("never", None, False),
        ("before the cart changed", ANCHOR - TICK, False),
        ("at that moment", ANCHOR, True),
        ("after it", ANCHOR + TICK, True),
    ],
)
def test_only_an_order_since_the_carts_last_change_ends_it(case: str, placed: datetime | None, is_over: bool) -> None:
    decision = decide(VERSION, enrolled(), replace(LEFT, last_placed_at=placed), ANCHOR + HOUR)
    assert decision == (Exit(ExitReason.ORDERED) if is_over else SendStep(FIRST)), case


@pytest.mark.parametrize(
    ("case", "enrollment", "at", "answer"),
    [
        ("entered", enrolled(), 30 * timedelta(minutes=1), Wait(ANCHOR + HOUR)),
        ("just before the first touch", enrolled(), HOUR - TICK, Wait(ANCHOR + HOUR)),
        ("at the first touch", enrolled(), HOUR, SendStep(FIRST)),
        ("just after", enrolled(), HOUR + TICK, SendStep(FIRST)),
        ("once it is sent", enrolled(1, ANCHOR + HOUR), HOUR, Wait(ANCHOR + 24 * HOUR)),
        ("just before the second", enrolled(1, ANCHOR + HOUR), 24 * HOUR - TICK, Wait(ANCHOR + 24 * HOUR)),
        ("at the second", enrolled(1, ANCHOR + HOUR), 24 * HOUR, SendStep(SECOND_TOUCH)),
        ("at the third", enrolled(2, ANCHOR + 24 * HOUR), 72 * HOUR, SendStep(THIRD)),
        ("when all is said", enrolled(3, ANCHOR + 72 * HOUR), 72 * HOUR, Finish()),
        ("long after all is said", enrolled(3, ANCHOR + 72 * HOUR), 300 * DAY, Finish()),
        ("after more steps than there are", enrolled(4, ANCHOR + 72 * HOUR), 72 * HOUR, Finish()),
    ],
)
def test_touches_at_its_times_counted_from_the_carts_last_change(
    case: str, enrollment: EnrollmentState, at: timedelta, answer: object
) -> None:
    assert decide(VERSION, enrollment, LEFT, ANCHOR + at) == answer, case


@pytest.mark.parametrize(
    ("case", "enrollment", "anchor", "answer"),
    [
        ("before the first touch", enrolled(), ANCHOR + DAY, Wait(ANCHOR + DAY + HOUR)),
        ("between touches", enrolled(1, ANCHOR + HOUR), ANCHOR + DAY, Wait(ANCHOR + 2 * DAY)),
    ],
)
def test_a_cart_that_changes_moves_what_is_left(
    case: str, enrollment: EnrollmentState, anchor: datetime, answer: Wait
) -> None:
    assert decide(VERSION, enrollment, replace(LEFT, anchor_at=anchor), ANCHOR + 24 * HOUR) == answer, case


@pytest.mark.parametrize(
    ("case", "enrollment", "at", "answer"),
    [
        ("the first goes late", enrolled(), 50 * HOUR, SendStep(FIRST)),
        ("the second keeps its 23 hours", enrolled(1, ANCHOR + 50 * HOUR), 50 * HOUR, Wait(ANCHOR + 73 * HOUR)),
        ("just before them", enrolled(1, ANCHOR + 50 * HOUR), 73 * HOUR - TICK, Wait(ANCHOR + 73 * HOUR)),
        ("after them", enrolled(1, ANCHOR + 50 * HOUR), 73 * HOUR, SendStep(SECOND_TOUCH)),
        ("the third keeps its 48", enrolled(2, ANCHOR + 73 * HOUR), 73 * HOUR, Wait(ANCHOR + 121 * HOUR)),
        ("after those", enrolled(2, ANCHOR + 73 * HOUR), 121 * HOUR, SendStep(THIRD)),
        ("a touch that left early keeps the plan", enrolled(1, ANCHOR), 23 * HOUR, Wait(ANCHOR + 24 * HOUR)),
    ],
)
def test_touches_keep_their_distance_after_an_outage(
    case: str, enrollment: EnrollmentState, at: timedelta, answer: object
) -> None:
    assert decide(VERSION, enrollment, LEFT, ANCHOR + at) == answer, case


@pytest.mark.parametrize(
    ("case", "at", "answer"),
    [
        ("just before the flow's end", 7 * DAY - TICK, SendStep(FIRST)),
        ("at its end", 7 * DAY, Exit(ExitReason.TOO_OLD)),
        ("just after", 7 * DAY + TICK, Exit(ExitReason.TOO_OLD)),
    ],
)
def test_ends_when_nothing_is_useful_any_more(case: str, at: timedelta, answer: object) -> None:
    assert decide(VERSION, enrolled(), LEFT, ANCHOR + at) == answer, case


@given(
    st.lists(st.integers(1, 100), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.integers(0, 400), max_size=60).map(sorted),
)
def test_however_irregularly_it_is_looked_at_touches_are_in_order_in_time_and_apart(
    touches: list[int], looks: list[int]
) -> None:
    version = read_document(cart_document(HOUR, tuple(hour * HOUR for hour in touches)))
    sent: list[datetime] = []
    for now in [ANCHOR + look * HOUR for look in looks]:
        state = enrolled(len(sent), sent[-1] if sent else None)
        match decide(version, state, LEFT, now):
            case SendStep(step):
                assert step == version.steps[len(sent)]
                assert ANCHOR + step.after <= now < ANCHOR + version.ends
                if sent:
                    assert now - sent[-1] >= step.after - version.steps[len(sent) - 1].after
                sent.append(now)
            case Wait(until):
                assert until > now
            case Finish():
                assert len(sent) == len(touches)
            case Exit(reason):
                assert reason is ExitReason.TOO_OLD
                assert now >= ANCHOR + version.ends


def test_a_cart_document_is_read_as_it_was_meant() -> None:
    document = json.loads(json.dumps(cart_document(timedelta(minutes=30), TOUCHES)))
    assert read_document(document) == FlowDocument(
        idle=timedelta(minutes=30),
        steps=(
            Step("touch-1", HOUR, "abandoned-cart-1"),
            Step("touch-2", 24 * HOUR, "abandoned-cart-2"),
            Step("touch-3", 72 * HOUR, "abandoned-cart-3"),
        ),
        topic="cart",
        channel="email",
        ends=7 * DAY,
    )


@pytest.mark.parametrize(
    ("touches", "ends"),
    [((SECOND,), 7 * DAY), ((HOUR, 3.5 * DAY), 7 * DAY), ((HOUR, 4 * DAY), 8 * DAY)],
)
def test_a_cart_flow_ends_after_a_week_or_twice_its_last_touch(touches: tuple[timedelta, ...], ends: timedelta) -> None:
    assert read_document(cart_document(HOUR, touches)).ends == ends


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: Any) -> None:
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(document: Any) -> None:
        for name in path[:-1]:
            document = document[name]
        del document[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop("schema_version"), "schema_version: is missing or not int"),
        (put("schema_version", value="1"), "schema_version: is missing or not int"),
        (put("schema_version", value=2), "schema_version: only 1 is known"),
        (drop("trigger"), "trigger: is missing or not dict"),
        (put("trigger", value="cart_idle"), "trigger: is missing or not dict"),
        (drop("trigger", "kind"), "trigger.kind: only cart_idle is known"),
        (put("trigger", "kind", value="birthday"), "trigger.kind: only cart_idle is known"),
        (drop("trigger", "idle"), "trigger.idle: is missing or not int"),
        (put("trigger", "idle", value=0), "trigger.idle: give seconds, more than 0 and at most 400 days"),
        (drop("steps"), "steps: is missing or not list"),
        (put("steps", value=[]), "steps: a flow needs at least one"),
        (put("steps", 0, value="touch-1"), "steps[0].key: is missing or not str"),
        (drop("steps", 2, "key"), "steps[2].key: is missing or not str"),
        (put("steps", 1, "key", value="touch-1"), "steps: two have the same key"),
        (put("steps", 1, "key", value="Touch 2"), "steps[1].key: use up to 60 small letters, digits and hyphens"),
        (put("steps", 1, "key", value=""), "steps[1].key: use up to 60 small letters, digits and hyphens"),
        (put("steps", 1, "key", value="-2"), "steps[1].key: use up to 60 small letters, digits and hyphens"),
        (put("steps", 1, "key", value="a\n"), "steps[1].key: use up to 60 small letters, digits and hyphens"),
        (put("steps", 1, "key", value="a" * 61), "steps[1].key: use up to 60 small letters, digits and hyphens"),
        (drop("steps", 0, "template"), "steps[0].template: is missing or not str"),
        (put("steps", 0, "template", value="a b"), "steps[0].template: use up to 60 small letters, digits and hyphens"),
        (drop("steps", 0, "after"), "steps[0].after: is missing or not int"),
        (put("steps", 0, "after", value=3600.0), "steps[0].after: is missing or not int"),
        (put("steps", 0, "after", value=0), "steps[0].after: give seconds, more than 0 and at most 400 days"),
        (put("steps", 0, "after", value=-1), "steps[0].after: give seconds, more than 0 and at most 400 days"),
        (put("steps", 0, "after", value=True), "steps[0].after: give seconds, more than 0 and at most 400 days"),
        (put("steps", 1, "after", value=3600), "steps: each has to come later than the one before"),
        (put("steps", 1, "after", value=3599), "steps: each has to come later than the one before"),
        (drop("ends"), "ends: is missing or not int"),
        (put("ends", value=72 * 3600), "ends: has to come later than the last step"),
        (put("ends", value=400 * 86400 + 1), "ends: give seconds, more than 0 and at most 400 days"),
        (drop("topic"), "topic: is missing or not str"),
        (put("topic", value="a topic"), "topic: use up to 60 small letters, digits and hyphens"),
        (drop("channel"), "channel: is missing or not str"),
        (put("channel", value="E-Mail"), "channel: use up to 60 small letters, digits and hyphens"),
    ],
)
def test_refuses_a_document_and_says_where_and_why(change: Callable[[dict[str, Any]], None], words: str) -> None:
    document = cart_document(timedelta(minutes=30), TOUCHES)
    change(document)
    with pytest.raises(FlowDocumentError) as refused:
        read_document(document)
    assert str(refused.value) == words


@pytest.mark.parametrize("document", [[], "flow", None, 1])
def test_refuses_what_is_no_document(document: Any) -> None:
    with pytest.raises(FlowDocumentError, match="schema_version"):
        read_document(document)


@pytest.mark.parametrize(
    "change",
    [
        put("ends", value=400 * 86400),
        put("ends", value=72 * 3600 + 1),
        put("trigger", "idle", value=1),
        put("steps", 1, "after", value=3601),
        put("steps", 1, "key", value="a" * 60),
        put("steps", 1, "key", value="2"),
        put("steps", 1, "template", value="abandoned-cart-1"),
    ],
)
def test_takes_what_lies_just_within_the_bounds(change: Callable[[dict[str, Any]], None]) -> None:
    document = cart_document(timedelta(minutes=30), TOUCHES)
    change(document)
    assert len(read_document(document).steps) == 3


@pytest.mark.parametrize(
    ("case", "until", "steps", "next_step", "last_step_at"),
    [
        ("the instant before", ANCHOR + HOUR - TICK, (), 0, None),
        ("as it comes due", ANCHOR + HOUR, (FIRST,), 1, ANCHOR + HOUR),
        ("before the second", ANCHOR + 24 * HOUR - TICK, (FIRST,), 1, ANCHOR + HOUR),
        ("with the second", ANCHOR + 24 * HOUR, (FIRST, SECOND_TOUCH), 2, ANCHOR + 24 * HOUR),
        ("long after", ANCHOR + 90 * DAY, (FIRST, SECOND_TOUCH, THIRD), 3, ANCHOR + 72 * HOUR),
    ],
)
def test_steps_of_a_lost_time_count_as_done_when_they_came_due(
    case: str, until: datetime, steps: tuple[Step, ...], next_step: int, last_step_at: datetime | None
) -> None:
    passed, state = passed_over(VERSION, enrolled(), ANCHOR + HOUR, until)
    assert (passed, state) == (steps, enrolled(next_step, last_step_at)), case


@given(
    st.integers(0, 90 * 86400),
    st.lists(st.integers(0, 20 * 86400), max_size=3),
    st.lists(st.integers(0, 4 * 3600), min_size=3, max_size=3),
)
def test_whatever_happened_meanwhile_nothing_that_was_sent_is_left_to_send(
    lost: int, changes: list[int], delays: list[int]
) -> None:
    """Of the life that was lost only this is sure: the cart may have changed, and each step may have been late."""
    until = ANCHOR + lost * SECOND
    anchor, sent = ANCHOR, 0
    last: datetime | None = None
    moments = sorted(ANCHOR + change * SECOND for change in changes)
    for number, delay in enumerate(delays):
        step = VERSION.steps[number]
        due = anchor + step.after
        if last is not None:
            due = max(due, last + step.after - VERSION.steps[number - 1].after)
        while moments and moments[0] < due:
            anchor = moments.pop(0)
            due = max(due, anchor + step.after)
        last = due + delay * SECOND
        if last > until:
            break
        sent += 1
    passed, _ = passed_over(VERSION, enrolled(), ANCHOR + HOUR, until)
    assert len(passed) >= sent
