"""Flows as files, so that they may live in a repository: given out, compared, and applied one by one.

A file holds a flow's name and what it publishes. Whether it is on does not stand there: a flow that staff switched off
in trouble stays off whatever is applied, and one that is new begins off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from saleor_lifecycle.domain.flow_checks import is_key
from saleor_lifecycle.domain.flow_diff import Change, How, changes
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flow_moves import People, Standing, plan
from saleor_lifecycle.domain.flow_programs import program
from saleor_lifecycle.models import Flow
from saleor_lifecycle.models.documents import DocumentError, Fault
from saleor_lifecycle.models.flow_documents import FLOWS, written

from . import flow_checks, flow_drafts, flow_moves, flow_switches, flow_versions


class What(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    ARCHIVE = "archive"
    NOTHING = "nothing"


class FlowFile(NamedTuple):
    """What a file says: the flow's name, and its document as it stands there."""

    name: str
    document: Any


@dataclass(frozen=True, slots=True)
class Planned:
    """What applying the files would do to one flow, and who is in it."""

    key: str
    what: What
    changes: Sequence[Change] = ()
    standing: Sequence[Standing] = ()
    faults: Sequence[Fault] = ()  # with any, nothing is applied at all


def read(content: Any) -> FlowFile:
    """Return what the JSON of a file says. Raises DocumentError."""
    if not isinstance(content, dict):
        raise DocumentError([Fault("", "has to be an object")])
    faults = [Fault(name, "is not known here") for name in content if name not in FlowFile._fields]
    if "document" not in content:
        faults.append(Fault("document", "is missing"))
    if not isinstance(name := content.get("name", ""), str):
        faults.append(Fault("name", "has to be a text"))
    if faults:
        raise DocumentError(faults)
    return FlowFile(name, content["document"])


def export(installation_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield key and content of each flow that has been published and is not put away."""
    rows = Flow.objects.select_related("version").filter(installation_id=installation_id, archived_at=None)
    for flow in rows.exclude(version=None).order_by("key"):
        assert flow.version is not None
        yield flow.key, {"name": flow.name, "document": flow_versions.shown(flow.version)}


def plan_all(installation_id: int, files: Mapping[str, FlowFile], is_pruning: bool, people: People) -> list[Planned]:
    """Return by key what applying the files would do; ``is_pruning``: flows without a file are put away."""
    rows = Flow.objects.select_related("version").filter(installation_id=installation_id)
    held = {flow.key: flow for flow in rows}
    beside = beside_of(files)
    planned = [_plan(installation_id, key, one, held.get(key), beside, people) for key, one in sorted(files.items())]
    if is_pruning:
        planned += [
            Planned(key, What.ARCHIVE, standing=flow_moves.standing(flow))
            for key, flow in sorted(held.items())
            if key not in files and flow.archived_at is None
        ]
    return planned


def beside_of(files: Mapping[str, FlowFile]) -> flow_checks.Beside:
    """Return what the files bring along for one another."""
    tags: set[str] = set()
    for one in files.values():
        try:
            tags |= flow_checks.tags_given(FLOWS.read(one.document))
        except DocumentError:
            continue  # told where the file itself is looked at
    return flow_checks.Beside(files.keys(), tags)


def apply(installation_id: int, planned: Planned, files: Mapping[str, FlowFile], people: People, now: datetime) -> None:
    """Do what is planned for one flow; where it is done already, nothing.

    Raises DocumentError or Refused where meanwhile something is wrong with it.
    """
    if planned.what is What.ARCHIVE:
        flow = flow_drafts.locked(installation_id, planned.key)
        if flow.archived_at is None:
            flow_switches.archive(flow, people is People.EXIT, "", now)
    elif planned.what is not What.NOTHING:
        _bring(installation_id, planned.key, files, people, now)


def _bring(installation_id: int, key: str, files: Mapping[str, FlowFile], people: People, now: datetime) -> None:
    one = files[key]
    if not Flow.objects.filter(installation_id=installation_id, key=key).exists():
        flow_drafts.create(installation_id, key, one.name, None, now)
    flow = flow_drafts.locked(installation_id, key)
    if flow.archived_at is not None:
        flow_switches.unarchive(flow, now)
    if flow.name != one.name:
        flow_drafts.rename(flow, one.name)
    beside = beside_of(files)
    read_one = flow_checks.read(installation_id, key, one.document, beside)
    if flow.version is None or flow.version.value().document != read_one:
        flow_drafts.publish_document(flow, one.document, people, {}, "", now, beside)


def _plan(
    installation_id: int, key: str, one: FlowFile, flow: Flow | None, beside: flow_checks.Beside, people: People
) -> Planned:
    if not is_key(key):
        faults = [Fault("", "call it by the flow's key: 1 to 60 small letters, digits and hyphens")]
        return Planned(key, What.NOTHING, faults=faults)
    try:
        read_one = flow_checks.read(installation_id, key, one.document, beside)
    except DocumentError as error:
        return Planned(key, What.NOTHING, faults=[Fault(_below(path), reason) for path, reason in error.faults])
    if flow is None:
        return Planned(key, What.CREATE)
    before = {"name": flow.name, "document": flow_versions.shown(flow.version) if flow.version else {}}
    found = changes(before, {"name": one.name, "document": written(read_one)})
    if flow.archived_at is not None:
        found.append(Change("archived", How.CHANGED, True, False))
    if not found:
        return Planned(key, What.NOTHING)
    is_new = flow.version is None or flow.version.value().document != read_one
    standing = flow_moves.standing(flow)
    faults = _moving(standing, read_one) if is_new and people is People.MOVE else []
    return Planned(key, What.CHANGE, found, standing, faults)


def _moving(standing: Sequence[Standing], to: FlowDocument) -> list[Fault]:
    return [Fault(*fault) for fault in plan(standing, program(to), {})[1]]


def _below(path: str) -> str:
    return f"document.{path}" if path else "document"
