"""Flows: what each enrollment does next, and who leaves at once."""

import logging
import traceback
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from saleor_lifecycle.domain.flow_steps import Act, Offer, Send, SetAttribute, Step, TagStep, Wait, WaitForTime
from saleor_lifecycle.domain.flows import (
    Exit,
    ExitReason,
    Finish,
    FlowFacts,
    Go,
    LastMessage,
    Passage,
    Stay,
    decide,
)
from saleor_lifecycle.domain.holdout import HELD_OUT
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Decision, Enrollment, Installation, Message
from saleor_lifecycle.models.sets import ids, update

from . import code_pools, flow_acts, flow_facts, identities, ledger, messages, restores
from .flow_facts import Done, Enrolled, Row

FINISHED = "all steps done"
SHADOW = "shadow"

logger = logging.getLogger(__name__)


def due_customers(installation_id: int, limit: int, now: datetime) -> list[int]:
    """Return customers with an enrollment whose moment has come, the longest due first; a flow that is off has none."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"shop": installation_id, "now": now, "limit": limit})
        return sorted({customer_id for (customer_id,) in cursor.fetchall()})


# Flow by flow, and no more of each than are wanted: however many are due at once, they are not sorted.
DUE = """
    SELECT due.customer_id FROM lifecycle_flow flow CROSS JOIN LATERAL (
        SELECT one.customer_id, one.due_at FROM lifecycle_enrollment one
        WHERE one.flow_id = flow.id AND one.due_at <= %(now)s ORDER BY one.due_at LIMIT %(limit)s
    ) due
    WHERE flow.installation_id = %(shop)s AND flow.is_on ORDER BY due.due_at LIMIT %(limit)s
"""


def advance(installation: Installation, customer_ids: Iterable[int], now: datetime) -> None:
    """Take each waiting enrollment of these customers as far as it goes: wait, act, end, or leave.

    What an act changes about a customer is looked at in their other flows at once. Each passage only moves on, and
    flows start one another only so deep, so that comes to an end.
    """
    people = set(customer_ids)
    messages.unlease(people)
    if not _is_anybody_waiting(people):
        return
    identities.lock(people)
    is_held = restores.is_held(installation, now)
    while people:
        people = _round(installation, people, now, is_held)


def _is_anybody_waiting(people: Collection[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM lifecycle_enrollment
                WHERE customer_id = ANY(%s::bigint[]) AND state = 'waiting')
            """,
            [ids(people)],
        )
        return bool(cursor.fetchone()[0])


def _round(installation: Installation, people: Collection[int], now: datetime, is_held: bool) -> set[int]:
    """Take each as far as it goes by what is known now; return the customers of whom acts have changed something.

    Where one raises, it fails, and the others go on.
    """
    try:
        with transaction.atomic():
            return take(installation, flow_facts.read(installation, people, now), now, is_held)
    except (OperationalError, InterfaceError):
        raise  # of the database: nobody's fault here
    except Exception as error:
        logger.info("a batch of enrollments failed (%s) and runs again one by one", type(error).__name__)
    changed: set[int] = set()
    waiting = Enrollment.objects.filter(customer_id__in=people, state=Enrollment.State.WAITING).order_by("id")
    for enrollment_id, customer_id in waiting.values_list("id", "customer_id"):
        try:
            with transaction.atomic():
                one = flow_facts.read(installation, [customer_id], now, enrollment_id)
                changed |= take(installation, one, now, is_held)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _fail(installation, enrollment_id, error, now)
    return changed


class _Way(NamedTuple):
    """How far an enrollment goes: the steps that it passes, where it stands then, and what becomes of it there."""

    enrolled: Enrolled
    passed: Sequence[Go]
    acts: Sequence[Done]
    passage: Passage
    carries: Mapping[str, Any] | None
    end: Exit | Finish | Stay


def take(installation: Installation, some: Sequence[Enrolled], now: datetime, is_held: bool = False) -> set[int]:
    """Go as far as each goes; return the customers of whom acts have changed something.

    Held, they may only leave: when their steps come due has to stay known as it was.
    """
    ways = [_way(one, now, is_held) for one in some]
    changed = flow_acts.carry_out(installation, [act for way in ways for act in way.acts], now)
    _write(ways, now, is_held)
    _skip_waiting(ways, now)
    _withdraw(installation, ways, now)
    ledger.record(installation.pk, [entry for way in ways for entry in _told(way)], now)
    return changed


def _way(one: Enrolled, now: datetime, is_held: bool) -> _Way:
    row, facts = one.row, one.facts
    passage = Passage(row.entered_at, row.step, row.since)
    carries = row.carries
    is_silent = bool(_silence(row))
    passed: list[Go] = []
    acts: list[Done] = []
    while isinstance(decision := decide(one.program, passage, facts, now), Go):
        if is_held:
            return _Way(one, (), (), passage, carries, Stay(row.due_at))
        if not row.is_flow_on:
            # Once it is on again, it is looked at first.
            return _Way(one, (), (), passage, carries, Stay(min(row.due_at or now, now)))
        passed.append(decision)
        passage = Passage(row.entered_at, decision.to, now)
        if isinstance(decision.step, Act) and not is_silent:
            carries = decision.step.carries if isinstance(decision.step, Offer) else carries
            acts.append(Done(one, decision.step, carries))
            if isinstance(decision.step, Offer) and decision.step.is_personal:
                # What it is for this customer is found for all of them at once, and is written down with that; the next
                # round goes on from there.
                return _Way(one, passed, acts, passage, row.carries, Stay(now))
            facts = _after(decision.step, facts, now)
    return _Way(one, passed, acts, passage, carries, decision)


