import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.holdout import Arm, arm, joined

KEYS = [f"9a3b{number:04}" for number in range(4000)]


def test_is_the_same_for_ever() -> None:
    shares = {
        key: min(share for share in range(101) if arm(key, "abandoned-cart", share / 100) is Arm.HOLDOUT)
        for key in KEYS[:3]
    }
    assert shares == {"9a3b0000": 99, "9a3b0001": 75, "9a3b0002": 93}


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.5, 1.0])
def test_holds_out_the_share_that_was_asked_for(share: float) -> None:
    held = sum(arm(key, "abandoned-cart", share) is Arm.HOLDOUT for key in KEYS) / len(KEYS)
    assert held == pytest.approx(share, abs=0.02)


@given(st.text(), st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_only_adds(key: str, flow: str, one: float, other: float) -> None:
    lesser, greater = sorted((one, other))
    if arm(key, flow, lesser) is Arm.HOLDOUT:
        assert arm(key, flow, greater) is Arm.HOLDOUT


def test_flows_hold_out_different_people() -> None:
    both = [key for key in KEYS if {arm(key, "cart", 0.5), arm(key, "win-back", 0.5)} == {Arm.HOLDOUT}]
    assert len(both) / len(KEYS) == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    ("one", "other", "goes_on_as"),
    [
        ("", "", ""),
        ("", "treated", "treated"),
        ("treated", "treated", "treated"),
        ("treated", "holdout", "holdout"),
        ("", "holdout", "holdout"),
        ("holdout", "holdout", "holdout"),
    ],
)
def test_of_two_that_collide_one_held_out_is_enough(one: str, other: str, goes_on_as: str) -> None:
    assert joined(one, other) == joined(other, one) == goes_on_as
