"""When a buyer is lost, and when their next order is expected.

A ladder of three rungs (``ladder``), from what a shop knows of its own customers down to what is assumed of anyone's.
On each rung the silence that means loss is a number of days after an order, so all share one rule:

    the loss date is the greatest of (order + its silence) over the order days, each silence held within the bounds.

Each silence is held, not the greatest date: a shop's fit may allow a first order 800 days, and held at the end alone
that date would keep every later order at the upper bound for two years. So held, the greatest lies within the bounds of
the last order by itself, an order never brings it nearer, and orders older than the bounds apart change nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .scoring import EPOCH

RUNG_FIT = "shop-fit"
RUNG_MEDIAN = "shop-median"
RUNG_FIXED = "fixed-40-90-180"
RUNG_SET = "set-by-merchant"

# What Omnisend publishes for recency, read as what silence means for someone with one order, two, three or more.
FIXED_SILENCES = (180.0, 90.0, 40.0)
MEDIANS_OF_SILENCE = 3.0  # of those who order at one rate, seven in eight have ordered after three medians
MOST_ORDER_DAYS = 1000  # after the first; whoever has more counts as having so many, so that a table holds all
SECONDS_OF_DAY = 86400.0
FLOAT_NOISE = 1e-4  # of a second
LONGEST_WAIT_DAYS = 36500.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """MBG/NBD: rates are gamma(r, α) with α in days, chances of leaving after an order beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class LossSettings:
    """The merchant's: the share of P(alive) left at the loss date, and the bounds of a silence in days."""

    share: float = 1 / 3
    earliest_days: float = 30.0
    latest_days: float = 180.0


@dataclass(frozen=True, slots=True)
class LossRule:
    """A rung with its figures: on the first, parameters; on others, silences in days after order day 1, 2, later."""

    rung: str
    parameters: Parameters | None = None
    silences: tuple[float, float, float] = FIXED_SILENCES
    settings: LossSettings = LossSettings()


@dataclass(frozen=True, slots=True)
class Loss:
    """The date at which a buyer counts as lost unless they order, and the rung of the ladder that said so."""

    at: datetime
    rung: str


FIXED = LossRule(RUNG_FIXED)


@dataclass(frozen=True, slots=True)
class LossRules:
    """What the shop's own orders say, and what the merchant set instead: for everyone, or by first order's channel."""

    shop: LossRule = FIXED
    everyone: LossRule | None = None
    per_channel: Mapping[str, LossRule] = field(default_factory=dict)

    def of(self, channel: str) -> LossRule:
        """Return the rule for those whose first order came through a channel.

        The first one's, because a later order must not bring a date nearer.
        """
        return self.per_channel.get(channel) or self.everyone or self.shop


UNFITTED = LossRules()


def loss_date(last_of_day: Mapping[date, datetime], rule: LossRule = FIXED) -> Loss:
    """Return the loss date of a buyer from the last order of each order day, oldest first; not empty.

    In whole seconds. The days are the shop's: they say how long a customer has been one, to the day.
    """
    days = list(last_of_day)
    longest = whole_seconds(rule.settings.latest_days)
    latest = second(last_of_day[days[-1]])
    for x in range(len(days) - 1, -1, -1):
        at = second(last_of_day[days[x]])
        if at + longest <= latest:
            break  # nor can any older order matter: ten thousand cost no more than the last half year's
        latest = max(latest, at + silence(rule, x, (days[x] - days[0]).days))
    return Loss(EPOCH + timedelta(seconds=latest), rule.rung)


def next_order_date(last_of_day: Mapping[date, datetime], rule: LossRule) -> datetime | None:
    """Return the second by which half of such customers, if they stay, have ordered again; None on the fixed rung.

    By MBG/NBD the next order of one who stays waits by a Lomax law: median (α + t_x)·(2^(1/(r+x)) − 1). A median,
    because the mean is infinite for r + x ≤ 1. Counted from the last order, so that only an order or a refit moves it.
    """
    if rule.rung not in (RUNG_FIT, RUNG_MEDIAN):
        return None
    days = list(last_of_day)
    offset, factor = wait_line(rule, len(days) - 1)
    wait = offset * factor if rule.parameters is None else (offset + (days[-1] - days[0]).days) * factor
    seconds = second(last_of_day[days[-1]]) + whole_seconds(min(wait, LONGEST_WAIT_DAYS))
    return EPOCH + timedelta(seconds=seconds)


def wait_line(rule: LossRule, x: int) -> tuple[float, float]:
    """Return (offset, factor): the next order after order x waits (offset + t_x)·factor days; unfitted, without t_x."""
    if rule.parameters is None:
        return rule.silences[min(x, 2)] / MEDIANS_OF_SILENCE, 1.0
    fitted = rule.parameters
    return fitted.alpha, math.expm1(min(math.log(2) / (fitted.r + min(x, MOST_ORDER_DAYS)), 50.0))


def silence(rule: LossRule, x: int, t_x: int) -> int:
    """Return the seconds without an order that mean loss, after the order x after the first, t_x days after it."""
    base, growth = line(rule, x)
    days = base + growth * t_x
    return whole_seconds(min(max(days, rule.settings.earliest_days), rule.settings.latest_days))


def line(rule: LossRule, x: int) -> tuple[float, float]:
    """Return (base, growth): the silence after order x is base + growth·t_x days, before the bounds.

    P(alive) = 1/(1 + c·ρ) with c = a/(b+x) and ρ = ((α+T)/(α+t_x))^(r+x), which is 1 at the order. It has fallen to a
    share κ where ρ = (1 + c − κ)/(κ·c), that is (α + t_x)·(ρ^(1/(r+x)) − 1) days later.
    """
    if rule.parameters is None:
        return rule.silences[min(x, 2)], 0.0
    x = min(x, MOST_ORDER_DAYS)
    c, share = rule.parameters.a / (rule.parameters.b + x), rule.settings.share
    odds = math.log((1.0 + c - share) / (share * c))
    growth = math.expm1(min(odds / (rule.parameters.r + x), 50.0))  # e^50: beyond any bound, and no overflow
    return rule.parameters.alpha * growth, growth


def whole_seconds(days: float) -> int:
    """Return so many days in seconds, rounded up; a tenth of a millisecond is noise."""
    return math.ceil(days * SECONDS_OF_DAY - FLOAT_NOISE)


def second(at: datetime) -> int:
    """Return the first whole second since 1970-01-01 UTC at or after a moment."""
    return -((EPOCH - at) // timedelta(seconds=1))
