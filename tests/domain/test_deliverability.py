import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.deliverability import Counts, Harm, Standing, judge

GOOD, WARNED, PAUSED = Standing.GOOD, Standing.WARNED, Standing.PAUSED


@pytest.mark.parametrize(
    ("case", "counts", "bounces", "complaints"),
    [
        ("nothing was sent", Counts(), GOOD, GOOD),
        ("one of three", Counts(3, 1, 1), GOOD, GOOD),
        ("all of a few", Counts(99, 99, 99), GOOD, GOOD),
        ("just enough to judge", Counts(100, 100, 100), PAUSED, PAUSED),
        ("few cases", Counts(100, 4, 2), GOOD, GOOD),
        ("below the warning", Counts(10_000, 199, 9), GOOD, GOOD),
        ("at the warning", Counts(10_000, 200, 10), WARNED, WARNED),
        ("below the pause", Counts(10_000, 499, 29), WARNED, WARNED),
        ("at the pause", Counts(10_000, 500, 30), PAUSED, PAUSED),
        ("more came back than is known to have left", Counts(0, 500, 30), GOOD, GOOD),
    ],
)
def test_shares_are_judged_from_a_volume_on(case: str, counts: Counts, bounces: Standing, complaints: Standing) -> None:
    assert judge(counts) == {Harm.BOUNCES: bounces, Harm.COMPLAINTS: complaints}, case


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_one_more_that_comes_back_never_makes_it_better(sent: int, bounced: int) -> None:
    order = list(Standing)
    before, after = (judge(Counts(sent, count))[Harm.BOUNCES] for count in (bounced, bounced + 1))
    assert order.index(after) >= order.index(before)


def test_a_share_of_nothing_is_none() -> None:
    assert Counts().rate(Harm.BOUNCES) is None
    assert Counts(200, 5, 1).rate(Harm.BOUNCES) == 0.025
    assert Counts(200, 5, 1).rate(Harm.COMPLAINTS) == 0.005
