"""What a flow brings: those who were treated against those who were held out.

Both arms are counted alike and at the same age: people whose window is over, each once. The arms are compared as they
were assigned, whether or not a message reached anybody.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .intervals import FIXED, Interval, Ratio, Sums, always_valid, difference, effective, of_amount, of_share, ratio

MINIMUM_PEOPLE = 100
MINIMUM_CONVERTED = 25
MINIMUM_BUYERS = 100
"""Per arm: below these no interval is given; buyers for amounts, whose tail takes more people to be seen."""

EFFECT = 0.2
"""The lift that an interval is to tell from none, as a share of what the held-out bring."""
A_YEAR = 52  # weeks


class Outcome(StrEnum):
    CONVERSION = "conversion"  # whether a person converted
    AMOUNT = "amount"  # what a person brought, in one currency


class Verdict(StrEnum):
    BRINGS = "brings"
    COSTS = "costs"
    NO_DIFFERENCE_SEEN = "no_difference_seen"
    NOT_ENOUGH_YET = "not_enough_yet"


@dataclass(frozen=True, slots=True)
class Lift:
    """Treated minus held out, per person; relative ones by what the held-out bring (0.1: a tenth more).

    ``fixed`` covers 95% if it is looked at once, at a moment chosen beforehand; ``always`` however often it is.
    """

    estimate: float
    fixed: Interval
    always: Interval
    relative: float
    relative_fixed: Ratio
    relative_always: Ratio


@dataclass(frozen=True, slots=True)
class Waiting:
    """About how many more weeks, at the pace and the spread so far; None: more than a year, or nobody can tell."""

    for_minimum: int | None
    for_effect: int | None  # until ``always`` is too narrow to hold both no lift and one of the stated effect


@dataclass(frozen=True, slots=True)
class Comparison:
    verdict: Verdict
    lift: Lift | None  # None below the minimum
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Point:
    """What was known at one moment, for a chart; the numbers are None below the minimum."""

    at: datetime
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


def compare(outcome: Outcome, treated: Sums, held_out: Sums, weeks: float, effect: float = EFFECT) -> Comparison:
    """Return what may be said after ``weeks`` in which these people entered. The verdict rests on ``always`` alone."""
    lift = lift_of(outcome, treated, held_out) if is_enough(outcome, treated, held_out) else None
    for_minimum = _weeks_to_minimum(outcome, treated, held_out, weeks)
    for_effect = _weeks_to_effect(outcome, treated, held_out, weeks, effect, lift)
    if for_minimum is None or for_effect is None:
        return Comparison(_verdict(lift), lift, Waiting(for_minimum, None))
    return Comparison(_verdict(lift), lift, Waiting(for_minimum, max(for_minimum, for_effect)))


def is_enough(outcome: Outcome, treated: Sums, held_out: Sums) -> bool:
    """True if both arms reach the minimum. Where everybody brought the same amount nothing is known of its spread."""
    return all(
        arm.people >= MINIMUM_PEOPLE
        and arm.converted >= _least(outcome)
        and (outcome is Outcome.CONVERSION or arm.variance > 0)
        for arm in (treated, held_out)
    )


def lift_of(outcome: Outcome, treated: Sums, held_out: Sums) -> Lift:
    """Return both intervals, whatever the minimum says. Somebody held out has to have converted."""
    limits = of_share if outcome is Outcome.CONVERSION else of_amount
    wide = always_valid(effective(treated, held_out))
    fixed = limits(treated, FIXED), limits(held_out, FIXED)
    always = limits(treated, wide), limits(held_out, wide)
    one, other = fixed[0].mean, fixed[1].mean
    return Lift(
        estimate=one - other,
        fixed=difference(*fixed),
        always=difference(*always),
        relative=one / other - 1,
        relative_fixed=_less_one(ratio(*fixed)),
        relative_always=_less_one(ratio(*always)),
    )


def series(outcome: Outcome, weeks: Iterable[tuple[datetime, Sums, Sums]]) -> tuple[Point, ...]:
    """Return the always-valid band as it stood at the end of each week.

    ``weeks``: when each ended, and what it added to the treated and to the held-out.
    """
    points = []
    treated, held_out = Sums(), Sums()
    for at, more_treated, more_held_out in weeks:
        treated, held_out = treated + more_treated, held_out + more_held_out
        if is_enough(outcome, treated, held_out):
            lift = lift_of(outcome, treated, held_out)
            points.append(Point(at, lift.estimate, *lift.always))
        else:
            points.append(Point(at))
    return tuple(points)


def _verdict(lift: Lift | None) -> Verdict:
    if lift is None:
        return Verdict.NOT_ENOUGH_YET
    if lift.always.low > 0:
        return Verdict.BRINGS
    return Verdict.COSTS if lift.always.high < 0 else Verdict.NO_DIFFERENCE_SEEN


def _weeks_to_minimum(outcome: Outcome, treated: Sums, held_out: Sums, weeks: float) -> int | None:
    share = _mean(Outcome.CONVERSION, treated + held_out)  # of both: few of the held-out have converted yet
    more = 0.0
    for arm in (treated, held_out):
        for lacking, so_far in (
            (MINIMUM_PEOPLE - arm.people, arm.people),
            (_least(outcome) - arm.converted, arm.people * share),
        ):
            if lacking > 0:
                more = max(more, lacking * weeks / so_far if so_far and weeks > 0 else math.inf)
    return _whole(more)


def _weeks_to_effect(
    outcome: Outcome, treated: Sums, held_out: Sums, weeks: float, effect: float, lift: Lift | None
) -> int | None:
    """Return when ``always`` will be narrower than the effect, if both arms go on as they did."""
    both, people = treated + held_out, effective(treated, held_out) if treated.people and held_out.people else 0.0
    if not people or not both.converted or weeks <= 0:
        return None
    if lift:
        aim = effect * _mean(outcome, held_out)
        width = (lift.always.high - lift.always.low) / always_valid(people)
    else:
        aim = effect * _mean(outcome, both)
        width = 2 * math.sqrt(_variance(outcome, both) / people)
    for more in range(A_YEAR + 1):
        grown = 1 + more / weeks
        if width * always_valid(people * grown) / math.sqrt(grown) <= aim:
            return more
    return None


def _whole(weeks: float) -> int | None:
    return math.ceil(weeks) if weeks <= A_YEAR else None


def _least(outcome: Outcome) -> int:
    return MINIMUM_CONVERTED if outcome is Outcome.CONVERSION else MINIMUM_BUYERS


def _mean(outcome: Outcome, arm: Sums) -> float:
    if not arm.people:
        return 0.0
    return arm.converted / arm.people if outcome is Outcome.CONVERSION else arm.mean


def _variance(outcome: Outcome, arm: Sums) -> float:
    if outcome is Outcome.AMOUNT:
        return arm.variance
    share = _mean(outcome, arm)
    return share * (1 - share)


def _less_one(ratio: Ratio) -> Ratio:
    return Ratio(ratio.low - 1, None if ratio.high is None else ratio.high - 1)
