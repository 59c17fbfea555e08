"""What became of a customer in a flow, passage by passage: the ledger, and where it is silent what rows say."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.models import Customer, Decision, Enrollment, Flow, Message

from . import identities

Kind = Decision.Kind
Place = tuple[datetime, int]
"""Of a passage in the order of pages: when it was entered, and its number."""

MOST_LINES = 200
"""Of one passage that are told: the newest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One decision of a story; ``data`` holds the figures and moments behind it."""

    at: datetime
    kind: Decision.Kind
    outcome: str = ""
    step: str = ""
    step_kind: str = ""  # "" where the version has no such step
    data: Mapping[str, Any] | None = None
    is_message: bool = False  # it is about the step's message, and not about the passage

    @property
    def until(self) -> datetime | None:
        """Return until when something was put off."""
        held = (self.data or {}).get("until")
        return datetime.fromisoformat(held) if isinstance(held, str) else None


@dataclass(frozen=True, slots=True)
class Story:
    """One passage: how it began, what was decided, oldest first, and where it stands."""

    enrollment: Enrollment
    document: FlowDocument  # of the version that it is in
    step_kind: str  # of the step that it stands at
    lines: tuple[Line, ...]


def flows_of(customer_id: int) -> list[tuple[Flow, int]]:
    """Return each flow that is not archived, and each that a customer has been in, with how often they entered it."""
    people = identities.with_merged(customer_id)
    counts: dict[int, int] = defaultdict(int)
    for flow_id in Enrollment.objects.filter(customer__in=people).values_list("flow_id", flat=True):
        counts[flow_id] += 1
    held = Flow.objects.filter(Q(archived_at=None) | Q(pk__in=counts))
    return [(flow, counts[flow.pk]) for flow in held.order_by("id")]


def why(customer: Customer, flow: Flow, first: int, after: Place | None = None) -> list[Story]:
    """Return a customer's passages through a flow, the newest first, from behind ``after`` on."""
    people = identities.with_merged(customer.pk)
    rows = Enrollment.objects.select_related("version").filter(customer__in=people, flow=flow)
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(entered_at__lt=at) | Q(entered_at=at, pk__lt=pk))
    page = list(rows.order_by("-entered_at", "-pk")[:first])
    if not page:
        return []
    lines = _lines(people, page)
    programs = {one.version_id: one.version.value() for one in page}
    return [_story(one, programs[one.version_id], lines[one.pk]) for one in page]


def refusals(customer: Customer, flow: Flow, first: int) -> list[Line]:
    """Return when and why a customer was not let into a flow, the newest first."""
    people = identities.with_merged(customer.pk)
    rows = Decision.objects.filter(
        installation_id=flow.installation_id, customer_id__in=people, flow_id=flow.pk, enrollment_id=None
    )
    return [
        Line(row.occurred_at, Kind.REFUSED, row.outcome, data=row.data)
        for row in rows.order_by("-occurred_at", "-key")[:first]
    ]


def _lines(people: Collection[int], page: Collection[Enrollment]) -> dict[int, list[Line]]:
    """Return what is written of these passages, by the passage; where nothing is, what its messages show."""
    found: dict[int, list[Line]] = defaultdict(list)
    told: set[tuple[int | None, str]] = set()
    rows = Decision.objects.filter(
        installation_id=next(iter(page)).installation_id,
        customer_id__in=people,
        occurred_at__gte=min(one.entered_at for one in page),
        enrollment_id__in=[one.pk for one in page],
    )
    for row in rows.order_by("occurred_at", "key"):
        assert row.enrollment_id is not None
        found[row.enrollment_id].append(
            Line(row.occurred_at, Kind(row.kind), row.outcome, row.step, "", row.data, row.message_id is not None)
        )
        told.add((row.enrollment_id, f"{row.kind} {row.step}"))
    for message in Message.objects.filter(enrollment__in=page, settled_at__isnull=False).order_by("id"):
        kind = _OF_MESSAGES.get(message.state)
        if kind is None or (message.enrollment_id, f"{kind.value} {message.step}") in told:
            continue
        assert message.enrollment_id is not None
        assert message.settled_at is not None
        reason = "" if kind is Kind.SENT else message.reason
        found[message.enrollment_id].append(Line(message.settled_at, kind, reason, message.step, is_message=True))
    return found


def _story(enrollment: Enrollment, program: Program, lines: list[Line]) -> Story:
    """Return a passage as it is told. Decisions of one moment follow one another as their steps do."""
    order = {step.key: number for number, step in enumerate(walk(program.document.steps), 1)}
    kinds = {key: step.kind for key, step in program.steps.items()}
    known = {line.kind for line in lines if not line.is_message}
    if Kind.ENTERED not in known:
        lines = [Line(enrollment.entered_at, Kind.ENTERED, enrollment.arm, data=_shadow(enrollment)), *lines]
    if enrollment.ended_at is not None and not known & _ENDS:
        lines = [*lines, Line(enrollment.ended_at, Kind(enrollment.state), enrollment.reason)]
    told = sorted(lines, key=lambda line: (line.at, _RANK.get(line.kind, 1), order.get(line.step, 0)))
    return Story(
        enrollment,
        program.document,
        kinds.get(enrollment.step, ""),
        tuple(replace(one, step_kind=kinds.get(one.step, "")) for one in told[-MOST_LINES:]),
    )


def _shadow(enrollment: Enrollment) -> Mapping[str, Any]:
    return {"shadow": True} if enrollment.is_shadow else {}


_OF_MESSAGES: Mapping[str, Decision.Kind] = {
    Message.State.SENT.value: Kind.SENT,
    Message.State.SKIPPED.value: Kind.SKIPPED,
    Message.State.FAILED.value: Kind.FAILED,
}
_ENDS = {Kind.FINISHED, Kind.EXITED, Kind.FAILED}
_RANK: Mapping[Decision.Kind, int] = {Kind.ENTERED: 0, Kind.FINISHED: 2, Kind.EXITED: 2}
