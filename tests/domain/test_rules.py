from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_lifecycle.domain.comparisons import Scalar
from saleor_lifecycle.domain.profile import CartRow, OrderRow, Profile, fold
from saleor_lifecycle.domain.rule_facts import EVENTS, Facts, point_ends
from saleor_lifecycle.domain.rules import (
    AllOf,
    AnyOf,
    Compare,
    Happened,
    Leaf,
    Moment,
    Not,
    Rule,
    facts_needed,
    leaves,
    matches,
    next_flip,
)
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, falls_below, unshown
from tests.domain.histories import END, START, carts, common, moments, orders

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
MADRID = ZoneInfo("Europe/Madrid")

YES, NO = AllOf(()), AnyOf(())
PAID = OrderRow(NOON, "UNFULFILLED", "FULL", Decimal(30), Decimal(0), Decimal("19.90"), "EUR", "web")


def buyer(*placed: datetime, carts: tuple[CartRow, ...] = ()) -> Profile:
    bought = [
        OrderRow(at, PAID.status, PAID.charge_status, PAID.charged, PAID.refunded, PAID.total, "EUR", "web")
        for at in placed
    ]
    return fold((), bought, carts, DEFAULT_POLICY, UTC)


@pytest.mark.parametrize(
    ("case", "rule", "answer"),
    [
        ("all of none", YES, True),
        ("any of none", NO, False),
        ("all, and each holds", AllOf((YES, YES)), True),
        ("all, and one does not", AllOf((YES, NO, YES)), False),
        ("any, and one holds", AnyOf((NO, YES)), True),
        ("any, and none does", AnyOf((NO, NO)), False),
        ("not", Not(YES), False),
        ("not of what does not", Not(NO), True),
        ("a tree", AllOf((AnyOf((NO, Not(NO))), Not(AllOf((YES, NO))))), True),
    ],
)
def test_trees_join_answers(case: str, rule: Rule, answer: bool) -> None:
    assert matches(rule, Facts(), NOON) is answer, case


@pytest.mark.parametrize(
    ("held", "op", "value", "answer"),
    [
        (3, "=", 3, True),
        (3, "=", 3.0, True),
        (3, "!=", 3, False),
        (3, "!=", 4, True),
        (3, "<", 3, False),
        (3, "<=", 3, True),
        (3, ">", 3, False),
        (3, ">=", 3, True),
        (2, ">=", 3, False),
        (3, "in", (1, 3), True),
        (2, "in", (1, 3), False),
        (2, "in", (), False),
        (Decimal("19.900"), "=", 19.9, True),
        (Decimal("19.899"), ">=", 19.9, False),
        (0.1, "=", Decimal("0.1"), True),
        ("Ada", "=", "aDA", True),
        ("Ada", "!=", "aDA", False),
        ("STRASSE", "=", "straße", True),
        ("Ada Lovelace", "contains", "LOVE", True),
        ("Ada", "contains", "b", False),
        ("Ada", "in", ("grace", "ada"), True),
        (frozenset({"Mug", "Cup"}), "contains", "mug", True),
        (frozenset({"Mug", "Cup"}), "contains", "mu", False),
        (frozenset({"Mug"}), "=", "Mug", False),
        (["Mug", 7, None, {}], "contains", "mug", True),
        (["Mug", 7, None, {}], "contains", "7", False),
        ({"mug": 1}, ">", "a", False),
        (True, "=", True, True),
        (True, "=", False, False),
        (False, "!=", True, True),
        (False, "=", False, True),
        ("2026-03-11", ">=", "2026-03-11", True),
        ("2026-03-10", ">=", "2026-03-11", False),
        # Types that do not compare are never equal, and never unequal either.
        (1, "=", True, False),
        (1, "!=", True, False),
        (1, "=", "1", False),
        ("1", "!=", 1, False),
        ("a", "=", None, False),
        (7, "contains", "7", False),
    ],
)
def test_facts_compare_by_their_types(held: Any, op: Any, value: Any, answer: bool) -> None:
    assert matches(Compare("property.it", op, value), Facts({"property.it": held}), NOON) is answer


