import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.holdout import (
    DEFAULT_SHARE,
    Arm,
    Assignment,
    Cost,
    Shares,
    Why,
    arm,
    arm_everywhere,
    assign,
    cost,
    is_staff,
    joined,
)
from saleor_lifecycle.domain.messages import Purpose

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
        ("treated", "everywhere", "everywhere"),
        ("holdout", "everywhere", "everywhere"),
    ],
)
def test_of_two_that_collide_one_held_out_is_enough(one: str, other: str, goes_on_as: str) -> None:
    assert joined(one, other) == joined(other, one) == goes_on_as


def test_who_is_held_out_of_all_flows_is_the_same_for_ever() -> None:
    shares = [
        min(share for share in range(101) if arm_everywhere(key, share / 100) is Arm.EVERYWHERE) for key in KEYS[:3]
    ]
    assert shares == [20, 90, 82]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 1.0])
def test_holds_as_many_out_of_all_flows_as_were_asked_for(share: float) -> None:
    held = sum(arm_everywhere(key, share) is Arm.EVERYWHERE for key in KEYS) / len(KEYS)
    assert held == pytest.approx(share, abs=0.015)


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_of_all_flows_only_adds(key: str, one: float, other: float) -> None:
    lesser, greater = sorted((one, other))
    if arm_everywhere(key, lesser) is Arm.EVERYWHERE:
        assert arm_everywhere(key, greater) is Arm.EVERYWHERE


@pytest.mark.parametrize("flow", ["abandoned-cart", "", "all"])
def test_who_is_held_out_of_all_flows_says_nothing_about_one(flow: str) -> None:
    both = [key for key in KEYS if arm_everywhere(key, 0.5).is_held_out and arm(key, flow, 0.5).is_held_out]
    assert len(both) / len(KEYS) == pytest.approx(0.25, abs=0.03)


HALF = Shares(0.5, 0.5)


def assigned(key: str, shares: Shares, purpose: Purpose = Purpose.COMMERCIAL, **facts: bool) -> Assignment:
    return assign(key, "cart", shares, purpose, **{"is_asked_for": False, "is_staff": False, **facts})


@pytest.mark.parametrize(
    ("purpose", "facts", "why"),
    [
        (Purpose.SERVICE, {}, Why.SERVICE),
        (Purpose.COMMERCIAL, {"is_asked_for": True}, Why.ASKED_FOR),
        (Purpose.COMMERCIAL, {"is_staff": True}, Why.STAFF),
        (Purpose.SERVICE, {"is_asked_for": True, "is_staff": True}, Why.SERVICE),
    ],
)
def test_some_are_never_held_out_and_not_compared(purpose: Purpose, facts: dict[str, bool], why: Why) -> None:
    found = {assigned(key, Shares(1.0, 1.0), purpose, **facts) for key in KEYS}
    assert found == {(Arm.NEITHER, why)}


def test_all_others_are_on_the_side_that_the_hash_says() -> None:
    for key in KEYS[:400]:
        found = assigned(key, HALF)
        everywhere = arm_everywhere(key, 0.5)
        assert found == (everywhere if everywhere is Arm.EVERYWHERE else arm(key, "cart", 0.5), Why.BY_HASH)
    assert {assigned(key, HALF).arm for key in KEYS} == {Arm.TREATED, Arm.HOLDOUT, Arm.EVERYWHERE}


def test_of_a_flow_that_holds_nobody_out_nobody_is_compared() -> None:
    assert {assigned(key, Shares(0.0)) for key in KEYS} == {(Arm.NEITHER, Why.NOBODY_IS_HELD_OUT)}


def test_who_is_held_out_of_all_flows_is_out_of_one_that_holds_nobody_out() -> None:
    found = [assigned(key, Shares(0.0, 0.1)) for key in KEYS]
    held = [one for one in found if one.arm is Arm.EVERYWHERE]
    assert len(held) / len(KEYS) == pytest.approx(0.1, abs=0.015)
    assert {one for one in found if one not in held} == {(Arm.NEITHER, Why.NOBODY_IS_HELD_OUT)}


def test_one_in_ten_is_held_out_unless_the_merchant_says_otherwise() -> None:
    assert (DEFAULT_SHARE, Shares().flow, Shares().everywhere) == (0.1, 0.1, 0.0)


@pytest.mark.parametrize("side", Arm)
def test_held_out_are_those_of_this_flow_and_of_all(side: Arm) -> None:
    assert side.is_held_out is (side.value in {"holdout", "everywhere"})


@pytest.mark.parametrize(
    ("case", "addresses", "senders", "own", "answer"),
    [
        ("at the sender's domain", {"ana@shop.example"}, {"hello@shop.example"}, set(), True),
        ("however it is written", {" Ana@SHOP.example "}, {"hello@Shop.Example."}, set(), True),
        ("one of several addresses", {"ana@home.example", "ana@shop.example"}, {"hello@shop.example"}, set(), True),
        ("one of several senders", {"ana@shop.example"}, {"hello@other.example", "hello@shop.example"}, set(), True),
        ("at another domain", {"ana@home.example"}, {"hello@shop.example"}, set(), False),
        ("at a domain that ends alike", {"ana@myshop.example"}, {"hello@shop.example"}, set(), False),
        ("at a domain below the sender's", {"ana@mail.shop.example"}, {"hello@shop.example"}, set(), False),
        ("named by the shop", {"Ana@home.example"}, {"hello@shop.example"}, {"ana@home.example"}, True),
        ("at the domain of somebody named by the shop", {"bo@home.example"}, set(), {"ana@home.example"}, False),
        ("the sender itself, of a public domain", {"TheShop@gmail.com"}, {"theshop@gmail.com"}, set(), True),
        ("a stranger at a public domain", {"ana@gmail.com"}, {"theshop@gmail.com"}, set(), False),
        ("a stranger at a public domain in capitals", {"ana@gmail.com"}, {"theshop@GMAIL.com"}, set(), False),
        ("a customer without an address", set(), {"hello@shop.example"}, set(), False),
        ("a shop without a sender", {"ana@shop.example"}, set(), set(), False),
        ("nothing that is an address", {"", "ana"}, {"", "hello"}, set(), False),
    ],
)
def test_knows_the_shops_own_people(
    case: str, addresses: set[str], senders: set[str], own: set[str], answer: bool
) -> None:
    assert is_staff(addresses, senders, own) is answer


def test_its_cost_is_what_those_held_out_would_have_brought() -> None:
    found = cost(500, 0.08, {"USD": 1.5, "EUR": 6.4}, Shares(0.1), caused=0.25)
    assert found.people == 50
    assert found.conversions == pytest.approx(1)
    assert dict(found.revenue) == pytest.approx({"EUR": 80, "USD": 18.75})
    assert [currency for currency, _ in found.revenue] == ["EUR", "USD"]


def test_as_long_as_nobody_knows_its_cost_is_all_that_the_treated_bring() -> None:
    assert cost(500, 0.08, {}, Shares(0.1)).conversions == pytest.approx(4)


def test_who_is_held_out_of_a_flow_and_of_all_costs_once() -> None:
    assert cost(1000, 0.1, {}, Shares(0.1, 0.02)).people == pytest.approx(118)


def test_holding_nobody_out_costs_nothing() -> None:
    assert cost(500, 0.08, {"EUR": 6.4}, Shares(0.0)) == Cost(0, 0, (("EUR", 0),))
