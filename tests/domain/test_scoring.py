import itertools
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.scoring import (
    DEFAULT_POLICY,
    EPOCH,
    Band,
    Kind,
    Part,
    band,
    combine,
    days,
    falls_below,
    log_sum,
    moment,
    shown,
    unshown,
    value,
)
from tests.domain.histories import moments

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
WEEKLY = Part(7.0, {Kind.ACCOUNT: 1.0, Kind.CART: 8.0, Kind.RETURN: -4.0})

half_lives = st.sampled_from([7.0, 90.0])


def naive(times: list[datetime], half_life_days: float, now: datetime) -> float:
    return sum(2.0 ** (-((now - at) / DAY) / half_life_days) for at in times)


@given(st.lists(moments, min_size=1, max_size=30), half_lives)
def test_a_log_sum_is_the_sum_one_would_write_down(times: list[datetime], half_life: float) -> None:
    now = max(times)
    u = log_sum(times, half_life)
    assert u is not None
    assert 2.0 ** (u - days(now) / half_life) == pytest.approx(naive(times, half_life, now), rel=1e-9)


@given(st.lists(moments, min_size=1, max_size=30), half_lives, st.randoms(use_true_random=False))
def test_the_same_times_in_any_order_give_the_same_bits(times: list[datetime], half_life: float, chance: Any) -> None:
    shuffled = list(times)
    chance.shuffle(shuffled)
    assert log_sum(shuffled, half_life) == log_sum(times, half_life)


@pytest.mark.parametrize(
    ("times", "u"),
    [
        ([EPOCH], 0.0),
        ([datetime(1970, 1, 8, tzinfo=UTC)], 1.0),
        ([datetime(1970, 1, 8, tzinfo=UTC)] * 4, 3.0),
        ([datetime(1998, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)], 20453 / 7),
    ],
)
def test_a_log_sum_counts_from_1970_as_what_is_stored_does(times: list[datetime], u: float) -> None:
    assert log_sum(times, 7.0) == u


def test_no_times_have_no_sum() -> None:
    assert log_sum([], 7.0) is None


@pytest.mark.parametrize(("passed", "left"), [(0, 8.0), (7, 4.0), (14, 2.0), (21, 1.0), (-7, 16.0)])
def test_halves_with_each_half_life(passed: int, left: float) -> None:
    u = combine({Kind.CART: log_sum([NOON], 7.0)}, WEEKLY)
    assert value(u, WEEKLY, NOON + passed * DAY) == pytest.approx(left, rel=1e-9)


def test_of_no_activity_nothing_is_left() -> None:
    assert value(None, WEEKLY, NOON) == 0.0
    assert falls_below(None, 1.0, WEEKLY) is None


@pytest.mark.parametrize(
    ("case", "times", "net"),
    [
        ("nothing", {}, None),
        ("a cart", {Kind.CART: [NOON]}, 8.0),
        ("two carts", {Kind.CART: [NOON, NOON]}, 16.0),
        ("a cart and an account a week before", {Kind.CART: [NOON], Kind.ACCOUNT: [NOON - 7 * DAY]}, 8.5),
        ("a return takes away", {Kind.CART: [NOON], Kind.RETURN: [NOON]}, 4.0),
        ("an old cart and a return that outweighs it", {Kind.CART: [NOON - 14 * DAY], Kind.RETURN: [NOON]}, None),
        ("what a return takes away to the last bit", {Kind.CART: [NOON], Kind.RETURN: [NOON, NOON]}, None),
        ("a cart and an account of thirty years ago", {Kind.CART: [NOON], Kind.ACCOUNT: [NOON - 11000 * DAY]}, 8.0),
        ("nothing but a return", {Kind.RETURN: [NOON]}, None),
        ("a kind without a weight", {Kind.ORDER: [NOON]}, None),
        ("a cart and a kind without a weight", {Kind.CART: [NOON], Kind.ORDER: [NOON]}, 8.0),
        ("a cart among kinds that never happened", {Kind.CART: [NOON], Kind.ACCOUNT: [], Kind.RETURN: []}, 8.0),
    ],
)
def test_weighs_each_kind_and_shows_less_than_nothing_as_nothing(
    case: str, times: dict[Kind, list[datetime]], net: float | None
) -> None:
    sums = {kind: log_sum(at, 7.0) for kind, at in times.items()}
    u = combine(sums, WEEKLY)
    if net is None:
        assert u is None, case
    else:
        assert value(u, WEEKLY, NOON) == pytest.approx(net, rel=1e-9), case


def test_the_same_sums_in_any_order_give_the_same_bits() -> None:
    part = Part(7.0, {Kind.ACCOUNT: 0.1, Kind.CART: 0.2, Kind.ORDER: 0.3})
    arranged = itertools.permutations([(kind, 0.0) for kind in part.weights])
    assert len({combine(dict(sums), part) for sums in arranged}) == 1


