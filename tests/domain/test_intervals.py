import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.intervals import (
    FIXED,
    Limits,
    Sums,
    always_valid,
    difference,
    effective,
    of_amount,
    of_share,
    ratio,
)


def sums(amounts: np.ndarray) -> Sums:
    powers = [float((amounts**power).sum()) for power in (1, 2, 3)]
    return Sums(len(amounts), int((amounts > 0).sum()), *powers)


@pytest.mark.parametrize(
    ("converted", "people", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (29, 29, 0.8830, 1.0)],
)
def test_limits_of_a_share_are_those_that_newcombe_printed_for_wilson(
    converted: int, people: int, low: float, high: float
) -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    found = of_share(Sums(people, converted), FIXED)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_are_those_that_newcombe_printed_for_his_tenth_method(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    # Newcombe, "Interval estimation for the difference between independent proportions", 1998, table II.
    limits = [of_share(Sums(people, converted), FIXED) for converted, people in (one, other)]
    assert difference(*limits) == pytest.approx((low, high), abs=6e-5)


def test_limits_of_an_amount_without_skewness_are_student_s() -> None:
    amounts = np.tile([10.0, 20.0, 30.0], 40)
    found = of_amount(sums(amounts), FIXED)
    half = 1.98010 * amounts.std(ddof=1) / math.sqrt(120)  # Student's quantile of 119 degrees of freedom
    assert found == pytest.approx((20, 20 - half, 20 + half), abs=1e-3)


def test_limits_of_a_skewed_amount_undo_halls_transformation() -> None:
    amounts = np.concatenate([np.zeros(900), np.arange(1.0, 101.0) ** 2])
    found = of_amount(sums(amounts), FIXED)
    deviation = amounts.std(ddof=1)
    skew = ((amounts - amounts.mean()) ** 3).mean() / deviation**3 / math.sqrt(1000)
    wide = FIXED * (1 + (FIXED**2 + 1) / (4 * 99))
    for limit, at in ((found.low, wide), (found.high, -wide)):
        t = (amounts.mean() - limit) / deviation * math.sqrt(1000)
        assert t + skew * t**2 / 3 + skew**2 * t**3 / 27 + skew / 6 == pytest.approx(at)
    assert found.high - found.mean > found.mean - found.low > 0


def test_limits_of_an_amount_never_fall_below_nothing() -> None:
    assert of_amount(sums(np.array([0.0] * 50 + [5.0, 9000.0])), 3.5).low == 0.0


def test_where_all_brought_the_same_there_is_nothing_to_vary() -> None:
    assert of_amount(sums(np.full(10, 3.0)), FIXED) == (3.0, 3.0, 3.0)


@pytest.mark.parametrize("people", [1, 100, 1000, 60_000])
def test_what_may_be_looked_at_always_ends_where_robbins_mixture_reaches_one_in_alpha(people: int) -> None:
    squared = (5.991465 + math.log(6.991465)) / 1000  # ρ²
    at = always_valid(people) * math.sqrt(people)
    grown = people * squared + 1
    assert math.exp(squared * at**2 / (2 * grown)) / math.sqrt(grown) == pytest.approx(20, rel=1e-4)


def test_it_is_narrowest_for_its_people_where_it_was_tuned() -> None:
    assert min(range(100, 20_000, 100), key=always_valid) in range(800, 2000)


def test_two_equal_arms_weigh_half_of_one() -> None:
    assert effective(Sums(500), Sums(500)) == 250
    assert effective(Sums(900), Sums(100)) == 90


LIMITS = st.tuples(*[st.floats(0.001, 1000)] * 3).map(sorted).map(lambda three: Limits(three[1], three[0], three[2]))


@given(LIMITS, LIMITS)
def test_a_difference_leaves_out_nothing_where_the_ratio_leaves_out_one(one: Limits, other: Limits) -> None:
    apart, by = difference(one, other), ratio(one, other)
    assert by.high is not None
    if abs(apart.low) > 1e-6 * one.mean:
        assert (apart.low > 0) == (by.low > 1)
    if abs(apart.high) > 1e-6 * one.mean:
        assert (apart.high < 0) == (by.high < 1)


def test_a_ratio_has_no_bound_where_the_second_may_be_nothing() -> None:
    by = ratio(Limits(3, 2, 4), Limits(1, 0, 3))
    assert by.high is None
    assert 0 < by.low < 3


def test_sums_of_two_are_those_of_both_together() -> None:
    amounts = np.arange(1.0, 9.0)
    assert sums(amounts[:3]) + sums(amounts[3:]) == sums(amounts)
