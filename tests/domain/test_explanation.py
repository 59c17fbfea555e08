from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.explanation import Basis, Next, Trigger, foreseen, score, why
from saleor_lifecycle.domain.ladder import set_rule
from saleor_lifecycle.domain.phases import Phase, stand
from saleor_lifecycle.domain.prediction import FIXED, RUNG_FIT, RUNG_MEDIAN, LossRule, LossRules, Parameters
from saleor_lifecycle.domain.profile import CartRow, OrderRow, Profile, fold
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, Kind

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ORDER = Next(Trigger.ORDER, Phase.RETENTION)
CART = Next(Trigger.CART, Phase.SALES)
MEDIAN = LossRule(RUNG_MEDIAN, silences=(100.0, 60.0, 45.0))
SET = set_rule(61.5)
FIT = LossRule(RUNG_FIT, Parameters(0.6371, 51.1721, 0.8075, 1.2284))
INTEREST = Next(Trigger.INTEREST, Phase.SALES)


def bought(at: datetime, *, came_back: bool = False) -> OrderRow:
    charged = Decimal(0) if came_back else Decimal(20)
    refunded = Decimal(20) if came_back else Decimal(0)
    return OrderRow(at, "FULFILLED", "NONE" if came_back else "FULL", charged, refunded, Decimal(20), "EUR")


def person(
    joined: tuple[datetime, ...] = (), orders: tuple[OrderRow, ...] = (), carts: tuple[datetime, ...] = ()
) -> Profile:
    return fold(joined, orders, [CartRow(at, False, False) for at in carts], DEFAULT_POLICY, UTC)


@pytest.mark.parametrize(
    ("case", "profile", "now", "expected"),
    [
        ("nothing is known: a cart or an order", person(), NOW, (ORDER, CART)),
        ("an account from long ago", person((NOW - 100 * DAY,)), NOW, (ORDER, CART)),
        (
            "a cart left open: sales until it has been so for thirty days",
            person(carts=(NOW,)),
            NOW,
            (Next(Trigger.TIME, Phase.EDUCATION, NOW + 30 * DAY), ORDER),
        ),
        (
            "the second before it has",
            person(carts=(NOW,)),
            NOW + 30 * DAY - SECOND,
            (Next(Trigger.TIME, Phase.EDUCATION, NOW + 30 * DAY), ORDER),
        ),
        ("the moment it has", person(carts=(NOW,)), NOW + 30 * DAY, (ORDER, CART)),
        (
            "a buyer: lost after half a year's silence",
            person(orders=(bought(NOW),)),
            NOW,
            (Next(Trigger.TIME, Phase.LOSS, NOW + 180 * DAY),),
        ),
        ("lost: only an order brings them back", person(orders=(bought(NOW),)), NOW + 180 * DAY, (ORDER,)),
    ],
)
def test_foresees_what_would_change_the_phase(
    case: str, profile: Profile, now: datetime, expected: tuple[Next, ...]
) -> None:
    assert foreseen(profile, DEFAULT_POLICY, now) == expected


@pytest.mark.parametrize(
    ("at", "is_near"), [(NOW + 14 * DAY - SECOND, True), (NOW + 14 * DAY, True), (NOW + 14 * DAY + SECOND, False)]
)
def test_one_more_activity_counts_as_interest_when_it_would_do(at: datetime, is_near: bool) -> None:
    # Five accounts of one person weigh 20, and a quarter of that two weeks later; with a click's 5 it has to make 10.
    profile = person((NOW,) * 5)
    assert stand(profile, DEFAULT_POLICY, at).phase is Phase.EDUCATION
    assert (INTEREST in foreseen(profile, DEFAULT_POLICY, at)) is is_near


def test_what_is_foreseen_by_time_holds_at_that_moment() -> None:
    for profile in (person(carts=(NOW,)), person(orders=(bought(NOW),)), person((NOW,) * 3)):
        for move in foreseen(profile, DEFAULT_POLICY, NOW):
            if move.at is not None:
                assert stand(profile, DEFAULT_POLICY, move.at - SECOND).phase is not move.phase
                assert stand(profile, DEFAULT_POLICY, move.at).phase is move.phase


