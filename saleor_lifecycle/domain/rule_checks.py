"""What the types of a rule cannot say: whether its facts exist, and whether what it asks of them makes sense."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from .comparisons import Scalar
from .rule_facts import EVENTS, FactType, Spec, spec
from .rules import AllOf, AnyOf, Compare, Happened, Moment, Not, Rule, leaves
from .values import LONGEST, Attribute, Type

MOST_LEVELS = 10
MOST_LEAVES = 100
MOST_VALUES = 500
LONGEST_DURATION = timedelta(days=3650)
Found: TypeAlias = tuple[str, str]

_ANY_ORDER = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "known", "unknown"})
_WORDS = frozenset({"=", "!=", "in", "contains", "known", "unknown"})
OPS: Mapping[FactType, frozenset[str]] = {
    FactType.NUMBER: _ANY_ORDER,
    FactType.MONEY: _ANY_ORDER,
    FactType.TEXT: _WORDS,
    FactType.LANGUAGE: _WORDS - {"contains"},
    FactType.FLAG: frozenset({"=", "!=", "known", "unknown"}),
    FactType.CHOICE: _WORDS - {"contains"},
    FactType.MOMENT: _ANY_ORDER,
    FactType.DAY: _ANY_ORDER,
    FactType.ANY: _ANY_ORDER | _WORDS,
}
"""How a fact of each type may be compared."""
_TYPES = {
    Type.TEXT: FactType.TEXT,
    Type.NUMBER: FactType.NUMBER,
    Type.DATE: FactType.DAY,
    Type.BOOLEAN: FactType.FLAG,
    Type.CHOICE: FactType.CHOICE,
    Type.PHONE: FactType.TEXT,
}


def faults(rule: Rule, path: str = "", attributes: Mapping[str, Attribute] | None = None) -> list[Found]:
    """Return what is wrong with the rule that stands at ``path``: each place with its reason.

    ``attributes``: the shop's, by name; without them a rule may ask for any.
    """
    found = []
    # First, because it does not call itself: how deep a rule is may be anybody's choice.
    if _levels(rule) > MOST_LEVELS:
        return [(path, f"is nested deeper than {MOST_LEVELS} levels")]
    if sum(1 for _ in leaves(rule)) > MOST_LEAVES:
        found.append((path, f"asks more than {MOST_LEAVES} questions"))
    return [*found, *_faults(rule, path, attributes)]


def spec_of(name: str, attributes: Mapping[str, Attribute] | None) -> Spec | None:
    """Return what is known of a fact, of an attribute as the shop has typed it."""
    attribute = name.removeprefix("attribute.")
    if attributes is None or attribute == name:
        return spec(name)
    held = attributes.get(attribute)
    return Spec(_TYPES[held.type], held.choices) if held else None


def below(path: str, name: str) -> str:
    """Return the path of what stands under a name."""
    return f"{path}.{name}" if path else name


def _levels(rule: Rule) -> int:
    levels, row = 0, [rule]
    while row and levels <= MOST_LEVELS:
        levels += 1
        row = [inner for each in row for inner in _inner(each)]
    return levels


def _inner(rule: Rule) -> tuple[Rule, ...]:
    match rule:
        case AllOf() | AnyOf():
            return rule.rules
        case Not():
            return (rule.rule,)
    return ()


def _faults(rule: Rule, path: str, attributes: Mapping[str, Attribute] | None) -> Iterator[Found]:
    match rule:
        case AllOf() | AnyOf():
            for number, each in enumerate(rule.rules):
                yield from _faults(each, below(path, f"rules[{number}]"), attributes)
        case Not():
            yield from _faults(rule.rule, below(path, "rule"), attributes)
        case Compare():
            yield from _of_comparison(rule, path, spec_of(rule.fact, attributes))
        case Moment():
            found = spec_of(rule.fact, attributes)
            if found is None:
                yield below(path, "fact"), "is not known"
            elif found.type not in (FactType.MOMENT, FactType.DAY, FactType.ANY):
                yield below(path, "fact"), f"is no moment but a {found.type}"
            if rule.duration or rule.op.startswith("within"):  # "longer ago than" no time is: it has passed
                yield from _of_duration(rule.duration, below(path, "duration"))
        case Happened():
            if rule.event not in EVENTS:
                yield below(path, "event"), f"is not one of {', '.join(EVENTS)}"
            if rule.within is not None:
                yield from _of_duration(rule.within, below(path, "within"))


def _of_comparison(rule: Compare, path: str, found: Spec | None) -> Iterator[Found]:
    if found is None:
        yield below(path, "fact"), "is not known"
        return
    if rule.op not in OPS[found.type]:
        yield below(path, "op"), f"does not fit a {found.type}"
        return
    value, at = rule.value, below(path, "value")
    if rule.op in ("known", "unknown"):
        if value is not None:
            yield at, f'is not wanted with "{rule.op}"'
    elif rule.op == "in":
        if not isinstance(value, tuple) or not 1 <= len(value) <= MOST_VALUES:
            yield at, f'has to be a list of 1 to {MOST_VALUES} with "in"'
        else:
            for number, each in enumerate(value):
                yield from _of_value(each, found, f"{at}[{number}]")
    elif value is None or isinstance(value, tuple):
        yield at, "has to be one value"
    elif rule.op == "contains":
        yield from _of_value(value, Spec(FactType.TEXT), at)
    else:
        yield from _of_value(value, found, at)


def _of_value(value: Scalar, found: Spec, path: str) -> Iterator[Found]:
    match found.type:
        case FactType.NUMBER | FactType.MONEY:
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield path, "has to be a number"
        case FactType.FLAG:
            if not isinstance(value, bool):
                yield path, "has to be true or false"
        case FactType.CHOICE:
            if not isinstance(value, str) or value.casefold() not in {each.casefold() for each in found.choices}:
                yield path, f"is not one of {', '.join(found.choices)}"
        case FactType.MOMENT | FactType.DAY:
            if not isinstance(value, str) or not is_day(value):
                yield path, "has to be a day such as 2026-03-11"
        case FactType.TEXT | FactType.LANGUAGE:
            if not isinstance(value, str) or not 1 <= len(value) <= LONGEST:
                yield path, f"has to be a text of 1 to {LONGEST} characters"
    if isinstance(value, int | float) and not math.isfinite(value):
        yield path, "has to be finite"


def _of_duration(duration: timedelta, path: str) -> Iterator[Found]:
    if duration.microseconds or not timedelta(seconds=1) <= duration <= LONGEST_DURATION:
        yield path, f"has to be whole seconds, at least one and at most {LONGEST_DURATION.days} days"


def is_day(text: str) -> bool:
    """Is it a day by ISO 8601: ``2026-03-11``?"""
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
