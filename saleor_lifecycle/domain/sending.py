"""May this message leave now? Asked with the shop's truth in hand, right before it goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .consent import Basis
from .messages import Purpose

TRUTH_LASTS = timedelta(seconds=60)
"""How old the shop's answer may be when a message leaves (DESIGN, idea 5)."""

ASK_AGAIN = timedelta(seconds=60)

LOOK_AGAIN = timedelta(hours=1)
"""When a message is looked at that waits for staff, such as one of a flow that is off; what they do makes it due."""

RESTORED = "restored"
"""Why a message is skipped, or unknown, that may have left before its database was restored."""


class SkipReason(StrEnum):
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    CONSENT_REFUSED = "consent_refused"
    NO_CONSENT = "no_consent"
    ORDERED = "ordered"
    CART_GONE = "cart_gone"
    CART_EMPTIED = "cart_emptied"
    TOO_OLD = "too_old"
    BEING_PAID = "being_paid"
    OUT_OF_STOCK = "out_of_stock"
    PRODUCTS_GONE = "products_gone"
    VOUCHER_GONE = "voucher_gone"
    ENROLLMENT_OVER = "enrollment_over"
    APP_REMOVED = "app_removed"
    QUIET_ASKED_FOR = "quiet_asked_for"


class DeferReason(StrEnum):
    SHOP_AWAY = "shop_away"
    TRUTH_TOO_OLD = "truth_too_old"
    APP_INACTIVE = "app_inactive"
    SENDER_NOT_SET_UP = "sender_not_set_up"
    CART_CHANGED = "cart_changed"
    FLOW_OFF = "flow_off"
    QUIET_ASKED_FOR = "quiet_asked_for"
    SENDER_NOT_VERIFIED = "sender_not_verified"
    ACCOUNT_HELD = "account_held"


@dataclass(frozen=True, slots=True)
class CartTruth:
    """What the shop answered about one cart and its person, and when."""

    asked_at: datetime
    exists: bool
    is_empty: bool
    is_same: bool  # the lines are those that we know of; else a webhook about it is on its way
    is_being_paid: bool
    has_stock: bool  # at least one line can still be bought
    is_ordered: bool  # by its checkout, the account or the e-mail, since the cart's last change


@dataclass(frozen=True, slots=True)
class OfferTruth:
    """What the shop answered about what a message offers, and when; ``gone`` is the message's point that is no more."""

    asked_at: datetime
    gone: SkipReason | None


@dataclass(frozen=True, slots=True)
class SendFacts:
    """Everything else that a send rests on, as stored at this moment."""

    purpose: Purpose
    has_address: bool
    is_suppressed: bool  # for a service message an unsubscription is no reason
    basis: Basis
    is_flow_on: bool
    is_enrolled: bool
    is_app_active: bool
    is_app_removed: bool
    is_sender_set_up: bool
    not_before: datetime | None  # moves when the cart changes
    useless_from: datetime | None
    is_about_cart: bool
    truth: CartTruth | None  # None: the shop did not answer, or was not asked
    has_offer: bool = False
    offer: OfferTruth | None = None  # likewise
    quiet_until: datetime | None = None  # what the person asked for, by a pause or by how often they want any
    is_sender_verified: bool = True  # or the account is the shop's own, whose provider sees to it
    is_account_held: bool = False  # the provider refuses the account


@dataclass(frozen=True, slots=True)
class Send:
    pass


@dataclass(frozen=True, slots=True)
class Defer:
    until: datetime
    reason: DeferReason


@dataclass(frozen=True, slots=True)
class Skip:
    reason: SkipReason


_PERMISSION = {Basis.REFUSED: SkipReason.CONSENT_REFUSED, Basis.NONE: SkipReason.NO_CONSENT}


def may_send(facts: SendFacts, now: datetime) -> Send | Defer | Skip:
    """Return whether a message leaves now, later, or never, and why.

    What no answer of the shop could change is said first, so nobody without consent waits for a shop that is away.
    """
    if reason := _own_reason(facts):
        return Skip(reason)
    if facts.useless_from is not None and now >= facts.useless_from:
        return Skip(SkipReason.TOO_OLD)
    if not facts.is_flow_on:
        return Defer(now + LOOK_AGAIN, DeferReason.FLOW_OFF)
    if facts.not_before is not None and now < facts.not_before:
        return Defer(facts.not_before, DeferReason.CART_CHANGED)
    if facts.purpose is Purpose.COMMERCIAL and facts.quiet_until is not None and now < facts.quiet_until:
        return _wait_quietly(facts.quiet_until, facts.useless_from)
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


def _wait_quietly(until: datetime, useless_from: datetime | None) -> Defer | Skip:
    if useless_from is not None and until >= useless_from:
        return Skip(SkipReason.QUIET_ASKED_FOR)
    return Defer(until, DeferReason.QUIET_ASKED_FOR)


def _own_reason(facts: SendFacts) -> SkipReason | None:
    checks = (
        (facts.is_app_removed, SkipReason.APP_REMOVED),
        (not facts.is_enrolled, SkipReason.ENROLLMENT_OVER),
        (not facts.has_address, SkipReason.NO_ADDRESS),
        (facts.is_suppressed, SkipReason.SUPPRESSED),
        (
            facts.purpose is Purpose.COMMERCIAL and facts.basis in _PERMISSION,
            _PERMISSION.get(facts.basis, SkipReason.NO_CONSENT),
        ),
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
