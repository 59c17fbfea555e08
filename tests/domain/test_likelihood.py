from math import exp, lgamma, log

import numpy as np
import pytest

from saleor_lifecycle.domain.likelihood import Triples, compress, likelihood, tails_of

FEW = compress([0, 0, 1, 2, 7, 0], [0, 0, 30, 41, 200, 0], [10, 300, 30, 90, 230, 10])
AT = np.log(np.array([0.8, 30.0, 0.7, 1.3]))


def as_rows(triples: Triples) -> list[tuple[int, ...]]:
    return list(
        zip(*(column.tolist() for column in (triples.x, triples.t_x, triples.age, triples.weight)), strict=True)
    )


def test_compresses_equal_histories_to_one_with_their_number() -> None:
    assert as_rows(FEW) == [(0, 0, 10, 2), (0, 0, 300, 1), (1, 30, 30, 1), (2, 41, 90, 1), (7, 200, 230, 1)]


def test_adds_weights_up_so_that_compressing_twice_changes_nothing() -> None:
    assert as_rows(compress(FEW.x, FEW.t_x, FEW.age, FEW.weight)) == as_rows(FEW)


def test_compresses_nobody_to_nothing() -> None:
    assert as_rows(compress([], [], [])) == []


@pytest.mark.parametrize(
    ("case", "x", "t_x", "age"),
    [
        ("fewer than no orders", -1, 0, 10),
        ("the last before the first", 1, -1, 10),
        ("the last after the day of the fit", 1, 11, 10),
        ("two order days on one day", 1, 0, 10),
        ("more order days than days", 3, 2, 10),
        ("time between one order and itself", 0, 1, 10),
    ],
)
def test_refuses_a_history_that_cannot_be(case: str, x: int, t_x: int, age: int) -> None:
    with pytest.raises(ValueError, match="0 ≤ x"):
        compress([0, x], [0, t_x], [5, age])


def test_equals_the_published_formula_of_one_customer() -> None:
    # By hand with log Γ: A1 + A2 + A3 + log(1 + e^A4) of lifetimes' modified BG/NBD.
    r, alpha, a, b = (float(part) for part in np.exp(AT))
    x, t_x, age = 7, 200, 230
    a1 = lgamma(r + x) - lgamma(r) + r * log(alpha)
    a2 = lgamma(a + b) + lgamma(b + x + 1) - lgamma(b) - lgamma(a + b + x + 1)
    a3 = -(r + x) * log(alpha + age)
    a4 = log(a) - log(b + x) + (r + x) * (log(alpha + age) - log(alpha + t_x))
    one = compress([x], [t_x], [age])
    assert likelihood(AT, one, tails_of(one))[0] == pytest.approx(-(a1 + a2 + a3 + log(1 + exp(a4))), rel=1e-12)


@pytest.mark.parametrize("at", [AT, np.log([3.0, 400.0, 0.1, 9.0]), np.log([0.05, 2.0, 15.0, 0.2])])
def test_derivatives_are_those_of_the_value(at: np.ndarray) -> None:
    tails = tails_of(FEW)
    _, slope, bend = likelihood(at, FEW, tails)
    for part in range(4):
        step = np.zeros(4)
        step[part] = 1e-5
        above, below = likelihood(at + step, FEW, tails), likelihood(at - step, FEW, tails)
        assert slope[part] == pytest.approx((above[0] - below[0]) / 2e-5, abs=1e-7)
        assert bend[part] == pytest.approx((above[1] - below[1]) / 2e-5, abs=1e-7)


def test_is_the_same_in_blocks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = likelihood(AT, FEW, tails_of(FEW))
    monkeypatch.setattr("saleor_lifecycle.domain.likelihood.BLOCK", 2)
    value, slope, bend = likelihood(AT, FEW, tails_of(FEW))
    assert value == pytest.approx(whole[0], rel=1e-14)
    assert slope == pytest.approx(whole[1], rel=1e-12)
    assert bend == pytest.approx(whole[2], rel=1e-12)
