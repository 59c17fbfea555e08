"""Flows that a customer's move from phase to phase starts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from saleor_lifecycle.domain.flow_triggers import PhaseTrigger
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Installation, PhaseChange

from . import entries, occasions, triggers
from .entries import Candidate

KINDS = ("phase_entered", "phase_left")
AT_ONCE = frozenset({Cause.BEHAVIOUR, Cause.TIME})
"""Other causes move many at a time, who are let in one after the other."""


class Move(NamedTuple):
    customer_id: int
    before: str  # "" for a new customer
    after: str


def enter(installation: Installation, moves: Sequence[Move], now: datetime, cause: Cause) -> None:
    """Let in whom these moves let in; the customers are locked, and written as they stand now."""
    if not moves:
        return
    candidates: list[Candidate] = []
    for flow in triggers.running(installation.pk, KINDS):
        trigger = triggers.trigger_of(flow, PhaseTrigger)
        is_entered = trigger.kind == "phase_entered"
        who = [one for one in moves if (one.after if is_entered else one.before) == trigger.phase]
        if cause not in trigger.causes or not who:
            continue
        key = f"{trigger.phase}:{now.isoformat()}"
        if cause in AT_ONCE:
            candidates += [
                Candidate(
                    flow, one.customer_id, key, now, {"before": one.before, "after": one.after, "cause": cause.value}
                )
                for one in who
            ]
        else:
            occasions.pace(flow, [one.customer_id for one in who], key, now)
    entries.enter(installation, candidates, now)


def enter_between(installation: Installation, after: int, until: int, now: datetime, cause: Cause) -> None:
    """Do as ``enter`` for the moves that were just written of all customers in (after, until]."""
    if not triggers.running(installation.pk, KINDS):
        return
    changes = PhaseChange.objects.filter(installation=installation, at=now, cause=cause.value)
    rows = changes.filter(customer_id__gt=after, customer_id__lte=until).order_by("customer_id")
    enter(installation, [Move(*row) for row in rows.values_list("customer_id", "before", "after")], now, cause)
