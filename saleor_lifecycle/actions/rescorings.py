"""A new policy or fit on its way to all customers: previewed, then applied, both block by block.

A block and its place are one transaction, so a walk that is killed goes on where it stopped and ends the same. What
applies is the installation's policy and fit from the moment of ``apply`` on; facts that come in meanwhile are judged by
it, and whoever comes due before the walk has come to them is folded again first (``customers.tick``).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max

from saleor_lifecycle.domain.ladder import loss_rules
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.policies import policy_document, read_policy
from saleor_lifecycle.domain.prediction import FIXED
from saleor_lifecycle.models import Customer, Fit, Installation, PolicyVersion, Rescoring, folding
from saleor_lifecycle.models.histories import SETTINGS
from saleor_lifecycle.models.installations import Scoring

from .customers import BANDS_AT_MOST_EVERY

BLOCK = 20_000
LEASE = timedelta(seconds=60)

Kind, State = Rescoring.Kind, Rescoring.State


class Busy(Exception):
    """Another change is being applied; the next one has to wait for its end."""


class NotProposed(Exception):
    """There is no such proposal to apply or to discard."""


class Overtaken(Exception):
    """The lease is somebody else's by now: nothing was written, and they go on."""


class Walked(NamedTuple):
    """A block that was looked at: its last customer, how many they were, who moves (would move), by "before>after"."""

    until: int
    customers: int
    moves: Mapping[str, int]


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
    return _open(installation.pk, now, kind=Kind.POLICY, policy=version)


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


def claim(installation_id: int, now: datetime) -> Rescoring | None:
    """Return the one that has to go on, leased; None while another is at it, or when there is none."""
    due = Rescoring.objects.filter(installation_id=installation_id, due_at__lte=now)
    row = due.select_for_update(skip_locked=True).first()
    if row is not None:
        row.due_at = now + LEASE
        row.save(update_fields=["due_at"])
    return row


def walk(held: Rescoring, now: datetime) -> Rescoring | None:
    """Look at the next block, or write it; return where to go on, None when this state is over. Raises Overtaken."""
    rows = Rescoring.objects.select_for_update(of=("self",)).select_related("policy", "fit")
    row = rows.filter(pk=held.pk, due_at=held.due_at).first()
    if row is None:
        raise Overtaken
    installation = Installation.objects.select_related("policy", "fit").get(pk=row.installation_id)
    is_applying = row.state == State.APPLYING
    look = write_block if is_applying else preview_block
    walked = look(installation, Kind(row.kind), scoring_of(installation, row), row.cursor, now)
    if not is_applying:
        for move, customers in walked.moves.items():
            row.moves[move] = row.moves.get(move, 0) + customers
    row.cursor, row.looked, row.due_at = walked.until, row.looked + walked.customers, now + LEASE
    row.save()
    if walked.customers == BLOCK:
        return row
    if is_applying:
        _end(row, State.APPLIED, now)
    elif row.kind == Kind.REFIT and installation.applies_refits:
        return _begin(row, now)
    else:
        row.state, row.due_at = State.PROPOSED, None
        row.save(update_fields=["state", "due_at"])
    return None


def release(held: Rescoring, now: datetime) -> None:
    """Give the lease back: whoever comes next goes on."""
    Rescoring.objects.filter(pk=held.pk, due_at=held.due_at).update(due_at=now)


def scoring_of(installation: Installation, row: Rescoring) -> Scoring:
    """Return the figures that a rescoring brings: its own policy or fit, and the installation's other."""
    version, fit = row.policy or installation.policy, row.fit or installation.fit
    assert version is not None
    policy = version.value()
    return Scoring(policy, loss_rules(fit.value() if fit else FIXED, policy.loss))


