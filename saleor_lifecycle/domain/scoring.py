"""Engagement: a sum of weighted activities that halves every so many days, kept so that time never touches it.

S(t) = Σ wᵢ·2^(−(t−tᵢ)/h). Per kind of activity one unit-weight log-sum u_k = log₂ Σ 2^(tᵢ/h) is kept; weights come in
only when it is read, so a change of weights needs no timeline. Times are days since 1970-01-01 UTC.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What a customer did."""

    ACCOUNT = "account"
    CART = "cart"
    CLICK = "click"  # of a message, by the person: its first
    ORDER = "order"
    RETURN = "return"


class Band(StrEnum):
    COLD = "cold"
    WARM = "warm"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two scores: before buying (intent), or as a customer (loyalty)."""

    half_life_days: float
    weights: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class LossPolicy:
    """When a buyer counts as lost: how the shop's own figures are read, or the days that the merchant sets instead."""

    share: float = 1 / 3  # of P(alive) that is left at the loss date
    earliest_days: float = 30.0
    latest_days: float = 180.0
    set_days: float | None = None
    per_channel: Mapping[str, float] = field(default_factory=dict)  # by the channel of someone's first order


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the merchant's scoring: frozen, so that every stored figure says which one made it."""

    before: Part
    customer: Part
    theta: float  # before buying, S from which on someone is in sales phase
    k: float  # S that is shown as 50
    warm_from: float  # shown score, 0 to 100
    hot_from: float
    keeps_returned_buyers: bool  # is a customer whose only order came back still a buyer?
    loss: LossPolicy = LossPolicy()


DEFAULT_POLICY = Policy(
    before=Part(7.0, {Kind.ACCOUNT: 4.0, Kind.CART: 12.0, Kind.CLICK: 5.0}),
    customer=Part(90.0, {Kind.CART: 4.0, Kind.CLICK: 2.0, Kind.ORDER: 30.0, Kind.RETURN: -15.0}),
    theta=10.0,
    k=20.0,
    warm_from=25.0,
    hot_from=55.0,
    keeps_returned_buyers=True,
)


def days(at: datetime) -> float:
    """Return days since 1970-01-01 UTC."""
    return (at - EPOCH).total_seconds() / 86400.0


def moment(in_days: float) -> datetime:
    """Return the first whole second at or after so many days since 1970-01-01 UTC.

    To a tenth of a millisecond: beyond that is a float's noise, which would make each eighth answer a second late.
    """
    return EPOCH + timedelta(seconds=math.ceil(round(in_days * 86400.0, 4)))


def log_sum(times: Iterable[datetime], half_life_days: float) -> float | None:
    """Return log₂ Σ 2^(tᵢ/h), or None for no times. Sorted first: the same times give the same bits."""
    exponents = sorted(days(at) / half_life_days for at in times)
    if not exponents:
        return None
    top = exponents[-1]
    return top + math.log2(sum(2.0 ** (exponent - top) for exponent in exponents))


def combine(sums: Mapping[Kind, float | None], part: Part) -> float | None:
    """Return u, the log₂ of the weighted sum at day 0, or None where nothing is left above zero."""
    terms = [(part.weights[kind], u) for kind, u in sorted(sums.items()) if u is not None and kind in part.weights]
    if not terms:
        return None
    top = max(u for _, u in terms)
    total = sum(weight * 2.0 ** (u - top) for weight, u in terms)
    return top + math.log2(total) if total > 0 else None


def value(u: float | None, part: Part, now: datetime) -> float:
    """Return S(now)."""
    return 0.0 if u is None else 2.0 ** (u - days(now) / part.half_life_days)


def falls_below(u: float | None, threshold: float, part: Part) -> datetime | None:
    """Return the second at which S falls below ``threshold`` (t* = h·(u − log₂θ)); None without any activity."""
    return None if u is None else moment(part.half_life_days * (u - math.log2(threshold)))


def shown(s: float, policy: Policy) -> float:
    """Return the score people see, 0 to 100: 100·S/(S+K)."""
    return 100.0 * s / (s + policy.k)


def unshown(score: float, policy: Policy) -> float:
    """Return the S behind a shown score below 100."""
    return policy.k * score / (100.0 - score)


def band(u: float | None, part: Part, policy: Policy, now: datetime) -> tuple[Band, datetime | None]:
    """Return the band at ``now`` and the second at which time alone lowers it (None when cold)."""
    for name, from_score in ((Band.HOT, policy.hot_from), (Band.WARM, policy.warm_from)):
        until = falls_below(u, unshown(from_score, policy), part)
        if until is not None and now < until:
            return name, until
    return Band.COLD, None
