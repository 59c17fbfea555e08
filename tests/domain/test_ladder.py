import math
from dataclasses import replace

import pytest

from saleor_lifecycle.domain.ladder import choose_rule, interval_medians, median_rule, set_rule
from saleor_lifecycle.domain.order_days import OrderDays, order_days
from saleor_lifecycle.domain.prediction import FIXED_SILENCES, LossSettings
from saleor_lifecycle.domain.rescoring import loss_seconds
from tests.domain.cdnow import WEEK_39, day, orders

SETTINGS = LossSettings(share=0.25, earliest_days=20, latest_days=200)


def returning(people: int, *days: int) -> OrderDays:
    """Return so many people who all ordered on the same days."""
    return order_days([who for who in range(people) for _ in days], list(days) * people)


@pytest.mark.parametrize(
    ("case", "shop", "until", "rung"),
    [
        ("nobody has bought", order_days([], []), 500, "fixed-40-90-180"),
        ("nineteen intervals", returning(19, 0, 30), 500, "fixed-40-90-180"),
        ("twenty", returning(20, 0, 30), 500, "shop-median"),
        ("twenty, a day too young", returning(20, 0, 30), 179, "fixed-40-90-180"),
        ("twenty, just old enough", returning(20, 0, 30), 180, "shop-median"),
        ("enough buyers, but all alike: no fit", returning(400, 0, 30, 60, 90, 120), 500, "shop-median"),
        ("a shop like any", orders(), WEEK_39, "shop-fit"),
    ],
)
def test_a_shop_stands_on_the_highest_rung_that_carries(case: str, shop: OrderDays, until: int, rung: str) -> None:
    rule = choose_rule(shop, until, SETTINGS)
    assert rule.rung == rung, case
    assert rule.settings == SETTINGS


def test_what_came_later_is_not_known() -> None:
    assert choose_rule(orders(), day("1997-03-01"), SETTINGS).rung == "fixed-40-90-180"


def test_medians_are_of_the_first_interval_the_second_and_all_later() -> None:
    shop = order_days([1, 1, 1, 1, 1, 2, 2, 3, 3, 3], [0, 50, 70, 75, 82, 0, 60, 0, 80, 120])
    assert interval_medians(shop, 400) == ((60, 30, 6), (3, 2, 2))
    assert interval_medians(shop, 230) == ((60, 20, 0), (3, 1, 0))
    assert interval_medians(shop, 229) == ((60, 0, 0), (3, 0, 0))  # the one begun on day 50 is too young
    assert interval_medians(shop, 100) == ((0, 0, 0), (0, 0, 0))


@pytest.mark.parametrize(
    ("case", "medians", "counts", "silences"),
    [
        ("nothing measured: what is assumed", (0, 0, 0), (0, 0, 0), FIXED_SILENCES),
        (
            "as much as is assumed: the geometric mean",
            (15, 15, 15),
            (20, 20, 20),
            (90, math.sqrt(4050), math.sqrt(1800)),
        ),
        ("far more: three medians", (20, 10, 5), (10**9,) * 3, (60, 30, 15)),
        ("each by its own count", (20, 10, 5), (10**9, 0, 0), (60, 90, 40)),
    ],
)
def test_the_median_is_drawn_towards_what_is_assumed(
    case: str, medians: tuple[float, float, float], counts: tuple[int, int, int], silences: tuple[float, ...]
) -> None:
    rule = median_rule(medians, counts, SETTINGS)
    assert rule.silences == pytest.approx(silences, rel=1e-6), case
    assert rule.settings == SETTINGS


def test_a_merchants_days_hold_whatever_the_bounds() -> None:
    shop = order_days([1, 2, 2], [0, 0, 100])
    assert (loss_seconds(set_rule(365), shop) / 86400).tolist() == [365, 465]
    assert (loss_seconds(set_rule(7), shop) / 86400).tolist() == [7, 107]


def test_the_merchants_share_and_bounds_reach_the_fit() -> None:
    rule = choose_rule(orders(), WEEK_39, LossSettings(latest_days=60))
    assert loss_seconds(rule, order_days([1], [0])).tolist() == [60 * 86400]
    longer = replace(rule, settings=LossSettings(share=0.01, latest_days=10_000))
    assert loss_seconds(longer, order_days([1], [0]))[0] > 810 * 86400
