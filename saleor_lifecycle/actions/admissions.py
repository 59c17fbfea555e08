"""Walks through the customers who are there already, whom a flow lets in at its pace; the moments of schedules."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from saleor_lifecycle.domain.entries import pace
from saleor_lifecycle.domain.flow_triggers import CalledTrigger, DateTrigger, PhaseTrigger, ScheduleTrigger, Trigger
from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.domain.schedules import next_run
from saleor_lifecycle.models import Admission, Customer, Flow, Installation, PhaseChange

from . import entries, identities, occasions
from .entries import Candidate

BLOCK = 500
LEAST = 50
"""Of those who are lost, looked at in one block: more than may enter at once are not locked."""
HOUR = timedelta(hours=1)
LATE = timedelta(minutes=1)
"""A look that comes later finds that nobody was there to look."""


class Existing(NamedTuple):
    """Whom a flow finds when it is switched on: ``people`` whom it may let in, so many of them in an hour."""

    people: int
    per_hour: int


class _Place(NamedTuple):
    """Where a walk comes by: a customer, and when they were lost where it goes by that."""

    customer_id: int
    lost_at: datetime | None = None


class NothingToGoBy(Exception):
    """What starts the flow happens once: nobody stands in it, so nobody who is there already can be let in by it."""


def changed(installation: Installation, flow: Flow, now: datetime) -> None:
    """Make a flow ready to let people in: for whoever switched it, gave it a version, or archived it."""
    trigger = _trigger(flow)
    if flow.archived_at is not None or not isinstance(trigger, DateTrigger | PhaseTrigger):
        occasions.drop(flow)
    if flow.archived_at is not None:
        Admission.objects.filter(flow=flow, due_at__isnull=False).update(due_at=None, stopped_at=now)
    is_running = flow.is_on and flow.archived_at is None
    flow.runs_at = None
    if is_running and isinstance(trigger, ScheduleTrigger):
        flow.runs_at = next_run(trigger, now, ZoneInfo(installation.time_zone))
    flow.save(update_fields=["runs_at"])
    if is_running and isinstance(trigger, DateTrigger):
        key = f"dates:{now.isoformat()}"
        walks = Admission.objects.filter(flow=flow, kind=Admission.Kind.DATES, due_at__isnull=False)
        walks.exclude(key=key).update(due_at=None)
        _begin(flow, Admission.Kind.DATES, key, now)


def start(flow: Flow, now: datetime, per_hour: int | None = None) -> Admission:
    """Begin to let in those who are there already, so many in an hour; else at the flow's own pace.

    Raises NothingToGoBy.
    """
    trigger = _trigger(flow)
    if not isinstance(trigger, PhaseTrigger | ScheduleTrigger | CalledTrigger) and not _is_of_loss(trigger):
        raise NothingToGoBy
    return _begin(flow, Admission.Kind.CUSTOMERS, f"admission:{uuid4()}", now, per_hour)


def let_existing_in(flow: Flow, now: datetime) -> None:
    """Begin to let in those who are there already where a flow that was switched on takes them.

    A walk that was under way ends: it knows nothing of who came to stand there since. Who has entered does not again.
    """
    if flow.version is None or not flow.version.value().document.entry.takes_existing:
        return
    held = Admission.objects.filter(flow=flow, kind=Admission.Kind.CUSTOMERS, due_at__isnull=False)
    held.update(due_at=None, stopped_at=now)
    start(flow, now)


def look_again(installation_id: int, now: datetime) -> None:
    """Have the flows that are on look anew for who is there already: an import is over, or what counts has changed."""
    live = Flow.objects.filter(installation_id=installation_id, is_on=True, is_shadow=False, archived_at=None)
    for flow in live.select_related("version").order_by("id"):
        let_existing_in(flow, now)


def existing(flow: Flow, now: datetime) -> Existing | None:
    """Return whom switching a flow on would find; None of one that takes nobody who is there already."""
    if flow.version is None or not flow.version.value().document.entry.takes_existing:
        return None
    there = _there(flow, now)
    return Existing(there, pace(flow.version.value().document.entry.existing_per_hour, there))


def stop(installation_id: int, public_id: UUID, now: datetime) -> Admission | None:
    """End a walk where it stands; return it, or None where there is none."""
    row = Admission.objects.select_for_update().filter(installation_id=installation_id, public_id=public_id).first()
    if row is not None and row.due_at is not None:
        row.due_at, row.stopped_at = None, now
        row.save(update_fields=["due_at", "stopped_at"])
    return row


def run_schedules(installation: Installation, now: datetime) -> int:
    """Begin a walk for each schedule whose moment has come, once for that moment; return how many.

    Moments that nobody was there to see are one: the first of them.
    """
    due = Flow.objects.filter(installation=installation, is_on=True, archived_at=None, runs_at__lte=now)
    flows = list(due.select_related("version").select_for_update(skip_locked=True, of=("self",)).order_by("id"))
    for flow in flows:
        trigger, moment = _trigger(flow), flow.runs_at
        assert moment is not None
        flow.runs_at = None
        if isinstance(trigger, ScheduleTrigger):
            _begin(flow, Admission.Kind.CUSTOMERS, f"schedule:{moment.isoformat()}", now)
            flow.runs_at = next_run(trigger, now, ZoneInfo(installation.time_zone))
        flow.save(update_fields=["runs_at"])
    return len(flows)


def walk(installation: Installation, now: datetime) -> bool:
    """Look at the next customers of a walk that is due; return whether there was one. Others' are passed over.

    The block and its place are one transaction: killed anywhere, it goes on there.
    """
    due = Admission.objects.filter(installation=installation, due_at__lte=now, flow__is_on=True)
    ready = due.filter(flow__archived_at=None, flow__version__isnull=False).select_related("flow__version")
    row = ready.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id").first()
    if row is None:
        return False
    _walk_on(installation, row, math.ceil(row.per_hour / 60), now)
    return True


def let_in_meanwhile(installation: Installation, now: datetime) -> None:
    """Let in whom walks would have let in until now, had anybody looked: a restored database knows nothing of them."""
    due = Admission.objects.filter(installation=installation, kind=Admission.Kind.CUSTOMERS, due_at__lte=now)
    ready = due.filter(flow__is_on=True, flow__archived_at=None, flow__version__isnull=False)
    for row in ready.select_related("flow__version").select_for_update(of=("self",)).order_by("id"):
        assert row.due_at is not None
        left = math.ceil((now - row.due_at) / HOUR * row.per_hour) + math.ceil(row.per_hour / 60)
        while left > 0 and row.due_at is not None:
            left -= _walk_on(installation, row, min(left, BLOCK), now)


def _walk_on(installation: Installation, row: Admission, most: int, now: datetime) -> int:
    """Look at a walk's next block; return how many of it entered."""
    size = min(BLOCK, max(most, LEAST)) if _goes_by_loss(row) else BLOCK
    block = _block(row, size)
    people = [one.customer_id for one in block]
    identities.lock(people)
    entered, looked_at = 0, len(block)
    if row.kind == Admission.Kind.DATES:
        occasions.refresh(installation, people, now)
    else:
        entered, looked_at = _let_in(installation, row, people, most, now)
    is_over = looked_at == len(block) < size
    if block:
        row.after, row.after_at = block[looked_at - 1]
    row.looked_at += looked_at
    row.admitted += entered
    row.due_at = None if is_over else _next(row, entered, now)
    row.save(update_fields=["after", "after_at", "looked_at", "admitted", "due_at"])
    return entered


