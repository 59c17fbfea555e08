"""A rule in words, and which of its questions held for somebody; here and nowhere else, as with phases in ``why``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_currency
from babel.units import format_unit

from saleor_lifecycle.domain.comparisons import Scalar
from saleor_lifecycle.domain.rule_checks import is_day
from saleor_lifecycle.domain.rule_facts import Facts, FactType, spec
from saleor_lifecycle.domain.rules import AllOf, AnyOf, Compare, Happened, Moment, Not, Rule, matches

from .why import Speech

Values: TypeAlias = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule or one of its parts in words, whether it held, and what it is made of; a question has no parts."""

    words: str
    holds: bool
    parts: tuple["Explained", ...] = ()


def explain(rule: Rule, facts: Facts, now: datetime, speech: Speech) -> Explained:
    """Return the rule in words with what it came to for these facts at ``now``, down to each question."""
    parts = tuple(explain(each, facts, now, speech) for each in _inner(rule))
    return Explained(words(rule, speech), matches(rule, facts, now), parts)


def words(rule: Rule, speech: Speech) -> str:
    """Return the rule as a phrase: ``2 or more orders and last order more than 30 days ago``."""
    match rule:
        case AllOf():
            return _joined(rule.rules, "standard", speech) or speech.say("rule.everybody")
        case AnyOf():
            return _joined(rule.rules, "or", speech) or speech.say("rule.nobody")
        case Not():
            return speech.say("rule.not", rule=words(rule.rule, speech))
        case Compare():
            return _comparison(rule, speech)
        case Moment():
            return speech.say(f"moment.{rule.op}", fact=_fact(rule.fact, speech), duration=_long(rule.duration, speech))
        case Happened():
            return _happened(rule, speech)


def _inner(rule: Rule) -> tuple[Rule, ...]:
    match rule:
        case AllOf() | AnyOf():
            return rule.rules
        case Not():
            return (rule.rule,)
    return ()


def _joined(rules: Iterable[Rule], style: Literal["standard", "or"], speech: Speech) -> str:
    return _list((_inside(each, speech) for each in rules), style, speech)


def _inside(rule: Rule, speech: Speech) -> str:
    """Return a rule as a part of another: in brackets where it joins several itself."""
    said = words(rule, speech)
    return f"({said})" if isinstance(rule, AllOf | AnyOf) and len(rule.rules) > 1 else said


def _comparison(rule: Compare, speech: Speech) -> str:
    if rule.op in ("known", "unknown"):
        return speech.say(f"rule.{rule.op}", fact=_fact(rule.fact, speech))
    values: Values = rule.value if isinstance(rule.value, tuple) else () if rule.value is None else (rule.value,)
    type_ = _type(rule, values)
    if speech.knows(f"things.{rule.fact}"):
        return _count(rule, values, speech)
    if type_ is FactType.FLAG:
        return _flag(rule.fact, (values == (True,)) is (rule.op == "="), speech)
    said = _list((_value(rule.fact, each, type_, speech) for each in values), "or", speech)
    if rule.fact == "phase":
        return speech.say(f"phase.{rule.op}", value=said)
    manner = {FactType.NUMBER: "number", FactType.MONEY: "number", FactType.MOMENT: "day", FactType.DAY: "day"}
    return speech.say(f"{manner.get(type_, 'text')}.{rule.op}", fact=_fact(rule.fact, speech), value=said)


def _type(rule: Compare, values: Values) -> FactType:
    """Return the type of what is compared; where nobody said it, as the first value looks."""
    found = spec(rule.fact)
    if found is not None and found.type is not FactType.ANY:
        return found.type
    match values[0] if values else None:
        case bool():
            return FactType.FLAG
        case int() | float():
            return FactType.NUMBER
        case str(text) if is_day(text) and rule.op != "contains":
            return FactType.DAY
    return FactType.TEXT


def _count(rule: Compare, values: Values, speech: Speech) -> str:
    numbers = [each for each in values if isinstance(each, int | float)]
    if rule.op == "in":
        said = _list((speech.number(each) for each in numbers), "or", speech)
        return speech.say("count.in", values=said, things=speech.say(f"things.{rule.fact}", 2))
    if rule.op == "=" and numbers == [0]:
        return speech.say("count.none", things=speech.say(f"things.{rule.fact}", 2))
    return speech.say(f"count.{rule.op}", numbers[0], things=speech.say(f"things.{rule.fact}", numbers[0]))


def _flag(fact: str, is_yes: bool, speech: Speech) -> str:
    group, _, name = fact.partition(".")
    answer = "yes" if is_yes else "no"
    if group == "tag":
        return speech.say(f"tag.{answer}", name=_quoted(name, speech))
    if group == "consent":
        topic, _, channel = name.partition(".")
        by = speech.say(f"channel.{channel}") if speech.knows(f"channel.{channel}") else channel
        return speech.say(f"consent.{answer}", topic=_quoted(topic, speech), channel=by)
    return speech.say(f"rule.{answer}", fact=_fact(fact, speech))


def _value(fact: str, value: Scalar, type_: FactType, speech: Speech) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if type_ is FactType.MONEY:
            return format_currency(Decimal(str(value)), fact.rpartition(".")[2], locale=speech.locale)
        return speech.number(value)
    if type_ in (FactType.MOMENT, FactType.DAY) and is_day(value):
        return speech.day(date.fromisoformat(value))
    match fact:
        case "phase" | "band" if speech.knows(f"{fact}.{value.casefold()}"):
            return speech.say(f"{fact}.{value.casefold()}")
        case "country":
            return speech.locale.territories.get(value.upper(), value)
        case "language":
            return _language(value, speech)
    return _quoted(value, speech)


def _language(tag: str, speech: Speech) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(speech.locale) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _happened(rule: Happened, speech: Speech) -> str:
    how = ("both" if rule.since_entry else "within") if rule.within else "since" if rule.since_entry else "ever"
    event = speech.say(f"event.{rule.event}") if speech.knows(f"event.{rule.event}") else _quoted(rule.event, speech)
    return speech.say(f"happened.{how}", event=event, duration=_long(rule.within or timedelta(), speech))


def _fact(name: str, speech: Speech) -> str:
    group, _, own = name.partition(".")
    if group in ("attribute", "property"):
        return _quoted(own, speech)
    known = (f"fact.{each}" for each in (name, name.rpartition(".")[0], group))
    return next((speech.say(key) for key in known if speech.knows(key)), _quoted(name, speech))


def _long(duration: timedelta, speech: Speech) -> str:
    """Return a duration of whole seconds, in no more units than it has."""
    hours, seconds = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    units = {"day": duration.days, "hour": hours, "minute": minutes, "second": seconds}
    parts = [format_unit(n, f"duration-{unit}", "long", locale=speech.locale) for unit, n in units.items() if n]
    return format_list(parts, "standard", locale=speech.locale)


def _list(parts: Iterable[str], style: Literal["standard", "or"], speech: Speech) -> str:
    return format_list(list(parts), style, locale=speech.locale)


def _quoted(text: str, speech: Speech) -> str:
    return speech.say("rule.quoted", text=text)
