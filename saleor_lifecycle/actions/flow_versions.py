"""The versions of flows: published and never changed; what came when, from whom."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max

from saleor_lifecycle.domain.flow_diff import Change, changes
from saleor_lifecycle.models import Flow, FlowVersion
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.flow_documents import FLOWS, read_program, written

from . import admissions, flow_checks


class Published(NamedTuple):
    """A version and what it changed of the one before."""

    version: FlowVersion
    changes: list[Change]


def publish(flow: Flow, document: Any, now: datetime, by: str = "") -> FlowVersion:
    """Publish a document as a locked flow's next version; ``by`` is a staff member's id at Saleor.

    What it names may not be there yet, as in a shop that has just installed the app: whoever publishes for staff asks
    flow_checks.read first. Raises DocumentError, changing nothing, for what cannot be read, or would send what is
    commercial as service.
    """
    read = FLOWS.read(document)
    flow_checks.lock_templates(flow.installation_id, read)
    if refused := list(flow_checks.as_service(flow.installation_id, read)):
        raise DocumentError(refused)
    number = (flow.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = FlowVersion.objects.create(
        installation_id=flow.installation_id,
        flow=flow,
        number=number,
        document=written(read),
        published_at=now,
        published_by=by,
    )
    flow.version = version
    flow.save(update_fields=["version"])
    admissions.changed(flow.installation, flow, now)
    return version


def history(flow: Flow, first: int, before: int | None = None) -> list[Published]:
    """Return the newest versions, those below the number ``before`` alone, each with what it changed."""
    rows = flow.versions.order_by("-number")
    found = list((rows if before is None else rows.filter(number__lt=before))[: first + 1])
    documents = [shown(version) for version in found] + [{}]
    return [
        Published(version, changes(documents[place + 1], documents[place]))
        for place, version in enumerate(found[:first])
    ]


def shown(version: FlowVersion) -> dict[str, Any]:
    """Return a version's document as documents are written today."""
    return written(read_program(version.document).document)
