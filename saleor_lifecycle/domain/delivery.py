"""When an order was delivered: Saleor does not know. Told by others, else worked out from when it was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from .phases import OrderState, order_state

LONGEST_AHEAD = timedelta(days=366)
"""A delivery further ahead is a slip."""
HAPPENS_WITHIN = timedelta(days=30)
"""One that is told of later starts nothing: what would be said about it is stale."""
NOON = time(12)
ENOUGH_CUSTOMERS = 20
"""Who have ordered again, for a figure of theirs to say anything."""
LONGEST_GAP = timedelta(days=365)
"""Who comes back later begins anew."""
USUAL_GAP = timedelta(days=21)
"""Until the second order, where nothing is known."""
_DAY = timedelta(days=1)
_OVER = frozenset({"CANCELED", "EXPIRED", "RETURNED"})

IsHoliday = Callable[[str, date], bool]
"""Is it a public holiday in that country, ISO 3166 alpha-2?"""


class Source(StrEnum):
    """From where it is known, the best first."""

    TOLD = "told"  # by another system
    METADATA = "metadata"  # of a fulfilment, else of the order
    SHIPPED = "shipped"  # worked out


@dataclass(frozen=True, slots=True)
class Rules:
    """For how many working days a parcel is on its way, by the name of the shipping method."""

    methods: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 3

    def working_days(self, method: str) -> int:
        """Return the days of a method, whose name is compared without case."""
        named = method.strip().casefold()
        return next((days for name, days in self.methods.items() if name.strip().casefold() == named), self.otherwise)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of how an order came to its customer."""

    placed_at: datetime
    told_at: datetime | None = None
    fulfillment_stated_at: datetime | None = None  # of the first that says it
    order_stated_at: datetime | None = None
    shipped_at: datetime | None = None  # the first parcel
    method: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    at: datetime
    source: Source


def delivered(evidence: Evidence, rules: Rules, zone: tzinfo, is_holiday: IsHoliday) -> Delivered | None:
    """Return when an order was, or will be, delivered by the best that is known; None where nothing is.

    ``zone`` is the shop's. Nothing is delivered before it was ordered.
    """
    stated_at = evidence.fulfillment_stated_at or evidence.order_stated_at
    if evidence.told_at is not None:
        return Delivered(max(evidence.told_at, evidence.placed_at), Source.TOLD)
    if stated_at is not None:
        return Delivered(max(stated_at, evidence.placed_at), Source.METADATA)
    if evidence.shipped_at is None:
        return None
    days = rules.working_days(evidence.method)
    at = after_working_days(evidence.shipped_at, days, zone, lambda day: is_holiday(evidence.country, day))
    return Delivered(at, Source.SHIPPED)


def counts(status: str, charge_status: str, charged: Decimal, refunded: Decimal) -> bool:
    """Return whether an order that stands so can still be delivered: it is not over, nor has it all come back."""
    return status not in _OVER and order_state(status, charge_status, charged, refunded) is not OrderState.CAME_BACK


def after_working_days(since: datetime, days: int, zone: tzinfo, is_holiday: Callable[[date], bool]) -> datetime:
    """Return the same time of day so many working days later; Saturdays, Sundays and public holidays are none."""
    at = since.astimezone(zone)
    while days > 0:
        at += _DAY
        if at.isoweekday() <= 5 and not is_holiday(at.date()):
            days -= 1
    return at.astimezone(since.tzinfo)


def read_moment(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the moment that a text states, by ISO 8601; None where it states none, or one too far ahead.

    Without an offset it is the clock of ``zone``, the shop's; without a time it is noon there.
    """
    said = text.strip()
    try:
        if len(said) == len("2026-03-11"):
            at = datetime.combine(date.fromisoformat(said), NOON, zone)
        else:
            at = datetime.fromisoformat(said)
            at = at if at.tzinfo else at.replace(tzinfo=zone)
        at = at.astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return None
    return at if at <= now + LONGEST_AHEAD else None


def usual_second_order(delivered_at: datetime, of_category: float | None, of_shop: float | None) -> datetime:
    """Return when somebody would order again: so many days after their first order came, by the nearest figure."""
    days = of_category if of_category is not None else of_shop
    return delivered_at + (USUAL_GAP if days is None else timedelta(days=round(days)))
