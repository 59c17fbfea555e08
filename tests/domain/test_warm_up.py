from datetime import date, timedelta
from itertools import pairwise

import pytest

from saleor_lifecycle.domain.warm_up import PER_DAY, ends_on, limit

FIRST = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("day", "expected"), [(-1, 50), (0, 50), (1, 100), (2, 200), (3, 400), (11, 102_400), (12, None), (400, None)]
)
def test_each_day_lets_twice_as_many_leave(day: int, expected: int | None) -> None:
    assert limit(FIRST, FIRST + timedelta(days=day)) == expected


def test_it_begins_with_the_first_message() -> None:
    assert limit(None, FIRST) == 50
    assert ends_on(None, FIRST) == ends_on(FIRST, FIRST + timedelta(days=5)) == date(2026, 3, 23)
    assert limit(FIRST, ends_on(FIRST, FIRST)) is None
    assert limit(FIRST, ends_on(FIRST, FIRST) - timedelta(days=1)) == PER_DAY[-1]


def test_no_day_lets_more_than_twice_as_many_leave_as_the_one_before() -> None:
    assert all(after == 2 * before for before, after in pairwise(PER_DAY))
