"""Moments that will come for customers, at which a flow lets them in: kept where their dates stand, taken when due."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max

from saleor_lifecycle.domain.entries import pace as paced
from saleor_lifecycle.domain.flow_triggers import DateTrigger, PhaseTrigger, Trigger
from saleor_lifecycle.domain.local_time import DAY
from saleor_lifecycle.domain.schedules import Coming, coming
from saleor_lifecycle.models import Customer, Flow, Installation, Occasion

from . import entries, identities, triggers
from .entries import Candidate

ATTRIBUTE = "attribute."
LOSS = "loss_at"
HOUR = timedelta(hours=1)
BLOCK = 1000
KINDS = ("date", "phase_entered", "phase_left")


def refresh(installation: Installation, customer_ids: Collection[int], now: datetime) -> None:
    """Set when each running flow's date lets these customers in, or that none does; they are locked already."""
    if not customer_ids:
        return
    held = triggers.running(installation.pk, ["date"])
    if not held:
        return
    people = list(Customer.objects.filter(id__in=customer_ids).only(*_COLUMNS))
    zone = _zone(installation)
    for flow in held:
        trigger = triggers.trigger_of(flow, DateTrigger)
        found = {one.pk: _coming(trigger, one, zone, now) for one in people}
        _write(flow, found)


def refresh_between(installation: Installation, after: int, until: int, now: datetime) -> None:
    """Do as ``refresh`` for all customers in (after, until]."""
    if not triggers.running(installation.pk, ["date"]):
        return
    people = Customer.objects.filter(installation=installation, id__gt=after, id__lte=until).order_by("id")
    while block := list(people.filter(id__gt=after).values_list("id", flat=True)[:BLOCK]):
        refresh(installation, block, now)
        after = block[-1]


def pace(flow: Flow, customer_ids: Collection[int], key: str, now: datetime) -> None:
    """Let these customers come up for a flow one after the other, at the pace of those who are there already."""
    if not customer_ids:
        return
    assert flow.version is not None
    step = HOUR / paced(flow.version.value().document.entry.existing_per_hour, len(customer_ids))
    with connection.cursor() as cursor:
        # Whoever comes at the same time queues up behind.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PACED, flow.pk % 2**31])
    last = Occasion.objects.filter(flow=flow).aggregate(at=Max("at"))["at"]
    begins = now if last is None or last < now else last + step
    _write(flow, {one: Coming(begins + place * step, key) for place, one in enumerate(sorted(customer_ids))})


_PACED = 0x6C6307
"""Names the locks of paces among PostgreSQL's advisory ones; each lasts for its transaction."""


def enter_due(installation: Installation, limit: int, now: datetime) -> int:
    """Let in whom a moment has come for, and set the next year's; return how many were looked at.

    What stands of a customer now counts: a date that has moved since comes at its new moment.
    """
    held = triggers.running(installation.pk, KINDS)
    due = Occasion.objects.filter(installation=installation, at__lte=now)
    seen = {
        flow.pk: set(due.filter(flow=flow).order_by("at").values_list("customer_id", flat=True)[:limit])
        for flow in held
    }
    identities.lock(set().union(*seen.values()))
    for flow in held:
        rows = list(due.filter(flow=flow, customer_id__in=seen[flow.pk]).order_by("at", "id"))
        if rows:
            _enter(installation, flow, rows, now)
    return sum(map(len, seen.values()))


def keys(trigger: DateTrigger, customer_ids: Collection[int]) -> dict[int, str]:
    """Return what names the occasion of each customer's date, so that whoever comes by it enters once."""
    people = Customer.objects.filter(id__in=customer_ids).only(*_COLUMNS)
    return {one.pk: _known(trigger.date, one)[1] for one in people}


def drop(flow: Flow) -> None:
    """Forget every moment of a flow that nobody comes into any more."""
    Occasion.objects.filter(flow=flow).delete()