@given(
    st.lists(st.integers(0, 400), max_size=3),
    st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=4),
    st.lists(st.integers(0, 400), max_size=3),
    st.sampled_from([FIXED, MEDIAN, SET, FIT]),
)
def test_a_move_foreseen_is_the_one_that_time_makes(
    joined: list[int], orders: list[tuple[int, bool]], carts: list[int], rule: LossRule
) -> None:
    ago = [NOW - days * DAY for days in joined]
    rows = [bought(NOW - days * DAY, came_back=came_back) for days, came_back in orders]
    cart_rows = [CartRow(NOW - days * DAY, False, False) for days in carts]
    profile = fold(ago, rows, cart_rows, DEFAULT_POLICY, UTC, LossRules(rule))
    known = why(profile, DEFAULT_POLICY, None, NOW)
    standing = stand(profile, DEFAULT_POLICY, NOW)
    assert (known.phase, known.reason) == (standing.phase, standing.reason)
    by_time = [move for move in known.moves if move.trigger is Trigger.TIME]
    assert [move.at for move in by_time] == ([standing.phase_until] if standing.phase_until else [])
    for move in by_time:
        assert move.at is not None
        assert move.at > NOW
        assert stand(profile, DEFAULT_POLICY, move.at - SECOND).phase is known.phase
        assert stand(profile, DEFAULT_POLICY, move.at).phase is move.phase
    assert (known.silence_days is None) == (known.loss_at is None) == (known.rung == "")


def test_says_from_the_last_order_how_many_days_of_silence_are_left() -> None:
    known = why(person(orders=(bought(NOW - 10 * DAY), bought(NOW))), DEFAULT_POLICY, NOW, NOW, buyers=7)
    assert (known.loss_at, known.silence_days, known.buyers, known.since) == (NOW + 170 * DAY, 170, 7, NOW)


def test_a_cart_that_counts_no_more_is_no_reason() -> None:
    profile = person(carts=(NOW,))
    assert why(profile, DEFAULT_POLICY, NOW, NOW + 30 * DAY - SECOND).cart_open_until == NOW + 30 * DAY
    assert why(profile, DEFAULT_POLICY, NOW, NOW + 30 * DAY).cart_open_until is None


def shown(profile: Profile, now: datetime = NOW) -> tuple[int, Basis, dict[Kind, float]]:
    found = score(profile, stand(profile, DEFAULT_POLICY, now), DEFAULT_POLICY, now)
    return found.value, found.basis, {kind: round(points, 6) for kind, points in found.shares}


@pytest.mark.parametrize(
    ("case", "profile", "now", "expected"),
    [
        ("nobody has done anything", person(), NOW, (0, Basis.BEFORE_BUYING, {})),
        (
            "an account and a cart today: 16 of 36",
            person((NOW,), carts=(NOW,)),
            NOW,
            (44, Basis.BEFORE_BUYING, {Kind.CART: 12.0, Kind.ACCOUNT: 4.0}),
        ),
        (
            "the same a week later: half of each",
            person((NOW,), carts=(NOW,)),
            NOW + 7 * DAY,
            (28, Basis.BEFORE_BUYING, {Kind.CART: 6.0, Kind.ACCOUNT: 2.0}),
        ),
        ("an order today: 30 of 50", person(orders=(bought(NOW),)), NOW, (60, Basis.AS_CUSTOMER, {Kind.ORDER: 30.0})),
        (
            "an order that came back takes half of it away",
            person(orders=(bought(NOW, came_back=True),)),
            NOW,
            (42, Basis.AS_CUSTOMER, {Kind.ORDER: 30.0, Kind.RETURN: -15.0}),
        ),
    ],
)
def test_shows_a_score_and_what_it_is_made_of(
    case: str, profile: Profile, now: datetime, expected: tuple[int, Basis, dict[Kind, float]]
) -> None:
    assert shown(profile, now) == expected


def test_the_shares_are_given_the_greatest_first() -> None:
    profile = person((NOW,), carts=(NOW,))
    shares = score(profile, stand(profile, DEFAULT_POLICY, NOW), DEFAULT_POLICY, NOW).shares
    assert [kind for kind, _ in shares] == [Kind.CART, Kind.ACCOUNT]


def test_no_band_is_shown_before_its_score_is() -> None:
    profile = person(orders=(bought(NOW),) * 2)
    until = stand(profile, DEFAULT_POLICY, NOW).band_until
    assert until is not None
    before, after = (
        score(profile, stand(profile, DEFAULT_POLICY, at), DEFAULT_POLICY, at) for at in (until - SECOND, until)
    )
    assert (before.value, before.band.value, before.band_until) == (55, "hot", until)
    assert (after.value, after.band.value) == (54, "warm")
