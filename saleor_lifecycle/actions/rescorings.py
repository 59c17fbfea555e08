"""A new policy or fit on its way to all customers: previewed, then applied, both block by block.

Several workers walk at once, each in a part of its own. A block and its place are one transaction, so a walk that is
killed goes on where it stopped and ends the same. What applies is the installation's policy and fit from the moment of
``apply`` on; facts that come in meanwhile are judged by it, and whoever comes due before the walk has come to them is
folded again first (``customers.tick``).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from saleor_lifecycle.domain.policies import policy_document, read_policy
from saleor_lifecycle.domain.scoring import Policy
from saleor_lifecycle.models import Fit, Installation, PolicyVersion, Rescoring, RescoringPart
from saleor_lifecycle.models.histories import EVERYBODY

from . import admissions, rescoring_blocks

PARTS = 4
"""How many workers may walk at once."""
LEASE = timedelta(seconds=60)

Kind, State = Rescoring.Kind, Rescoring.State


class Busy(Exception):
    """Another change is being applied; the next one has to wait for its end."""


class NotProposed(Exception):
    """There is no such proposal to apply or to discard."""


class Overtaken(Exception):
    """The lease is somebody else's by now: nothing was written, and they go on."""


def propose_policy(installation: Installation, document: Mapping[str, Any], now: datetime) -> Rescoring:
    """Store a new version of the policy, which holds once it is applied, and open its preview.

    Raises PolicyError and Busy.
    """
    policy = read_policy(document)
    rows = PolicyVersion.objects.filter(installation=installation)
    _make_way(installation.pk, now)
    version = PolicyVersion.objects.create(
        installation=installation,
        number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        document=policy_document(policy),
        created_at=now,
    )
    return _open(
        installation.pk, now, kind=Kind.POLICY, policy=version, is_scores_only=_reads_orders_alike(installation, policy)
    )


def propose_fit(fit: Fit, now: datetime) -> Rescoring:
    """Open the preview of a fit. Raises Busy, also while a policy waits for the merchant."""
    if is_policy_proposed(fit.installation_id):
        raise Busy
    _make_way(fit.installation_id, now)
    return _open(fit.installation_id, now, kind=Kind.REFIT, fit=fit)


def lock(installation_id: int) -> None:
    """Lock the open one, if there is one, as is done before the installation."""
    rows = Rescoring.objects.select_for_update().filter(installation_id=installation_id, state__in=Rescoring.OPEN)
    list(rows.values_list("id"))


def is_policy_proposed(installation_id: int) -> bool:
    """Does a policy wait for the merchant's answer, or its preview for its end?"""
    rows = Rescoring.objects.filter(installation_id=installation_id, kind=Kind.POLICY)
    return rows.filter(state__in=(State.PREVIEWING, State.PROPOSED)).exists()


def apply(installation_id: int, rescoring_id: int, now: datetime) -> Rescoring:
    """Let a proposal hold from now on, and begin to walk through everybody. Raises NotProposed."""
    row = (
        Rescoring.objects.select_for_update()
        .filter(installation_id=installation_id, pk=rescoring_id, state=State.PROPOSED)
        .first()
    )
    if row is None:
        raise NotProposed
    return _begin(row, now)


def discard(installation_id: int, rescoring_id: int, now: datetime) -> Rescoring:
    """End a proposal that was not applied. Raises NotProposed."""
    rows = Rescoring.objects.select_for_update().filter(installation_id=installation_id, pk=rescoring_id)
    row = rows.filter(state__in=(State.PREVIEWING, State.PROPOSED)).first()
    if row is None:
        raise NotProposed
    return _end(row, State.DISCARDED, now)


def set_automatic(installation: Installation, is_automatic: bool) -> None:
    """Say whether a fit is applied by itself once it has been previewed."""
    installation.applies_refits = is_automatic
    installation.save(update_fields=["applies_refits"])


def current(installation_id: int) -> Rescoring | None:
    """Return the open one, else the last; None if there never was one."""
    rows = Rescoring.objects.filter(installation_id=installation_id).select_related("policy", "fit")
    return rows.filter(state__in=Rescoring.OPEN).first() or rows.order_by("-id").first()


def claim(installation_id: int, now: datetime) -> RescoringPart | None:
    """Return a part that has to go on, leased; None when others are at all of them, or when there is none."""
    part = _due(installation_id, now).select_for_update(skip_locked=True).order_by("pk").first()
    if part is not None:
        part.due_at = now + LEASE
        part.save(update_fields=["due_at"])
    return part


