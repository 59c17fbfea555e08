"""What a merchant may ask of a customer: one tree of rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from .rule_facts import Facts


@dataclass(frozen=True, slots=True)
class Happened:
    """Did such an event happen: ever, within the last ``within``, or since the enrollment was entered?"""

    kind: Literal["happened"]
    event: str
    within: timedelta | None = None
    since_entry: bool = False


Rule = Happened


def matches(rule: Rule, facts: Facts, now: datetime) -> bool:
    """Does the rule hold at ``now``?"""
    at = facts.events.get(rule.event)
    if at is None or (rule.since_entry and (facts.entered_at is None or at < facts.entered_at)):
        return False
    return rule.within is None or now < at + rule.within


def next_flip(rule: Rule, facts: Facts, now: datetime) -> datetime | None:
    """Return the first moment after ``now`` at which time alone may change the answer."""
    at = facts.events.get(rule.event)
    ends = at + rule.within if at is not None and rule.within is not None else None
    return ends if ends is not None and ends > now else None