def preview_block(
    installation: Installation, kind: Rescoring.Kind, scoring: Scoring, after: int, now: datetime
) -> Walked:
    """Return who of the customers after an id would move, writing nothing."""
    until, customers = _bounds(installation.pk, after)
    sql = f"""
        {folding.LOSS if kind == Kind.REFIT else folding.WHOLE}
        SELECT old_phase || '>' || phase, count(*) FROM stood
        -- Whom time has moved and nobody has looked at yet moves anyway.
        WHERE old_phase <> phase AND COALESCE(old_due_at > %(now)s, true) GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(sql, folding.values(installation, scoring, after, until, now))
        return Walked(until, customers, dict(cursor.fetchall()))


def write_block(
    installation: Installation, kind: Rescoring.Kind, scoring: Scoring, after: int, now: datetime
) -> Walked:
    """Judge a block of customers after an id anew: rows, phase changes, and what Saleor's record has to learn."""
    # A statement of its own: the next one sees what those have stored for whose locks this one waited.
    until, customers = _bounds(installation.pk, after, "FOR NO KEY UPDATE")
    values = folding.values(installation, scoring, after, until, now) | {
        "cause": (Cause.REFIT if kind == Kind.REFIT else Cause.POLICY).value,
        "policy": installation.policy_id,
        "is_projecting": bool(installation.is_projecting),
        "later": now + BANDS_AT_MOST_EVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(_REFIT if kind == Kind.REFIT else _POLICY, values)
        return Walked(until, customers, dict(cursor.fetchall()))


def _write(fold: str, columns: tuple[str, ...], more: str) -> str:
    """Return the statement that writes a block; its parts all see the rows as they were."""
    return f"""
        {fold},
        written AS (
            UPDATE lifecycle_customer customer SET {", ".join(f"{name} = stood.{name}" for name in columns)},
                phase_since = CASE WHEN old_phase <> stood.phase THEN %(now)s ELSE phase_since END {more}
            -- The bounds again, or each block would read the whole table to find its rows.
            FROM stood WHERE customer.id = stood.id AND customer.id > %(after)s AND customer.id <= %(until)s
        ),
        changes AS (
            INSERT INTO lifecycle_phasechange (installation_id, customer_id, before, after, cause, reason, at)
            SELECT %(installation)s, id, old_phase, phase, %(cause)s, phase_reason, %(now)s
            FROM stood WHERE old_phase <> phase ORDER BY id
        ),
        asked AS (
            INSERT INTO lifecycle_outbox
                (installation_id, kind, key, version, written, attempts, error, due_at, record, repaired)
            SELECT %(installation)s, 'projection', id::text, 0, '{{}}', 0, '',
                CASE WHEN old_phase <> phase THEN %(now)s ELSE %(later)s END, '', ''
            FROM stood
            WHERE %(is_projecting)s
                AND (old_phase, old_band, old_loss_at) IS DISTINCT FROM (phase, band, loss_at) ORDER BY id
            ON CONFLICT (installation_id, kind, key) DO UPDATE SET
                version = lifecycle_outbox.version + 1, attempts = 0,
                due_at = LEAST(COALESCE(lifecycle_outbox.due_at, EXCLUDED.due_at), EXCLUDED.due_at)
        )
        SELECT old_phase || '>' || phase, count(*) FROM stood WHERE old_phase <> phase GROUP BY 1
    """


_REFIT = _write(folding.LOSS, folding.LOSS_COLUMNS, "")
_POLICY = _write(folding.WHOLE, folding.WHOLE_COLUMNS, ", policy_id = %(policy)s")


def _bounds(installation_id: int, after: int, lock: str = "") -> tuple[int, int]:
    """Return the last customer of the block after an id, and how many it has; locked in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COALESCE(max(id), %(after)s), count(*) FROM (
                SELECT id FROM lifecycle_customer
                WHERE installation_id = %(installation)s AND merged_into_id IS NULL AND id > %(after)s
                ORDER BY id LIMIT %(block)s {lock}
            ) block
            """,
            {"installation": installation_id, "after": after, "block": BLOCK},
        )
        until, customers = cursor.fetchone()
        return int(until), int(customers)


def _make_way(installation_id: int, now: datetime) -> None:
    """Discard the one that waits for an answer: its counts hold no more. Raises Busy."""
    for row in Rescoring.objects.select_for_update().filter(installation_id=installation_id, state__in=Rescoring.OPEN):
        if row.state == State.APPLYING:
            raise Busy
        _end(row, State.DISCARDED, now)


def _open(installation_id: int, now: datetime, **what: Any) -> Rescoring:
    total = Customer.objects.filter(installation_id=installation_id, merged_into=None).count()
    return Rescoring.objects.create(installation_id=installation_id, total=total, created_at=now, due_at=now, **what)


def _begin(row: Rescoring, now: datetime) -> Rescoring:
    changed = {"policy_id": row.policy_id} if row.kind == Kind.POLICY else {"fit_id": row.fit_id}
    Installation.objects.filter(pk=row.installation_id).update(**changed)
    row.state, row.cursor, row.looked, row.due_at = State.APPLYING, 0, 0, now
    row.save()
    return row


def _end(row: Rescoring, state: Rescoring.State, now: datetime) -> Rescoring:
    row.state, row.due_at, row.finished_at = state, None, now
    row.save(update_fields=["state", "due_at", "finished_at"])
    return row