def is_due(installation_id: int, now: datetime) -> bool:
    """Does a part wait for a worker?"""
    return _due(installation_id, now).exists()


def walk(held: RescoringPart, now: datetime) -> RescoringPart | None:
    """Look at the next block, or write it; return where to go on, None at the end of the part. Raises Overtaken."""
    row = Rescoring.objects.select_related("policy", "fit").filter(pk=held.rescoring_id).first()
    if row is None:
        raise Overtaken
    installation = Installation.objects.select_related("policy", "fit").get(pk=row.installation_id)
    look = rescoring_blocks.write if row.state == State.APPLYING else rescoring_blocks.preview
    walked = look(installation, row, (held.cursor, held.until), now)
    # Locked only now: nobody had to wait for the block's end.
    row = Rescoring.objects.select_for_update().get(pk=row.pk)
    part = row.parts.filter(pk=held.pk, due_at=held.due_at).first()
    if part is None:
        raise Overtaken
    if row.state == State.PREVIEWING:
        for move, customers in walked.moves.items():
            row.moves[move] = row.moves.get(move, 0) + customers
    row.looked += walked.customers
    row.save(update_fields=["looked", "moves"])
    if walked.customers == rescoring_blocks.BLOCK and walked.until < part.until:
        part.cursor, part.due_at = walked.until, now + LEASE
        part.save(update_fields=["cursor", "due_at"])
        return part
    part.delete()
    if not row.parts.exists():
        _walked(row, installation, now)
    return None


def _walked(row: Rescoring, installation: Installation, now: datetime) -> None:
    """Go on to the next state: the last part has come to its end."""
    if row.state == State.APPLYING:
        _end(row, State.APPLIED, now)
        admissions.look_again(row.installation_id, now)
    elif row.kind == Kind.REFIT and installation.applies_refits:
        _begin(row, now)
    else:
        row.state = State.PROPOSED
        row.save(update_fields=["state"])


def release(held: RescoringPart, now: datetime) -> None:
    """Give the lease back: whoever comes next goes on."""
    RescoringPart.objects.filter(pk=held.pk, due_at=held.due_at).update(due_at=now)


def _reads_orders_alike(installation: Installation, policy: Policy) -> bool:
    """Does a policy leave alone, as the one that holds has left it, all that is not a sum or the standing?"""
    if installation.policy is None:
        return False
    held = installation.policy.value()
    return (held.loss, held.keeps_returned_buyers) == (policy.loss, policy.keeps_returned_buyers)


def _make_way(installation_id: int, now: datetime) -> None:
    """Discard the one that waits for an answer: its counts hold no more. Raises Busy."""
    for row in Rescoring.objects.select_for_update().filter(installation_id=installation_id, state__in=Rescoring.OPEN):
        if row.state == State.APPLYING:
            raise Busy
        _end(row, State.DISCARDED, now)


def _open(installation_id: int, now: datetime, **what: Any) -> Rescoring:
    row = Rescoring.objects.create(installation_id=installation_id, total=0, created_at=now, **what)
    row.total = _cut(row, now)
    row.save(update_fields=["total"])
    return row


def _begin(row: Rescoring, now: datetime) -> Rescoring:
    changed = {"policy_id": row.policy_id} if row.kind == Kind.POLICY else {"fit_id": row.fit_id}
    Installation.objects.filter(pk=row.installation_id).update(**changed)
    row.state, row.looked = State.APPLYING, 0
    row.save(update_fields=["state", "looked"])
    _cut(row, now)
    return row


def _end(row: Rescoring, state: Rescoring.State, now: datetime) -> Rescoring:
    row.state, row.finished_at = state, now
    row.save(update_fields=["state", "finished_at"])
    row.parts.all().delete()
    return row


def _cut(row: Rescoring, now: datetime) -> int:
    """Cut everybody into parts of as many customers each; return how many there are. Who is still to come is last."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY id) FROM lifecycle_customer
            WHERE installation_id = %s AND merged_into_id IS NULL
            """,
            [[part / PARTS for part in range(1, PARTS)], row.installation_id],
        )
        customers, cuts = cursor.fetchone()
    ends = [*sorted(set(cuts or ())), EVERYBODY[1]]
    RescoringPart.objects.bulk_create(
        RescoringPart(installation_id=row.installation_id, rescoring=row, cursor=after, until=until, due_at=now)
        for after, until in pairwise([EVERYBODY[0], *ends])
    )
    return int(customers)


def _due(installation_id: int, now: datetime) -> QuerySet[RescoringPart]:
    return RescoringPart.objects.filter(installation_id=installation_id, due_at__lte=now)
