"""Flows switched on, off, and to shadow; put away and brought back."""

from datetime import datetime
from enum import StrEnum

from saleor_lifecycle.domain.sending import DeferReason
from saleor_lifecycle.models import Flow, FlowMove, Message

from . import admissions
from .brands import Code, Problem
from .flow_moves import let_out


class State(StrEnum):
    ON = "on"
    OFF = "off"  # nobody enters, and who is in it stays where they are
    SHADOW = "shadow"  # on, but who enters now is decided about and not written to
    ARCHIVED = "archived"  # nobody enters


class Refused(Exception):
    """What staff asked for cannot be done with this flow; nothing was."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def state_of(flow: Flow) -> State:
    """Return how a flow is switched."""
    if flow.archived_at is not None:
        return State.ARCHIVED
    if not flow.is_on:
        return State.OFF
    return State.SHADOW if flow.is_shadow else State.ON


def switch(flow: Flow, state: State, now: datetime) -> None:
    """Switch a locked flow on, off or to shadow.

    What happens while it is off lets nobody in, then or later. Who is in it waits, and goes on where they are.
    Raises Refused.
    """
    if state is State.ARCHIVED or flow.archived_at is not None:
        raise Refused(
            Problem("state", Code.INVALID, "A flow that is put away is brought back first, and not switched.")
        )
    if state is not State.OFF and flow.version is None:
        raise Refused(Problem("state", Code.INVALID, "Publish the flow first."))
    was_live = flow.is_on and not flow.is_shadow
    was_on, flow.is_on, flow.is_shadow = flow.is_on, state is not State.OFF, state is State.SHADOW
    if flow.is_on != was_on:
        flow.switched_on_at = now if flow.is_on else None
    flow.save(update_fields=["is_on", "is_shadow", "switched_on_at"])
    if flow.version is not None:
        admissions.changed(flow.installation, flow, now)
    if flow.is_on and not was_on:
        _wake(flow, now)
    if state is State.ON and not was_live:
        admissions.let_existing_in(flow, now)


def _wake(flow: Flow, now: datetime) -> None:
    """Make due what waited because the flow was off."""
    waiting = Message.objects.filter(installation_id=flow.installation_id, enrollment__flow=flow)
    waiting.filter(state=Message.State.QUEUED, reason=DeferReason.FLOW_OFF.value).update(due_at=now)


def archive(flow: Flow, exits: bool, by: str, now: datetime) -> FlowMove | None:
    """Put a locked flow away: nobody enters. Who is in it goes on to its end, or, with ``exits``, leaves."""
    flow.archived_at = now
    if exits:
        flow.is_on, flow.switched_on_at = False, None
    flow.save(update_fields=["archived_at", "is_on", "switched_on_at"])
    if flow.version is not None:
        admissions.changed(flow.installation, flow, now)
    return let_out(flow, by, now) if exits else None


def unarchive(flow: Flow, now: datetime) -> None:
    """Bring a locked flow back, off: what happened while it was away lets nobody in."""
    flow.archived_at = None
    flow.save(update_fields=["archived_at"])
    switch(flow, State.OFF, now)
