"""A flow as it is written down: what starts it, whom it lets in, its steps, when it is over.

Each class is what JSON holds, by the names of its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Literal

from .flow_steps import Step
from .flow_triggers import EXACT, Entry, Trigger
from .holdout import DEFAULT_SHARE
from .rules import Rule

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class ExitRule:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    reason: str
    when: Rule


@dataclass(frozen=True, slots=True)
class Goal:
    """What the flow is for: an event, counted for both arms within so long after they entered."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    event: str = "order_placed"
    within: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FlowDocument:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
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
