from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.calibration import UNCHANGED, Curve
from saleor_lifecycle.domain.chances import expected_orders, order_within
from saleor_lifecycle.domain.outlook import outlook
from saleor_lifecycle.domain.prediction import Parameters

FITTED = Parameters(0.64, 51.0, 0.81, 1.23)
FIRST = date(2026, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_is_what_the_fit_expects() -> None:
    found = outlook(FITTED, lambda _: UNCHANGED, 3, FIRST, day(60), day(100))
    assert found.chance_30 == pytest.approx(float(order_within(FITTED, 2, 60, 100, 30)))
    assert found.chance_90 == pytest.approx(float(order_within(FITTED, 2, 60, 100, 90)))
    assert found.orders_90 == pytest.approx(float(expected_orders(FITTED, 2, 60, 100, 90)))


def test_chances_are_corrected_by_what_came_of_earlier_ones() -> None:
    halved = Curve((0.0, 1.0), (0.0, 0.5))
    plain = outlook(FITTED, lambda _: UNCHANGED, 1, FIRST, FIRST, day(10))
    found = outlook(FITTED, lambda _: halved, 1, FIRST, FIRST, day(10))
    assert (found.chance_30, found.chance_90) == pytest.approx((plain.chance_30 / 2, plain.chance_90 / 2))
    assert found.orders_90 == plain.orders_90


@given(st.integers(1, 50), st.integers(0, 900), st.integers(-10, 900), st.sampled_from([0.1, 0.9]))
def test_an_order_soon_is_never_likelier_than_one_in_a_quarter(
    order_days: int, t_x: int, silent: int, observed: float
) -> None:
    curves = {30: Curve((0.0, 0.5, 1.0), (0.0, observed, 1.0)), 90: UNCHANGED}
    t_x = max(t_x, order_days - 1) if order_days > 1 else 0
    found = outlook(FITTED, curves.__getitem__, order_days, FIRST, day(t_x), day(t_x + silent))
    assert 0 <= found.chance_30 <= found.chance_90 <= 1
