import pytest

from saleor_lifecycle.domain.order_days import known, order_days, ordered_between, until

# Three people: 7 orders on days 10, 10 and 40; 2 on day 20; 9 on days 30, 35 and 60.
ORDERS = order_days([9, 7, 2, 7, 9, 7, 9], [60, 40, 20, 10, 30, 10, 35], [5, 6, 7, 1, 3, 4, 2])


def test_are_by_person_and_day_with_the_last_second_of_each_day() -> None:
    assert ORDERS.starts.tolist() == [0, 1, 3]
    assert ORDERS.day.tolist() == [20, 10, 40, 30, 35, 60]
    assert ORDERS.x.tolist() == [0, 0, 1, 0, 1, 2]
    assert ORDERS.since_first.tolist() == [0, 0, 30, 0, 5, 30]
    assert ORDERS.at.tolist() == [7, 4, 6, 3, 2, 5]


@pytest.mark.parametrize(
    ("day", "customers", "x", "t_x", "age"),
    [
        (9, [], [], [], []),
        (10, [1], [0], [0], [0]),
        (29, [0, 1], [0, 0], [0, 0], [9, 19]),
        (40, [0, 1, 2], [0, 1, 1], [0, 30, 5], [20, 30, 10]),
        (60, [0, 1, 2], [0, 1, 2], [0, 30, 30], [40, 50, 30]),
    ],
)
def test_at_the_end_of_a_day_only_what_had_happened_is_known(
    day: int, customers: list[int], x: list[int], t_x: list[int], age: list[int]
) -> None:
    then = known(ORDERS, day)
    assert then.customer.tolist() == customers
    assert (then.x.tolist(), then.t_x.tolist(), then.age.tolist()) == (x, t_x, age)
    past = until(ORDERS, day)
    assert len(past.starts) == len(customers)
    assert past.x.tolist() == [x for x, at in zip(ORDERS.x.tolist(), ORDERS.day.tolist(), strict=True) if at <= day]


@pytest.mark.parametrize(
    ("after", "to", "counts"), [(29, 39, [0, 0]), (29, 40, [0, 1]), (39, 40, [0, 1]), (40, 99, [0, 0])]
)
def test_what_came_after_counts_the_days_of_those_known(after: int, to: int, counts: list[int]) -> None:
    assert ordered_between(ORDERS, known(ORDERS, 29), after, to).tolist() == counts


def test_of_nobody_are_empty() -> None:
    nobody = order_days([], [])
    assert known(nobody, 5).customer.tolist() == []
    assert ordered_between(nobody, known(nobody, 5), 5, 9).tolist() == []
    assert until(nobody, 5).day.tolist() == []
