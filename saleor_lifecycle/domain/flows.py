"""Flows: ``decide`` says what one enrollment does next. The document of a version is plain JSON, validated here."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class FlowDocumentError(ValueError):
    """A document that cannot be published; the text names the path and the reason."""


class ExitReason(StrEnum):
    ORDERED = "ordered"
    CART_EMPTIED = "cart_emptied"
    UNSUBSCRIBED = "unsubscribed"
    TOO_OLD = "too_old"
    MERGED = "merged"
    CUSTOMER_GONE = "customer_gone"


@dataclass(frozen=True, slots=True)
class Step:
    """One message: ``after`` counts from the enrollment's anchor (for carts, the last change of the cart)."""

    key: str
    after: timedelta
    template: str


@dataclass(frozen=True, slots=True)
class FlowDocument:
    """A version of a flow that carts start once nobody has touched them for ``idle``."""

    idle: timedelta
    steps: tuple[Step, ...]
    topic: str
    channel: str
    ends: timedelta  # counted from the anchor; nothing is useful after it


@dataclass(frozen=True, slots=True)
class EnrollmentState:
    entered_at: datetime
    next_step: int
    last_step_at: datetime | None  # when the step before was queued


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """What an enrollment's decision rests on, as stored at this moment."""

    anchor_at: datetime
    is_cart_empty: bool
    is_cart_ordered: bool
    last_placed_at: datetime | None  # the person's last order, paid or not
    is_unsubscribed: bool
    is_gone: bool  # the account was deleted


@dataclass(frozen=True, slots=True)
class Exit:
    reason: ExitReason


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime


@dataclass(frozen=True, slots=True)
class SendStep:
    step: Step


@dataclass(frozen=True, slots=True)
class Finish:
    pass


def decide(
    version: FlowDocument, enrollment: EnrollmentState, facts: FlowFacts, now: datetime
) -> Exit | Wait | SendStep | Finish:
    """Return what the enrollment does at ``now``: leave, wait until a moment, send its next step, or end."""
    if reason := _exit_reason(facts):
        return Exit(reason)
    if enrollment.next_step >= len(version.steps):
        return Finish()
    if now >= facts.anchor_at + version.ends:
        return Exit(ExitReason.TOO_OLD)
    step = version.steps[enrollment.next_step]
    due = facts.anchor_at + step.after
    if enrollment.last_step_at is not None:
        # After an outage later touches keep their distance instead of leaving together.
        distance = step.after - version.steps[enrollment.next_step - 1].after
        due = max(due, enrollment.last_step_at + distance)
    return SendStep(step) if now >= due else Wait(due)


def passed_over(
    version: FlowDocument, enrollment: EnrollmentState, due_at: datetime, until: datetime
) -> tuple[tuple[Step, ...], EnrollmentState]:
    """Return the steps that came due from ``due_at`` until a moment, and the state with them done without sending.

    They count as done when they came due, so a step that is left out here came due later whatever happened meanwhile:
    a cart that changed, or a worker that was late, only puts it off.
    """
    steps: list[Step] = []
    number, done_at = enrollment.next_step, enrollment.last_step_at
    while number < len(version.steps) and due_at <= until:
        steps.append(version.steps[number])
        done_at = due_at
        number += 1
        if number < len(version.steps):
            due_at += version.steps[number].after - version.steps[number - 1].after
    return tuple(steps), EnrollmentState(enrollment.entered_at, number, done_at)


def _exit_reason(facts: FlowFacts) -> ExitReason | None:
    if facts.is_gone:
        return ExitReason.CUSTOMER_GONE
    if facts.is_cart_ordered or (facts.last_placed_at is not None and facts.last_placed_at >= facts.anchor_at):
        return ExitReason.ORDERED
    if facts.is_cart_empty:
        return ExitReason.CART_EMPTIED
    if facts.is_unsubscribed:
        return ExitReason.UNSUBSCRIBED
    return None


def cart_document(idle: timedelta, touches: tuple[timedelta, ...]) -> dict[str, Any]:
    """Return the document of an abandoned-cart flow with one message per touch."""
    return {
        "schema_version": 1,
        "trigger": {"kind": "cart_idle", "idle": _seconds(idle)},
        "topic": "cart",
        "channel": "email",
        "steps": [
            {"key": f"touch-{number}", "after": _seconds(after), "template": f"abandoned-cart-{number}"}
            for number, after in enumerate(touches, 1)
        ],
        "ends": _seconds(max(timedelta(days=7), 2 * touches[-1])),
    }


def read_document(document: Mapping[str, Any]) -> FlowDocument:
    """Return the flow version that a document describes. Raises FlowDocumentError, naming path and reason."""
    if _get(document, "schema_version", int) != 1:
        raise FlowDocumentError("schema_version: only 1 is known")
    trigger = _get(document, "trigger", dict)
    if trigger.get("kind") != "cart_idle":
        raise FlowDocumentError("trigger.kind: only cart_idle is known")
    steps = tuple(
        Step(
            _name(step, "key", f"steps[{number}]."),
            _duration(step, "after", f"steps[{number}]."),
            _name(step, "template", f"steps[{number}]."),
        )
        for number, step in enumerate(_get(document, "steps", list))
    )
    if not steps:
        raise FlowDocumentError("steps: a flow needs at least one")
    if len({step.key for step in steps}) < len(steps):
        raise FlowDocumentError("steps: two have the same key")
    if any(later.after <= earlier.after for earlier, later in itertools.pairwise(steps)):
        raise FlowDocumentError("steps: each has to come later than the one before")
    ends = _duration(document, "ends", "")
    if ends <= steps[-1].after:
        raise FlowDocumentError("ends: has to come later than the last step")
    idle = _duration(trigger, "idle", "trigger.")
    return FlowDocument(idle, steps, _name(document, "topic", ""), _name(document, "channel", ""), ends)


def _get(document: Mapping[str, Any], name: str, kind: type, path: str = "") -> Any:
    if not isinstance(document, Mapping) or not isinstance(document.get(name), kind):
        raise FlowDocumentError(f"{path}{name}: is missing or not {kind.__name__}")
    return document[name]


def _name(document: Mapping[str, Any], name: str, path: str) -> str:
    text = str(_get(document, name, str, path))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", text):
        raise FlowDocumentError(f"{path}{name}: use up to 60 small letters, digits and hyphens")
    return text


def _duration(document: Mapping[str, Any], name: str, path: str) -> timedelta:
    seconds = _get(document, name, int, path)
    if isinstance(seconds, bool) or not 0 < seconds <= 400 * 86400:
        raise FlowDocumentError(f"{path}{name}: give seconds, more than 0 and at most 400 days")
    return timedelta(seconds=seconds)


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
