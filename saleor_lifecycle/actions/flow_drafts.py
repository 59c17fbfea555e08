"""Flows as staff write them: made, copied, renamed; drafts that may be incomplete, and their publication."""

import json
from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.flow_checks import is_key
from saleor_lifecycle.domain.flow_moves import Choices, People
from saleor_lifecycle.models import Flow, FlowMove, FlowVersion

from . import flow_checks, flow_moves, flow_versions
from .brands import Code, Problem
from .flow_switches import Refused

MOST_BYTES = 256 * 1024
LONGEST_NAME = 100
MOST_FLOWS = 500


def locked(installation_id: int, key: str) -> Flow:
    """Return a flow that nobody else changes until the transaction ends; people may enter it. Raises Refused."""
    flows = Flow.objects.select_related("version").select_for_update(of=("self",), no_key=True)
    flow = flows.filter(installation_id=installation_id, key=key).first()
    if flow is None:
        raise Refused(Problem("key", Code.NOT_FOUND, "There is no such flow."))
    return flow


def create(installation_id: int, key: str, name: str, document: Any, now: datetime) -> Flow:
    """Store a new flow, off and with a draft alone. Raises Refused."""
    if not is_key(key):
        raise Refused(Problem("key", Code.INVALID, "Use 1 to 60 small letters, digits and hyphens."))
    _check_name(name)
    _check_stored(document)
    if Flow.objects.filter(installation_id=installation_id).count() >= MOST_FLOWS:
        raise Refused(Problem("key", Code.INVALID, f"There can be {MOST_FLOWS} flows at most."))
    flow, is_new = Flow.objects.get_or_create(
        installation_id=installation_id,
        key=key,
        defaults={"name": name, "is_on": False, "draft": document, "draft_at": None if document is None else now},
    )
    if not is_new:
        raise Refused(Problem("key", Code.TAKEN, "There is a flow with this key."))
    return flow


def copy(flow: Flow, key: str, name: str, now: datetime) -> Flow:
    """Store a new flow, off, whose draft is another's draft, or what that one published. Raises Refused."""
    document = flow.draft
    if document is None and flow.version is not None:
        document = flow_versions.shown(flow.version)
    return create(flow.installation_id, key, name, document, now)


def rename(flow: Flow, name: str) -> None:
    """Call a locked flow something else; its key stays. Raises Refused."""
    _check_name(name)
    flow.name = name
    flow.save(update_fields=["name"])


def save_draft(flow: Flow, document: Any, seen_at: datetime | None, now: datetime) -> None:
    """Store any JSON as a locked flow's draft, None for none; ``seen_at`` is the moment of the draft that was changed.

    Raises Refused where that is not the draft there is, or where what is given cannot be stored.
    """
    _check_seen(flow, seen_at)
    _check_stored(document)
    flow.draft, flow.draft_at = document, None if document is None else now
    flow.save(update_fields=["draft", "draft_at"])


def restore(flow: Flow, number: int, seen_at: datetime | None, now: datetime) -> None:
    """Make an old version the draft of a locked flow. Raises Refused."""
    version = flow.versions.filter(number=number).first()
    if version is None:
        raise Refused(Problem("version", Code.NOT_FOUND, "There is no such version."))
    save_draft(flow, flow_versions.shown(version), seen_at, now)


def publish(
    flow: Flow, seen_at: datetime | None, people: People, choices: Choices, by: str, now: datetime
) -> tuple[FlowVersion, FlowMove | None]:
    """Publish the draft of a locked flow, and begin to bring those inside where they go.

    Raises Refused, or DocumentError with all that is wrong with the draft or the choices.
    """
    _check_seen(flow, seen_at)
    if flow.draft is None:
        raise Refused(Problem("draft", Code.NOT_FOUND, "There is no draft."))
    published = publish_document(flow, flow.draft, people, choices, by, now)
    flow.draft = flow.draft_at = None
    flow.save(update_fields=["draft", "draft_at"])
    return published


def publish_document(
    flow: Flow,
    document: Any,
    people: People,
    choices: Choices,
    by: str,
    now: datetime,
    beside: flow_checks.Beside = flow_checks.NOTHING,
) -> tuple[FlowVersion, FlowMove | None]:
    """Publish a document as a locked flow's next version if all that it names is there. Raises DocumentError."""
    flow_checks.read(flow.installation_id, flow.key, document, beside)
    version = flow_versions.publish(flow, document, now, by)
    return version, flow_moves.begin(flow, version, people, choices, by, now)


def _check_seen(flow: Flow, seen_at: datetime | None) -> None:
    if flow.draft_at != seen_at:
        raise Refused(Problem("draft_at", Code.CHANGED, "Somebody has changed the draft meanwhile."))


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(Problem("name", Code.INVALID, f"A name has {LONGEST_NAME} characters at most, on one line."))


def _check_stored(document: Any) -> None:
    """Refuse what is too large, or what PostgreSQL's JSON does not hold: NUL, half a character, no number."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (ValueError, RecursionError):
        text, size = "", MOST_BYTES + 1
    if size > MOST_BYTES or "\\u0000" in text:
        raise Refused(
            Problem("document", Code.INVALID, f"The draft has to be JSON of at most {MOST_BYTES // 1024} kB.")
        )
