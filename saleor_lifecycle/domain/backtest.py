"""What the loss rule would have said at the end of each month, and what came after.

Beside it the simplest rule there is, silence alone, allowed to call just as many customers lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .ladder import choose_rule
from .order_days import OrderDays, known, ordered_between, until
from .prediction import LossSettings
from .rescoring import loss_seconds

HORIZON_DAYS = 90


@dataclass(frozen=True, slots=True)
class Month:
    """One row; shares are None where they would be of nobody. Reorders are within 90 days after ``day``."""

    day: int  # days since 1970-01-01, at whose end it is judged
    rung: str
    buyers: int
    share_in_loss: float | None
    reordered_of_lost: float | None
    reordered_of_rest: float | None
    recency_days: int | None  # the silence from which on recency calls as many lost
    reordered_of_silent: float | None
    reordered_of_recent: float | None


def backtest(orders: OrderDays, days: Iterable[int], settings: LossSettings) -> list[Month]:
    """Return a row per day, each from what was known at its end, with the rung that the shop stood on.

    ``orders`` with first seconds in UTC days, and reaching 90 days beyond the last of ``days``.
    """
    return [_row(orders, day, settings) for day in days]


def _row(orders: OrderDays, day: int, settings: LossSettings) -> Month:
    rule = choose_rule(orders, day, settings)
    then = known(orders, day)
    buyers = len(then.customer)
    lost = loss_seconds(rule, until(orders, day)) <= (day + 1) * 86400
    came = ordered_between(orders, then, day, day + HORIZON_DAYS) > 0
    silent = then.age - then.t_x
    number = int(lost.sum())
    ordered = np.sort(silent)[::-1]
    threshold = int(ordered[number - 1]) if number else None
    # Customers at the threshold are alike to recency, so each counts by the share of them that it may call lost.
    beyond = silent > (threshold or 0)
    at = silent == threshold
    from_ties = (number - int(beyond.sum())) * float(came[at].mean()) if number else 0.0
    from_silent = float(came[beyond].sum()) + from_ties if number else 0.0
    return Month(
        day,
        rule.rung,
        buyers,
        _share(number, buyers),
        _share(float(came[lost].sum()), number),
        _share(float(came[~lost].sum()), buyers - number),
        threshold,
        _share(from_silent, number),
        _share(float(came.sum()) - from_silent, buyers - number),
    )


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def table(months: Iterable[Month]) -> str:
    """Return the rows as text, one line each under a heading."""

    def percent(share: float | None) -> str:
        return "     -" if share is None else f"{share:6.1%}"

    lines = ["day        rung             buyers  in loss  of lost  of rest | recency  of silent  of recent"]
    for month in months:
        days = "-" if month.recency_days is None else f"{month.recency_days} d"
        lines.append(
            f"{np.datetime64(month.day, 'D')} {month.rung:<16} {month.buyers:6}   {percent(month.share_in_loss)}"
            f"   {percent(month.reordered_of_lost)}   {percent(month.reordered_of_rest)} | {days:>7}"
            f"     {percent(month.reordered_of_silent)}     {percent(month.reordered_of_recent)}"
        )
    return "\n".join(lines)