@pytest.mark.parametrize("op", ["=", "!=", "<", "<=", ">", ">=", "in", "contains", "known"])
@pytest.mark.parametrize("facts", [Facts(), Facts({"country": ""})])
def test_what_is_not_known_compares_false(op: Any, facts: Facts) -> None:
    assert not matches(Compare("country", op, ("ES",) if op == "in" else "ES"), facts, NOON)


def test_what_is_not_known_can_be_asked_for() -> None:
    unknown, known = Compare("country", "unknown"), Compare("country", "known")
    assert matches(unknown, Facts(), NOON)
    assert not matches(known, Facts(), NOON)
    assert matches(known, Facts({"country": "ES"}), NOON)
    assert not matches(unknown, Facts({"country": "ES"}), NOON)


@pytest.mark.parametrize(
    ("held", "op", "value", "answer"),
    [
        ("es-MX", "=", "es", True),
        ("es-MX", "=", "es-MX", True),
        ("es", "=", "es-MX", False),
        ("est", "=", "es", False),
        ("es-MX", "!=", "es", False),
        ("fr", "!=", "es", True),
        ("es-MX", "in", ("fr", "es"), True),
        ("de", "in", ("fr", "es"), False),
    ],
)
def test_a_language_is_also_that_of_its_regions(held: str, op: Any, value: Any, answer: bool) -> None:
    assert matches(Compare("language", op, value), Facts({"language": held}), NOON) is answer


@pytest.mark.parametrize(
    ("zone", "op", "day", "answer"),
    [
        (UTC, "=", "2026-03-11", True),
        (MADRID, "=", "2026-03-11", False),
        (MADRID, "=", "2026-03-12", True),
        (MADRID, "<", "2026-03-12", False),
        (MADRID, "<", "2026-03-13", True),
    ],
)
def test_a_moment_is_compared_by_the_day_of_the_shop(zone: Any, op: Any, day: str, answer: bool) -> None:
    facts = Facts({"last_order_at": datetime(2026, 3, 11, 23, 30, tzinfo=UTC)}, zone=zone)
    assert matches(Compare("last_order_at", op, day), facts, NOON) is answer


def test_the_profile_answers_for_what_it_holds() -> None:
    facts = Facts(profile=buyer(NOON - 40 * DAY, NOON - 2 * DAY))
    asked: list[tuple[str, Any, Scalar]] = [
        ("orders", "=", 2),
        ("order_days", "=", 2),
        ("spent.EUR", "=", 39.8),
        ("spent.USD", "=", 0),
        ("channel", "=", "web"),
        ("phase", "=", "retention"),
        ("first_order_at", "=", "2026-01-30"),
        ("last_order_at", "=", "2026-03-09"),
        ("last_placed_at", "=", "2026-03-09"),
        ("loss_at", ">", "2026-03-11"),
    ]
    for fact, op, value in asked:
        assert matches(Compare(fact, op, value), facts, NOON), fact
    assert not matches(Compare("orders", "known"), Facts(), NOON)
    assert matches(Compare("channel", "unknown"), Facts(profile=buyer()), NOON)


def test_an_enrollment_sees_what_brought_it_in() -> None:
    brought = {
        "total": 20.5,
        "is_gift": True,
        "skus": ["A", "B"],
        "lines": [["A", 1]],
        "note": None,
        "nested": {"a": 1},
    }
    facts = Facts({"country": "ES"}).within(NOON, brought)
    assert facts.entered_at == NOON
    assert facts.values == {
        "country": "ES",
        "property.total": 20.5,
        "property.is_gift": True,
        "property.skus": frozenset({"A", "B"}),
    }
    assert matches(Compare("property.skus", "contains", "b"), facts, NOON)


