"""Walks through the customers who are there already, whom a flow lets in at its pace; the moments of schedules."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from saleor_lifecycle.domain.flow_triggers import CalledTrigger, DateTrigger, PhaseTrigger, ScheduleTrigger, Trigger
from saleor_lifecycle.domain.schedules import next_run
from saleor_lifecycle.models import Admission, Customer, Flow, Installation, PhaseChange

from . import entries, identities, occasions
from .entries import Candidate

BLOCK = 500
HOUR = timedelta(hours=1)


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
        Admission.objects.filter(flow=flow, kind=Admission.Kind.DATES, due_at__isnull=False).update(due_at=None)
        _begin(flow, Admission.Kind.DATES, f"dates:{now.isoformat()}", now)


def start(flow: Flow, now: datetime, per_hour: int | None = None) -> Admission:
    """Begin to let in those who are there already, so many in an hour; else at the flow's own pace.

    Raises NothingToGoBy.
    """
    if not isinstance(_trigger(flow), PhaseTrigger | ScheduleTrigger | CalledTrigger):
        raise NothingToGoBy
    return _begin(flow, Admission.Kind.CUSTOMERS, f"admission:{uuid4()}", now, per_hour)


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
    people = Customer.objects.filter(installation=installation, merged_into=None).order_by("-id")
    if row.after is not None:
        people = people.filter(id__lt=row.after)
    block = list(people.values_list("id", flat=True)[:BLOCK])
    identities.lock(block)
    entered, looked_at = 0, len(block)
    if row.kind == Admission.Kind.DATES:
        occasions.refresh(installation, block, now)
    else:
        entered, looked_at = _let_in(installation, row, block, now)
    is_over = looked_at == len(block) < BLOCK
    row.after = block[looked_at - 1] if block else row.after
    row.looked_at += looked_at
    row.admitted += entered
    row.due_at = None if is_over else now + entered * (HOUR / row.per_hour)
    row.save(update_fields=["after", "looked_at", "admitted", "due_at"])
    return True


def _let_in(installation: Installation, row: Admission, block: Sequence[int], now: datetime) -> tuple[int, int]:
    """Let in those of a block who may, no more than a minute's worth; return how many, and how many were looked at."""
    standing = _standing(_trigger(row.flow), block)
    candidates = [Candidate(row.flow, one, row.key, now) for one in block if one in standing]
    at_most = math.ceil(row.per_hour / 60)
    made = entries.enter(installation, candidates, now, at_most=at_most, tells_filter=False)
    if len(made) < at_most:
        return len(made), len(block)
    last = min(one.customer_id for one in made)
    return len(made), block.index(last) + 1


def _standing(trigger: Trigger | None, block: Sequence[int]) -> set[int]:
    """Return those who stand where the trigger would have brought them in."""
    if not isinstance(trigger, PhaseTrigger):
        return set(block)
    people = Customer.objects.filter(id__in=block)
    if trigger.kind == "phase_entered":
        return set(people.filter(phase=trigger.phase.value).values_list("id", flat=True))
    left = PhaseChange.objects.filter(customer_id__in=block, before=trigger.phase.value)
    away = people.exclude(phase=trigger.phase.value).filter(id__in=left.values("customer_id"))
    return set(away.values_list("id", flat=True))


def _begin(flow: Flow, kind: Admission.Kind, key: str, now: datetime, per_hour: int | None = None) -> Admission:
    assert flow.version is not None
    pace = per_hour or flow.version.value().document.entry.existing_per_hour
    there = Customer.objects.filter(installation_id=flow.installation_id, merged_into=None).count()
    row, _ = Admission.objects.get_or_create(
        flow=flow,
        key=key,
        defaults={
            "installation_id": flow.installation_id,
            "kind": kind,
            "customers": there,
            "per_hour": max(pace, 1),
            "started_at": now,
            "due_at": now,
        },
    )
    return row


def _trigger(flow: Flow) -> Trigger | None:
    return flow.version.value().document.trigger if flow.version is not None else None
