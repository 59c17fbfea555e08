import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.calibration import UNCHANGED, Curve, calibrate, calibrate_on_split, corrected
from saleor_lifecycle.domain.chances import order_within
from saleor_lifecycle.domain.fit import fit
from saleor_lifecycle.domain.order_days import known, order_days, ordered_between, triples
from saleor_lifecycle.domain.prediction import Parameters
from tests.domain.cdnow import WEEK_39, orders

THIRTEEN_WEEKS = 91


def judged_at(day: int, horizon: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return CDNOW's customers at the end of a day, their chances, and whether they ordered within the horizon."""
    then = known(orders(), day)
    fitted = fit(triples(then))
    assert isinstance(fitted, Parameters)
    chance = order_within(fitted, then.x, then.t_x, then.age, horizon)
    return then.customer, chance, ordered_between(orders(), then, day, day + horizon) > 0


def worst_decile(chance: np.ndarray, came: np.ndarray) -> float:
    tenths = np.array_split(np.argsort(chance, kind="stable"), 10)
    return max(abs(float(chance[tenth].mean() - came[tenth].mean())) for tenth in tenths)


@pytest.mark.parametrize("horizon", [30, 90, THIRTEEN_WEEKS])
def test_holds_within_5_points_for_customers_it_was_not_made_from(horizon: int) -> None:
    # The inner split: 26 weeks to fit, 13 to judge; the curve from every other customer, judged on the rest.
    customer, chance, came = judged_at(WEEK_39 - horizon, horizon)
    one = customer % 2 == 0
    assert worst_decile(corrected(calibrate(chance[one], came[one]), chance[~one]), came[~one]) < 0.05
    assert worst_decile(corrected(calibrate(chance[~one], came[~one]), chance[one]), came[one]) < 0.05


@pytest.mark.parametrize("horizon", [30, 90, THIRTEEN_WEEKS])
def test_holds_within_5_points_in_the_time_after_it_was_made(horizon: int) -> None:
    curve = calibrate_on_split(orders(), WEEK_39, horizon)
    _, chance, came = judged_at(WEEK_39, horizon)
    assert worst_decile(corrected(curve, chance), came) < 0.05


def test_is_needed() -> None:
    _, chance, came = judged_at(WEEK_39, THIRTEEN_WEEKS)
    assert worst_decile(chance, came) > 0.05


def test_knows_nothing_of_what_came_after_its_day() -> None:
    shop = orders()
    past = order_days(np.repeat(np.arange(len(shop.starts)), np.diff([*shop.starts, len(shop.day)])), shop.day)
    kept = past.day <= WEEK_39
    cut = order_days(np.cumsum(past.x == 0)[kept], past.day[kept])
    assert calibrate_on_split(cut, WEEK_39, 90) == calibrate_on_split(shop, WEEK_39, 90)


@given(st.integers(0, 2**32 - 1))
def test_is_a_small_table_that_never_falls(seed: int) -> None:
    draw = np.random.default_rng(seed)
    chance = draw.beta(0.5, 2, 2000)
    curve = calibrate(chance, draw.random(2000) < draw.beta(0.5, 2, 2000))
    assert len(curve.predicted) == len(curve.observed) <= 22
    assert list(curve.predicted) == sorted(set(curve.predicted))
    assert list(curve.observed) == sorted(curve.observed)
    assert curve.predicted[0] == curve.observed[0] == 0
    assert curve.predicted[-1] == curve.observed[-1] == 1


@pytest.mark.parametrize(
    ("case", "customers", "ordering", "changed"),
    [
        ("nobody", 0, 0, False),
        ("a customer too few", 999, 500, False),
        ("enough", 1000, 500, True),
        ("one order too few", 1000, 99, False),
        ("enough orders", 1000, 100, True),
        ("one silent too few", 1000, 901, False),
    ],
)
def test_leaves_chances_as_they_are_where_too_little_is_known(
    case: str, customers: int, ordering: int, changed: bool
) -> None:
    chance = np.linspace(0.2, 0.9, customers)
    assert (calibrate(chance, np.arange(customers) < ordering) != UNCHANGED) is changed, case


def test_runs_straight_between_its_points() -> None:
    curve = Curve((0.0, 0.5, 1.0), (0.0, 0.2, 1.0))
    assert corrected(curve, [0, 0.25, 0.5, 0.75, 1]).tolist() == pytest.approx([0, 0.1, 0.2, 0.6, 1])


def test_a_shop_too_small_to_be_fitted_has_none() -> None:
    assert calibrate_on_split(order_days([1, 2], [0, 5]), 400, 90) == UNCHANGED