def test_what_was_said_goes_before_the_profile() -> None:
    facts = Facts({"orders": 7}, profile=buyer(NOON))
    assert matches(Compare("orders", "=", 7), facts, NOON)


@pytest.mark.parametrize(
    ("op", "after", "answer"),
    [
        ("within_last", -SECOND, False),
        ("within_last", 0 * SECOND, True),
        ("within_last", DAY - SECOND, True),
        ("within_last", DAY - TICK, True),
        ("within_last", DAY, False),
        ("longer_ago_than", DAY - TICK, False),
        ("longer_ago_than", DAY, True),
        ("within_next", -DAY - TICK, False),
        ("within_next", -DAY, True),
        ("within_next", -TICK, True),
        ("within_next", 0 * SECOND, False),
        ("further_than", -DAY - TICK, True),
        ("further_than", -DAY, False),
    ],
)
def test_a_moment_lies_so_far_from_now(op: Any, after: timedelta, answer: bool) -> None:
    assert matches(Moment("loss_at", op, DAY), Facts({"loss_at": NOON}), NOON + after) is answer


def test_a_moment_between_two_seconds_counts_at_once_and_ends_on_a_whole_one() -> None:
    facts = Facts({"loss_at": NOON + 500 * TICK})
    rule = Moment("loss_at", "within_last", DAY)
    assert matches(rule, facts, NOON + 500 * TICK)
    assert matches(rule, facts, NOON + DAY + 500 * TICK)
    assert next_flip(rule, facts, NOON) == NOON + DAY + SECOND
    assert not matches(rule, facts, NOON + DAY + SECOND)


@pytest.mark.parametrize("op", ["within_last", "longer_ago_than", "within_next", "further_than"])
@pytest.mark.parametrize("held", [None, 7, True, "soon", "9999-12-31", "0001-01-01"])
def test_what_is_no_moment_lies_nowhere(op: Any, held: Any) -> None:
    facts = Facts({} if held is None else {"property.it": held})
    rule = Moment("property.it", op, DAY)
    assert not matches(rule, facts, NOON)
    assert next_flip(rule, facts, NOON) is None


def test_a_day_begins_where_the_shop_is() -> None:
    facts = Facts({"attribute.renewal": "2026-03-30"}, zone=MADRID)
    rule = Moment("attribute.renewal", "within_next", DAY)
    # The clocks went forward on the 29th: that day has 23 hours, and "P1D" is 24.
    midnight = datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert next_flip(rule, facts, NOON) == midnight - DAY
    assert next_flip(rule, facts, midnight - DAY) == midnight


@pytest.mark.parametrize(
    ("case", "rule", "at", "entered", "answer"),
    [
        ("never", Happened("visited"), None, NOON, False),
        ("ever", Happened("visited"), NOON - 900 * DAY, None, True),
        ("just now", Happened("visited"), NOON, None, True),
        ("tomorrow", Happened("visited"), NOON + DAY, None, False),
        ("within, a second left", Happened("visited", DAY), NOON - DAY + SECOND, None, True),
        ("within, over", Happened("visited", DAY), NOON - DAY, None, False),
        ("since entry", Happened("visited", since_entry=True), NOON, NOON - TICK, True),
        ("with the entry", Happened("visited", since_entry=True), NOON, NOON, False),
        ("before entry", Happened("visited", since_entry=True), NOON - DAY, NOON, False),
        ("since entry, outside of flows", Happened("visited", since_entry=True), NOON, None, False),
        ("since entry, but too long ago", Happened("visited", HOUR, True), NOON - HOUR, NOON - DAY, False),
        ("another event", Happened("subscribed"), NOON, None, False),
    ],
)
def test_something_happened_or_not(
    case: str, rule: Happened, at: datetime | None, entered: datetime | None, answer: bool
) -> None:
    facts = Facts(events={"visited": at} if at else {}, entered_at=entered)
    assert matches(rule, facts, NOON) is answer, case


