from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.cart_flow import cart_document
from saleor_lifecycle.domain.flow_programs import END, Program, useful
from saleor_lifecycle.domain.flow_steps import Act
from saleor_lifecycle.domain.flows import (
    Exit,
    ExitReason,
    Finish,
    FlowFacts,
    Go,
    LastMessage,
    Passage,
    Stay,
    after_sending,
    decide,
    passed_over,
)
from saleor_lifecycle.domain.rule_facts import Facts
from saleor_lifecycle.models.flow_documents import read_program

ANCHOR = datetime(2026, 3, 11, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
ENTERED = ANCHOR + timedelta(minutes=30)

TOUCHES = (HOUR, 24 * HOUR, 72 * HOUR)
CART = read_program(cart_document(timedelta(minutes=30), TOUCHES))
LEFT = FlowFacts(anchor_at=ANCHOR)
ORDERED = {"kind": "happened", "event": "order_placed"}


def flow_of(*steps: Mapping[str, Any], **more: Any) -> Program:
    document = {"schema_version": 2, "topic": "news", "trigger": {"kind": "manual"}, "steps": steps}
    return read_program(document | more)


def at_wait(number: int, since: datetime = ENTERED) -> Passage:
    """Before a touch of the cart flow; after the last there is none."""
    return Passage(ENTERED, f"wait-touch-{number}" if number <= len(TOUCHES) else END, since)


def sent(at: datetime) -> FlowFacts:
    return replace(LEFT, last_message=LastMessage(at))


def going(flow: Program, key: str, outcome: str = "") -> Go:
    """The answer that passes a step whose way leads on behind it."""
    return Go(flow.steps[key], flow.after[key], outcome)


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
    ("passage", "now"),
    [
        (at_wait(1), ANCHOR),
        (at_wait(1), ANCHOR + HOUR),
        (at_wait(2, ANCHOR + HOUR), ANCHOR + 2 * HOUR),
        (at_wait(4, ANCHOR + 72 * HOUR), ANCHOR + 72 * HOUR),
        (at_wait(2, ANCHOR + HOUR), ANCHOR + 8 * DAY),
    ],
    ids=["while waiting", "when due", "between touches", "after the last touch", "too late"],
)
def test_leaves_at_once(changes: dict[str, Any], reason: ExitReason, passage: Passage, now: datetime) -> None:
    assert decide(CART, passage, replace(LEFT, **changes), now) == Exit(reason)


@pytest.mark.parametrize("place", range(len(EXITS)), ids=[row[0] for row in EXITS])
def test_says_the_first_reason_to_leave(place: int) -> None:
    facts = LEFT
    for _, changes, _ in EXITS[place:]:
        facts = replace(facts, **changes)
    assert decide(CART, at_wait(1), facts, ANCHOR + HOUR) == Exit(EXITS[place][2])


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
    decision = decide(CART, at_wait(1), replace(LEFT, last_placed_at=placed), ANCHOR + HOUR)
    assert decision == (Exit(ExitReason.ORDERED) if is_over else going(CART, "wait-touch-1")), case


@pytest.mark.parametrize(
    ("case", "trigger", "placed", "is_over"),
    [
        ("the order that it begins with", {"kind": "event", "event": "order_placed"}, ANCHOR, False),
        ("the next one, at once", {"kind": "event", "event": "order_placed"}, ANCHOR + TICK, True),
        ("one before its delivery", {"kind": "event", "event": "order_delivered"}, ANCHOR - TICK, False),
        ("an order together with what it begins with", {"kind": "event", "event": "visited"}, ANCHOR, True),
        ("likewise, called by hand", {"kind": "manual"}, ANCHOR, True),
    ],
)
def test_the_order_that_a_flow_begins_with_does_not_end_it(
    case: str, trigger: dict[str, Any], placed: datetime, is_over: bool
) -> None:
    flow = flow_of({"key": "thanks", "kind": "send", "template": "thanks"}, trigger=trigger)
    decision = decide(flow, Passage(ENTERED, "thanks", ENTERED), replace(LEFT, last_placed_at=placed), ENTERED)
    assert decision == (Exit(ExitReason.ORDERED) if is_over else going(flow, "thanks")), case


def test_a_flow_may_go_on_after_an_order() -> None:
    flow = flow_of({"key": "thanks", "kind": "send", "template": "thanks"}, exits_on_order=False)
    decision = decide(flow, Passage(ENTERED, "thanks", ENTERED), replace(LEFT, last_placed_at=ENTERED), ENTERED)
    assert decision == going(flow, "thanks")


