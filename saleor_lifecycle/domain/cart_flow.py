"""The abandoned-cart flow as a document: touches that count from the cart's last change."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from .flow_documents import FlowDocument
from .flow_steps import Send, Wait

ABANDONED_CART = "abandoned-cart"
"""The key of the flow that an installation begins with."""


class Touch(NamedTuple):
    """One message: ``after`` counts from the cart's last change."""

    key: str
    after: timedelta
    template: str


def cart_document(idle: timedelta, touches: Sequence[timedelta], holdout: float = 0.0) -> dict[str, Any]:
    """Return the document of an abandoned-cart flow with one message per touch."""
    last = touches[-1] if touches else timedelta()
    named = [Touch(f"touch-{number}", after, f"abandoned-cart-{number}") for number, after in enumerate(touches, 1)]
    return _document(idle, named, max(timedelta(days=7), 2 * last), "cart", holdout)


def upgraded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it is written today: of version 1 there were abandoned-cart flows alone."""
    if document.get("schema_version") != 1:
        return document
    touches = [Touch(step["key"], timedelta(seconds=step["after"]), step["template"]) for step in document["steps"]]
    idle = timedelta(seconds=document["trigger"]["idle"])
    return _document(idle, touches, timedelta(seconds=document["ends"]), document["topic"], 0.0)


def touches(document: FlowDocument) -> list[Touch]:
    """Return the touches of a cart flow that is made as above; what else it may hold is left out."""
    return [
        Touch(send.key, wait.duration, send.template)
        for wait, send in itertools.pairwise(document.steps)
        if isinstance(wait, Wait) and isinstance(send, Send)
    ]


def _document(idle: timedelta, touches: Sequence[Touch], ends: timedelta, topic: str, holdout: float) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    before = None
    for touch in touches:
        wait = {"key": f"wait-{touch.key}", "kind": "wait", "duration": _text(touch.after), "since": "anchor"}
        if before is not None:
            # After an outage later touches keep their distance instead of leaving together.
            wait["apart"] = _text(touch.after - before)
        steps += [wait, {"key": touch.key, "kind": "send", "template": touch.template}]
        before = touch.after
    return {
        "schema_version": 2,
        "topic": topic,
        "trigger": {"kind": "cart_idle", "idle": _text(idle)},
        "steps": steps,
        "ends": _text(ends),
        "holdout": holdout,
    }


def _text(duration: timedelta) -> str:
    """Return a duration by ISO 8601, in seconds."""
    return f"PT{int(duration.total_seconds())}S"