def test_a_score_falls_below_a_point_at_the_second_of_its_band() -> None:
    profile = buyer(NOON)
    hot = DEFAULT_POLICY.hot_from
    until = falls_below(profile.customer_u, unshown(hot, DEFAULT_POLICY), DEFAULT_POLICY.customer)
    assert until is not None
    facts = Facts(profile=profile)
    for rule in (Compare("score", ">=", hot), Compare("band", "=", "hot"), Not(Compare("score", "<", hot))):
        assert next_flip(rule, facts, until - SECOND) == until
        assert matches(rule, facts, until - SECOND)
        assert not matches(rule, facts, until)


@pytest.mark.parametrize("op", ["=", "!=", "<", "<=", ">", ">=", "in"])
@pytest.mark.parametrize("value", [30, 30.5, 0, 1, 99, 100])
def test_a_score_flips_at_the_end_of_the_point_that_matters(op: Any, value: float) -> None:
    profile = buyer(NOON)
    facts, rule = Facts(profile=profile), Compare("score", op, (value,) if op == "in" else value)
    ends = sorted(at for point in range(1, 100) if (at := point_ends(profile, DEFAULT_POLICY, point)) and at > NOON)
    assert len(ends) > 50, "a fresh order is worth as many points"
    before = matches(rule, facts, NOON)
    change = next((at for at in ends if matches(rule, facts, at) != before), None)
    flip = next_flip(rule, facts, NOON)
    assert change is None or (flip is not None and flip <= change)
    assert all(matches(rule, facts, at - SECOND) == before for at in ends if change is None or at <= change)


@pytest.mark.parametrize("op", ["=", "<"])
@pytest.mark.parametrize("value", [0, 100, -5, 1000, 0.5])
def test_a_score_is_asked_for_beyond_its_scale(op: Any, value: float) -> None:
    facts = Facts(profile=buyer(NOON))
    assert matches(Compare("score", op, value), facts, NOON) is (op == "<" and value >= 100)


def test_a_phase_and_its_beginning_turn_at_the_loss_date() -> None:
    profile = buyer(NOON)
    assert profile.loss
    lost = profile.loss.at
    facts = Facts(profile=profile, moved=("retention", NOON))
    for rule in (Compare("phase", "=", "retention"), Moment("phase_since", "within_last", 900 * DAY)):
        assert next_flip(rule, facts, NOON) == lost
        assert matches(rule, facts, lost - SECOND)
        # Since when they are in loss phase is known once it was written down.
        assert not matches(rule, facts, lost)
    written = Facts(profile=profile, moved=("loss", lost))
    assert matches(Moment("phase_since", "within_last", DAY), written, lost)


def test_a_flag_ends() -> None:
    facts = Facts({"consent.news.email": True}, ends={"consent.news.email": NOON + 500 * TICK})
    rule = Compare("consent.news.email", "=", True)
    assert next_flip(rule, facts, NOON - DAY) == NOON + SECOND
    assert matches(rule, facts, NOON)
    assert not matches(rule, facts, NOON + SECOND)
    assert matches(Compare("consent.news.email", "=", False), facts, NOON + SECOND)


def test_what_a_rule_needs_is_told() -> None:
    rule = AllOf(
        (
            Compare("orders", ">", 1),
            AnyOf((Not(Moment("loss_at", "within_next", DAY)), Happened("visited"))),
            Compare("orders", "<", 9),
        )
    )
    assert facts_needed(rule) == {"orders", "loss_at", "event.visited"}
    assert facts_needed(YES) == frozenset()