@given(st.dictionaries(st.sampled_from(list(WEEKLY.weights)), st.lists(moments, min_size=1, max_size=9), min_size=1))
def test_the_weighted_sum_is_the_one_one_would_write_down(times: dict[Kind, list[datetime]]) -> None:
    now = max(at for some in times.values() for at in some)
    sums = {kind: log_sum(some, 7.0) for kind, some in times.items()}
    u = combine(sums, WEEKLY)
    net = sum(WEEKLY.weights[kind] * naive(some, 7.0, now) for kind, some in times.items())
    assert value(u, WEEKLY, now) == pytest.approx(max(net, 0.0), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("case", "at", "second"),
    [
        ("a whole second", NOON, NOON),
        ("just after one", NOON + timedelta(milliseconds=1), NOON + SECOND),
        ("just before one", NOON - timedelta(milliseconds=1), NOON),
        ("the epoch", EPOCH, EPOCH),
        ("before the epoch", EPOCH - timedelta(milliseconds=1500), EPOCH - SECOND),
    ],
)
def test_a_moment_is_the_first_whole_second(case: str, at: datetime, second: datetime) -> None:
    assert moment(days(at)) == second, case


@given(st.integers(0, 3_000_000_000))
def test_a_whole_second_is_not_moved_by_a_floats_noise(seconds: int) -> None:
    at = EPOCH + timedelta(seconds=seconds)
    assert moment(days(at)) == at


@given(st.integers(1_400_000_000, 1_900_000_000), st.integers(0, 9))
def test_falls_below_on_the_exact_second(seconds: int, halvings: int) -> None:
    at = EPOCH + timedelta(seconds=seconds)
    part = Part(90.0, {Kind.ORDER: 32.0})
    u = combine({Kind.ORDER: log_sum([at], 90.0)}, part)
    assert falls_below(u, 32.0 / 2**halvings, part) == at + halvings * 90 * DAY


@given(st.lists(moments, min_size=1, max_size=9), half_lives, st.floats(0.01, 100))
def test_has_not_fallen_a_second_before(times: list[datetime], half_life: float, threshold: float) -> None:
    part = Part(half_life, {Kind.ORDER: 10.0})
    u = combine({Kind.ORDER: log_sum(times, half_life)}, part)
    at = falls_below(u, threshold, part)
    assert at is not None
    assert at.microsecond == 0
    assert value(u, part, at) <= threshold * (1 + 1e-9)
    assert value(u, part, at - SECOND) > threshold
    assert value(u, part, at + SECOND) < threshold


@pytest.mark.parametrize(("s", "score"), [(0.0, 0.0), (5.0, 20.0), (20.0, 50.0), (60.0, 75.0), (180.0, 90.0)])
def test_is_shown_between_0_and_100(s: float, score: float) -> None:
    assert shown(s, DEFAULT_POLICY) == pytest.approx(score)
    assert unshown(score, DEFAULT_POLICY) == pytest.approx(s)


@given(st.floats(0, 99.9), st.floats(0.1, 1000))
def test_what_is_shown_leads_back_to_what_it_was(score: float, k: float) -> None:
    policy = replace(DEFAULT_POLICY, k=k)
    assert shown(unshown(score, policy), policy) == pytest.approx(score, abs=1e-9)


# S is shown as 50 from 20 on and as 75 from 60 on, and halves in a week.
BANDED = replace(DEFAULT_POLICY, k=20.0, warm_from=50.0, hot_from=75.0)
HOT_AT_NOON = math.log2(120.0) + days(NOON) / 7.0  # 60 a week after noon
WARM_ENDS = moment(days(NOON) + 7 * math.log2(120.0 / 20.0))


@pytest.mark.parametrize(
    ("case", "at", "name", "until"),
    [
        ("now", NOON, Band.HOT, NOON + 7 * DAY),
        ("a second before it cools", NOON + 7 * DAY - SECOND, Band.HOT, NOON + 7 * DAY),
        ("when it cools", NOON + 7 * DAY, Band.WARM, WARM_ENDS),
        ("a second later", NOON + 7 * DAY + SECOND, Band.WARM, WARM_ENDS),
        ("a second before it is cold", WARM_ENDS - SECOND, Band.WARM, WARM_ENDS),
        ("when it is cold", WARM_ENDS, Band.COLD, None),
        ("a second after", WARM_ENDS + SECOND, Band.COLD, None),
    ],
)
def test_a_band_ends_on_the_second_it_says(case: str, at: datetime, name: Band, until: datetime | None) -> None:
    assert band(HOT_AT_NOON, WEEKLY, BANDED, at) == (name, until), case


def test_who_did_nothing_is_cold_for_good() -> None:
    assert band(None, WEEKLY, BANDED, NOON) == (Band.COLD, None)
