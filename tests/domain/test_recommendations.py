"""Which products go together, and what is offered to whoever bought one."""

from collections import Counter
from collections.abc import Mapping

import pytest

from saleor_lifecycle.domain.recommendations import (
    MOST_PRODUCTS,
    SIGNIFICANT,
    TOGETHER_DAYS,
    Counts,
    Ranked,
    count,
    is_consumable,
    partners,
    rank,
    significance,
)

HAMMER, NAILS, SOAP, MILK = 1, 2, 3, 4


def shop(together: int = 20, milk: int = 45) -> Counts:
    """A hundred customers: thirty have a hammer, forty nails, half of them both; milk goes with nothing."""
    return Counts(
        customers=100,
        buyers=Counter({HAMMER: 30, NAILS: 40, SOAP: 35, MILK: milk}),
        together=Counter({(HAMMER, NAILS): together, (HAMMER, SOAP): 10, (HAMMER, MILK): 30 * milk // 100}),
    )


def ranked(counts: Counts, *bought: int, left_out: tuple[int, ...] = (), most: int = 4) -> Ranked:
    return rank(counts, partners(counts), [MILK, SOAP], bought, {*bought, *left_out}, most)


def test_counts_customers_and_not_orders() -> None:
    counts = count([{HAMMER: [1, 1], NAILS: [1, 5, 9]}, {HAMMER: [3]}, {}])
    assert counts == Counts(
        customers=2,
        buyers=Counter({HAMMER: 2, NAILS: 1}),
        again=Counter({NAILS: 1}),
        together=Counter({(HAMMER, NAILS): 1}),
    )


@pytest.mark.parametrize(
    ("case", "days", "expected"),
    [
        ("the same order", {NAILS: [5], HAMMER: [5]}, 1),
        ("the last day on which they are together", {HAMMER: [0], NAILS: [TOGETHER_DAYS]}, 1),
        ("the other way round", {HAMMER: [TOGETHER_DAYS], NAILS: [0]}, 1),
        ("a day later", {HAMMER: [0], NAILS: [TOGETHER_DAYS + 1]}, 0),
        ("long apart at last, together at first", {HAMMER: [0, 500], NAILS: [1, 300]}, 1),
    ],
)
def test_two_go_together_within_so_many_days(case: str, days: Mapping[int, list[int]], expected: int) -> None:
    assert count([days]).together[HAMMER, NAILS] == expected, case


def test_whoever_buys_everything_speaks_for_what_they_bought_last() -> None:
    days = {product: [product] for product in range(MOST_PRODUCTS + 1)}
    pairs = count([days]).together
    assert len(pairs) == MOST_PRODUCTS * (MOST_PRODUCTS - 1) / 2 - sum(
        1 for one in range(1, MOST_PRODUCTS + 1) for other in range(one + TOGETHER_DAYS + 1, MOST_PRODUCTS + 1)
    )
    assert not any(0 in pair for pair in pairs)


@pytest.mark.parametrize(("together", "expected"), [(12, 0.0), (11, 0.0), (30, 77.2)])
def test_significance_is_that_of_the_literature(together: int, expected: float) -> None:
    assert significance(together, 30, 40, 100) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("buyers", "again", "expected"), [(20, 6, True), (20, 5, False), (19, 19, False)])
def test_what_enough_buyers_bought_again_is_used_up(buyers: int, again: int, expected: bool) -> None:
    assert is_consumable(buyers, again) is expected


def test_offers_what_goes_with_it_before_what_sells_more_and_says_why() -> None:
    assert ranked(shop(together=30), HAMMER) == Ranked((NAILS, MILK, SOAP), HAMMER)
    assert ranked(shop(together=20), HAMMER) == Ranked((NAILS, MILK, SOAP), HAMMER)


def test_offers_nothing_where_nothing_goes_with_it_beyond_chance() -> None:
    assert ranked(shop(together=12), HAMMER) == Ranked()
    assert ranked(shop(), MILK) == Ranked()
    assert ranked(shop()) == Ranked()


def test_what_is_sold_where_the_customer_shops_comes_first() -> None:
    counts = shop(together=30)
    counts.together[HAMMER, SOAP] = 20
    goes_with = partners(counts)
    assert rank(counts, goes_with, [MILK, SOAP], [HAMMER], [HAMMER], 4) == Ranked((NAILS, MILK, SOAP), HAMMER)
    for here, expected in (
        ({SOAP, MILK}, (SOAP, MILK, NAILS)),
        ({SOAP, NAILS}, (NAILS, SOAP, MILK)),
        ({MILK}, (NAILS, MILK, SOAP)),
    ):
        assert rank(counts, goes_with, [MILK, SOAP], [HAMMER], [HAMMER], 4, here) == Ranked(expected, HAMMER)


def test_says_nothing_of_what_hardly_reaches_the_floor() -> None:
    together = next(k for k in range(13, 30) if significance(k, 30, 40, 100) >= SIGNIFICANT)
    assert ranked(shop(together=together), HAMMER).because == HAMMER
    assert ranked(shop(together=together - 1), HAMMER) == Ranked()


def test_offers_nothing_that_is_left_out() -> None:
    assert NAILS not in ranked(shop(), HAMMER, left_out=(NAILS,)).products


def test_a_pair_of_fewer_customers_than_five_is_not_told() -> None:
    counts = Counts(customers=1000, buyers=Counter({HAMMER: 4, NAILS: 4}), together=Counter({(HAMMER, NAILS): 4}))
    assert partners(counts) == {}
