"""The four flows that every shop is given, and the few settings of each that make its document."""

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from . import named_documents
from .cart_flow import ABANDONED_CART
from .flow_checks import MOST_HOLDOUT, MOST_PER_HOUR
from .flow_documents import FlowDocument
from .flow_places import walk
from .flow_steps import Offer, Wait, WaitFor
from .flow_triggers import CartIdle, DateTrigger
from .holdout import DEFAULT_SHARE
from .incentives import Incentive
from .rules import Moment, leaves
from .step_checks import Found, of_duration, of_incentive

FIRST_PURCHASE, CROSS_SELL, WIN_BACK = "first-purchase", "cross-sell", "win-back"
KEYS = (ABANDONED_CART, FIRST_PURCHASE, CROSS_SELL, WIN_BACK)
MOST_DAYS_BEFORE = 30
_PRIORITIES = {ABANDONED_CART: 80, FIRST_PURCHASE: 60, WIN_BACK: 40, CROSS_SELL: 30}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock(StrEnum):
    """From when a delay counts."""

    CART_CHANGE = "cart_change"
    ORDER = "order"
    DELIVERY = "delivery"
    USUAL_DAY = "usual_day"  # on which such customers order again
    MESSAGE_BEFORE = "message_before"


@dataclass(frozen=True, slots=True)
class Settings:
    """``delays`` stand in the order of ``DELAYS``; of the cart's flow the idle time, then any number of touches."""

    delays: tuple[timedelta, ...]
    incentive: Incentive | None = None
    holdout: float = DEFAULT_SHARE
    per_hour: int | None = None  # of those who are there already; None: domain.entries.pace
    days_before: int = 0  # the loss date


@dataclass(frozen=True, slots=True)
class Delay:
    """How long before something: ``template`` is what is sent then, "" for none."""

    key: str
    counts: Clock
    template: str


DELAYS: Mapping[str, tuple[Delay, ...]] = {
    FIRST_PURCHASE: (
        Delay("thanks", Clock.ORDER, "first-purchase-1"),
        Delay("care", Clock.DELIVERY, "first-purchase-2"),
        Delay("review", Clock.DELIVERY, "review-request"),
        Delay("nudge", Clock.USUAL_DAY, "first-purchase-3"),
    ),
    CROSS_SELL: (Delay("cross-sell", Clock.DELIVERY, "cross-sell"),),
    WIN_BACK: (
        Delay("touch-2", Clock.MESSAGE_BEFORE, "win-back-2"),
        Delay("touch-3", Clock.MESSAGE_BEFORE, "win-back-3"),
        Delay("sunset", Clock.MESSAGE_BEFORE, ""),
    ),
}
DEFAULTS: Mapping[str, Settings] = {
    ABANDONED_CART: Settings((timedelta(minutes=30), HOUR, DAY, 3 * DAY)),
    FIRST_PURCHASE: Settings((HOUR, DAY, 7 * DAY, timedelta())),
    CROSS_SELL: Settings((10 * DAY,)),
    WIN_BACK: Settings((7 * DAY, 14 * DAY, 90 * DAY), Incentive(10, 7 * DAY)),
}
INCENTIVES: Mapping[str, Incentive] = {
    ABANDONED_CART: Incentive(10, 2 * DAY, first_order_only=True),
    WIN_BACK: Incentive(10, 7 * DAY),
}
"""What a code is like in the flows that may have one; elsewhere there is none."""


def delays(key: str, settings: Settings) -> tuple[tuple[Delay, timedelta], ...]:
    """Return each delay with what it is."""
    return tuple(zip(_named(key, len(settings.delays)), settings.delays, strict=True))


def _named(key: str, count: int) -> tuple[Delay, ...]:
    if key != ABANDONED_CART:
        return DELAYS[key]
    touches = (Delay(f"touch-{number}", Clock.CART_CHANGE, f"abandoned-cart-{number}") for number in range(1, count))
    return (Delay("idle", Clock.CART_CHANGE, ""), *touches)