def _after(act: Step, facts: FlowFacts, now: datetime) -> FlowFacts:
    """Return what is known once an act is done."""
    match act:
        case Send():
            return replace(facts, last_message=LastMessage(None, now))
        case SetAttribute(attribute=name, value=value):
            said = {f"attribute.{name}": "" if value is None else value}
        case TagStep(kind=kind, tag=tag):
            said = {f"tag.{tag}": kind == "tag"}
        case _:
            return facts
    return replace(facts, customer=replace(facts.customer, values={**facts.customer.values, **said}))


def _write(ways: Iterable[_Way], now: datetime, is_held: bool) -> None:
    rows, offers = [], []
    for way in ways:
        row = way.enrolled.row
        state, reason, due_at = Enrollment.State.WAITING, "", None
        match way.end:
            case Stay(until):
                if not way.passed and (is_held or until == row.due_at):
                    continue
                due_at = until
            case Exit(reason):
                state = Enrollment.State.EXITED
            case Finish(reason):
                state, reason = Enrollment.State.FINISHED, reason or FINISHED
        rows.append(
            {
                "id": row.id,
                "state": state.value,
                "reason": reason,
                "step": way.passage.step,
                "since": way.passage.since,
                "ended_at": None if state == Enrollment.State.WAITING else now,
                "due_at": due_at,
            }
        )
        if way.carries is not row.carries:
            offers.append({"id": row.id, "carries": way.carries})
    update(Enrollment, rows)
    update(Enrollment, offers)


def _skip_waiting(ways: Iterable[_Way], now: datetime) -> None:
    """Skip what waits to be sent of those who left. A step that ends a flow lets what was sent before it leave."""
    left: dict[SkipReason, list[int]] = {}
    for way in ways:
        if isinstance(way.end, Exit):
            skip = SkipReason.ORDERED if way.end.reason == ExitReason.ORDERED else SkipReason.ENROLLMENT_OVER
            left.setdefault(skip, []).append(way.enrolled.row.id)
    for reason, enrollment_ids in left.items():
        _skip(enrollment_ids, reason, now)


def _withdraw(installation: Installation, ways: Iterable[_Way], now: datetime) -> None:
    """Take back what was given to those whom an order ends: also where somebody else placed it of their cart."""
    ordered = [way.enrolled.row for way in ways if way.end == Exit(ExitReason.ORDERED)]
    if held := [row.id for row in ordered if row.has_code]:
        code_pools.withdraw(installation.pk, Q(enrollment__in=held), now)


def _skip(enrollment_ids: Collection[int], reason: SkipReason, now: datetime) -> None:
    Message.objects.filter(enrollment__in=enrollment_ids, state=Message.State.QUEUED).update(
        state=Message.State.SKIPPED, reason=reason.value, due_at=None, settled_at=now, lease=None
    )


def _told(way: _Way) -> Iterable[ledger.Entry]:
    """Yield what the ledger says of a way. What a wait decides is only when: the step behind it says that."""
    silence = _silence(way.enrolled.row)
    for one in way.passed:
        if not isinstance(one.step, Wait | WaitForTime):
            outcome = silence if isinstance(one.step, Act) else one.outcome
            yield _entry(way.enrolled, Decision.Kind.PASSED, outcome, one.step.key)
    match way.end:
        case Exit(reason):
            yield _entry(way.enrolled, Decision.Kind.EXITED, reason, way.passage.step)
        case Finish(reason):
            yield _entry(way.enrolled, Decision.Kind.FINISHED, reason, way.passage.step)


def _silence(row: Row) -> str:
    """Return why nothing is done for an enrollment, as its acts are only decided; "" where they are done."""
    return SHADOW if row.is_shadow else row.arm if row.arm in HELD_OUT else ""


def _entry(one: Enrolled, kind: Decision.Kind, outcome: str, step: str) -> ledger.Entry:
    row = one.row
    return ledger.Entry(row.customer_id, row.flow_id, kind, outcome, enrollment_id=row.id, step=step)


def _fail(installation: Installation, enrollment_id: int, error: Exception, now: datetime) -> None:
    """End an enrollment by a fault of ours. Where and of which kind; an error's own text may hold what people said."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
    logger.error("enrollment %s has failed: %s", enrollment_id, place)
    enrollment = Enrollment.objects.get(pk=enrollment_id)
    enrollment.state, enrollment.reason = Enrollment.State.FAILED, place
    enrollment.due_at, enrollment.ended_at = None, now
    enrollment.save(update_fields=["state", "reason", "due_at", "ended_at"])
    _skip([enrollment_id], SkipReason.ENROLLMENT_OVER, now)
    failed = ledger.Entry(
        enrollment.customer_id, enrollment.flow_id, Decision.Kind.FAILED, place, enrollment_id, step=enrollment.step
    )
    ledger.record(installation.pk, [failed], now)