def _next(row: Admission, entered: int, now: datetime) -> datetime:
    """Return when a walk goes on that has just let so many in.

    By when it was due, not by when somebody came to look, else each look would take a little off the pace; but nothing
    is made up for after nobody had looked for long.
    """
    due = row.due_at if entered and row.due_at is not None else now
    return (due if now - due <= LATE else now) + entered * (HOUR / row.per_hour)


def _block(row: Admission, size: int) -> list[_Place]:
    """Return the next customers of a walk: the newest first; of those who were lost, who was so last."""
    if not _goes_by_loss(row):
        people = Customer.objects.filter(installation_id=row.installation_id, merged_into=None).order_by("-id")
        if row.after is not None:
            people = people.filter(id__lt=row.after)
        return [_Place(one) for one in people.values_list("id", flat=True)[:size]]
    lost = _lost(row.flow, row.started_at).order_by("-loss_at", "-id")
    if row.after_at is not None:
        # The first condition alone is what the index knows.
        lost = lost.filter(loss_at__lte=row.after_at).exclude(loss_at=row.after_at, id__gte=row.after)
    return [_Place(*one) for one in lost.values_list("id", "loss_at")[:size]]


def _lost(flow: Flow, now: datetime) -> QuerySet[Customer]:
    """Return those whose date had come before a flow was there to wait for it."""
    trigger = _trigger(flow)
    assert isinstance(trigger, DateTrigger)
    people = Customer.objects.filter(installation_id=flow.installation_id, phase=Phase.LOSS.value, merged_into=None)
    return people.filter(loss_at__lte=now - trigger.offset)


