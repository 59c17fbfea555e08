from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saleor_lifecycle.domain.phases import OrderState, Phase, Reason, Standing, order_state, stand
from saleor_lifecycle.domain.profile import CartRow, OrderRow, Profile, fold
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, Band, Kind, Policy
from tests.domain.histories import END, START, carts, common, moments, orders

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

# S is shown as 50 from 20 on and as 75 from 60 on.
POLICY = replace(DEFAULT_POLICY, theta=6.0, k=20.0, warm_from=50.0, hot_from=75.0)
ENGAGED = replace(POLICY, before=replace(POLICY.before, weights={Kind.CART: 24.0, Kind.ACCOUNT: 12.0}))
POLICIES = st.sampled_from([DEFAULT_POLICY, POLICY, ENGAGED, replace(POLICY, keeps_returned_buyers=False)])

PAID = OrderRow(NOON, "UNFULFILLED", "FULL", Decimal(30), Decimal(0), Decimal(30), "EUR")
CART = CartRow(NOON, is_empty=False, is_ordered=False)


def profile(
    *orders: OrderRow, joined: tuple[datetime, ...] = (), carts: tuple[CartRow, ...] = (), policy: Policy = POLICY
) -> Profile:
    return fold(joined, orders, carts, policy, UTC)


@pytest.mark.parametrize(
    ("case", "status", "charge", "charged", "refunded", "answer"),
    [
        ("a draft", "DRAFT", "NONE", 0, 0, OrderState.DOES_NOT_COUNT),
        ("a draft that was paid", "DRAFT", "FULL", 30, 0, OrderState.DOES_NOT_COUNT),
        ("cancelled", "CANCELED", "NONE", 0, 0, OrderState.DOES_NOT_COUNT),
        ("cancelled with the money kept", "CANCELED", "FULL", 30, 0, OrderState.DOES_NOT_COUNT),
        ("cancelled and refunded", "CANCELED", "NONE", 0, 30, OrderState.DOES_NOT_COUNT),
        ("expired", "EXPIRED", "NONE", 0, 0, OrderState.DOES_NOT_COUNT),
        ("expired and refunded", "EXPIRED", "NONE", 0, 30, OrderState.DOES_NOT_COUNT),
        ("fulfilled, then wholly refunded, as Saleor was seen to say it", "FULFILLED", "NONE", 0, 30, "came_back"),
        ("returned and wholly refunded", "RETURNED", "NONE", 0, 30, OrderState.CAME_BACK),
        ("refunded before anything left", "UNFULFILLED", "NONE", 0, 30, OrderState.CAME_BACK),
        ("refunded, and more than was charged", "UNFULFILLED", "NONE", -5, 35, OrderState.CAME_BACK),
        ("the smallest refund, and nothing left", "FULFILLED", "NONE", 0, "0.001", OrderState.CAME_BACK),
        ("partly refunded", "FULFILLED", "PARTIAL", 10, 20, OrderState.QUALIFIES),
        ("all but the smallest sum refunded", "RETURNED", "PARTIAL", "0.001", "29.999", OrderState.QUALIFIES),
        ("paid", "UNFULFILLED", "FULL", 30, 0, OrderState.QUALIFIES),
        ("paid in part", "UNFULFILLED", "PARTIAL", 10, 0, OrderState.QUALIFIES),
        ("paid too much", "UNFULFILLED", "OVERCHARGED", 40, 0, OrderState.QUALIFIES),
        ("paid and not confirmed yet", "UNCONFIRMED", "FULL", 30, 0, OrderState.QUALIFIES),
        ("paid by nothing, free of charge", "UNFULFILLED", "FULL", 0, 0, OrderState.QUALIFIES),
        ("sent, cash on delivery", "FULFILLED", "NONE", 0, 0, OrderState.QUALIFIES),
        ("sent in part, to be invoiced", "PARTIALLY_FULFILLED", "NONE", 0, 0, OrderState.QUALIFIES),
        ("sent unpaid, a part came back", "PARTIALLY_RETURNED", "NONE", 0, 0, OrderState.QUALIFIES),
        ("sent unpaid, all came back", "RETURNED", "NONE", 0, 0, OrderState.QUALIFIES),
        ("not paid", "UNFULFILLED", "NONE", 0, 0, OrderState.DOES_NOT_COUNT),
        ("not confirmed", "UNCONFIRMED", "NONE", 0, 0, OrderState.DOES_NOT_COUNT),
    ],
)
def test_an_order_makes_a_buyer_or_not(
    case: str, status: str, charge: str, charged: str | int, refunded: str | int, answer: str
) -> None:
    assert order_state(status, charge, Decimal(charged), Decimal(refunded)) == answer, case


