"""Rules: what a merchant may ask of a customer, as one tree. ``matches`` answers it, ``next_flip`` says for how long.

What is not known compares false, also under "!=": whoever wants those too says so with ``unknown`` or ``Not``.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from .comparisons import Op, Scalar, compares, moment_of
from .rule_facts import Facts, point_ends, read, rounded_up, standing

MomentOp: TypeAlias = Literal["within_last", "longer_ago_than", "within_next", "further_than"]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each of them; of none it is true."""

    kind: Literal["all"] = field(default="all", kw_only=True)
    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them; of none it is false."""

    kind: Literal["any"] = field(default="any", kw_only=True)
    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    kind: Literal["not"] = field(default="not", kw_only=True)
    rule: "Rule"


@dataclass(frozen=True, slots=True)
class Compare:
    """A fact beside a value: texts without regard to case, moments by the day of the shop (ISO 8601)."""

    kind: Literal["compare"] = field(default="compare", kw_only=True)
    fact: str
    op: Op
    value: Scalar | tuple[Scalar, ...] | None = None  # several for "in"; none for "known" and "unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a fact that is a moment, or the beginning of a day of the shop, lies from now."""

    kind: Literal["moment"] = field(default="moment", kw_only=True)
    fact: str
    op: MomentOp
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Happened:
    """Did it happen: within so long before now, after the customer entered the flow, or ever?"""

    kind: Literal["happened"] = field(default="happened", kw_only=True)
    event: str
    within: timedelta | None = None
    since_entry: bool = False


Leaf: TypeAlias = Compare | Moment | Happened
Rule: TypeAlias = AllOf | AnyOf | Not | Compare | Moment | Happened


def matches(rule: Rule, facts: Facts, now: datetime) -> bool:
    """Does the rule hold of these facts at ``now``?"""
    match rule:
        case AllOf():
            return all(matches(each, facts, now) for each in rule.rules)
        case AnyOf():
            return any(matches(each, facts, now) for each in rule.rules)
        case Not():
            return not matches(rule.rule, facts, now)
        case Compare():
            held = read(facts, rule.fact, now)
            return compares(held, rule.op, rule.value, facts.zone, is_language=rule.fact == "language")
        case Moment():
            at = moment_of(read(facts, rule.fact, now), facts.zone)
            return at is not None and _lies(rule, at, now)
        case Happened():
            return _happened(rule, facts, now)


def next_flip(rule: Rule, facts: Facts, now: datetime) -> datetime | None:
    """Return the first second after ``now`` at which time alone may change what the rule or one of its leaves answers.

    Until then nothing changes; then it may. None: not without a new fact.
    """
    return min((at for leaf in leaves(rule) for at in _turns(leaf, facts, now) if at > now), default=None)


def facts_needed(rule: Rule) -> frozenset[str]:
    """Return the names of the facts that the rule asks for; of an event ``event.<its name>``."""
    return frozenset(f"event.{leaf.event}" if isinstance(leaf, Happened) else leaf.fact for leaf in leaves(rule))


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield the rule's questions from left to right."""
    match rule:
        case AllOf() | AnyOf():
            for each in rule.rules:
                yield from leaves(each)
        case Not():
            yield from leaves(rule.rule)
        case _:
            yield rule


def _lies(rule: Moment, at: datetime, now: datetime) -> bool:
    begins, ends = _stretch(rule, at)
    return (begins is None or begins <= now) and (ends is None or now < ends)


def _stretch(rule: Moment, at: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when, and until when, the rule holds of a moment: whole seconds, so a sweep at one finds its answer.

    None: from ever, for ever.
    """
    match rule.op:
        case "within_last":
            return _second_of(at), rounded_up(at + rule.duration)
        case "longer_ago_than":
            return rounded_up(at + rule.duration), None
        case "within_next":
            return rounded_up(at - rule.duration), _second_of(at)
        case "further_than":
            return None, rounded_up(at - rule.duration)


def _happened(rule: Happened, facts: Facts, now: datetime) -> bool:
    at = facts.events.get(rule.event)
    if at is None or now < _second_of(at):
        return False
    # What brought the customer in came with the entry or before it.
    if rule.since_entry and (facts.entered_at is None or at <= facts.entered_at):
        return False
    return rule.within is None or now < rounded_up(at + rule.within)


def _turns(leaf: Leaf, facts: Facts, now: datetime) -> Iterator[datetime]:
    """Yield the seconds, past ones too, at which time alone changes what a leaf answers."""
    if isinstance(leaf, Happened):
        if at := facts.events.get(leaf.event):
            yield _second_of(at)
            if leaf.within is not None:
                yield rounded_up(at + leaf.within)
        return
    if leaf.fact in facts.ends:
        yield rounded_up(facts.ends[leaf.fact])
    if leaf.fact in ("phase", "phase_since", "band") and (where := standing(facts, now)):
        until = where.band_until if leaf.fact == "band" else where.phase_until
        if until is not None:
            yield until
    if isinstance(leaf, Moment):
        if at := moment_of(read(facts, leaf.fact, now), facts.zone):
            yield from (edge for edge in _stretch(leaf, at) if edge)
    elif leaf.fact == "score" and facts.profile is not None:
        for point in _points(leaf):
            if until := point_ends(facts.profile, facts.policy, point):
                yield until


def _points(leaf: Compare) -> set[int]:
    """Return the points of the score below which the answer may be another."""
    wanted = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    numbers = [each for each in wanted if isinstance(each, int | float)]
    points = {point for number in numbers for point in (math.ceil(number), math.floor(number) + 1)}
    return {point for point in points if 1 <= point <= 99}


def _second_of(at: datetime) -> datetime:
    """Return the second in which a moment lies: whatever just happened has happened, however soon somebody looks."""
    return at.replace(microsecond=0)