@pytest.mark.parametrize(
    ("case", "passage", "facts", "at", "answer"),
    [
        ("entered", at_wait(1), LEFT, HOUR / 2, Stay(ANCHOR + HOUR)),
        ("just before the first touch", at_wait(1), LEFT, HOUR - TICK, Stay(ANCHOR + HOUR)),
        ("at the first touch", at_wait(1), LEFT, HOUR, going(CART, "wait-touch-1")),
        ("just after", at_wait(1), LEFT, HOUR + TICK, going(CART, "wait-touch-1")),
        ("then it leaves", Passage(ENTERED, "touch-1", ANCHOR + HOUR), LEFT, HOUR, going(CART, "touch-1")),
        ("once it is sent", at_wait(2, ANCHOR + HOUR), sent(ANCHOR + HOUR), HOUR, Stay(ANCHOR + 24 * HOUR)),
        ("just before the second", at_wait(2), sent(ANCHOR + HOUR), 24 * HOUR - TICK, Stay(ANCHOR + 24 * HOUR)),
        ("at the second", at_wait(2), sent(ANCHOR + HOUR), 24 * HOUR, going(CART, "wait-touch-2")),
        ("at the third", at_wait(3), sent(ANCHOR + 24 * HOUR), 72 * HOUR, going(CART, "wait-touch-3")),
        ("when all is said", at_wait(4), sent(ANCHOR + 72 * HOUR), 72 * HOUR, Finish()),
        ("long after all is said", at_wait(4), sent(ANCHOR + 72 * HOUR), 300 * DAY, Finish()),
    ],
)
def test_touches_at_its_times_counted_from_the_carts_last_change(
    case: str, passage: Passage, facts: FlowFacts, at: timedelta, answer: object
) -> None:
    assert decide(CART, passage, facts, ANCHOR + at) == answer, case


@pytest.mark.parametrize(
    ("case", "passage", "facts", "answer"),
    [
        ("before the first touch", at_wait(1), LEFT, Stay(ANCHOR + DAY + HOUR)),
        ("between touches", at_wait(2), sent(ANCHOR + HOUR), Stay(ANCHOR + 2 * DAY)),
    ],
)
def test_a_cart_that_changes_moves_what_is_left(case: str, passage: Passage, facts: FlowFacts, answer: Stay) -> None:
    assert decide(CART, passage, replace(facts, anchor_at=ANCHOR + DAY), ANCHOR + 24 * HOUR) == answer, case


@pytest.mark.parametrize(
    ("case", "number", "last", "at", "answer"),
    [
        ("the first goes late", 1, None, 50 * HOUR, going(CART, "wait-touch-1")),
        ("the second keeps its 23 hours", 2, LastMessage(ANCHOR + 50 * HOUR), 50 * HOUR, Stay(ANCHOR + 73 * HOUR)),
        ("just before them", 2, LastMessage(ANCHOR + 50 * HOUR), 73 * HOUR - TICK, Stay(ANCHOR + 73 * HOUR)),
        ("after them", 2, LastMessage(ANCHOR + 50 * HOUR), 73 * HOUR, going(CART, "wait-touch-2")),
        ("the third keeps its 48", 3, LastMessage(ANCHOR + 73 * HOUR), 73 * HOUR, Stay(ANCHOR + 121 * HOUR)),
        ("after those", 3, LastMessage(ANCHOR + 73 * HOUR), 121 * HOUR, going(CART, "wait-touch-3")),
        ("a touch that left early keeps the plan", 2, LastMessage(ANCHOR), 23 * HOUR, Stay(ANCHOR + 24 * HOUR)),
        ("one that is put off", 2, LastMessage(None, ANCHOR + 40 * HOUR), 30 * HOUR, Stay(ANCHOR + 63 * HOUR)),
        ("one that never left", 2, LastMessage(None), 24 * HOUR, going(CART, "wait-touch-2")),
    ],
)
def test_touches_keep_their_distance_whatever_held_one_up(
    case: str, number: int, last: LastMessage | None, at: timedelta, answer: object
) -> None:
    passage = at_wait(number, ANCHOR)
    assert decide(CART, passage, replace(LEFT, last_message=last), ANCHOR + at) == answer, case


