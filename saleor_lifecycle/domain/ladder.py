"""Which rung a shop stands on: its own fit, else its median intervals drawn towards the fixed ones, else those.

The lower bounds of the fit come from drawing small shops out of a large one (CDNOW): with 300 buyers and 100 who came
back every draw could be fitted and its silences were within a factor of 1.2 to 1.4 of the large shop's, which is nearer
than what is assumed of anyone; with 200 one draw in ten could not be.
"""

import math
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np

from .fit import Unfittable, fit
from .likelihood import Triples
from .order_days import OrderDays, known, triples
from .prediction import (
    FIXED_SILENCES,
    MEDIANS_OF_SILENCE,
    RUNG_FIT,
    RUNG_FIXED,
    RUNG_MEDIAN,
    RUNG_SET,
    SECONDS_OF_DAY,
    LossRule,
    LossRules,
    LossSettings,
    Parameters,
    silence,
)
from .scoring import LossPolicy

PRIOR_INTERVALS = 20  # what is assumed weighs as much as so many measured; below it, it is all there is
YOUNGEST_INTERVAL_DAYS = 180
REFIT_AT = time(4)

Three = tuple[float, float, float]


def choose_rule(orders: OrderDays, day: int, settings: LossSettings, start: Parameters | None = None) -> LossRule:
    """Return the highest rung that the order days known at the end of a day carry; ``start`` is last week's fit."""
    fitted = fit(triples(known(orders, day)), start)
    if not isinstance(fitted, Unfittable):
        return LossRule(RUNG_FIT, fitted, settings=settings)
    return rule_without_fit(*interval_medians(orders, day), settings)


def rule_without_fit(medians: Three, counts: tuple[int, int, int], settings: LossSettings) -> LossRule:
    """Return the rung of a shop that cannot be fitted, from its median intervals and how many there were."""
    if sum(counts) >= PRIOR_INTERVALS:
        return median_rule(medians, counts, settings)
    return LossRule(RUNG_FIXED, settings=settings)


def set_rule(days: float) -> LossRule:
    """Return the rule of a merchant who says after how many days a buyer counts as lost, whatever the bounds."""
    return LossRule(RUNG_SET, None, (days, days, days), LossSettings(earliest_days=days, latest_days=days))


def loss_rules(shop: LossRule, loss: LossPolicy) -> LossRules:
    """Return by what rules a shop's buyers are lost, from its rung and what its policy says of loss."""
    settings = LossSettings(loss.share, loss.earliest_days, loss.latest_days)
    return LossRules(
        replace(shop, settings=settings),
        None if loss.set_days is None else set_rule(loss.set_days),
        {channel: set_rule(days) for channel, days in loss.per_channel.items()},
    )


def typical_silences(rule: LossRule, histories: Triples) -> Three:
    """Return the days of silence that mean loss after one order day, two, three, for the mean customer of each."""
    if rule.parameters is None:
        return rule.silences
    one, two, more = (silence(rule, x, _mean_t_x(histories, x)) / SECONDS_OF_DAY for x in range(3))
    return one, two, more


def _mean_t_x(histories: Triples, x: int) -> int:
    rows = histories.x == x
    return round(float(np.average(histories.t_x[rows], weights=histories.weight[rows]))) if rows.any() else 0


def next_refit(now: datetime, zone: str) -> datetime:
    """Return when a shop is fitted next: the Monday night after ``now``, at four by its own clock."""
    local = now.astimezone(zoneinfo.ZoneInfo(zone))
    monday = local.date() + timedelta(days=7 - local.weekday())
    return datetime.combine(monday, REFIT_AT, tzinfo=local.tzinfo).astimezone(UTC)


def interval_medians(orders: OrderDays, day: int) -> tuple[Three, tuple[int, int, int]]:
    """Return the median days from order day 1 to 2, from 2 to 3 and between later ones, and how many there were.

    Known at the end of a day, and begun 180 days before it or earlier: a younger one shows only if it is short. Where
    there are none, the median is 0.
    """
    followed = np.flatnonzero((orders.x[1:] > 0) & (orders.day[1:] <= day))
    begun = followed[orders.day[followed] <= day - YOUNGEST_INTERVAL_DAYS]
    gaps, place = orders.day[begun + 1] - orders.day[begun], np.minimum(orders.x[begun], 2)
    one, two, later = (gaps[place == number] for number in range(3))
    medians = tuple(float(np.median(group)) if len(group) else 0.0 for group in (one, two, later))
    return (medians[0], medians[1], medians[2]), (len(one), len(two), len(later))


def median_rule(medians: Three, counts: tuple[int, int, int], settings: LossSettings) -> LossRule:
    """Return the middle rung from the median days between order days 1-2, 2-3 and later ones, and how many there were.

    log silence = (n·log(3·median) + 20·log fixed)/(n + 20). Intervals differ by factors, so it is logarithms that are
    averaged. Of customers who order at one rate, seven in eight have ordered again after three medians. The logarithm
    of a median of n such intervals errs by 1.44/√n (1/(√n·log 2)), and if shops differ from the fixed silences by a
    factor of about 1.4 (0.33 as a logarithm), what is assumed is worth (1.44/0.33)² ≈ 20 intervals.
    """
    silences = [
        math.exp(
            (count * math.log(MEDIANS_OF_SILENCE * max(median, 1.0)) + PRIOR_INTERVALS * math.log(fixed))
            / (count + PRIOR_INTERVALS)
        )
        for median, count, fixed in zip(medians, counts, FIXED_SILENCES, strict=True)
    ]
    return LossRule(RUNG_MEDIAN, None, (silences[0], silences[1], silences[2]), settings)
