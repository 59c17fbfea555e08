from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.send_decisions import may_send
from saleor_lifecycle.domain.sending import (
    CartTruth,
    Defer,
    DeferReason,
    OfferTruth,
    Send,
    SendFacts,
    Skip,
    SkipReason,
)

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

READY = SendFacts(
    purpose=Purpose.COMMERCIAL,
    has_address=True,
    is_suppressed=False,
    basis=Basis.GRANTED,
    is_flow_on=True,
    is_enrolled=True,
    is_app_active=True,
    is_app_removed=False,
    is_sender_set_up=True,
    not_before=NOW,
    useless_from=NOW + TICK,
    is_about_cart=True,
    truth=CartTruth(
        asked_at=NOW,
        exists=True,
        is_empty=False,
        is_same=True,
        is_being_paid=False,
        has_stock=True,
        is_ordered=False,
    ),
)

Change = Callable[[SendFacts], SendFacts]


def stored(**changes: Any) -> Change:
    return lambda facts: replace(facts, **changes)


def answered(**changes: Any) -> Change:
    """The shop's answer differs; one that is away answers nothing."""
    return lambda facts: replace(facts, truth=facts.truth and replace(facts.truth, **changes))


# In the order in which they are said.
REASONS: list[tuple[str, Change, Skip | Defer]] = [
    ("the app was removed", stored(is_app_removed=True), Skip(SkipReason.APP_REMOVED)),
    ("the customer left the flow", stored(is_enrolled=False), Skip(SkipReason.ENROLLMENT_OVER)),
    ("the customer is held out", stored(is_held_out=True), Skip(SkipReason.HELD_OUT)),
    ("the flow was tried out on them", stored(is_shadow=True), Skip(SkipReason.SHADOW)),
    ("an order is known", stored(has_ordered=True), Skip(SkipReason.ORDERED)),
    ("there is no address", stored(has_address=False), Skip(SkipReason.NO_ADDRESS)),
    ("the address is suppressed", stored(is_suppressed=True), Skip(SkipReason.SUPPRESSED)),
    ("the customer said no", stored(basis=Basis.REFUSED), Skip(SkipReason.CONSENT_REFUSED)),
    ("the customer never said yes", stored(basis=Basis.NONE), Skip(SkipReason.NO_CONSENT)),
    ("the silent are left alone", stored(is_sunset=True), Skip(SkipReason.SUNSET)),
    ("nothing is useful any more", stored(useless_from=NOW), Skip(SkipReason.TOO_OLD)),
    ("the flow was switched off", stored(is_flow_on=False), Defer(NOW + 60 * MINUTE, DeferReason.FLOW_OFF)),
    (
        "the cart changed since",
        stored(not_before=NOW + TICK, useless_from=NOW + MINUTE),
        Defer(NOW + TICK, DeferReason.CART_CHANGED),
    ),
    (
        "they wanted a pause",
        stored(quiet_until=NOW + TICK, useless_from=NOW + MINUTE),
        Defer(NOW + TICK, DeferReason.QUIET_ASKED_FOR),
    ),
    (
        "a return is under way",
        stored(has_open_return=True, useless_from=NOW + MINUTE),
        Defer(NOW + MINUTE, DeferReason.RETURN_OPEN),
    ),
    (
        "it is night where they are",
        stored(quiet_hours_until=NOW + TICK, useless_from=NOW + MINUTE),
        Defer(NOW + TICK, DeferReason.QUIET_HOURS),
    ),
    ("the app is switched off", stored(is_app_active=False), Defer(NOW + MINUTE, DeferReason.APP_INACTIVE)),
    ("the sender says too little", stored(is_sender_set_up=False), Defer(NOW + MINUTE, DeferReason.SENDER_NOT_SET_UP)),
    (
        "nobody confirmed the sender",
        stored(is_sender_verified=False),
        Defer(NOW + 60 * MINUTE, DeferReason.SENDER_NOT_VERIFIED),
    ),
    ("the account is held", stored(is_account_held=True), Defer(NOW + 60 * MINUTE, DeferReason.ACCOUNT_HELD)),
    ("the shop is away", stored(truth=None), Defer(NOW + MINUTE, DeferReason.SHOP_AWAY)),
    ("the answer is old", answered(asked_at=NOW - MINUTE - TICK), Defer(NOW, DeferReason.TRUTH_TOO_OLD)),
    ("an order was placed", answered(is_ordered=True), Skip(SkipReason.ORDERED)),
    ("the cart is gone", answered(exists=False), Skip(SkipReason.CART_GONE)),
    ("the cart is empty", answered(is_empty=True), Skip(SkipReason.CART_EMPTIED)),
    ("the cart is being paid", answered(is_being_paid=True), Skip(SkipReason.BEING_PAID)),
    ("no line can be bought", answered(has_stock=False), Skip(SkipReason.OUT_OF_STOCK)),
    ("a change is on its way", answered(is_same=False), Defer(NOW + MINUTE, DeferReason.CART_CHANGED)),
]
NAMES = [name for name, _, _ in REASONS]