@pytest.mark.parametrize(
    ("case", "last", "answer"),
    [
        ("nothing was sent", None, ENTERED + 2 * HOUR),
        ("it left at once", LastMessage(ENTERED), ENTERED + 2 * HOUR),
        ("it left late", LastMessage(ENTERED + HOUR), ENTERED + 3 * HOUR),
        ("it waits", LastMessage(None, ENTERED + 5 * HOUR), ENTERED + 7 * HOUR),
        ("it was never sent", LastMessage(None), ENTERED + 2 * HOUR),
    ],
)
def test_a_wait_counts_from_when_the_message_before_it_left(
    case: str, last: LastMessage | None, answer: datetime
) -> None:
    flow = flow_of({"key": "pause", "kind": "wait", "duration": "PT2H"})
    facts = replace(LEFT, last_message=last)
    passage = Passage(ENTERED, "pause", ENTERED)
    assert decide(flow, passage, facts, answer - TICK) == Stay(answer), case
    assert decide(flow, passage, facts, answer) == going(flow, "pause"), case


@pytest.mark.parametrize(
    ("case", "at", "answer"),
    [
        ("just before the flow's end", 7 * DAY - TICK, going(CART, "wait-touch-1")),
        ("at its end", 7 * DAY, Exit(ExitReason.TOO_OLD)),
        ("just after", 7 * DAY + TICK, Exit(ExitReason.TOO_OLD)),
    ],
)
def test_ends_when_nothing_is_useful_any_more(case: str, at: timedelta, answer: object) -> None:
    assert decide(CART, at_wait(1), LEFT, ANCHOR + at) == answer, case


def test_a_wait_that_lasts_longer_than_the_flow_is_looked_at_when_that_ends() -> None:
    flow = flow_of({"key": "pause", "kind": "wait", "duration": "P9D"}, ends="P5D")
    assert decide(flow, Passage(ENTERED, "pause", ENTERED), LEFT, ENTERED) == Stay(ANCHOR + 5 * DAY)


@pytest.mark.parametrize(
    ("case", "happened", "now", "answer"),
    [
        ("not yet", None, ENTERED, Stay(ENTERED + DAY)),
        ("long ago", ENTERED - 9 * HOUR, ENTERED, Stay(ENTERED + DAY)),
        ("it did", ENTERED, ENTERED, "then"),
        ("until time alone ends it", ENTERED - HOUR, ENTERED + HOUR, Stay(ENTERED + DAY)),
        ("in the last moment", ENTERED + DAY, ENTERED + DAY, "then"),
        ("too late", None, ENTERED + DAY, "otherwise"),
        ("even later", None, ENTERED + 9 * DAY, "otherwise"),
    ],
)
def test_waits_for_a_rule_and_no_longer_than_that(
    case: str, happened: datetime | None, now: datetime, answer: object
) -> None:
    flow = flow_of(
        {
            "key": "await",
            "kind": "wait_for",
            "rule": ORDERED | {"within": "PT2H"},
            "at_most": "P1D",
            "then": [{"key": "thanks", "kind": "tag", "tag": "buyer"}],
        },
        {"key": "next", "kind": "wait", "duration": "PT1H"},
    )
    events = {} if happened is None else {"order_placed": happened}
    decision = decide(flow, Passage(ENTERED, "await", ENTERED), replace(LEFT, customer=Facts(events=events)), now)
    to = {"then": "thanks", "otherwise": "next"}
    expected = Go(flow.steps["await"], to[answer], answer) if isinstance(answer, str) else answer
    assert decision == expected, case
    assert flow.after["thanks"] == "next"


def test_a_branch_goes_where_its_first_case_that_holds_leads() -> None:
    def case(event: str, key: str) -> dict[str, Any]:
        return {"when": {"kind": "happened", "event": event}, "then": [{"key": key, "kind": "tag", "tag": key}]}

    flow = flow_of(
        {
            "key": "which",
            "kind": "branch",
            "cases": [case("a", "one"), case("b", "two"), {"when": {"kind": "happened", "event": "c"}}],
            "otherwise": [{"key": "else", "kind": "tag", "tag": "else"}],
        },
        {"key": "next", "kind": "wait", "duration": "PT1H"},
    )
    for happened, outcome, to in [
        ("a", "case 1", "one"),
        ("b", "case 2", "two"),
        ("ab", "case 1", "one"),
        ("c", "case 3", "next"),
        ("", "otherwise", "else"),
    ]:
        facts = replace(LEFT, customer=Facts(events={event: ANCHOR for event in happened}))
        decision = decide(flow, Passage(ENTERED, "which", ENTERED), facts, ENTERED)
        assert decision == Go(flow.steps["which"], to, outcome), happened