@pytest.mark.parametrize(
    ("case", "found", "at", "phase", "reason"),
    [
        ("nothing is known", profile(), NOON, Phase.EDUCATION, Reason.NO_INTEREST_YET),
        ("an account, too little", profile(joined=(NOON,)), NOON, Phase.EDUCATION, Reason.NO_INTEREST_YET),
        ("two accounts, enough", profile(joined=(NOON, NOON)), NOON, Phase.SALES, Reason.ENGAGED),
        ("a cart", profile(carts=(CART,)), NOON, Phase.SALES, Reason.OPEN_CART),
        ("a cart, a second before its end", profile(carts=(CART,)), NOON + 30 * DAY - SECOND, Phase.SALES, "open_cart"),
        ("a cart at its end", profile(carts=(CART,)), NOON + 30 * DAY, Phase.EDUCATION, Reason.NO_INTEREST_YET),
        ("a second after", profile(carts=(CART,)), NOON + 30 * DAY + SECOND, Phase.EDUCATION, "no_interest_yet"),
        ("an empty cart", profile(carts=(replace(CART, is_empty=True),)), NOON, Phase.EDUCATION, "no_interest_yet"),
        ("an ordered cart", profile(carts=(replace(CART, is_ordered=True),)), NOON, Phase.SALES, Reason.ENGAGED),
        ("an unpaid order", profile(replace(PAID, charge_status="NONE")), NOON, Phase.EDUCATION, "no_interest_yet"),
        ("a buyer", profile(PAID), NOON, Phase.RETENTION, Reason.ORDERED),
        ("a buyer with a cart", profile(PAID, carts=(CART,)), NOON, Phase.RETENTION, Reason.ORDERED),
        ("a second before the loss date", profile(PAID), NOON + 180 * DAY - SECOND, Phase.RETENTION, Reason.ORDERED),
        ("at the loss date", profile(PAID), NOON + 180 * DAY, Phase.LOSS, Reason.SILENT_TOO_LONG),
        ("a second after", profile(PAID), NOON + 180 * DAY + SECOND, Phase.LOSS, Reason.SILENT_TOO_LONG),
        (
            "lost, with a cart that is still open",
            profile(PAID, carts=(replace(CART, changed_at=NOON + 179 * DAY),)),
            NOON + 180 * DAY,
            Phase.LOSS,
            Reason.SILENT_TOO_LONG,
        ),
    ],
)
def test_stands_in_one_of_four_phases(case: str, found: Profile, at: datetime, phase: Phase, reason: str) -> None:
    standing = stand(found, POLICY, at)
    assert (standing.phase, standing.reason) == (phase, reason), case


# 24 before buying is 6, the threshold, after two weeks; 48 after three; a cart is open for thirty days.
@pytest.mark.parametrize(
    ("case", "found", "until"),
    [
        ("an open cart outlasts the interest", profile(carts=(CART,), policy=ENGAGED), NOON + 30 * DAY),
        ("an ordered cart", profile(carts=(replace(CART, is_ordered=True),), policy=ENGAGED), NOON + 14 * DAY),
        (
            "interest outlasts an open cart",
            profile(carts=(CART, *[replace(CART, is_ordered=True)] * 31), policy=ENGAGED),
            NOON + 49 * DAY,
        ),
    ],
)
def test_sales_phase_lasts_while_there_is_an_open_cart_or_interest(case: str, found: Profile, until: datetime) -> None:
    assert stand(found, ENGAGED, NOON).phase_until == until, case
    assert stand(found, ENGAGED, until - SECOND).phase is Phase.SALES, case
    assert stand(found, ENGAGED, until).phase is Phase.EDUCATION, case