def test_leaves_when_nothing_speaks_against_it() -> None:
    assert may_send(READY, NOW) == Send()


@pytest.mark.parametrize(("change", "answer"), [row[1:] for row in REASONS], ids=NAMES)
def test_one_reason_is_enough(change: Change, answer: Skip | Defer) -> None:
    assert may_send(change(READY), NOW) == answer


@pytest.mark.parametrize("place", range(len(REASONS)), ids=NAMES)
def test_the_first_reason_is_said_whatever_else_holds(place: int) -> None:
    facts = READY
    for _, change, _ in reversed(REASONS[place:]):
        facts = change(facts)
    assert may_send(facts, NOW) == REASONS[place][2]


def test_each_reason_is_told_apart() -> None:
    told = {answer.reason for _, _, answer in REASONS}
    of_offers = {SkipReason.PRODUCTS_GONE, SkipReason.VOUCHER_GONE}
    of_the_step = {SkipReason.NO_PRODUCTS}
    of_the_arbiter = {DeferReason.FREQUENCY_CAP, DeferReason.OUTRANKED, SkipReason.CAP_FULL}
    assert told == {*SkipReason, *DeferReason} - of_offers - of_the_step - of_the_arbiter


@pytest.mark.parametrize(
    ("case", "change"),
    [
        ("a service message", {"purpose": Purpose.SERVICE}),
        ("what the customer asked for", {"is_asked_for": True}),
    ],
)
def test_keeps_no_hours_and_waits_for_no_return(case: str, change: dict[str, Any]) -> None:
    facts = replace(READY, has_open_return=True, quiet_hours_until=NOW + DAY, useless_from=NOW + DAY)
    assert may_send(replace(facts, **change), NOW) == Send()
    assert may_send(facts, NOW) != Send()


@pytest.mark.parametrize(
    ("until", "answer"),
    [
        (NOW, Send()),
        (NOW + TICK, Defer(NOW + TICK, DeferReason.QUIET_HOURS)),
        (NOW + DAY - TICK, Defer(NOW + DAY - TICK, DeferReason.QUIET_HOURS)),
        (NOW + DAY, Skip(SkipReason.QUIET_HOURS)),
    ],
)
def test_a_night_is_waited_for_within_its_usefulness(until: datetime, answer: Send | Defer | Skip) -> None:
    assert may_send(replace(READY, quiet_hours_until=until, useless_from=NOW + DAY), NOW) == answer


@pytest.mark.parametrize(
    ("useless_from", "until"), [(None, 6 * HOUR), (NOW + 5 * HOUR, 5 * HOUR), (NOW + DAY, 6 * HOUR)]
)
def test_a_return_is_looked_at_again(useless_from: datetime | None, until: timedelta) -> None:
    facts = replace(READY, has_open_return=True, useless_from=useless_from)
    assert may_send(facts, NOW) == Defer(NOW + until, DeferReason.RETURN_OPEN)