def test_a_split_divides_by_its_weights_and_always_alike() -> None:
    shares = [{"weight": weight, "then": [{"key": f"way-{weight}", "kind": "tag", "tag": "x"}]} for weight in (1, 0, 3)]
    flow = flow_of({"key": "halves", "kind": "split", "shares": shares})
    passage = Passage(ENTERED, "halves", ENTERED)
    ways = []
    for number in range(4000):
        facts = replace(LEFT, split_key=f"9a3b{number:04}")
        decision = decide(flow, passage, facts, ENTERED)
        assert decision == decide(flow, passage, facts, ENTERED + DAY)
        assert isinstance(decision, Go)
        ways.append((decision.outcome, decision.to))
    assert set(ways) == {("share 1", "way-1"), ("share 3", "way-3")}
    assert ways.count(("share 1", "way-1")) / len(ways) == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(
    ("case", "usual", "zone", "since", "due"),
    [
        ("the customer's day", None, "America/New_York", datetime(2026, 1, 5, 14, tzinfo=UTC), (2026, 1, 5, 15)),
        ("the hour has just gone", None, "UTC", datetime(2026, 1, 5, 10, 0, 1, tzinfo=UTC), (2026, 1, 6, 10)),
        ("it is now", None, "UTC", datetime(2026, 1, 5, 10, tzinfo=UTC), (2026, 1, 5, 10)),
        ("their usual hour", 21, "UTC", datetime(2026, 1, 5, 10, tzinfo=UTC), (2026, 1, 5, 21)),
    ],
)
def test_waits_for_a_time_where_the_customer_is(
    case: str, usual: int | None, zone: str, since: datetime, due: tuple[int, ...]
) -> None:
    at = {"at": time(10).isoformat(), "usual": usual is not None}
    flow = flow_of({"key": "morning", "kind": "wait_for_time", **at})
    facts = replace(LEFT, zone=ZoneInfo(zone), usual_hour=usual)
    moment = datetime(*due, tzinfo=UTC)  # type: ignore[misc, arg-type]
    passage = Passage(ENTERED, "morning", since)
    if since < moment:
        assert decide(flow, passage, facts, moment - TICK) == Stay(moment), case
    assert decide(flow, passage, facts, moment) == going(flow, "morning"), case


def test_a_step_may_end_it_and_so_may_rules_of_its_own() -> None:
    flow = flow_of(
        {"key": "pause", "kind": "wait", "duration": "P1D"},
        {"key": "out", "kind": "exit", "reason": "had enough"},
        exits=[{"reason": "seen", "when": {"kind": "happened", "event": "seen", "since_entry": True}}],
    )
    assert decide(flow, Passage(ENTERED, "out", ENTERED), LEFT, ENTERED) == Finish("had enough")
    seen = replace(LEFT, customer=Facts(events={"seen": ENTERED + TICK}, entered_at=ENTERED))
    assert decide(flow, Passage(ENTERED, "pause", ENTERED), seen, ENTERED + SECOND) == Exit("seen")
    before = replace(LEFT, customer=Facts(events={"seen": ENTERED}, entered_at=ENTERED))
    assert decide(flow, Passage(ENTERED, "pause", ENTERED), before, ENTERED) == Stay(ENTERED + DAY)


def test_is_looked_at_when_time_alone_may_end_it() -> None:
    flow = flow_of(
        {"key": "pause", "kind": "wait", "duration": "P9D"},
        exits=[
            {"reason": "seen", "when": {"kind": "happened", "event": "seen", "within": "PT3H", "since_entry": True}}
        ],
    )
    seen = replace(LEFT, customer=Facts(events={"seen": ENTERED - SECOND}, entered_at=ENTERED))
    assert decide(flow, Passage(ENTERED, "pause", ENTERED), seen, ENTERED) == Stay(ENTERED - SECOND + 3 * HOUR)


