"""People inside a flow: where they stand, and their way to another version or out, block by block.

A block and the place it came to are one transaction, so a walk that is killed goes on where it stopped. Whom no choice
speaks of when the walk comes to them, because they went on meanwhile, stays in the version that they are in.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Count

from saleor_lifecycle.domain.flow_moves import Choices, People, Place, Standing, has_step, plan
from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.domain.flows import ExitReason
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Decision, Enrollment, Flow, FlowMove, FlowVersion, Message
from saleor_lifecycle.models.documents import DocumentError, Fault

from . import identities, ledger, messages

BLOCK = 500


def standing(flow: Flow, besides: FlowVersion | None = None) -> list[Standing]:
    """Return how many wait at each step of each version; ``besides`` one of them."""
    rows = Enrollment.objects.filter(flow=flow, state=Enrollment.State.WAITING)
    if besides is not None:
        rows = rows.exclude(version=besides)
    found = rows.values_list("version_id", "step").annotate(count=Count("id"))
    numbers = dict(flow.versions.values_list("id", "number"))
    return sorted(Standing(Place(numbers[version], step), count) for version, step, count in found)


def begin(
    flow: Flow, version: FlowVersion, people: People, choices: Choices, by: str, now: datetime
) -> FlowMove | None:
    """Begin to bring those inside a locked flow to a version that was just published, or out; None where they stay.

    A walk to an older version ends where it is. Raises DocumentError for choices that leave somebody nowhere.
    """
    if people is People.STAY:
        return None
    said: dict[int, dict[str, str | None]] | None = None
    if people is People.MOVE:
        moves, faults = plan(standing(flow, version), version.value(), choices)
        if faults:
            raise DocumentError([Fault(*fault) for fault in faults])
        said = defaultdict(dict)
        for move in moves:
            said[move.place.version][move.place.step] = move.to
    return _start(flow, version, said, ExitReason.VERSION_CHANGED, by, now)


def let_out(flow: Flow, by: str, now: datetime) -> FlowMove:
    """Begin to bring everybody out of a locked flow that is put away."""
    return _start(flow, None, None, ExitReason.FLOW_ARCHIVED, by, now)


def newest(flow: Flow) -> FlowMove | None:
    """Return the walk that was begun last."""
    return FlowMove.objects.filter(flow=flow).order_by("-id").first()


def move_block(installation_id: int, now: datetime) -> bool:
    """Take a walk's next people where they go; return whether there may be more to do."""
    due = FlowMove.objects.filter(installation_id=installation_id, due_at__lte=now).select_related("flow", "version")
    walk = due.select_for_update(of=("self",), skip_locked=True).order_by("due_at", "id").first()
    if walk is None:
        return False
    block = _next(walk)
    customer_ids = sorted({customer_id for _, _, customer_id in block})
    identities.lock(customer_ids)
    messages.unlease(customer_ids)
    rows = Enrollment.objects.filter(id__in=[row for row, _, _ in block], state=Enrollment.State.WAITING)
    if walk.version_id is not None:
        rows = rows.exclude(version_id=walk.version_id)
    held = list(rows.select_related("version").select_for_update(of=("self",)).order_by("id"))
    _take(walk, held, now)
    if block:
        walk.after, walk.after_version, _ = block[-1]
    if len(block) < BLOCK:
        walk.due_at = None
    walk.save(update_fields=["after", "after_version", "moved", "exited", "stayed", "due_at"])
    return True


def _start(
    flow: Flow,
    version: FlowVersion | None,
    choices: dict[int, dict[str, str | None]] | None,
    reason: ExitReason,
    by: str,
    now: datetime,
) -> FlowMove:
    FlowMove.objects.filter(flow=flow, due_at__isnull=False).update(due_at=None)
    return FlowMove.objects.create(
        installation_id=flow.installation_id,
        flow=flow,
        version=version,
        choices=choices,
        reason=reason.value,
        started_at=now,
        started_by=by,
        due_at=now,
    )


def _next(walk: FlowMove) -> list[tuple[int, int, int]]:
    """Return (enrollment, version, customer) of those who wait behind the walk's place, in the order of the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, version_id, customer_id FROM lifecycle_enrollment
            WHERE flow_id = %(flow)s AND state = 'waiting' AND (version_id, id) > (%(version)s, %(after)s)
                AND version_id IS DISTINCT FROM %(to)s
            ORDER BY version_id, id LIMIT %(block)s
            """,
            {
                "flow": walk.flow_id,
                "version": walk.after_version or 0,
                "after": walk.after or 0,
                "to": walk.version_id,
                "block": BLOCK,
            },
        )
        return list(cursor.fetchall())


def _take(walk: FlowMove, held: Sequence[Enrollment], now: datetime) -> None:
    to = walk.version.value() if walk.version is not None else None
    going: defaultdict[str, list[Enrollment]] = defaultdict(list)
    leaving = []
    for enrollment in held:
        if walk.choices is None:
            leaving.append(enrollment)
            continue
        assert to is not None
        target, is_chosen = _target(walk, to, Place(enrollment.version.number, enrollment.step))
        if not is_chosen:
            walk.stayed += 1
        elif target is None:
            leaving.append(enrollment)
        else:
            going[target].append(enrollment)
    for target, some in going.items():
        # What they have done keeps its moment; the step is looked at anew at once, for its wait may be another.
        ids = [enrollment.pk for enrollment in some]
        Enrollment.objects.filter(id__in=ids).update(version=walk.version, step=target, due_at=now)
        walk.moved += len(some)
    _let_go(walk, leaving, now)
    _note(walk, going, leaving, now)


def _target(walk: FlowMove, to: Program, place: Place) -> tuple[str | None, bool]:
    """Return where those at a place go, None for out; and whether they go at all."""
    choices: dict[str, str | None] = (walk.choices or {}).get(str(place.version), {})
    if place.step in choices:
        return choices[place.step], True
    return place.step, has_step(to, place.step)


def _let_go(walk: FlowMove, leaving: Sequence[Enrollment], now: datetime) -> None:
    ids = [enrollment.pk for enrollment in leaving]
    Enrollment.objects.filter(id__in=ids).update(
        state=Enrollment.State.EXITED, reason=walk.reason, ended_at=now, due_at=None
    )
    Message.objects.filter(enrollment__in=ids, state=Message.State.QUEUED).update(
        state=Message.State.SKIPPED, reason=SkipReason.ENROLLMENT_OVER.value, due_at=None, settled_at=now
    )
    walk.exited += len(leaving)


def _note(walk: FlowMove, going: dict[str, list[Enrollment]], leaving: Sequence[Enrollment], now: datetime) -> None:
    """Write down who was moved from where, and who was let out."""
    moved = [
        ledger.Entry(
            enrollment.customer_id,
            walk.flow_id,
            Decision.Kind.MOVED,
            enrollment_id=enrollment.pk,
            step=target,
            data={
                "from": enrollment.version.number,
                "from_step": enrollment.step,
                "to": walk.version.number if walk.version else None,
            },
        )
        for target, some in going.items()
        for enrollment in some
    ]
    left = [
        ledger.Entry(
            enrollment.customer_id,
            walk.flow_id,
            Decision.Kind.EXITED,
            walk.reason,
            enrollment_id=enrollment.pk,
            step=enrollment.step,
        )
        for enrollment in leaving
    ]
    ledger.record(walk.installation_id, [*moved, *left], now)