@pytest.mark.parametrize(
    ("waited_for", "reason"),
    [
        ("", SkipReason.TOO_OLD),
        (DeferReason.SHOP_AWAY, SkipReason.TOO_OLD),
        (DeferReason.FREQUENCY_CAP, SkipReason.CAP_FULL),
        (DeferReason.OUTRANKED, SkipReason.CAP_FULL),
        (DeferReason.RETURN_OPEN, SkipReason.RETURN_OPEN),
        (DeferReason.QUIET_HOURS, SkipReason.QUIET_HOURS),
    ],
)
def test_what_waited_too_long_says_what_for(waited_for: str, reason: SkipReason) -> None:
    assert may_send(replace(READY, last_reason=waited_for, useless_from=NOW), NOW) == Skip(reason)


def test_a_service_message_leaves_from_a_sender_whom_nobody_confirmed() -> None:
    assert may_send(replace(READY, purpose=Purpose.SERVICE, is_sender_verified=False), NOW) == Send()


OFFERING = replace(READY, is_about_cart=False, truth=None, has_offer=True, offer=OfferTruth(NOW, None))


@pytest.mark.parametrize(
    ("case", "offer", "answer"),
    [
        ("it is there", OfferTruth(NOW, None), Send()),
        ("the shop is away", None, Defer(NOW + MINUTE, DeferReason.SHOP_AWAY)),
        ("just fresh enough", OfferTruth(NOW - MINUTE, None), Send()),
        ("the answer is old", OfferTruth(NOW - MINUTE - TICK, None), Defer(NOW, DeferReason.TRUTH_TOO_OLD)),
        ("no product is left", OfferTruth(NOW, SkipReason.PRODUCTS_GONE), Skip(SkipReason.PRODUCTS_GONE)),
        ("the voucher has ended", OfferTruth(NOW, SkipReason.VOUCHER_GONE), Skip(SkipReason.VOUCHER_GONE)),
    ],
)
def test_an_offer_leaves_while_its_point_is_there(
    case: str, offer: OfferTruth | None, answer: Send | Defer | Skip
) -> None:
    assert may_send(replace(OFFERING, offer=offer), NOW) == answer, case


def test_a_cart_leaves_without_what_else_was_offered() -> None:
    gone = OfferTruth(NOW, SkipReason.VOUCHER_GONE)
    assert may_send(replace(READY, has_offer=True, offer=gone), NOW) == Send()
    assert may_send(replace(READY, has_offer=True, offer=None), NOW) == Defer(NOW + MINUTE, DeferReason.SHOP_AWAY)


@pytest.mark.parametrize("basis", [Basis.NONE, Basis.REFUSED])
def test_nobody_without_consent_waits_for_a_shop_that_is_away(basis: Basis) -> None:
    facts = replace(READY, basis=basis, truth=None, is_app_active=False, not_before=NOW + MINUTE)
    assert isinstance(may_send(facts, NOW), Skip)


@pytest.mark.parametrize(
    ("age", "answer"),
    [
        (timedelta(seconds=59), Send()),
        (timedelta(seconds=60), Send()),
        (timedelta(seconds=60) + TICK, Defer(NOW, DeferReason.TRUTH_TOO_OLD)),
        (-SECOND, Send()),
    ],
)
def test_leaves_on_an_answer_of_at_most_60_seconds(age: timedelta, answer: Send | Defer) -> None:
    assert may_send(answered(asked_at=NOW - age)(READY), NOW) == answer


@pytest.mark.parametrize("is_ordered", [True, False])
def test_an_old_answer_decides_nothing(is_ordered: bool) -> None:
    facts = answered(asked_at=NOW - 2 * MINUTE, is_ordered=is_ordered, exists=False)(READY)
    assert may_send(facts, NOW) == Defer(NOW, DeferReason.TRUTH_TOO_OLD)


@pytest.mark.parametrize(
    ("case", "at", "answer"),
    [
        ("just before its time", NOW - TICK, Defer(NOW, DeferReason.CART_CHANGED)),
        ("at its time", NOW, Send()),
        ("just before it is useless", NOW + 30 * SECOND - TICK, Send()),
        ("when it is useless", NOW + 30 * SECOND, Skip(SkipReason.TOO_OLD)),
        ("later", NOW + 31 * SECOND, Skip(SkipReason.TOO_OLD)),
    ],
)
def test_leaves_between_its_time_and_its_end(case: str, at: datetime, answer: Send | Defer | Skip) -> None:
    assert may_send(replace(READY, useless_from=NOW + 30 * SECOND), at) == answer, case
