import numpy as np
import pytest

from saleor_lifecycle.domain import fit as fitting
from saleor_lifecycle.domain.chances import alive, expected_orders
from saleor_lifecycle.domain.fit import Reason, Unfittable, fit
from saleor_lifecycle.domain.likelihood import Triples, compress, likelihood, tails_of
from saleor_lifecycle.domain.order_days import known, ordered_between, triples
from saleor_lifecycle.domain.prediction import Parameters
from tests.domain.cdnow import LAST, WEEK_39, orders


@pytest.fixture(scope="module")
def histories() -> Triples:
    return triples(known(orders(), WEEK_39))


@pytest.fixture(scope="module")
def fitted(histories: Triples) -> Parameters:
    found = fit(histories)
    assert isinstance(found, Parameters)
    return found


def test_finds_the_reference_parameters_of_cdnow(fitted: Parameters) -> None:
    # lifetimes 0.11.3, ModifiedBetaGeoFitter, days divided by seven; ours are nearer than a millionth.
    found = (fitted.r, fitted.alpha / 7, fitted.a, fitted.b)
    assert found == pytest.approx((0.6371397, 7.3102902, 0.8074741, 1.2283940), rel=1e-6)


def test_ends_where_the_likelihood_is_flat_and_bends_up(fitted: Parameters, histories: Triples) -> None:
    at = np.log([fitted.r, fitted.alpha, fitted.a, fitted.b])
    _, slope, bend = likelihood(at, histories, tails_of(histories))
    assert np.abs(slope).max() < 1e-8
    assert np.linalg.eigvalsh(bend).min() > 0


@pytest.mark.parametrize("start", [(0.05, 2, 5, 0.1), (20, 5000, 0.05, 20), (1, 10, 1, 1), (0.6, 50, 0.8, 1.2)])
def test_ends_there_from_wherever_it_starts(
    start: tuple[float, float, float, float], fitted: Parameters, histories: Triples
) -> None:
    found = fit(histories, Parameters(*start))
    assert isinstance(found, Parameters)
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx(
        (fitted.r, fitted.alpha, fitted.a, fitted.b), rel=1e-6
    )


def test_ends_there_without_every_sixteenth_history_to_show_the_way(
    monkeypatch: pytest.MonkeyPatch, fitted: Parameters, histories: Triples
) -> None:
    monkeypatch.setattr(fitting, "THINNED", 1 << 30)
    found = fit(histories)
    assert isinstance(found, Parameters)
    assert found != fitted  # it did go another way
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx(
        (fitted.r, fitted.alpha, fitted.a, fitted.b), rel=1e-6
    )


def test_gives_the_same_bits_twice(fitted: Parameters, histories: Triples) -> None:
    assert fit(histories) == fitted


def test_expected_orders_rank_the_next_39_weeks_of_cdnow(fitted: Parameters) -> None:
    then = known(orders(), WEEK_39)
    came = ordered_between(orders(), then, WEEK_39, LAST) > 0
    expected = expected_orders(fitted, then.x, then.t_x, then.age, float(LAST - WEEK_39))
    assert area_under_curve(expected, came) >= 0.76
    # P(alive) alone ranks worse than silence does, so it is not what ranks.
    assert area_under_curve(alive(fitted, then.x, then.t_x, then.age), came) == pytest.approx(0.700, abs=0.001)
    assert area_under_curve(then.t_x - then.age, came) == pytest.approx(0.759, abs=0.001)


def area_under_curve(score: np.ndarray, came: np.ndarray) -> float:
    """Return the chance that one who came scores above one who did not; ties count half."""
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ones = int(came.sum())
    return float((ranks[came].sum() - ones * (ones + 1) / 2) / (ones * (len(came) - ones)))


def shop(once: int, twice: int, age: int) -> Triples:
    """Return buyers of whom some came back, evenly over the days."""
    x = [0] * once + [1] * twice
    t_x = [0] * once + [1 + number % (age - 1) for number in range(twice)]
    return compress(x, t_x, [age] * (once + twice))


@pytest.mark.parametrize(
    ("case", "histories", "reason"),
    [
        ("nobody", shop(0, 0, 90), Reason.FEW_BUYERS),
        ("a buyer too few", shop(199, 100, 90), Reason.FEW_BUYERS),
        ("one too few who came back", shop(201, 99, 90), Reason.FEW_REORDERERS),
        ("a day too short", shop(200, 100, 89), Reason.SHORT_HISTORY),
    ],
)
def test_refuses_a_shop_too_small(case: str, histories: Triples, reason: Reason) -> None:
    assert fit(histories) == Unfittable(reason), case


def test_takes_one_on_the_bounds() -> None:
    found = fit(shop(200, 100, 90))
    assert not isinstance(found, Unfittable) or found.reason is Reason.NO_OPTIMUM


def test_refuses_a_shop_whose_customers_never_leave() -> None:
    everyone = compress([10] * 400, [100] * 400, [100] * 400)
    assert fit(everyone) == Unfittable(Reason.NO_OPTIMUM)
