"""A flow's document as it runs: its steps by their keys, and what comes after each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from .flow_documents import FlowDocument
from .flow_places import nested
from .flow_steps import Send, Split, Step, Wait

END = ""
"""Where an enrollment stands that has every step behind it."""


@dataclass(frozen=True, slots=True)
class Program:
    """A document with its steps by their keys, and what comes after each."""

    document: FlowDocument
    first: str
    steps: Mapping[str, Step]
    after: Mapping[str, str]


def program(document: FlowDocument) -> Program:
    """Return the document as it runs."""
    steps: dict[str, Step] = {}
    after: dict[str, str] = {}

    def lay(some: tuple[Step, ...], behind: str) -> None:
        for place, step in enumerate(some, 1):
            steps[step.key], after[step.key] = step, into(some[place:], behind)
            for inner in nested(step):
                lay(inner, after[step.key])

    lay(document.steps, END)
    return Program(document, into(document.steps, END), steps, after)


def into(steps: tuple[Step, ...], behind: str) -> str:
    """Return the key of the first of some steps; of none, that of what comes behind them."""
    return steps[0].key if steps else behind


def useful(flow: Program, step_key: str, anchor_at: datetime, queued_at: datetime) -> tuple[datetime, datetime | None]:
    """Return from when until when the message of a step is of use; a cart that changes moves its anchor."""
    step = flow.steps.get(step_key)
    begins = anchor_at + max(
        (
            one.duration
            for one in _before(flow.document.steps, step_key)
            if isinstance(one, Wait) and one.since == "anchor"
        ),
        default=timedelta(),
    )
    ends = [anchor_at + flow.document.ends] if flow.document.ends is not None else []
    if isinstance(step, Send) and step.useful_for is not None:
        ends.append(queued_at + step.useful_for)
    return begins, min(ends, default=None)


def _before(steps: tuple[Step, ...], key: str) -> tuple[Step, ...]:
    """Return the steps that somebody who stands at a step has come through; none when it is not among them."""
    for number, step in enumerate(steps):
        if step.key == key:
            return steps[:number]
        for inner in nested(step):
            if any(one.key == key for one in inner) or _before(inner, key):
                return (*steps[:number], step, *_before(inner, key))
    return ()


def share(step: Split, key: str) -> int:
    """Return the number of the share that a key falls into."""
    digest = sha256(f"split\n{step.key}\n{key}".encode()).digest()
    point = int.from_bytes(digest[:8]) * sum(share.weight for share in step.shares) >> 64
    for number, share in enumerate(step.shares):
        point -= share.weight
        if point < 0:
            return number
    return len(step.shares) - 1
