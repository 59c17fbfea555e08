"""How likely histories are under MBG/NBD, with the exact first and second derivatives.

The likelihood is that of Batislam, Denizel and Filiztekin (2007) as ``lifetimes`` writes it. What depends on x alone is
summed once per x; the rest goes through the distinct histories in blocks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK = 1 << 12  # rows at a time: they stay in the cache, and are too few for BLAS to wake its threads, which cost more


@dataclass(frozen=True, slots=True, eq=False)
class Triples:
    """Histories, each distinct one once: four arrays of one length."""

    x: Counts  # order days after the first
    t_x: Counts  # days from the first order day to the last
    age: Counts  # T: days from the first order day to the day of the fit
    weight: Counts  # customers with that history


def compress(x: ArrayLike, t_x: ArrayLike, age: ArrayLike, weight: ArrayLike | None = None) -> Triples:
    """Return the distinct histories, sorted, with the customers of each.

    Raises ValueError on a history that cannot be: 0 ≤ t_x ≤ T, and x order days need as many days.
    """
    columns = [np.atleast_1d(np.asarray(column, dtype=np.int64)) for column in (x, t_x, age)]
    count, last, until = columns
    if not len(count):
        return Triples(count, last, until, np.zeros(0, np.int64))
    if (count < 0).any() or (last < count).any() or (until < last).any() or ((count == 0) & (last > 0)).any():
        raise ValueError("a history has 0 ≤ x ≤ t_x ≤ T, and t_x = 0 where x = 0")
    span = int(until.max()) + 1
    packed = (count * span + last) * span + until
    if weight is None:
        key, customers = np.unique(packed, return_counts=True)
    else:
        key, inverse = np.unique(packed, return_inverse=True)
        customers = np.bincount(inverse, np.atleast_1d(np.asarray(weight, dtype=np.float64)))
    rest, of_age = np.divmod(key, span)
    of_x, of_t_x = np.divmod(rest, span)
    return Triples(of_x, of_t_x, of_age, customers.astype(np.int64))


def tails_of(triples: Triples) -> Floats:
    """Return, for j = 0, 1, ..., how many customers have x ≥ j."""
    counts = np.bincount(triples.x, triples.weight)
    return np.asarray(counts[::-1].cumsum()[::-1], dtype=np.float64)


def likelihood(at: Floats, triples: Triples, tails: Floats) -> tuple[float, Floats, Floats]:
    """Return the mean negative log-likelihood at log(r, α, a, b), its gradient (4,) and its Hessian (4, 4)."""
    r, alpha, a, b = (float(part) for part in np.exp(at))
    customers = tails[0]
    j = np.arange(len(tails))
    more = tails[1:]  # customers with x > j
    rate, stays, meets = r + j[:-1], b + j, a + b + j
    value = more @ np.log(rate) + customers * r * np.log(alpha) + tails @ (np.log(stays) - np.log(meets))
    s_meets, q_meets = tails @ (1 / meets), tails @ (1 / meets**2)
    slope = np.array(
        [more @ (1 / rate) + customers * np.log(alpha), customers * r / alpha, -s_meets, tails @ (1 / stays) - s_meets]
    )
    bend = np.zeros((4, 4))
    bend[0, 0] = -more @ (1 / rate**2)
    bend[0, 1] = bend[1, 0] = customers / alpha
    bend[1, 1] = -customers * r / alpha**2
    bend[2:, 2:] = q_meets
    bend[3, 3] -= tails @ (1 / stays**2)
    days = np.asarray(alpha + np.arange(int(triples.age.max()) + 1), dtype=np.float64)
    table = (np.asarray(np.log(days), dtype=np.float64), 1 / days)
    for begin in range(0, len(triples.x), BLOCK):
        rows = slice(begin, begin + BLOCK)
        histories = (triples.x[rows], triples.t_x[rows], triples.age[rows])
        part = _left_or_silent((r, a, b), table, histories, triples.weight[rows].astype(np.float64))
        value, slope, bend = value + part[0], slope + part[1], bend + part[2]
    scale = np.array([r, alpha, a, b])
    slope = slope * scale
    bend = bend * np.outer(scale, scale) + np.diag(slope)
    return -float(value / customers), -slope / customers, -bend / customers


def _left_or_silent(
    parameters: tuple[float, float, float],
    table: tuple[Floats, Floats],
    histories: tuple[Counts, Counts, Counts],
    customers: Floats,
) -> tuple[float, Floats, Floats]:
    """Return Σ customers·log(e^u + e^v) and its derivatives by r, α, a, b.

    u: left right after the last order; v: still here and silent since. ``table``: log(α + t) and 1/(α + t) by day t.
    """
    r, a, b = parameters
    x, t_x, age = histories
    s, per_stay = r + x, 1 / (b + x)
    log_last, log_now, per_last, per_now = table[0][t_x], table[0][age], table[1][t_x], table[1][age]
    u = np.log(a * per_stay) - s * log_last
    v = -s * log_now
    lesser = np.exp(-np.abs(u - v))  # never overflows
    left = np.where(u > v, 1.0, lesser) / (1 + lesser)
    value = float(customers @ (np.maximum(u, v) + np.log1p(lesser)))
    p = customers * left
    q = customers - p
    ps, qs = p * s * per_last, q * s * per_now
    slope = np.array([-(p @ log_last) - q @ log_now, -ps.sum() - qs.sum(), p.sum() / a, -(p @ per_stay)])
    turn = np.stack([log_now - log_last, s * (per_now - per_last), np.full(len(x), 1 / a), -per_stay])
    bend = (turn * (p * (1 - left))) @ turn.T
    mixed = -(p @ per_last) - q @ per_now
    bend[0, 1] += mixed
    bend[1, 0] += mixed
    bend[1, 1] += ps @ per_last + qs @ per_now
    bend[2, 2] -= p.sum() / a**2
    bend[3, 3] += p @ per_stay**2
    return value, slope, bend