def flow(key: str, settings: Settings) -> FlowDocument:
    """Return the flow of that key that the settings make."""
    rest = (settings.holdout, _PRIORITIES[key])
    match key:
        case "abandoned-cart":
            return named_documents.abandoned_cart(settings.delays, settings.incentive, *rest)
        case "first-purchase":
            return named_documents.first_purchase(settings.delays, *rest)
        case "cross-sell":
            return named_documents.cross_sell(settings.delays, *rest)
    return named_documents.win_back(settings.delays, settings.incentive, *rest, settings.per_hour, settings.days_before)


def document(key: str, settings: Settings) -> dict[str, Any]:
    """Return the flow's document as JSON holds it."""
    plain = _plain(asdict(flow(key, settings)))
    assert isinstance(plain, dict)
    return plain


def settings(key: str, held: FlowDocument) -> Settings | None:
    """Return the settings that make a flow; None where it holds more than they do, and for other flows."""
    if key not in KEYS:
        return None
    waits = {
        step.key.removeprefix("wait-"): _lasts(step) for step in walk(held.steps) if isinstance(step, Wait | WaitFor)
    }
    trigger = held.trigger
    codes = (step.incentive for step in walk(held.steps) if isinstance(step, Offer) and step.incentive)
    if key == ABANDONED_CART:
        idle = trigger.idle if isinstance(trigger, CartIdle) else timedelta()
        found: tuple[timedelta, ...] = (idle, *(lasts for name, lasts in waits.items()))
    else:
        found = tuple(waits.get(delay.key, timedelta()) for delay in DELAYS[key])
    if key == FIRST_PURCHASE:
        thanks, care, review, nudge = found
        found = (thanks, care, care + review, nudge)
    made = Settings(
        found,
        next(codes, None),
        held.holdout,
        held.entry.existing_per_hour if key == WIN_BACK else None,
        -(trigger.offset // DAY) if isinstance(trigger, DateTrigger) else 0,
    )
    # Those from before there were priorities are the same but for that.
    return made if replace(flow(key, made), priority=held.priority) == held else None


def _lasts(step: Wait | WaitFor) -> timedelta:
    if isinstance(step, Wait):
        return step.duration
    return next((leaf.duration for leaf in leaves(step.rule) if isinstance(leaf, Moment)), timedelta())


def faults(key: str, given: Settings) -> list[Found]:
    """Return what is wrong with settings: by the delay's key or the setting's name, in words for the merchant."""
    found: list[Found] = []
    named = delays(key, given)
    for delay, lasts in named:
        if delay.counts is not Clock.USUAL_DAY or lasts:
            found += of_duration(delay.key, lasts)
    for (before, earlier), (after, later) in itertools.pairwise(named):
        is_of_one_clock = before.counts == after.counts != Clock.MESSAGE_BEFORE
        if is_of_one_clock and before.template and later <= earlier:
            found.append((after.key, "each has to come later than the one before"))
    ends = flow(key, given).ends if key == ABANDONED_CART and not found else None
    if ends is not None and given.delays[0] >= ends:
        found.append(("idle", "has to be over before the flow is"))
    most = MOST_DAYS_BEFORE if key == WIN_BACK else 0
    if not 0 <= given.days_before <= most:
        found.append(("days_before", f"give 0 to {most} days"))
    if given.incentive is not None:
        found += (
            of_incentive("incentive", given.incentive)
            if key in INCENTIVES
            else [("incentive", "this flow gives no codes")]
        )
    if not 0 <= given.holdout <= MOST_HOLDOUT:
        found.append(("holdout", f"give a share of 0 to {MOST_HOLDOUT}"))
    if given.per_hour is not None and (key != WIN_BACK or not 1 <= given.per_hour <= MOST_PER_HOUR):
        found.append(("per_hour", f"give 1 to {MOST_PER_HOUR}, in the flow of those who were lost"))
    return found


def _plain(value: Any) -> Any:
    match value:
        case timedelta():
            seconds = int(value.total_seconds())
            return f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
    return value
