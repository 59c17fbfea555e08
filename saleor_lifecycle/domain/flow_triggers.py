"""What starts a flow, and whom it lets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Literal

from .phases import Cause, Phase
from .rules import Rule

EXACT: Mapping[str, Any] = {"extra": "forbid"}
"""A name that is not known is a mistake, and no note."""


@dataclass(frozen=True, slots=True)
class CartIdle:
    """A filled cart that was not ordered has not changed for ``idle``; once per cart."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    kind: Literal["cart_idle"]
    idle: timedelta


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """Something happened; ``where`` may ask of its properties too. Once per thing that it happened to."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    kind: Literal["event"]
    event: str
    where: Rule | None = None


@dataclass(frozen=True, slots=True)
class PhaseTrigger:
    """A customer came into a phase, or left one. Imports, refits and corrections start nothing by themselves."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    kind: Literal["phase_entered", "phase_left"]
    phase: Phase
    causes: tuple[Cause, ...] = (Cause.BEHAVIOUR, Cause.TIME)


@dataclass(frozen=True, slots=True)
class DateTrigger:
    """A date that is known beforehand: ``loss_at``, ``next_order_at`` or ``attribute.<name>``.

    ``offset`` is negative for days before it. At ``at`` o'clock of the shop's day; without it at the date's own moment.
    ``is_yearly``: each year on that day, as for birthdays.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    kind: Literal["date"]
    date: str
    offset: timedelta = timedelta()
    at: time | None = None
    is_yearly: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleTrigger:
    """At a time of the shop's day everybody whom the entry filter lets in: on those weekdays, or days of the month."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    kind: Literal["schedule"]
    at: time
    weekdays: tuple[int, ...] = ()  # Monday is 1; none: every day
    days_of_month: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CalledTrigger:
    """Staff choose people, or another system names them: by the API, by an address of the flow's own, by a flow."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    kind: Literal["manual", "api", "webhook", "flow"]


Trigger = CartIdle | EventTrigger | PhaseTrigger | DateTrigger | ScheduleTrigger | CalledTrigger


@dataclass(frozen=True, slots=True)
class Entry:
    """Who gets in, and how often.

    ``per`` occasion: once for each cart, order or date. Per customer: not while they are in it, and again only
    ``again_after`` they last entered, None: never.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    where: Rule | None = None
    per: Literal["occasion", "customer"] = "occasion"
    again_after: timedelta | None = None
    existing_per_hour: int | None = 500  # of customers who are there already; None: as domain.entries.pace has it
    takes_existing: bool = False  # switched on, it lets those in, too, who stood there already


def has_ordered_since(trigger: Trigger, placed_at: datetime | None, anchor_at: datetime) -> bool:
    """Return whether somebody's last order, ``placed_at``, is one since what their passage began with.

    The order itself that a flow begins with is none.
    """
    if placed_at is None:
        return False
    begins_with_order = isinstance(trigger, EventTrigger) and trigger.event.startswith("order_")
    return placed_at > anchor_at if begins_with_order else placed_at >= anchor_at