def _goes_by_loss(row: Admission) -> bool:
    return row.kind == Admission.Kind.CUSTOMERS and _is_of_loss(_trigger(row.flow))


def _is_of_loss(trigger: Trigger | None) -> bool:
    return isinstance(trigger, DateTrigger) and trigger.date == occasions.LOSS


def _let_in(
    installation: Installation, row: Admission, block: Sequence[int], most: int, now: datetime
) -> tuple[int, int]:
    """Let in those of a block who may, no more than a minute's worth; return how many, and how many were looked at."""
    trigger = _trigger(row.flow)
    standing = _standing(trigger, block)
    keys = occasions.keys(trigger, block) if isinstance(trigger, DateTrigger) else {}
    candidates = [Candidate(row.flow, one, keys.get(one, row.key), now) for one in block if one in standing]
    made = entries.enter(installation, candidates, now, at_most=most, tells_refusals=False)
    if len(made) < most:
        return len(made), len(block)
    return len(made), max(block.index(one.customer_id) for one in made) + 1


def _standing(trigger: Trigger | None, block: Sequence[int]) -> set[int]:
    """Return those who stand where the trigger would have brought them in."""
    people = Customer.objects.filter(id__in=block)
    if _is_of_loss(trigger):
        return set(people.filter(phase=Phase.LOSS.value).values_list("id", flat=True))
    if not isinstance(trigger, PhaseTrigger):
        return set(block)
    if trigger.kind == "phase_entered":
        return set(people.filter(phase=trigger.phase.value).values_list("id", flat=True))
    left = PhaseChange.objects.filter(customer_id__in=block, before=trigger.phase.value)
    away = people.exclude(phase=trigger.phase.value).filter(id__in=left.values("customer_id"))
    return set(away.values_list("id", flat=True))


def _begin(flow: Flow, kind: Admission.Kind, key: str, now: datetime, per_hour: int | None = None) -> Admission:
    assert flow.version is not None
    there = _there(flow, now) if kind == Admission.Kind.CUSTOMERS else _count(flow)
    per_hour = per_hour or pace(flow.version.value().document.entry.existing_per_hour, there)
    row, _ = Admission.objects.get_or_create(
        flow=flow,
        key=key,
        defaults={
            "installation_id": flow.installation_id,
            "kind": kind,
            "customers": there,
            "per_hour": max(per_hour, 1),
            "started_at": now,
            "due_at": now,
        },
    )
    return row


def _there(flow: Flow, now: datetime) -> int:
    return _lost(flow, now).count() if _is_of_loss(_trigger(flow)) else _count(flow)


def _count(flow: Flow) -> int:
    return Customer.objects.filter(installation_id=flow.installation_id, merged_into=None).count()


def _trigger(flow: Flow) -> Trigger | None:
    return flow.version.value().document.trigger if flow.version is not None else None
