"""The order days of many customers in flat arrays, and what a day in the past would have known of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .likelihood import Counts, Triples, compress


@dataclass(frozen=True, slots=True, eq=False)
class OrderDays:
    """One row per customer and order day, by customer, then by day."""

    starts: Counts  # per customer, the row of the first order day
    day: Counts  # days since any fixed day
    x: Counts  # which order day it is: 0, 1, ...
    since_first: Counts  # days since the customer's first
    at: Counts  # the day's last order, in whole seconds since 1970-01-01 UTC


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The customers who had bought by the end of a day: their places among all, and their histories by then."""

    customer: Counts
    row: Counts  # of the last order day by then
    x: Counts
    t_x: Counts
    age: Counts


def order_days(customer: ArrayLike, day: ArrayLike, at: ArrayLike | None = None) -> OrderDays:
    """Return the order days of the customers, in the order of their numbers, from orders in any order.

    ``at`` is the orders' second; without it the day's first second stands in, with days since 1970-01-01.
    """
    who, when = np.asarray(customer, dtype=np.int64), np.asarray(day, dtype=np.int64)
    seconds = when * 86400 if at is None else np.asarray(at, dtype=np.int64)
    by = np.lexsort((seconds, when, who))
    who, when, seconds = who[by], when[by], seconds[by]
    is_last = np.append((who[1:] != who[:-1]) | (when[1:] != when[:-1]), True) if len(who) else np.zeros(0, bool)
    who, when, seconds = who[is_last], when[is_last], seconds[is_last]
    starts = np.flatnonzero(np.append(True, who[1:] != who[:-1])) if len(who) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(who)))
    first_row = np.repeat(starts, sizes)
    return OrderDays(starts, when, np.arange(len(who)) - first_row, when - when[first_row], seconds)


def known(orders: OrderDays, day: int) -> Known:
    """Return what was known at the end of a day; customers who had not bought are left out."""
    if not len(orders.day):
        none = np.zeros(0, np.int64)
        return Known(none, none, none, none, none)
    by_then = np.add.reduceat((orders.day <= day).astype(np.int64), orders.starts)
    customer = np.flatnonzero(by_then)
    first = orders.starts[customer]
    row = first + by_then[customer] - 1
    return Known(customer, row, orders.x[row], orders.since_first[row], day - orders.day[first])


def until(orders: OrderDays, day: int) -> OrderDays:
    """Return the order days up to the end of a day, of the customers in ``known``, in the same order."""
    is_past = orders.day <= day
    x = orders.x[is_past]
    return OrderDays(np.flatnonzero(x == 0), orders.day[is_past], x, orders.since_first[is_past], orders.at[is_past])


def triples(histories: Known) -> Triples:
    """Return the histories as the fit takes them."""
    return compress(histories.x, histories.t_x, histories.age)


def ordered_between(orders: OrderDays, histories: Known, after: int, until: int) -> NDArray[np.int64]:
    """Return, per known customer, the order days in (after, until]."""
    inside = ((orders.day > after) & (orders.day <= until)).astype(np.int64)
    return np.asarray(np.add.reduceat(inside, orders.starts)[histories.customer]) if len(inside) else inside
