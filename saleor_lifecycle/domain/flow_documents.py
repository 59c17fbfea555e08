"""A flow as it is written down: what starts it, whom it lets in, its steps, when it is over.

The steps are a structured program: a branch holds lists of steps of its own and goes on behind itself. So no step can
come twice, and nothing has to be searched for loops. Each class is what JSON holds, by the names of its fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any, ClassVar, Literal

from .holdout import DEFAULT_SHARE
from .phases import Cause, Phase
from .rules import Rule

SCHEMA_VERSION = 2
_EXACT: Mapping[str, Any] = {"extra": "forbid"}
"""A name that is not known is a mistake, and no note."""


@dataclass(frozen=True, slots=True)
class CartIdle:
    """A filled cart that was not ordered has not changed for ``idle``; once per cart."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    kind: Literal["cart_idle"]
    idle: timedelta


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """Something happened; ``where`` may ask of its properties too. Once per thing that it happened to."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    kind: Literal["event"]
    event: str
    where: Rule | None = None


@dataclass(frozen=True, slots=True)
class PhaseTrigger:
    """A customer came into a phase, or left one. Imports, refits and corrections start nothing by themselves."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    kind: Literal["phase_entered", "phase_left"]
    phase: Phase
    causes: tuple[Cause, ...] = (Cause.BEHAVIOUR, Cause.TIME)


@dataclass(frozen=True, slots=True)
class DateTrigger:
    """A date that is known beforehand: ``loss_at``, ``next_order_at`` or ``attribute.<name>``.

    ``offset`` is negative for days before it. At ``at`` o'clock of the shop's day; without it at the date's own moment.
    ``is_yearly``: each year on that day, as for birthdays.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    kind: Literal["date"]
    date: str
    offset: timedelta = timedelta()
    at: time | None = None
    is_yearly: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleTrigger:
    """At a time of the shop's day everybody whom the entry filter lets in: on those weekdays, or days of the month."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    kind: Literal["schedule"]
    at: time
    weekdays: tuple[int, ...] = ()  # Monday is 1; none: every day
    days_of_month: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CalledTrigger:
    """Staff choose people, or another system names them: by the API, by an address of the flow's own, by a flow."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    kind: Literal["manual", "api", "webhook", "flow"]


Trigger = CartIdle | EventTrigger | PhaseTrigger | DateTrigger | ScheduleTrigger | CalledTrigger


@dataclass(frozen=True, slots=True)
class Entry:
    """Who gets in, and how often.

    ``per`` occasion: once for each cart, order or date. Per customer: not while they are in it, and again only
    ``again_after`` they last entered, None: never.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    where: Rule | None = None
    per: Literal["occasion", "customer"] = "occasion"
    again_after: timedelta | None = None
    existing_per_hour: int = 500  # of customers who are there already, when they are let in as well


@dataclass(frozen=True, slots=True)
class Wait:
    """For so long: from the step before (or its message's leaving), or from the flow's anchor.

    From the anchor, ``apart`` is kept from the message before, whatever held that one up.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["wait"]
    duration: timedelta
    since: Literal["step", "anchor"] = "step"
    apart: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class WaitForTime:
    """Until it is that time of the customer's day, on one of those weekdays; ``usual``: at their usual hour, if known.

    At once where that is now.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["wait_for_time"]
    at: time
    weekdays: tuple[int, ...] = ()  # Monday is 1; none: every day
    usual: bool = False


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Until a rule holds (``then``), at most so long (``otherwise``)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["wait_for"]
    rule: Rule
    at_most: timedelta
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    when: Rule
    then: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """The first case that holds; else ``otherwise``."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["branch"]
    cases: tuple[Case, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    weight: int
    then: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """By a hash of the customer's key and the step's, in these weights: the same for ever."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["split"]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """A message. Of several channels the first that the customer permits and can be reached on."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["send"]
    template: str
    channels: tuple[str, ...] = ("email",)
    useful_for: timedelta | None = None  # after it was queued; None: as long as the flow is


@dataclass(frozen=True, slots=True)
class Offer:
    """From here on, what this passage sends carries these products, or this voucher: domain.contents.read_carried."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["offer"]
    carries: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """None takes the value away."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["set_attribute"]
    attribute: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class TagStep:
    """Tags are what others call lists: named sets of customers."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["tag", "untag"]
    tag: str


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Tell the merchant's endpoints, as an event of that name."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["webhook"]
    event: str


@dataclass(frozen=True, slots=True)
class StartFlow:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["start_flow"]
    flow: str


@dataclass(frozen=True, slots=True)
class NotifyStaff:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["notify_staff"]
    text: str


@dataclass(frozen=True, slots=True)
class Leave:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    key: str
    kind: Literal["exit"]
    reason: str = "step"


Step = (
    Wait
    | WaitForTime
    | WaitFor
    | Branch
    | Split
    | Send
    | Offer
    | SetAttribute
    | TagStep
    | CallWebhook
    | StartFlow
    | NotifyStaff
    | Leave
)
Act = Send | Offer | SetAttribute | TagStep | CallWebhook | StartFlow | NotifyStaff
"""Steps with an effect; those who are held out, and those in a shadow, pass them without."""


@dataclass(frozen=True, slots=True)
class ExitRule:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    reason: str
    when: Rule


@dataclass(frozen=True, slots=True)
class Goal:
    """What the flow is for: an event, counted for both arms within so long after they entered."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    event: str = "order_placed"
    within: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FlowDocument:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = _EXACT
    schema_version: Literal[2]
    topic: str
    trigger: Trigger
    steps: tuple[Step, ...]
    entry: Entry = field(default_factory=Entry)
    exits: tuple[ExitRule, ...] = ()
    exits_on_order: bool = True  # any placed order since the anchor, paid or not
    ends: timedelta | None = None  # counted from the anchor; nothing is useful after it
    goal: Goal = field(default_factory=Goal)
    holdout: float = DEFAULT_SHARE
    is_asked_for: bool = False  # a confirmation, a lead magnet, a promised code: nobody is held out
    priority: int = 50  # 0 to 100: of two messages that want one customer, the greater goes first


def nested(step: Step) -> tuple[tuple[Step, ...], ...]:
    """Return the lists of steps that a step holds."""
    match step:
        case WaitFor(then=then, otherwise=otherwise):
            return then, otherwise
        case Branch(cases=cases, otherwise=otherwise):
            return *(case.then for case in cases), otherwise
        case Split(shares=shares):
            return tuple(share.then for share in shares)
    return ()


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield every step, those that others hold right behind them."""
    for step in steps:
        yield step
        for inner in nested(step):
            yield from walk(inner)
