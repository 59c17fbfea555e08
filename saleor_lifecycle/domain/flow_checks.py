"""What is wrong with a flow's document beyond what its types say: by path, in words for the merchant."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeAlias

from . import happenings
from .flow_documents import FlowDocument
from .flow_places import Place, inside, places, rules
from .flow_steps import Act, Step, Wait
from .flow_triggers import CartIdle, DateTrigger, EventTrigger, ScheduleTrigger, Trigger
from .rule_checks import faults as rule_faults
from .step_checks import LONGEST, Found, of_code, of_duration, of_step, of_weekdays
from .values import Attribute

MOST_STEPS = 200
MOST_LEVELS = 10
MOST_EXITS = 20
MOST_HOLDOUT = 0.5
MOST_PER_HOUR = 100_000
DATES = ("loss_at", "next_order_at")
KEY = re.compile(r"[a-z0-9-]{1,60}")

Attributes: TypeAlias = Mapping[str, Attribute]


def faults(document: FlowDocument, key: str = "", attributes: Attributes | None = None) -> list[Found]:
    """Return what keeps the document from being published as the flow of that key.

    ``attributes``: the shop's, by name; without them rules may ask for any.
    """
    found = [place for place in places(document.steps)]
    if len(found) > MOST_STEPS or not found:
        return [("steps", f"a flow has 1 to {MOST_STEPS} steps")]
    if any(place.depth > MOST_LEVELS for place in found):
        deep = next(place for place in found if place.depth > MOST_LEVELS)
        return [(deep.path, f"steps stand in one another at most {MOST_LEVELS} deep")]
    return [
        *_of_trigger(document.trigger),
        *_of_entry(document),
        *_of_keys(found),
        *(fault for place in found for fault in of_step(place.path, place.step, key)),
        *_of_order(document.steps),
        *_of_whole(document, found),
        *(fault for path, rule in rules(document) for fault in rule_faults(rule, path, attributes)),
    ]


def is_key(text: str) -> bool:
    """May a flow or a step be called so?"""
    return KEY.fullmatch(text) is not None


def _of_trigger(trigger: Trigger) -> Iterator[Found]:
    match trigger:
        case CartIdle(idle=idle):
            yield from of_duration("trigger.idle", idle)
        case EventTrigger(event=event) if event not in happenings.EVENTS:
            yield "trigger.event", f"is not one of {', '.join(happenings.EVENTS)}"
        case DateTrigger(date=date, offset=offset):
            if date not in DATES and not re.fullmatch(r"attribute\..{1,100}", date):
                yield "trigger.date", f"is not one of {', '.join(DATES)}, attribute.<name>"
            if abs(offset) > LONGEST or offset.microseconds:
                yield "trigger.offset", f"give whole seconds, at most {LONGEST.days} days before or after"
        case ScheduleTrigger(weekdays=weekdays, days_of_month=days):
            yield from of_weekdays("trigger.weekdays", weekdays)
            yield from (
                (f"trigger.days_of_month[{number}]", "give a day of the month, 1 to 31")
                for number, day in enumerate(days)
                if not 1 <= day <= 31
            )


def _of_entry(document: FlowDocument) -> Iterator[Found]:
    entry = document.entry
    if entry.again_after is not None:
        yield from of_duration("entry.again_after", entry.again_after)
        if entry.per != "customer":
            yield "entry.again_after", "counts only where the flow is entered per customer"
    if entry.existing_per_hour is not None and not 1 <= entry.existing_per_hour <= MOST_PER_HOUR:
        yield "entry.existing_per_hour", f"give 1 to {MOST_PER_HOUR}"


def _of_keys(found: Iterable[Place]) -> Iterator[Found]:
    first: dict[str, str] = {}
    for place in found:
        if not is_key(place.step.key):
            yield f"{place.path}.key", "use 1 to 60 small letters, digits and hyphens"
        elif place.step.key in first:
            yield f"{place.path}.key", f"{first[place.step.key]} has the same key"
        else:
            first[place.step.key] = place.path


def _of_order(steps: tuple[Step, ...]) -> Iterator[Found]:
    """Yield waits from the anchor that lie before one that the customer may have behind them there."""

    def through(some: tuple[Step, ...], path: str, latest: timedelta) -> timedelta:
        for number, step in enumerate(some):
            here = f"{path}[{number}]"
            if isinstance(step, Wait) and step.since == "anchor":
                if step.duration <= latest:
                    found.append((f"{here}.duration", "each has to come later than the one before"))
                latest = max(latest, step.duration)
            latest = max([latest, *(through(inner, f"{here}.{name}", latest) for name, inner in inside(step))])
        return latest

    found: list[Found] = []
    through(steps, "steps", timedelta())
    yield from found


def _of_whole(document: FlowDocument, found: Iterable[Place]) -> Iterator[Found]:
    if not any(isinstance(place.step, Act) for place in found):
        yield "steps", "a flow needs a step that does something, such as a message"
    if len(document.exits) > MOST_EXITS:
        yield "exits", f"give {MOST_EXITS} at most"
    for number, exit_rule in enumerate(document.exits):
        yield from of_code(f"exits[{number}].reason", exit_rule.reason)
    yield from _of_end(document, found)
    yield from of_duration("goal.within", document.goal.within)
    if document.goal.event != "order_placed":
        yield "goal.event", "has to be order_placed: nothing else is counted yet"
    if not 0 <= document.holdout <= MOST_HOLDOUT:
        yield "holdout", f"give a share of 0 to {MOST_HOLDOUT}"
    if not 0 <= document.priority <= 100:
        yield "priority", "give 0 to 100"


def _of_end(document: FlowDocument, found: Iterable[Place]) -> Iterator[Found]:
    if document.ends is None:
        return
    yield from of_duration("ends", document.ends)
    steps = [place.step for place in found]
    if any(isinstance(step, Wait) and step.since == "anchor" and step.duration >= document.ends for step in steps):
        yield "ends", "has to come later than the last step"
    if isinstance(document.trigger, CartIdle) and document.trigger.idle >= document.ends:
        yield "trigger.idle", "has to be over before the flow is"
