"""The lifecycle phase: which of four a customer is in, why, and when time alone will change it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from .scoring import Band, Policy, band, falls_below, moment
from .scoring import days as in_days

if TYPE_CHECKING:
    from .profile import Profile


class Phase(StrEnum):
    EDUCATION = "education"
    SALES = "sales"
    RETENTION = "retention"
    LOSS = "loss"


class Cause(StrEnum):
    """What moved a customer. Only behaviour and time start flows."""

    BEHAVIOUR = "behaviour"
    TIME = "time"
    IMPORT = "import"
    REFIT = "refit"
    POLICY = "policy"
    CORRECTION = "correction"


class Reason(StrEnum):
    NO_INTEREST_YET = "no_interest_yet"
    OPEN_CART = "open_cart"
    ENGAGED = "engaged"
    ORDERED = "ordered"
    SILENT_TOO_LONG = "silent_too_long"


class OrderState(StrEnum):
    QUALIFIES = "qualifies"
    CAME_BACK = "came_back"
    DOES_NOT_COUNT = "does_not_count"


VOID = frozenset({"DRAFT", "CANCELED", "EXPIRED"})
"""Statuses of orders that never came about, whatever was paid."""
FULFILLED = frozenset({"FULFILLED", "PARTIALLY_FULFILLED", "PARTIALLY_RETURNED", "RETURNED"})
CHARGED = frozenset({"PARTIAL", "FULL", "OVERCHARGED"})


def order_state(status: str, charge_status: str, charged: Decimal, refunded: Decimal) -> OrderState:
    """Return whether an order makes its customer a buyer.

    | status | money | answer |
    |---|---|---|
    | draft, cancelled, expired | any | does not count |
    | any other | refunded and nothing charged left | came back |
    | any other | charged, in part or whole | qualifies |
    | fulfilled or returned, in part or whole | none (cash on delivery, invoice) | qualifies |
    | unconfirmed, unfulfilled | none | does not count |
    """
    if status in VOID:
        return OrderState.DOES_NOT_COUNT
    if refunded > 0 and charged <= 0:
        return OrderState.CAME_BACK
    if charge_status in CHARGED or status in FULFILLED:
        return OrderState.QUALIFIES
    return OrderState.DOES_NOT_COUNT


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands at a moment, and the second at which time alone changes that."""

    phase: Phase
    reason: Reason
    band: Band
    phase_until: datetime | None
    band_until: datetime | None

    @property
    def due_at(self) -> datetime | None:
        """The earlier of the two: when somebody has to look again. Always later than ``now``."""
        return min((at for at in (self.phase_until, self.band_until) if at), default=None)


def stand(profile: "Profile", policy: Policy, now: datetime) -> Standing:
    """Return where the customer stands at ``now``.

    Every boundary is a whole second at which the new answer already holds, so a look at ``due_at`` leaves the next one
    in the future. Rounding up keeps someone in a phase for less than a second longer than the formula.
    """
    if profile.loss is not None:
        shown_band, band_until = band(profile.customer_u, policy.customer, policy, now)
        if now < profile.loss.at:
            return Standing(Phase.RETENTION, Reason.ORDERED, shown_band, profile.loss.at, band_until)
        return Standing(Phase.LOSS, Reason.SILENT_TOO_LONG, shown_band, None, band_until)
    shown_band, band_until = band(profile.before_u, policy.before, policy, now)
    engaged_until = falls_below(profile.before_u, policy.theta, policy.before)
    cart_until = moment(in_days(profile.cart_open_until)) if profile.cart_open_until else None
    until = max((at for at in (engaged_until, cart_until) if at), default=None)
    if until is None or now >= until:
        return Standing(Phase.EDUCATION, Reason.NO_INTEREST_YET, shown_band, None, band_until)
    reason = Reason.OPEN_CART if cart_until and now < cart_until else Reason.ENGAGED
    return Standing(Phase.SALES, reason, shown_band, until, band_until)
