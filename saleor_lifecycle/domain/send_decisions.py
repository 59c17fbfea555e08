"""May this message leave now? Asked with the shop's truth in hand, right before it goes."""

from datetime import datetime

from .consent import Basis
from .messages import Purpose
from .sending import (
    ASK_AGAIN,
    LOOK_AGAIN,
    RETURN_AGAIN,
    TRUTH_LASTS,
    CartTruth,
    Defer,
    DeferReason,
    Send,
    SendFacts,
    Skip,
    SkipReason,
)

_HELD_TOO_LONG = {
    DeferReason.FREQUENCY_CAP.value: SkipReason.CAP_FULL,
    DeferReason.OUTRANKED.value: SkipReason.CAP_FULL,
    DeferReason.QUIET_HOURS.value: SkipReason.QUIET_HOURS,
    DeferReason.RETURN_OPEN.value: SkipReason.RETURN_OPEN,
}
"""Why a message is of no use any more that waited for this last."""

_PERMISSION = {Basis.REFUSED: SkipReason.CONSENT_REFUSED, Basis.NONE: SkipReason.NO_CONSENT}


def may_send(facts: SendFacts, now: datetime) -> Send | Defer | Skip:
    """Return whether a message leaves now, later, or never, and why.

    What no answer of the shop could change is said first, so nobody without consent waits for a shop that is away.
    """
    if reason := _own_reason(facts):
        return Skip(reason)
    if facts.useless_from is not None and now >= facts.useless_from:
        return Skip(_HELD_TOO_LONG.get(facts.last_reason, SkipReason.TOO_OLD))
    if not facts.is_flow_on:
        return Defer(now + LOOK_AGAIN, DeferReason.FLOW_OFF)
    if facts.not_before is not None and now < facts.not_before:
        return Defer(facts.not_before, DeferReason.CART_CHANGED)
    if facts.purpose is Purpose.COMMERCIAL and facts.quiet_until is not None and now < facts.quiet_until:
        return _wait_quietly(facts, facts.quiet_until, SkipReason.QUIET_ASKED_FOR)
    if facts.takes_attention and facts.has_open_return:
        later = now + RETURN_AGAIN
        return Defer(min(later, facts.useless_from or later), DeferReason.RETURN_OPEN)
    if facts.takes_attention and facts.quiet_hours_until is not None and now < facts.quiet_hours_until:
        return _wait_quietly(facts, facts.quiet_hours_until, SkipReason.QUIET_HOURS)
    if not facts.is_app_active:
        return Defer(now + ASK_AGAIN, DeferReason.APP_INACTIVE)
    if not facts.is_sender_set_up:
        return Defer(now + ASK_AGAIN, DeferReason.SENDER_NOT_SET_UP)
    if facts.purpose is Purpose.COMMERCIAL and not facts.is_sender_verified:
        return Defer(now + LOOK_AGAIN, DeferReason.SENDER_NOT_VERIFIED)
    if facts.is_account_held:
        return Defer(now + LOOK_AGAIN, DeferReason.ACCOUNT_HELD)
    return _judge_truth(facts, now)


def _judge_truth(facts: SendFacts, now: datetime) -> Send | Defer | Skip:
    answers = [*([facts.truth] if facts.is_about_cart else []), *([facts.offer] if facts.has_offer else [])]
    if None in answers:
        return Defer(now + ASK_AGAIN, DeferReason.SHOP_AWAY)
    if any(now - answer.asked_at > TRUTH_LASTS for answer in answers if answer):
        return Defer(now, DeferReason.TRUTH_TOO_OLD)
    if facts.is_about_cart and facts.truth:
        if reason := _shop_reason(facts.truth):
            return Skip(reason)
        if not facts.truth.is_same:
            return Defer(now + ASK_AGAIN, DeferReason.CART_CHANGED)
    # A cart is the point of its message; what else it offers may be left out.
    elif facts.has_offer and facts.offer and facts.offer.gone:
        return Skip(facts.offer.gone)
    return Send()


def _wait_quietly(facts: SendFacts, until: datetime, reason: SkipReason) -> Defer | Skip:
    if facts.useless_from is not None and until >= facts.useless_from:
        return Skip(reason)
    return Defer(until, DeferReason(reason.value))


def _own_reason(facts: SendFacts) -> SkipReason | None:
    checks = (
        (facts.is_app_removed, SkipReason.APP_REMOVED),
        (not facts.is_enrolled, SkipReason.ENROLLMENT_OVER),
        (facts.is_held_out, SkipReason.HELD_OUT),
        (facts.is_shadow, SkipReason.SHADOW),
        (facts.has_ordered, SkipReason.ORDERED),
        (not facts.has_address, SkipReason.NO_ADDRESS),
        (facts.is_suppressed, SkipReason.SUPPRESSED),
        (
            facts.purpose is Purpose.COMMERCIAL and facts.basis in _PERMISSION,
            _PERMISSION.get(facts.basis, SkipReason.NO_CONSENT),
        ),
        (facts.takes_attention and facts.is_sunset, SkipReason.SUNSET),
    )
    return next((reason for holds, reason in checks if holds), None)


def _shop_reason(truth: CartTruth) -> SkipReason | None:
    checks = (
        (truth.is_ordered, SkipReason.ORDERED),
        (not truth.exists, SkipReason.CART_GONE),
        (truth.is_empty, SkipReason.CART_EMPTIED),
        (truth.is_being_paid, SkipReason.BEING_PAID),
        (not truth.has_stock, SkipReason.OUT_OF_STOCK),
    )
    return next((reason for holds, reason in checks if holds), None)