durations = st.sampled_from([SECOND, HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY]) | st.integers(1, 400 * 86400).map(
    lambda seconds: seconds * SECOND
)
leaf_rules: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(
        Compare,
        st.just("score"),
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.integers(-1, 101) | st.floats(0, 100),
    ),
    st.builds(Compare, st.just("phase"), st.just("="), st.sampled_from(["education", "sales", "retention", "loss"])),
    st.builds(Compare, st.just("band"), st.just("in"), st.sampled_from([("hot",), ("warm", "hot"), ("cold",)])),
    st.builds(Compare, st.just("consent.news.email"), st.just("="), st.booleans()),
    st.builds(
        Moment,
        st.sampled_from(
            ["last_order_at", "first_order_at", "loss_at", "phase_since", "attribute.day", "cart_open_until"]
        ),
        st.sampled_from(["within_last", "longer_ago_than", "within_next", "further_than"]),
        durations,
    ),
    st.builds(Happened, st.sampled_from(EVENTS[:3]), st.none() | durations, st.booleans()),
)
rules: st.SearchStrategy[Rule] = st.recursive(
    leaf_rules,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
profiles = st.builds(
    lambda joined, placed, held, policy: fold(joined, placed, held, policy, UTC),
    st.lists(common, max_size=2),
    st.lists(orders, max_size=4),
    st.lists(carts, max_size=3),
    st.just(DEFAULT_POLICY),
)
some_facts = st.builds(
    Facts,
    values=st.fixed_dictionaries(
        {"consent.news.email": st.booleans()},
        optional={"attribute.day": st.dates(START.date(), END.date()).map(str)},
    ),
    ends=st.fixed_dictionaries({}, optional={"consent.news.email": moments}),
    events=st.dictionaries(st.sampled_from(EVENTS[:3]), common, max_size=3),
    entered_at=st.none() | common,
    profile=st.none() | profiles,
    moved=st.none() | st.tuples(st.sampled_from(["education", "sales", "retention", "loss"]), common),
    zone=st.sampled_from([UTC, MADRID]),
)


def answers(rule: Rule, facts: Facts, now: datetime) -> tuple[bool, ...]:
    return (matches(rule, facts, now), *(matches(leaf, facts, now) for leaf in leaves(rule)))


@settings(max_examples=300)
@given(rules, some_facts, common, st.data())
def test_nothing_changes_before_the_next_flip(rule: Rule, facts: Facts, now: datetime, data: st.DataObject) -> None:
    for _ in range(40):
        before = answers(rule, facts, now)
        flip = next_flip(rule, facts, now)
        horizon = flip or END + 900 * DAY
        assert flip is None or (flip > now and flip.microsecond == 0)
        grid = [now + (horizon - now) * share / 40 for share in range(40)]
        near = [horizon - each for each in (TICK, SECOND, HOUR, DAY, 30 * DAY)]
        drawn = data.draw(st.lists(st.floats(0, 1, exclude_max=True), max_size=5))
        for at in (*grid, *near, *(now + (horizon - now) * share for share in drawn)):
            if now <= at < horizon:
                assert answers(rule, facts, at) == before, at
        if flip is None:
            break
        now = flip
    else:
        raise AssertionError("time alone changes an answer a few times, not for ever")


@settings(max_examples=300)
@given(leaf_rules, some_facts, common)
def test_each_second_at_which_an_answer_differs_was_told(rule: Leaf, facts: Facts, now: datetime) -> None:
    # Found by halving, without asking next_flip: between two instants that differ lies a second that does.
    end = now + 900 * DAY
    grid = [now.replace(microsecond=0) + (end - now) // SECOND * SECOND * step / 200 for step in range(201)]
    for low, high in pairwise(grid):
        low, high = low.replace(microsecond=0), high.replace(microsecond=0)
        if matches(rule, facts, low) == matches(rule, facts, high):
            continue
        first = low
        while high - low > SECOND:
            middle = low + (high - low) // SECOND // 2 * SECOND
            if matches(rule, facts, middle) == matches(rule, facts, first):
                low = middle
            else:
                high = middle
        assert next_flip(rule, facts, low) == high
