import pytest

from saleor_lifecycle.domain.backtest import backtest, table
from saleor_lifecycle.domain.order_days import order_days
from saleor_lifecycle.domain.prediction import LossSettings
from tests.domain.cdnow import WEEK_39, day, orders

FEW = LossSettings(latest_days=100.5)  # on the fixed rung: so many days after one order, 90 after two, 40 after three


def test_counts_the_lost_and_those_of_them_who_came_back_within_90_days() -> None:
    # At the end of day 100: 1 and 2 are lost, 2 comes back in time, 3 is kept by a second order, 4 is new, 5 unknown.
    shop = order_days([1, 2, 2, 3, 3, 4, 4, 5], [0, 0, 190, 0, 50, 90, 191, 101])
    (row,) = backtest(shop, [100], FEW)
    assert (row.rung, row.buyers) == ("fixed-40-90-180", 4)
    assert (row.share_in_loss, row.reordered_of_lost, row.reordered_of_rest) == (0.5, 0.5, 0.0)
    assert (row.recency_days, row.reordered_of_silent, row.reordered_of_recent) == (100, 0.5, 0.0)


def test_recency_takes_its_share_of_those_at_its_threshold() -> None:
    # Only 1, with a third order, is lost after 40 days; 2 to 4 have been silent for as long, and 2 comes back.
    shop = order_days([1, 1, 1, 2, 2, 3, 4, 5], [0, 200, 300, 300, 350, 300, 300, 340])
    (row,) = backtest(shop, [345], LossSettings())
    assert (row.share_in_loss, row.reordered_of_lost, row.reordered_of_rest) == (0.2, 0.0, 0.25)
    assert (row.recency_days, row.reordered_of_silent) == (45, 0.25)
    assert row.reordered_of_recent == pytest.approx(0.75 / 4)


def test_says_nothing_of_nobody() -> None:
    (before,) = backtest(order_days([1], [10]), [9], FEW)
    assert (before.buyers, before.share_in_loss, before.recency_days) == (0, None, None)
    assert table([before]).count("\n") == 1


def test_puts_three_quarters_of_cdnow_in_loss_of_whom_few_come_back() -> None:
    (row,) = backtest(orders(), [WEEK_39], LossSettings())
    assert row.rung == "shop-fit"
    assert row.share_in_loss == pytest.approx(0.71, abs=0.01)
    assert row.reordered_of_lost == pytest.approx(0.087, abs=0.005)
    assert row.reordered_of_rest == pytest.approx(0.40, abs=0.01)
    assert row.reordered_of_silent == pytest.approx(0.086, abs=0.005)


def test_prints_a_line_per_month() -> None:
    lines = table(backtest(orders(), [day("1997-03-31"), WEEK_39], LossSettings())).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("1997-03-31 fixed-40-90-180")
    assert lines[2].startswith("1997-09-30 shop-fit")
