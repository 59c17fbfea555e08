"""The steps of a flow: a structured program.

A branch holds lists of steps of its own and goes on behind itself. So no step can come twice, and nothing has to be
searched for loops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any, ClassVar, Literal

from .flow_triggers import EXACT
from .incentives import Incentive
from .rules import Rule


@dataclass(frozen=True, slots=True)
class Wait:
    """For so long: from the step before (or its message's leaving), or from the flow's anchor.

    From the anchor, ``apart`` is kept from the message before, whatever held that one up.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
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

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["wait_for_time"]
    at: time
    weekdays: tuple[int, ...] = ()  # Monday is 1; none: every day
    usual: bool = False


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Until a rule holds (``then``), at most so long (``otherwise``)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["wait_for"]
    rule: Rule
    at_most: timedelta
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    when: Rule
    then: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """The first case that holds; else ``otherwise``."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["branch"]
    cases: tuple[Case, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    weight: int
    then: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """By a hash of the customer's key and the step's, in these weights: the same for ever."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["split"]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """A message. Of several channels the first that the customer permits and can be reached on."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["send"]
    template: str
    channels: tuple[str, ...] = ("email",)
    useful_for: timedelta | None = None  # after it was queued; None: as long as the flow is
    needs_products: bool = False  # without any that it could show it is skipped


@dataclass(frozen=True, slots=True)
class Offer:
    """From here on, what this passage sends carries products, a voucher (domain.contents.read_carried), or what is the
    customer's own: products that go with what they bought, a code."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["offer"]
    carries: dict[str, Any] = field(default_factory=dict)
    recommends: Literal["cross_sell", "favourites"] | None = None
    incentive: Incentive | None = None

    @property
    def is_personal(self) -> bool:
        """Does every customer get another?"""
        return self.recommends is not None or self.incentive is not None


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """None takes the value away."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["set_attribute"]
    attribute: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class TagStep:
    """Tags are what others call lists: named sets of customers."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["tag", "untag"]
    tag: str


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Tell the merchant's endpoints, as an event of that name."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["webhook"]
    event: str


@dataclass(frozen=True, slots=True)
class StartFlow:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["start_flow"]
    flow: str


@dataclass(frozen=True, slots=True)
class NotifyStaff:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    key: str
    kind: Literal["notify_staff"]
    text: str


@dataclass(frozen=True, slots=True)
class Leave:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
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
