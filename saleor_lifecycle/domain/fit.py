"""The shop's four parameters: MBG/NBD by maximum likelihood.

The model: while a customer stays, orders come at a rate of their own, which differs between customers as a
gamma(r, α); after each order, the first included, they may leave, with a chance that differs as a beta(a, b).
Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models for customer base analysis",
International Journal of Research in Marketing 24 (2007) 201-209.

Newton's method on the logarithms of the four, with exact second derivatives: under ten passes where a
quasi-Newton method takes some fifty. A logarithm makes the unit of time a shift, so nothing needs scaling.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .likelihood import Counts, Floats, Triples, likelihood, tails_of
from .prediction import Parameters

FEWEST_BUYERS = 300
FEWEST_REORDERERS = 100  # buyers who came back on another day
SHORTEST_DAYS = 90  # from the first order of all to the day of the fit
PASSES = 60
RUNAWAY = 1e4  # a parameter beyond it, or below its inverse, describes a limit and not a shop
THINNED = 1 << 12  # from so many distinct histories on, every 16th shows the way first


class Reason(StrEnum):
    """Why a shop cannot be fitted."""

    FEW_BUYERS = "few-buyers"
    FEW_REORDERERS = "few-reorderers"
    SHORT_HISTORY = "short-history"
    NO_OPTIMUM = "no-optimum"  # everyone leaves at once, nobody ever leaves, or all buy at one rate


@dataclass(frozen=True, slots=True)
class Unfittable:
    reason: Reason


def fit(triples: Triples, start: Parameters | None = None) -> Parameters | Unfittable:
    """Return the parameters under which the histories are likeliest, α in days.

    ``start`` (last week's, say) saves passes and changes the answer by less than a millionth. The same triples give the
    same bits.
    """
    too_small = _too_small(triples) if len(triples.x) else Reason.FEW_BUYERS
    if too_small is not None:
        return Unfittable(too_small)
    age = float(np.average(triples.age, weights=triples.weight))
    first = (1.0, age / 4.0, 1.0, 2.0) if start is None else (start.r, start.alpha, start.a, start.b)
    at = np.log(np.array(first))
    if start is None and len(triples.x) >= THINNED:
        rough = _minimum(Triples(*(column[::16] for column in _columns(triples))), at)
        at = at if rough is None else rough
    found = _minimum(triples, at)
    return Unfittable(Reason.NO_OPTIMUM) if found is None else Parameters(*(float(part) for part in np.exp(found)))


def _columns(triples: Triples) -> tuple[Counts, Counts, Counts, Counts]:
    return triples.x, triples.t_x, triples.age, triples.weight


def _too_small(triples: Triples) -> Reason | None:
    if triples.weight.sum() < FEWEST_BUYERS:
        return Reason.FEW_BUYERS
    if triples.weight[triples.x > 0].sum() < FEWEST_REORDERERS:
        return Reason.FEW_REORDERERS
    if triples.age.max() < SHORTEST_DAYS:
        return Reason.SHORT_HISTORY
    return None


def _minimum(triples: Triples, at: Floats) -> Floats | None:
    """Return log(r, α, a, b) where the likelihood is greatest, by damped Newton; None where it only rises outwards."""
    tails = tails_of(triples)
    age = float(np.average(triples.age, weights=triples.weight))
    middle, bound = np.log(np.array([1.0, max(age, 1.0), 1.0, 1.0])), np.log(RUNAWAY)
    value, slope, bend = likelihood(at, triples, tails)
    damping = 1e-3
    for _ in range(PASSES):
        curve, axes = np.linalg.eigh(bend)
        # Where the surface bends away from a minimum, the size of its bend still leads downhill.
        step = -axes @ ((axes.T @ slope) / (np.abs(curve) + damping))
        step *= min(1.0, 2.0 / max(float(np.linalg.norm(step)), 1e-300))
        if np.abs(at + step - middle).max() > bound:
            return None
        if curve[0] > 0 and np.abs(step).max() < 1e-6:
            return np.asarray(at + step)
        trial = likelihood(at + step, triples, tails)
        if trial[0] <= value:
            at, (value, slope, bend) = at + step, trial
            damping = damping / 10
        else:
            damping = damping * 10
    return None
