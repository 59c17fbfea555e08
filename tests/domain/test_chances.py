import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.chances import alive, expected_orders, order_within
from saleor_lifecycle.domain.prediction import Parameters
from tests.domain.shops import parameters

SHOP = Parameters(0.64, 51.0, 0.81, 1.23)


@st.composite
def customers(draw: st.DrawFn) -> tuple[int, int, float]:
    x = draw(st.integers(0, 50))
    t_x = draw(st.integers(x, 1500)) if x else 0
    return x, t_x, t_x + draw(st.floats(0, 1500))


# lifetimes 0.11.3, ModifiedBetaGeoFitter with SHOP's parameters: alive, orders expected in 30, 90 and 365 days.
@pytest.mark.parametrize(
    ("x", "t_x", "age", "here", "in_30", "in_90", "in_365"),
    [
        (0, 0, 0, 0.6029411764705882, 0.20307033381582934, 0.5183985927661496, 1.403120211975311),
        (0, 0, 200, 0.35384366784702936, 0.02639152001042374, 0.07560302873229052, 0.260228720759),
        (1, 30, 30, 0.7335526315789475, 0.4077870617048928, 1.0649305456632532, 2.9590816096430075),
        (3, 100, 250, 0.2977448823103143, 0.10482208127797278, 0.29763282466463725, 0.9924918458293858),
        (12, 240, 260, 0.8757768413562027, 1.0318867336534714, 2.9088124930729395, 9.490545165773288),
        (60, 350, 365, 0.8907500093346555, 3.788586993078313, 10.796210317732875, 36.31594795941253),
    ],
)
def test_equal_the_reference(
    x: int, t_x: int, age: int, here: float, in_30: float, in_90: float, in_365: float
) -> None:
    assert alive(SHOP, x, t_x, age) == pytest.approx(here, rel=1e-12)
    for horizon, orders in ((30, in_30), (90, in_90), (365, in_365)):
        assert expected_orders(SHOP, x, t_x, age, horizon) == pytest.approx(orders, rel=1e-9)


def test_of_an_array_are_those_of_its_parts() -> None:
    x, t_x, age = np.array([0, 3, 60]), np.array([0, 100, 350]), np.array([200, 250, 365])
    for chance in (
        alive(SHOP, x, t_x, age),
        order_within(SHOP, x, t_x, age, 90),
        expected_orders(SHOP, x, t_x, age, 90),
    ):
        assert chance.shape == (3,)
    assert expected_orders(SHOP, x, t_x, age, 90).tolist() == [
        float(expected_orders(SHOP, *history, 90)) for history in zip(x, t_x, age, strict=True)
    ]


def test_expected_orders_pass_smoothly_where_the_published_form_divides_by_nothing() -> None:
    below, at, above = (
        float(expected_orders(Parameters(0.64, 51.0, a, 1.23), 3, 100, 120, 90)) for a in (0.999, 1.0, 1.001)
    )
    assert at == pytest.approx((below + above) / 2, rel=1e-6)


def test_expected_orders_in_no_time_are_none() -> None:
    assert expected_orders(SHOP, [0, 3], [0, 100], [10, 120], 0).tolist() == [0, 0]


@given(parameters, customers(), st.floats(1, 400))
def test_being_here_falls_strictly_in_silence(shop: Parameters, who: tuple[int, int, float], later: float) -> None:
    x, t_x, age = who
    assert 0 < alive(shop, x, t_x, age + later) < alive(shop, x, t_x, age) < 1


@given(parameters, customers(), st.floats(1, 400))
def test_an_order_soon_grows_less_likely_in_silence(
    shop: Parameters, who: tuple[int, int, float], later: float
) -> None:
    x, t_x, age = who
    assert order_within(shop, x, t_x, age + later, 90) < order_within(shop, x, t_x, age, 90)


@given(parameters, customers())
def test_an_order_is_at_most_as_likely_as_being_here_and_as_orders_expected(
    shop: Parameters, who: tuple[int, int, float]
) -> None:
    x, t_x, age = who
    in_30, in_90 = (order_within(shop, x, t_x, age, horizon) for horizon in (30, 90))
    assert 0 < in_30 <= in_90 <= alive(shop, x, t_x, age)
    assert in_90 <= expected_orders(shop, x, t_x, age, 90) * (1 + 1e-9)