@pytest.mark.parametrize(
    ("case", "step", "queued_at", "begins", "ends"),
    [
        ("the first touch", "touch-1", ANCHOR, ANCHOR + HOUR, ANCHOR + 7 * DAY),
        ("the last", "touch-3", ANCHOR, ANCHOR + 72 * HOUR, ANCHOR + 7 * DAY),
        ("one that is no more", "touch-9", ANCHOR, ANCHOR, ANCHOR + 7 * DAY),
    ],
)
def test_a_touch_is_useful_from_its_time_until_the_flow_ends(
    case: str, step: str, queued_at: datetime, begins: datetime, ends: datetime
) -> None:
    assert useful(CART, step, ANCHOR, queued_at) == (begins, ends), case


def test_a_message_may_be_of_use_for_a_shorter_time() -> None:
    inner = {"key": "now", "kind": "send", "template": "now", "useful_for": "PT2H"}
    late = {"key": "wait", "kind": "wait", "duration": "PT5H", "since": "anchor"}
    branch = {"key": "b", "kind": "branch", "cases": [{"when": ORDERED, "then": [late, inner]}]}
    flow = flow_of(branch, exits_on_order=False)
    assert useful(flow, "now", ANCHOR, ANCHOR + DAY) == (ANCHOR + 5 * HOUR, ANCHOR + DAY + 2 * HOUR)
    assert useful(flow_of(branch, ends="PT9H"), "now", ANCHOR, ANCHOR + DAY)[1] == ANCHOR + 9 * HOUR


@given(
    st.lists(st.integers(1, 100), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.integers(0, 400), max_size=60).map(sorted),
)
def test_however_irregularly_it_is_looked_at_touches_are_in_order_in_time_and_apart(
    touches: list[int], looks: list[int]
) -> None:
    flow = read_program(cart_document(HOUR, tuple(hour * HOUR for hour in touches)))
    ends = flow.document.ends
    assert ends is not None
    passage, facts = Passage(ANCHOR, flow.first, ANCHOR), LEFT
    left: list[datetime] = []
    for now in [ANCHOR + look * HOUR for look in looks]:
        while isinstance(decision := decide(flow, passage, facts, now), Go):
            if isinstance(decision.step, Act):
                after = touches[len(left)] * HOUR
                assert decision.step.key == f"touch-{len(left) + 1}"
                assert ANCHOR + after <= now < ANCHOR + ends
                if left:
                    assert now - left[-1] >= after - touches[len(left) - 1] * HOUR
                left.append(now)
                facts = replace(facts, last_message=LastMessage(now))
            passage = Passage(ANCHOR, decision.to, now)
        match decision:
            case Stay(until):
                assert until is not None
                assert until > now
            case Finish():
                assert len(left) == len(touches)
            case Exit(reason):
                assert reason == ExitReason.TOO_OLD
                assert now >= ANCHOR + ends


@pytest.mark.parametrize(
    ("case", "until", "passed", "number", "since"),
    [
        ("the instant before", ANCHOR + HOUR - TICK, 0, 1, ENTERED),
        ("as it comes due", ANCHOR + HOUR, 1, 2, ANCHOR + HOUR),
        ("before the second", ANCHOR + 24 * HOUR - TICK, 1, 2, ANCHOR + HOUR),
        ("with the second", ANCHOR + 24 * HOUR, 2, 3, ANCHOR + 24 * HOUR),
        ("long after", ANCHOR + 90 * DAY, 3, 4, ANCHOR + 72 * HOUR),
    ],
)
def test_steps_of_a_lost_time_count_as_done_when_they_came_due(
    case: str, until: datetime, passed: int, number: int, since: datetime
) -> None:
    acts, passage, facts = passed_over(CART, at_wait(1), LEFT, ANCHOR + HOUR, until)
    touches = [(CART.steps[f"touch-{number}"], ANCHOR + TOUCHES[number - 1]) for number in range(1, passed + 1)]
    assert (acts, passage) == (touches, at_wait(number, since)), case
    assert facts == (after_sending(LEFT, touches[-1][1]) if touches else LEFT), case


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
        due = anchor + TOUCHES[number]
        if last is not None:
            due = max(due, last + TOUCHES[number] - TOUCHES[number - 1])
        while moments and moments[0] < due:
            anchor = moments.pop(0)
            due = max(due, anchor + TOUCHES[number])
        last = due + delay * SECOND
        if last > until:
            break
        sent += 1
    passed, _, _ = passed_over(CART, at_wait(1), LEFT, ANCHOR + HOUR, until)
    assert len(passed) >= sent
