"""The versions of flows: published and never changed; what came when, from whom; the abandoned-cart flow's delays."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max

from saleor_lifecycle.domain import named_flows
from saleor_lifecycle.domain.cart_flow import ABANDONED_CART
from saleor_lifecycle.domain.flow_diff import Change, changes
from saleor_lifecycle.models import Flow, FlowVersion
from saleor_lifecycle.models.documents import DocumentError, Fault
from saleor_lifecycle.models.flow_documents import FLOWS, read_program, written

from . import admissions, flow_checks
from .flow_switches import State, switch


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


def change_cart_flow(
    installation_id: int, is_on: bool | None, idle: timedelta | None, delays: Sequence[timedelta] | None, now: datetime
) -> Flow:
    """Switch the abandoned-cart flow, and publish a new version of it where its delays change; None leaves as it is.

    Who is in the flow keeps the version that they entered by, and a cart that is watched keeps its moment until it
    changes. Raises DocumentError, changing nothing, for delays that make no flow, and for a flow that holds more than
    touches: it would lose the rest.
    """
    flow = (
        Flow.objects.select_related("version")
        .select_for_update(of=("self",), no_key=True)
        .get(installation_id=installation_id, key=ABANDONED_CART)
    )
    if flow.version is not None and (idle is not None or delays is not None):
        document = _with_delays(flow.version, idle, delays)
        if flow_checks.read(installation_id, flow.key, document) != flow.version.value().document:
            publish(flow, document, now)
    if is_on is not None and flow.is_on != is_on:
        switch(flow, State.ON if is_on else State.OFF, now)
    return flow


def _with_delays(version: FlowVersion, idle: timedelta | None, delays: Sequence[timedelta] | None) -> dict[str, Any]:
    """Return a cart flow's document with other delays. Raises DocumentError where they make none."""
    held = named_flows.settings(ABANDONED_CART, version.value().document)
    if held is None:
        raise DocumentError([Fault("trigger", "the flow holds more than delays: change it as a flow")])
    was, *touches = held.delays
    wanted = touches if delays is None else delays
    if not wanted:
        raise DocumentError([Fault("steps", "a flow needs at least one")])
    if any(later <= earlier for earlier, later in itertools.pairwise(wanted)):
        raise DocumentError([Fault("steps", "each has to come later than the one before")])
    return named_flows.document(ABANDONED_CART, replace(held, delays=(was if idle is None else idle, *wanted)))
