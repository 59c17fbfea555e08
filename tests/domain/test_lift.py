import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.intervals import Sums
from saleor_lifecycle.domain.lift import (
    Comparison,
    Outcome,
    Point,
    Verdict,
    Waiting,
    compare,
    is_enough,
    lift_of,
    series,
)
from tests.domain.trials import Trial, trials

TRIALS = 500  # of each family without an effect, and as many with one
FAMILIES = {"shares": Outcome.CONVERSION, "log-normal": Outcome.AMOUNT, "gamma": Outcome.AMOUNT}
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Measured:
    """Of how many trials, as shares."""

    trials: int
    fixed: float  # the interval at the end held the truth
    fixed_relative: float
    always: float  # that of every day did
    always_relative: float
    fixed_daily: float  # the fixed ones did every day, which nobody promises
    declared: float  # a difference, on any day


def measured(family: str, is_a_a: bool) -> Measured:
    """Return what intervals did in the first trials that reached the minimum."""
    outcome = FAMILIES[family]
    told = (trial for trial in trials(family, SEED + is_a_a, is_a_a) if is_enough(outcome, *trial.looks[-1]))
    rows = [_looks(outcome, trial) for trial in itertools.islice(told, TRIALS)]
    return Measured(len(rows), *(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def _looks(outcome: Outcome, trial: Trial) -> tuple[bool, bool, bool, bool, bool, bool]:
    daily = [lift_of(outcome, *look) for look in trial.looks if is_enough(outcome, *look)]
    last = daily[-1]
    return (
        last.fixed.low <= trial.difference <= last.fixed.high,
        last.relative_fixed.low <= trial.relative <= (last.relative_fixed.high or 1e9),
        all(day.always.low <= trial.difference <= day.always.high for day in daily),
        all(day.relative_always.low <= trial.relative <= (day.relative_always.high or 1e9) for day in daily),
        all(day.fixed.low <= trial.difference <= day.fixed.high for day in daily),
        any(day.always.low > 0 or day.always.high < 0 for day in daily),
    )


@pytest.fixture(scope="module", params=FAMILIES)
def both(request: pytest.FixtureRequest) -> tuple[Measured, Measured]:
    """A family's trials without an effect and with one."""
    without, with_one = measured(request.param, True), measured(request.param, False)
    print(request.param, without, with_one, sep="\n")  # noqa: T201 - shown with -rP
    return without, with_one


def test_intervals_at_a_fixed_horizon_cover_what_they_promise(both: tuple[Measured, Measured]) -> None:
    assert sum(of.trials for of in both) == 1000
    assert 0.93 <= sum(of.fixed for of in both) / 2 <= 0.97
    assert 0.93 <= sum(of.fixed_relative for of in both) / 2 <= 0.97


def test_looked_at_daily_always_valid_ones_cover_it_on_all_days(both: tuple[Measured, Measured]) -> None:
    assert sum(of.always for of in both) / 2 >= 0.95
    assert sum(of.always_relative for of in both) / 2 >= 0.95


def test_looked_at_daily_fixed_ones_would_not(both: tuple[Measured, Measured]) -> None:
    assert sum(of.fixed_daily for of in both) / 2 < 0.9


def test_where_nothing_differs_a_difference_is_seldom_declared(both: tuple[Measured, Measured]) -> None:
    without, with_one = both
    assert without.declared <= 0.05
    assert with_one.declared > 5 * without.declared


@pytest.mark.parametrize("family", FAMILIES)
def test_below_the_minimum_of_either_arm_nothing_is_said(family: str) -> None:
    outcome, least = FAMILIES[family], 25 if family == "shares" else 100
    told = [compare(outcome, *trial.looks[-1], 7) for trial in itertools.islice(trials(family, SEED, False), 1000)]
    looks = [trial.looks[-1] for trial in itertools.islice(trials(family, SEED, False), 1000)]
    reached = [all(arm.people >= 100 and arm.converted >= least for arm in look) for look in looks]
    assert [one.lift is not None for one in told] == reached
    assert [one.verdict is not Verdict.NOT_ENOUGH_YET for one in told] == reached
    assert 200 < sum(reached) < 800


def shares(people: int, converted: int) -> Sums:
    return Sums(people, converted)


def amounts(people: int, buyers: int) -> Sums:
    """Return the sums of an arm in which a third of the buyers each spent 10, 20 and 60."""
    third = buyers / 3
    return Sums(people, buyers, *(third * (10**power + 20**power + 60**power) for power in (1, 2, 3)))


ENOUGH = shares(9000, 900)


@pytest.mark.parametrize(
    ("outcome", "treated", "held_out", "is_given"),
    [
        (Outcome.CONVERSION, ENOUGH, shares(100, 25), True),
        (Outcome.CONVERSION, ENOUGH, shares(99, 25), False),
        (Outcome.CONVERSION, ENOUGH, shares(100, 24), False),
        (Outcome.CONVERSION, shares(100, 24), ENOUGH, False),
        (Outcome.CONVERSION, ENOUGH, shares(100, 100), True),
        (Outcome.AMOUNT, amounts(9000, 900), amounts(1000, 100), True),
        (Outcome.AMOUNT, amounts(9000, 900), amounts(1000, 99), False),
        (Outcome.AMOUNT, amounts(1000, 99), amounts(9000, 900), False),
        (Outcome.AMOUNT, amounts(9000, 900), Sums(200, 200, 2000, 20_000, 200_000), False),  # each just as much
    ],
)
def test_both_arms_have_to_reach_the_minimum(outcome: Outcome, treated: Sums, held_out: Sums, is_given: bool) -> None:
    told = compare(outcome, treated, held_out, 4)
    assert (told.lift is not None) is is_given
    assert (told.verdict is Verdict.NOT_ENOUGH_YET) is not is_given


@pytest.mark.parametrize(
    ("held_out", "verdict"),
    [
        (50, Verdict.BRINGS),
        (80, Verdict.NO_DIFFERENCE_SEEN),  # an interval for one look would not hold zero
        (100, Verdict.NO_DIFFERENCE_SEEN),
        (150, Verdict.COSTS),
    ],
)
def test_the_verdict_rests_on_what_may_be_looked_at_always(held_out: int, verdict: Verdict) -> None:
    told = compare(Outcome.CONVERSION, ENOUGH, shares(1000, held_out), 10)
    assert told.verdict is verdict
    assert told.lift is not None
    assert (told.lift.fixed.low > 0 or told.lift.fixed.high < 0) is (held_out != 100)
    assert told.lift.always.low < told.lift.fixed.low < told.lift.estimate < told.lift.fixed.high
    assert told.lift.estimate == pytest.approx(0.1 - held_out / 1000)
    assert told.lift.relative == pytest.approx(100 / held_out - 1)


def test_amounts_are_compared_per_person_not_per_buyer() -> None:
    told = compare(Outcome.AMOUNT, amounts(9000, 900), amounts(2000, 150), 10)
    assert told.lift is not None
    assert told.lift.estimate == pytest.approx(30 * 900 / 9000 - 30 * 150 / 2000)
    assert told.lift.relative == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("case", "treated", "held_out", "weeks", "more"),
    [
        ("buyers come in at the pace of both arms", shares(900, 90), shares(100, 10), 2, 3),
        ("those held out who converted by chance do not set it", shares(900, 90), shares(100, 0), 2, 6),
        ("people alone are missing", shares(900, 400), shares(90, 40), 9, 1),
        ("in a week more than a year", shares(900, 90), shares(100, 10), 34.7, None),
        ("a year just holds it", shares(900, 90), shares(100, 10), 34.6, 52),
        ("nobody has converted", shares(900, 0), shares(100, 0), 2, None),
        ("nobody has entered", shares(0, 0), shares(0, 0), 2, None),
        ("nobody is held out", shares(900, 90), shares(0, 0), 2, None),
        ("no time has gone by", shares(900, 90), shares(100, 10), 0, None),
        ("it is there", ENOUGH, shares(1000, 100), 2, 0),
    ],
)
def test_tells_in_how_many_weeks_the_minimum_is_reached(
    case: str, treated: Sums, held_out: Sums, weeks: float, more: int | None
) -> None:
    assert compare(Outcome.CONVERSION, treated, held_out, weeks).waiting.for_minimum == more


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("people", [4000, 40_000])
def test_the_weeks_until_an_effect_is_told_from_none_are_what_comes_true(outcome: Outcome, people: int) -> None:
    arm, mean = (shares, 1 / 8) if outcome is Outcome.CONVERSION else (amounts, 30 / 8)

    def told(weeks: int) -> Comparison:
        many = people * weeks // 10
        return compare(outcome, arm(many, many // 8), arm(many // 3, many // 24), weeks, 0.4)

    def is_narrow(weeks: int) -> bool:
        lift = told(weeks).lift
        return lift is not None and lift.always.high - lift.always.low <= 0.4 * mean

    more = told(10).waiting.for_effect
    first = next(weeks for weeks in range(10, 100) if is_narrow(weeks)) - 10
    assert more == pytest.approx(first, rel=0.1, abs=1)
    assert (first > 0) is (people == 4000)


def test_an_effect_that_takes_more_than_a_year_is_said_to() -> None:
    told = compare(Outcome.CONVERSION, ENOUGH, shares(1000, 100), 10, 0.01)
    assert told.waiting == Waiting(0, None)


def test_the_effect_is_not_told_before_the_minimum() -> None:
    told = compare(Outcome.CONVERSION, shares(900, 90), shares(100, 10), 2, effect=50.0)
    assert told.waiting == Waiting(3, 3)


def test_a_series_is_what_was_known_at_the_end_of_each_week() -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    weeks = [(first + timedelta(days=7 * number), shares(900, 90 + number), shares(100, 10)) for number in range(4)]
    band = series(Outcome.CONVERSION, weeks)
    assert band[:2] == (Point(weeks[0][0]), Point(weeks[1][0]))
    for number, point in enumerate(band[2:], 3):
        lift = lift_of(
            Outcome.CONVERSION,
            shares(900 * number, sum(90 + one for one in range(number))),
            shares(100 * number, 10 * number),
        )
        assert point == Point(weeks[number - 1][0], lift.estimate, *lift.always)


def test_a_series_of_no_weeks_is_empty() -> None:
    assert series(Outcome.AMOUNT, []) == ()
