"""What a decision to send rests on, what is stored and what the shop has answered, and what it comes to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from .consent import Basis
from .messages import Purpose

TRUTH_LASTS = timedelta(seconds=60)
"""How old the shop's answer may be when a message leaves (DESIGN, idea 5)."""

ASK_AGAIN = timedelta(seconds=60)

LOOK_AGAIN = timedelta(hours=1)
"""When a message is looked at that waits for staff, such as one of a flow that is off; what they do makes it due."""

RETURN_AGAIN = timedelta(hours=6)
"""When a message is looked at that waits for a return: it lasts for days."""

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
    HELD_OUT = "held_out"
    SHADOW = "shadow"
    QUIET_HOURS = "quiet_hours"
    RETURN_OPEN = "return_open"
    CAP_FULL = "cap_full"
    SUNSET = "sunset"
    NO_PRODUCTS = "no_products"


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
    QUIET_HOURS = "quiet_hours"
    RETURN_OPEN = "return_open"
    FREQUENCY_CAP = "frequency_cap"
    OUTRANKED = "outranked"


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
    is_asked_for: bool = False  # by the customer, as a promised code is: it keeps nobody's quiet and fills no cap
    is_held_out: bool = False
    is_shadow: bool = False
    has_ordered: bool = False  # since what its flow is about, where an order ends that
    is_sunset: bool = False  # silent to the last, and not seen since
    has_open_return: bool = False  # of the newest order, where its flow begins after purchases
    quiet_hours_until: datetime | None = None  # by the clock where the customer is
    last_reason: str = ""  # of the deferral before
    priority: int = 50  # 0 to 100: of two messages that want one customer, the greater goes first

    @property
    def takes_attention(self) -> bool:
        """Does it count for the caps, and keep quiet hours?"""
        return self.purpose is Purpose.COMMERCIAL and not self.is_asked_for


class Cap(NamedTuple):
    """So many commercial messages a customer gets at most in any such stretch: day, week, month."""

    window: str
    most: int


@dataclass(frozen=True, slots=True)
class Send:
    pass


@dataclass(frozen=True, slots=True)
class Defer:
    until: datetime
    reason: DeferReason
    cap: Cap | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    reason: SkipReason
    cap: Cap | None = None
