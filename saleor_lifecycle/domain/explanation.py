"""Why a customer is where they are, what would move them, and what their score is made of."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .phases import Phase, Reason, Standing, stand
from .profile import Profile
from .scoring import Band, Kind, Policy, shown, value


class Trigger(StrEnum):
    """What may happen to a customer so that their phase changes."""

    TIME = "time"
    ORDER = "order"
    CART = "cart"
    INTEREST = "interest"  # one more activity, other than a cart


@dataclass(frozen=True, slots=True)
class Next:
    """A move that is foreseen; ``at`` is known where time alone makes it."""

    trigger: Trigger
    phase: Phase
    at: datetime | None = None


class Basis(StrEnum):
    """Which of the two scores is shown."""

    BEFORE_BUYING = "before"
    AS_CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Score:
    value: int  # 0 to 100, rounded down: no band is shown as reached before it is
    basis: Basis
    band: Band
    band_until: datetime | None
    shares: tuple[tuple[Kind, float], ...]  # what each kind gives to S now, the greatest first; negative for returns


def foreseen(profile: Profile, policy: Policy, now: datetime) -> tuple[Next, ...]:
    """Return what would change the phase, time first: an order always leads to retention."""
    standing = stand(profile, policy, now)
    moves = []
    if standing.phase_until is not None:
        then = stand(profile, policy, standing.phase_until)
        moves.append(Next(Trigger.TIME, then.phase, standing.phase_until))
    if standing.phase is not Phase.RETENTION:
        moves.append(Next(Trigger.ORDER, Phase.RETENTION))
    if standing.phase is Phase.EDUCATION:
        moves.append(Next(Trigger.CART, Phase.SALES))
        others = [weight for kind, weight in policy.before.weights.items() if kind is not Kind.CART]
        if value(profile.before_u, policy.before, now) + max(others, default=0.0) >= policy.theta:
            moves.append(Next(Trigger.INTEREST, Phase.SALES))
    return tuple(moves)


def score(profile: Profile, standing: Standing, policy: Policy, now: datetime) -> Score:
    """Return the score that people see of someone who stands there, and what it is made of."""
    basis = Basis.BEFORE_BUYING if profile.loss is None else Basis.AS_CUSTOMER
    part, u = (
        (policy.before, profile.before_u) if basis is Basis.BEFORE_BUYING else (policy.customer, profile.customer_u)
    )
    shares = [
        (Kind(kind), part.weights[Kind(kind)] * value(u_k, part, now))
        for of, kind, u_k in profile.sums
        if of == basis.value and Kind(kind) in part.weights
    ]
    return Score(
        # To nine places: beyond is a float's noise, which would show an exact 55 as 54.
        value=math.floor(round(shown(value(u, part, now), policy), 9)),
        basis=basis,
        band=standing.band,
        band_until=standing.band_until,
        shares=tuple(sorted(shares, key=lambda share: -share[1])),
    )


@dataclass(frozen=True, slots=True)
class Why:
    """Where a customer stands at a moment, the facts behind it, and what would change it."""

    phase: Phase
    reason: Reason
    since: datetime | None  # None in the seconds before a move is written down
    orders: int  # that qualify; none and a loss date: all of them came back
    last_order_at: datetime | None
    cart_open_until: datetime | None  # in the future, or None
    score: int
    loss_at: datetime | None
    rung: str  # of the loss date, "" without one
    silence_days: int | None  # whole days from the last order to the loss date
    buyers: int | None  # behind the rung's figures, where that was counted
    moves: tuple[Next, ...]


def why(profile: Profile, policy: Policy, since: datetime | None, now: datetime, buyers: int | None = None) -> Why:
    """Return why somebody stands where they stand at ``now``; ``since`` is when they came there."""
    standing = stand(profile, policy, now)
    loss, last = profile.loss, profile.last_order_at
    open_until = profile.cart_open_until
    return Why(
        phase=standing.phase,
        reason=standing.reason,
        since=since,
        orders=profile.orders,
        last_order_at=last,
        cart_open_until=open_until if open_until and open_until > now else None,
        score=score(profile, standing, policy, now).value,
        loss_at=loss.at if loss else None,
        rung=loss.rung if loss else "",
        silence_days=(loss.at - last).days if loss and last else None,
        buyers=buyers,
        moves=foreseen(profile, policy, now),
    )
