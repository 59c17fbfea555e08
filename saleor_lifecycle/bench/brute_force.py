"""Where customers stand, from nothing but raw purchases: the answer that the app's is held against.

Written from the definitions (DESIGN §2) a second time, on purpose: what it shared with ``domain`` it could not check.
Figures are those a new installation starts with. No log-sums, no stored dates: every order, every time.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from .purchases import Purchase

DAY = timedelta(days=1)
HALF_LIFE = 90 * DAY
ORDER_WEIGHT = 30.0
HALF_SHOWN = 20.0  # the sum that is shown as 50
BANDS = (("hot", 55.0), ("warm", 25.0), ("cold", 0.0))


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a buyer stands. Two bands on the second in which one gives way to the other, else one."""

    phase: str
    bands: frozenset[str]
    loss_at: datetime
    orders: int


def evaluate(purchases: Iterable[Purchase], at: datetime) -> dict[str, Answer]:
    """Return the answer for each customer who bought up to and with ``at``."""
    bought: dict[str, list[datetime]] = defaultdict(list)
    for purchase in purchases:
        if purchase.at <= at:
            bought[purchase.customer].append(purchase.at)
    return {customer: _answer(sorted(times), at) for customer, times in bought.items()}


def _answer(times: list[datetime], at: datetime) -> Answer:
    loss_at = _loss(times)
    s = sum(ORDER_WEIGHT * 2.0 ** -((at - one) / HALF_LIFE) for one in times)
    # Stored moments are rounded up to the second, and two ways of adding floats part at the sixteenth digit.
    a_second_ago = s * 2.0 ** (timedelta(seconds=1) / HALF_LIFE)
    bands = frozenset((_band(a_second_ago), _band(s * (1 - 1e-12))))
    return Answer("retention" if at < loss_at else "loss", bands, loss_at, len(times))


def _loss(times: list[datetime]) -> datetime:
    days: list[date] = []
    greatest = datetime.min.replace(tzinfo=UTC)
    for one in times:
        if one.date() not in days:
            days.append(one.date())
        silence = {1: 180, 2: 90}.get(len(days), 40) * DAY
        greatest = max(greatest, one + silence)
    last = times[-1]
    if greatest < last + 30 * DAY:
        return last + 30 * DAY
    if greatest > last + 180 * DAY:
        return last + 180 * DAY
    return greatest


def _band(s: float) -> str:
    shown = 100.0 * s / (s + HALF_SHOWN)
    return next(name for name, lowest in BANDS if shown >= lowest)
