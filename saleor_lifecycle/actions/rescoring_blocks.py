"""A block of customers judged by the policy or the fit that a rescoring brings: looked at, or written."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from saleor_lifecycle.domain.ladder import loss_rules
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.prediction import FIXED
from saleor_lifecycle.models import Installation, Rescoring, folding
from saleor_lifecycle.models.histories import SETTINGS
from saleor_lifecycle.models.installations import Scoring

from . import occasions, phase_entries
from .customers import BANDS_AT_MOST_EVERY

BLOCK = 25_000


class Walked(NamedTuple):
    """A block that was looked at: its last customer, how many they were, who moves (would move), by "before>after"."""

    until: int
    customers: int
    moves: Mapping[str, int]


def scoring_of(installation: Installation, row: Rescoring) -> Scoring:
    """Return the figures that a rescoring brings: its own policy or fit, and the installation's other."""
    version, fit = row.policy or installation.policy, row.fit or installation.fit
    assert version is not None
    policy = version.value()
    return Scoring(policy, loss_rules(fit.value() if fit else FIXED, policy.loss))


def preview(installation: Installation, row: Rescoring, part: tuple[int, int], now: datetime) -> Walked:
    """Return who would move of the next customers in (after, until], writing nothing."""
    after, (until, customers) = part[0], _bounds(installation.pk, part)
    sql = f"""
        {_fold(row)[0]}
        SELECT old_phase || '>' || phase, count(*) FROM stood
        -- Whom time has moved and nobody has looked at yet moves anyway.
        WHERE old_phase <> phase AND COALESCE(old_due_at > %(now)s, true) GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(sql, folding.values(installation, scoring_of(installation, row), after, until, now))
        return Walked(until, customers, dict(cursor.fetchall()))


def write(installation: Installation, row: Rescoring, part: tuple[int, int], now: datetime) -> Walked:
    """Judge the next customers in (after, until] anew: rows, phase changes, and what Saleor's record has to learn."""
    # A statement of its own: the next one sees what those have stored for whose locks this one waited.
    after, (until, customers) = part[0], _bounds(installation.pk, part, "FOR NO KEY UPDATE")
    cause = Cause.REFIT if row.kind == Rescoring.Kind.REFIT else Cause.POLICY
    values = folding.values(installation, scoring_of(installation, row), after, until, now) | {
        "cause": cause.value,
        "policy": installation.policy_id,
        "is_projecting": bool(installation.is_projecting),
        "later": now + BANDS_AT_MOST_EVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(_write(*_fold(row)), values)
        moves = dict(cursor.fetchall())
    occasions.refresh_between(installation, after, until, now)
    phase_entries.enter_between(installation, after, until, now, cause)
    return Walked(until, customers, moves)


def _fold(row: Rescoring) -> tuple[str, tuple[str, ...]]:
    """Return the statement that folds what a rescoring can move, and the columns that it makes anew."""
    if row.kind == Rescoring.Kind.REFIT:
        return folding.LOSS, folding.LOSS_COLUMNS
    return (folding.SCORES, folding.SCORE_COLUMNS) if row.is_scores_only else (folding.WHOLE, folding.WHOLE_COLUMNS)


def _write(fold: str, columns: tuple[str, ...]) -> str:
    """Return the statement that writes a block; its parts all see the rows as they were."""
    policy = "" if fold is folding.LOSS else ", policy_id = %(policy)s"
    return f"""
        {fold},
        written AS (
            UPDATE lifecycle_customer customer SET {", ".join(f"{name} = stood.{name}" for name in columns)},
                phase_since = CASE WHEN old_phase <> stood.phase THEN %(now)s ELSE phase_since END {policy}
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


def _bounds(installation_id: int, part: tuple[int, int], lock: str = "") -> tuple[int, int]:
    """Return the last customer of the next block of a part, and how many it has; locked in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COALESCE(max(id), %(after)s), count(*) FROM (
                SELECT id FROM lifecycle_customer
                WHERE installation_id = %(installation)s AND merged_into_id IS NULL
                    AND id > %(after)s AND id <= %(until)s
                ORDER BY id LIMIT %(block)s {lock}
            ) block
            """,
            {"installation": installation_id, "after": part[0], "until": part[1], "block": BLOCK},
        )
        until, customers = cursor.fetchone()
        return int(until), int(customers)