def test_says_that_interest_is_the_reason_once_the_cart_is_closed() -> None:
    found = profile(carts=(CART, *[replace(CART, is_ordered=True)] * 31), policy=ENGAGED)
    reasons = [stand(found, ENGAGED, NOON + 30 * DAY + shift).reason for shift in (-SECOND, 0 * SECOND, SECOND)]
    assert reasons == [Reason.OPEN_CART, Reason.ENGAGED, Reason.ENGAGED]


def test_a_cart_that_changed_within_a_second_closes_at_the_next() -> None:
    found = profile(carts=(replace(CART, changed_at=NOON + timedelta(milliseconds=1)),))
    assert stand(found, POLICY, NOON).phase_until == NOON + 30 * DAY + SECOND


def test_the_band_is_that_of_the_half_one_stands_in() -> None:
    carts = (CART,) * 3
    assert stand(profile(carts=carts, policy=ENGAGED), ENGAGED, NOON).band is Band.HOT
    assert stand(profile(PAID, carts=carts, policy=ENGAGED), ENGAGED, NOON).band is Band.WARM


@pytest.mark.parametrize(
    ("phase_until", "band_until", "due"),
    [
        (None, None, None),
        (NOON, None, NOON),
        (None, NOON, NOON),
        (NOON, NOON + SECOND, NOON),
        (NOON + SECOND, NOON, NOON),
    ],
)
def test_is_due_at_the_earlier_of_the_two(
    phase_until: datetime | None, band_until: datetime | None, due: datetime | None
) -> None:
    assert Standing(Phase.LOSS, Reason.SILENT_TOO_LONG, Band.HOT, phase_until, band_until).due_at == due


# Orders that do not count leave the other half to be looked at too.
people = st.tuples(
    st.lists(common, max_size=3), st.just([]) | st.lists(orders, max_size=5), st.lists(carts, max_size=5)
)


@given(people, POLICIES, moments, st.lists(st.floats(0, 1), max_size=10))
def test_time_alone_changes_nothing_before_it_is_due_and_something_then(
    person: tuple[list[datetime], list[OrderRow], list[CartRow]], policy: Policy, now: datetime, shares: list[float]
) -> None:
    found = fold(*person, policy, UTC)
    standing = stand(found, policy, now)
    due = standing.due_at
    last = due - SECOND if due else END + 1000 * DAY
    assert due is None or due > now
    for at in [now + share * (last - now) for share in shares] + [max(last, now)]:
        then = stand(found, policy, at)
        assert (then.phase, then.band) == (standing.phase, standing.band)
        assert then.due_at == due
    if due:
        then = stand(found, policy, due)
        assert (then.phase, then.band) != (standing.phase, standing.band)
        assert then.due_at is None or then.due_at > due


@given(people, POLICIES, moments)
def test_looking_only_when_it_is_due_ends_where_a_look_at_the_end_does(
    person: tuple[list[datetime], list[OrderRow], list[CartRow]], policy: Policy, now: datetime
) -> None:
    found = fold(*person, policy, UTC)
    standing = stand(found, policy, START)
    looks = 0
    while standing.due_at and standing.due_at <= now:
        standing = stand(found, policy, standing.due_at)
        looks += 1
    then = stand(found, policy, now)
    assert (standing.phase, standing.band, standing.due_at) == (then.phase, then.band, then.due_at)
    assert looks <= 3


@given(people, POLICIES, moments)
def test_before_buying_is_the_formula_written_down(
    person: tuple[list[datetime], list[OrderRow], list[CartRow]], policy: Policy, now: datetime
) -> None:
    joined, _, carts = person
    filled = [row for row in carts if not row.is_empty]
    done = [(12.0 if policy is ENGAGED else 4.0, at) for at in joined]
    done += [(24.0 if policy is ENGAGED else 12.0, row.changed_at) for row in filled]
    s = sum(weight * 0.5 ** ((now - at) / (7 * DAY)) for weight, at in done)
    open_until = [row.changed_at + 30 * DAY for row in filled if not row.is_ordered]
    # Boundaries are rounded up to the second; there the formula is ahead.
    assume(abs(s - policy.theta) > 1e-4)
    assume(all(abs(at - now) > SECOND for at in open_until))
    is_interested = s > policy.theta or any(now < at for at in open_until)
    phase = stand(fold(joined, [], carts, policy, UTC), policy, now).phase
    assert phase is (Phase.SALES if is_interested else Phase.EDUCATION)
