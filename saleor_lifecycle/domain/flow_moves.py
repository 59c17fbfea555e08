"""Where people stand in a flow, and where they go when a new version of it is published."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from .flow_programs import END, Program


class People(StrEnum):
    """What becomes of those inside when a new version is published."""

    STAY = "stay"  # they finish as they began
    MOVE = "move"  # step by step
    EXIT = "exit"


class Place(NamedTuple):
    """A step of a version, by its number."""

    version: int
    step: str


class Standing(NamedTuple):
    place: Place
    people: int


class Move(NamedTuple):
    """Where those at a place would go: ``to`` a step of the new version, None to leave the flow."""

    place: Place
    people: int
    to: str | None


Choices: TypeAlias = Mapping[Place, str | None]


def plan(standing: Iterable[Standing], to: Program, choices: Choices) -> tuple[list[Move], list[tuple[str, str]]]:
    """Return who would go where, and what is wrong with the choices, by path and reason.

    Nobody has to be chosen for whose step the new version has too: there they go on.
    """
    moves, faults = [], []
    for place, people in standing:
        target = choices.get(place, place.step)
        path = f"choices[{place.version}][{place.step}]"
        if target is not None and not has_step(to, target):
            is_told = place in choices
            faults.append((path, f'there is no step "{target}" in the new version' if is_told else "say where they go"))
            continue
        moves.append(Move(place, people, target))
    return moves, faults


def has_step(flow: Program, step: str) -> bool:
    """May somebody stand there?"""
    return step == END or step in flow.steps
