"""The places of a flow's document: each step and each rule with the path by which people and programs find it."""

from collections.abc import Iterator
from typing import NamedTuple

from .flow_documents import FlowDocument
from .flow_steps import Branch, Split, Step, WaitFor
from .flow_triggers import EventTrigger
from .rules import Rule


class Place(NamedTuple):
    """A step, such as that at ``steps[3].then[0]``; ``depth`` is 1 for those that no other holds."""

    path: str
    depth: int
    step: Step


def places(steps: tuple[Step, ...], path: str = "steps", depth: int = 1) -> Iterator[Place]:
    """Yield every step, those that others hold right behind them."""
    for number, step in enumerate(steps):
        here = f"{path}[{number}]"
        yield Place(here, depth, step)
        for name, inner in inside(step):
            yield from places(inner, f"{here}.{name}", depth + 1)


def inside(step: Step) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    """Return the lists of steps that a step holds, by what stands behind its own path."""
    match step:
        case WaitFor(then=then, otherwise=otherwise):
            return ("then", then), ("otherwise", otherwise)
        case Branch(cases=cases, otherwise=otherwise):
            return *((f"cases[{number}].then", case.then) for number, case in enumerate(cases)), (
                "otherwise",
                otherwise,
            )
        case Split(shares=shares):
            return tuple((f"shares[{number}].then", share.then) for number, share in enumerate(shares))
    return ()


def rules(document: FlowDocument) -> Iterator[tuple[str, Rule]]:
    """Yield every rule with its path."""
    if isinstance(document.trigger, EventTrigger) and document.trigger.where is not None:
        yield "trigger.where", document.trigger.where
    if document.entry.where is not None:
        yield "entry.where", document.entry.where
    for place in places(document.steps):
        match place.step:
            case WaitFor(rule=rule):
                yield f"{place.path}.rule", rule
            case Branch(cases=cases):
                yield from ((f"{place.path}.cases[{number}].when", case.when) for number, case in enumerate(cases))
    for number, exit_rule in enumerate(document.exits):
        yield f"exits[{number}].when", exit_rule.when


def nested(step: Step) -> tuple[tuple[Step, ...], ...]:
    """Return the lists of steps that a step holds."""
    return tuple(inner for _, inner in inside(step))


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield every step, those that others hold right behind them."""
    for step in steps:
        yield step
        for inner in nested(step):
            yield from walk(inner)
