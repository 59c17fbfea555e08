"""Intervals for a mean, and for the difference and the ratio of two, from sums alone.

Each arm gets limits of its own, which need not lie evenly about its mean; two arms are then put together by the method
of variance estimates recovery (MOVER: Newcombe, Statistics in Medicine 1998, method 10; Zou and Donner, the same, 2008;
for ratios Donner and Zou, Statistical Methods in Medical Research 2012). A difference excludes 0 exactly where the
ratio excludes 1.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

ALPHA = 0.05
FIXED = 1.959963984540054  # the normal's quantile at 1 - ALPHA / 2
TUNED_FOR = 1000.0
"""Where the always-valid intervals are narrowest for what is known, in ``effective`` people: about as many held out."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What is to be known of one arm: sums over its people, of what each brought in one currency.

    Cubes are for the skewness; the square and the cube are of a person's total, not of each order.
    """

    people: int = 0
    converted: int = 0  # people who brought anything
    total: float = 0.0
    squares: float = 0.0
    cubes: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.people + other.people,
            self.converted + other.converted,
            self.total + other.total,
            self.squares + other.squares,
            self.cubes + other.cubes,
        )

    @property
    def mean(self) -> float:
        return self.total / self.people

    @property
    def variance(self) -> float:
        return max(self.squares - self.total * self.mean, 0.0) / (self.people - 1)


class Interval(NamedTuple):
    low: float
    high: float


class Ratio(NamedTuple):
    low: float
    high: float | None  # None: no bound, because what it is divided by may be nothing


class Limits(NamedTuple):
    """An arm's mean, and an interval of it."""

    mean: float
    low: float
    high: float


def of_share(arm: Sums, z: float) -> Limits:
    """Return the share of an arm that converted, with Wilson's limits (JASA 1927)."""
    n, share = arm.people, arm.converted / arm.people
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Limits(share, max(middle - half, 0.0), min(middle + half, 1.0))


def of_amount(arm: Sums, z: float) -> Limits:
    """Return the mean amount per person, with limits for many zeros and a heavy tail.

    Hall's transformation takes the skewness out of the t statistic (Hall, JRSS B 1992; for amounts with many zeros Zhou
    and Dinh, Biostatistics 2005). The normal's quantile becomes about Student's, with the few who bought, not the many
    zeros, for its degrees of freedom. A tail much heavier than a log-normal's of σ = 1.5 is still underrated.
    """
    n, mean, variance = arm.people, arm.mean, arm.variance
    if variance <= 0:
        return Limits(mean, mean, mean)
    third = arm.cubes / n - 3 * mean * arm.squares / n + 2 * mean**3
    skew = third / variance**1.5 / math.sqrt(n)
    z *= 1 + (z * z + 1) / (4 * max(arm.converted - 1, 1))
    error = math.sqrt(variance / n)
    return Limits(mean, max(mean - error * _unskewed(z, skew), 0.0), mean - error * _unskewed(-z, skew))


def _unskewed(z: float, skew: float) -> float:
    """Return the t at which Hall's t + s·t²/3 + s²·t³/27 + s/6 is ``z``."""
    if abs(skew) < 1e-6:
        return z
    return 3 / skew * (math.cbrt(1 + skew * (z - skew / 6)) - 1)


def effective(treated: Sums, held_out: Sums) -> float:
    """Return how many people two equal arms' worth of spread the two weigh: n·m / (n + m)."""
    return treated.people * held_out.people / (treated.people + held_out.people)


def always_valid(people: float, alpha: float = ALPHA) -> float:
    """Return how many standard errors wide an interval has to be on either side that may be looked at at any time.

    The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas ("Time-uniform central limit
    theory and asymptotic confidence sequences", Annals of Statistics 2024), with their approximate ρ for ``TUNED_FOR``.
    It holds over all looks together as long as people are counted from one fixed beginning.
    """
    spent = -2 * math.log(alpha)
    grown = people * (spent + math.log(spent + 1)) / TUNED_FOR  # t·ρ²
    return math.sqrt(2 * (grown + 1) / grown * math.log(math.sqrt(grown + 1) / alpha))


def difference(one: Limits, other: Limits) -> Interval:
    """Return the interval of the first mean minus the second."""
    estimate = one.mean - other.mean
    low = estimate - math.hypot(one.mean - one.low, other.high - other.mean)
    return Interval(low, estimate + math.hypot(one.high - one.mean, other.mean - other.low))


def ratio(one: Limits, other: Limits) -> Ratio:
    """Return the interval of the first mean by the second, which is not 0."""
    cross = one.mean * other.mean
    rest = one.low * (2 * one.mean - one.low)
    low = rest / (cross + math.sqrt(max(cross**2 - rest * other.high * (2 * other.mean - other.high), 0.0)))
    if other.low <= 0:
        return Ratio(low, None)
    least = other.low * (2 * other.mean - other.low)
    inner = max(cross**2 - least * one.high * (2 * one.mean - one.high), 0.0)
    return Ratio(low, (cross + math.sqrt(inner)) / least)
