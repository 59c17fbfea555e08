"""The versions of flows: published, changed, switched on and off."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from saleor_lifecycle.domain.cart_flow import ABANDONED_CART, cart_document
from saleor_lifecycle.domain.cart_flow import touches as cart_touches
from saleor_lifecycle.domain.flow_documents import CartIdle, FlowDocument, Send, walk
from saleor_lifecycle.domain.messages import SERVICE_TOPICS, Purpose
from saleor_lifecycle.domain.sending import DeferReason
from saleor_lifecycle.models import Flow, FlowVersion, Installation, Message, Template
from saleor_lifecycle.models.flow_documents import FlowDocumentError, read_program

LONGEST = timedelta(days=400)


def publish(flow: Flow, document: dict[str, object], now: datetime) -> FlowVersion:
    """Publish a document as the flow's next version. Raises FlowDocumentError, changing nothing, if it is invalid, or
    would send what is commercial as service."""
    _refuse_as_service(flow.installation_id, read_program(document).document)
    number = (flow.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = FlowVersion.objects.create(
        installation_id=flow.installation_id, flow=flow, number=number, document=document, published_at=now
    )
    flow.version = version
    flow.save(update_fields=["version"])
    return version


def add_cart_flow(installation: Installation, seconds: Iterable[int], now: datetime) -> Flow:
    """Give an installation its abandoned-cart flow, if it has none; ``seconds`` are the idle time, then the touches."""
    # It is on from the beginning: there is nothing before that could let anybody in too late.
    flow, is_new = Flow.objects.get_or_create(installation=installation, key=ABANDONED_CART)
    if is_new:
        idle, *touches = (timedelta(seconds=value) for value in seconds)
        publish(flow, cart_document(idle, tuple(touches)), now)
    return flow


def change_cart_flow(
    installation_id: int, is_on: bool | None, idle: timedelta | None, touches: Sequence[timedelta] | None, now: datetime
) -> Flow:
    """Switch the abandoned-cart flow, and publish a new version of it where its delays change; None leaves as it is.

    Who is in the flow keeps the version that they entered by, and a cart that is watched keeps its moment until it
    changes. Raises FlowDocumentError, changing nothing, for delays that make no flow.
    """
    flow = (
        Flow.objects.select_related("version")
        .select_for_update(of=("self",))
        .get(installation_id=installation_id, key=ABANDONED_CART)
    )
    held = flow.version
    if held is not None and (idle is not None or touches is not None):
        was = held.value().document
        if not isinstance(was.trigger, CartIdle):
            raise FlowDocumentError("trigger: is not that of a cart")
        after = [touch.after for touch in cart_touches(was)] if touches is None else touches
        document = _checked(installation_id, was.trigger.idle if idle is None else idle, after, was.holdout)
        if read_program(document).document != was:
            publish(flow, document, now)
    if is_on is not None and flow.is_on != is_on:
        flow.is_on = is_on
        flow.switched_on_at = now if is_on else None
        flow.save(update_fields=["is_on", "switched_on_at"])
        if is_on:
            _wake(flow, now)
    return flow


def _wake(flow: Flow, now: datetime) -> None:
    """Make due what waited because the flow was off."""
    waiting = Message.objects.filter(installation_id=flow.installation_id, enrollment__flow=flow)
    waiting.filter(state=Message.State.QUEUED, reason=DeferReason.FLOW_OFF.value).update(due_at=now)


def _checked(installation_id: int, idle: timedelta, touches: Sequence[timedelta], holdout: float) -> dict[str, object]:
    """Return the document of a cart flow that can run: its messages exist, and it is not over before it begins."""
    if not touches:
        raise FlowDocumentError("steps: a flow needs at least one")
    for path, some in (("trigger.idle", [idle]), ("steps", touches)):
        if any(not timedelta() < one <= LONGEST for one in some):
            raise FlowDocumentError(f"{path}: give seconds, more than 0 and at most 400 days")
    if any(later <= earlier for earlier, later in itertools.pairwise(touches)):
        raise FlowDocumentError("steps: each has to come later than the one before")
    document = cart_document(idle, touches, holdout)
    flow = read_program(document).document
    if flow.ends is None or flow.ends > LONGEST:
        raise FlowDocumentError("ends: give seconds, more than 0 and at most 400 days")
    if idle >= flow.ends:
        raise FlowDocumentError("trigger.idle: has to be over before the flow is")
    rows = Template.objects.filter(installation_id=installation_id, archived_at=None).exclude(variants=None)
    there = set(rows.values_list("key", flat=True))
    if missing := [key for key in _templates(flow) if key not in there]:
        raise FlowDocumentError(f"steps: there is no message {missing[0]}")
    return document


def _templates(flow: FlowDocument) -> list[str]:
    return [step.template for step in walk(flow.steps) if isinstance(step, Send)]


def _refuse_as_service(installation_id: int, flow: FlowDocument) -> None:
    """Refuse a flow under a topic of service that would send something commercial. Locks its templates, so that none
    becomes commercial or goes meanwhile."""
    keys = _templates(flow)
    rows = Template.objects.select_for_update(no_key=True).filter(installation_id=installation_id, key__in=keys)
    purposes = dict(rows.order_by("id").values_list("key", "purpose"))
    if flow.topic in SERVICE_TOPICS:
        for key in keys:
            if purposes.get(key) == Purpose.COMMERCIAL:
                raise FlowDocumentError(f"topic: {key} is a commercial message, so it cannot go out as {flow.topic}")