def _enter(installation: Installation, flow: Flow, rows: Sequence[Occasion], now: datetime) -> None:
    assert flow.version is not None
    trigger: Trigger = flow.version.value().document.trigger
    people = Customer.objects.only(*_COLUMNS, "phase").in_bulk([row.customer_id for row in rows])
    zone = _zone(installation)
    candidates: list[Candidate] = []
    later: dict[int, Coming | None] = {}
    for row in rows:
        later[row.customer_id] = None
        customer = people[row.customer_id]
        if isinstance(trigger, PhaseTrigger):
            # They may have moved on since, and the flow may have waited for something else then.
            still = (customer.phase == trigger.phase) is (trigger.kind == "phase_entered")
            if still and row.key.startswith(f"{trigger.phase}:"):
                candidates.append(Candidate(flow, row.customer_id, row.key, now))
            continue
        if not isinstance(trigger, DateTrigger):
            continue
        later[row.customer_id] = stands = _coming(trigger, customer, zone, row.at)
        if stands == Coming(row.at, row.key):
            candidates.append(_dated(flow, row))
            ahead = max(now, row.at + DAY)
            later[row.customer_id] = _coming(trigger, customer, zone, ahead) if trigger.is_yearly else None
    entries.enter(installation, candidates, now)
    _write(flow, later)


def _dated(flow: Flow, row: Occasion) -> Candidate:
    """Return whom a date lets in. What passed less than a day before the flow was switched on still counts."""
    assert flow.version is not None
    on = flow.switched_on_at
    if flow.version.value().document.entry.takes_existing:
        on = None  # a walk lets those in, at its pace
    happened_at = on if on is not None and on - DAY < row.at < on else row.at
    return Candidate(flow, row.customer_id, row.key, row.at, happened_at=happened_at)


_COLUMNS = ("id", "merged_into", "loss_at", "next_order_at", "last_order_at", "attributes")


def _coming(trigger: DateTrigger, customer: Customer, zone: ZoneInfo, now: datetime) -> Coming | None:
    """Return when a customer's date lets them in next.

    What is predicted is one occasion for each last order, so a refit does not bring it twice; what an attribute says is
    one, or one a year, whatever it is corrected to.
    """
    known, about = _known(trigger.date, customer)
    if known is None or customer.merged_into_id:
        return None
    found = coming(trigger, known, about, zone, now)
    if found is None and trigger.date == LOSS and trigger.offset < timedelta():
        # Too late for so many days before it: then on the day itself.
        return coming(replace(trigger, offset=timedelta()), known, about, zone, now)
    return found


def _known(name: str, customer: Customer) -> tuple[datetime | date | None, str]:
    if name.startswith(ATTRIBUTE):
        return _date(customer.attributes.get(name.removeprefix(ATTRIBUTE))), name
    known = {"loss_at": customer.loss_at, "next_order_at": customer.next_order_at}.get(name)
    return known, f"{name}:{customer.last_order_at.isoformat() if customer.last_order_at else ''}"


def _date(held: Mapping[str, Any] | None) -> date | None:
    try:
        return date.fromisoformat(held["value"]) if held else None
    except (TypeError, ValueError):
        return None  # of another type since its key means something else


def _write(flow: Flow, wanted: Mapping[int, Coming | None]) -> None:
    """Write what differs of one flow's moments."""
    rows: Iterable[Any] = Occasion.objects.filter(flow=flow, customer_id__in=wanted)
    held = {row.customer_id: Coming(row.at, row.key) for row in rows}
    gone = [one for one, moment in wanted.items() if moment is None and one in held]
    if gone:
        Occasion.objects.filter(flow=flow, customer_id__in=gone).delete()
    changed = [
        Occasion(installation_id=flow.installation_id, flow=flow, customer_id=one, key=moment.key, at=moment.at)
        for one, moment in wanted.items()
        if moment is not None and held.get(one) != moment
    ]
    Occasion.objects.bulk_create(
        changed,
        batch_size=BLOCK,
        update_conflicts=True,
        unique_fields=["flow", "customer"],
        update_fields=["key", "at"],
    )


def _zone(installation: Installation) -> ZoneInfo:
    return ZoneInfo(installation.time_zone)
