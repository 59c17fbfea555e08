"""What has happened, for each endpoint that asked for it: shared out, leased in batches, settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid5

from cryptography.fernet import InvalidToken
from django.db import connection
from django.db.models import F, Q

from saleor_lifecycle.domain import webhooks
from saleor_lifecycle.models import Installation, Outbox, WebhookEndpoint

from .webhook_endpoints import secrets_of, switch_off, tell_staff

LEASE = timedelta(minutes=10)
"""How long a worker has a batch for itself: longer than the slowest endpoint can make it."""
BATCH = 20
SHARED_AT_ONCE = 1000
PATIENCE = 3
"""After so many deliveries in a row that it did not take, an endpoint is left alone for a while."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint."""

    row_id: int
    webhook_id: str
    event: str
    said: Mapping[str, object]
    attempts: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What waits for one endpoint."""

    endpoint_id: int
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """What an endpoint did not take, and why."""

    delivery: Delivery
    trouble: str
    is_gone: bool = False
    asked_rest: timedelta | None = None


def share(installation_id: int, now: datetime) -> int:
    """Make of each new event a row for each endpoint that asked for it; where none did, the event is settled so.

    Return how many events were looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH taken AS (
                DELETE FROM lifecycle_outbox WHERE id IN (
                    SELECT id FROM lifecycle_outbox WHERE installation_id = %(shop)s AND kind = 'webhook'
                        AND endpoint_id IS NULL AND due_at <= %(now)s
                    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
                RETURNING *
            ), shared AS (
                INSERT INTO lifecycle_outbox
                    (installation_id, kind, key, endpoint_id, version, written, attempts, error, due_at, record,
                        repaired)
                SELECT taken.installation_id, 'webhook', endpoint.id || ':' || taken.key, endpoint.id, 0, taken.written,
                    0, '', taken.due_at, '', ''
                FROM taken JOIN lifecycle_webhookendpoint endpoint
                    ON endpoint.installation_id = taken.installation_id AND endpoint.off_at IS NULL
                    AND jsonb_exists(endpoint.events, taken.written ->> 'event')
                ON CONFLICT (installation_id, kind, key) DO NOTHING
            )
            SELECT count(*) FROM taken
            """,
            {"shop": installation_id, "now": now, "most": SHARED_AT_ONCE},
        )
        return int(cursor.fetchone()[0])


def endpoints(installation_id: int, now: datetime) -> list[int]:
    """Return the endpoints that are not resting, those first that have gone longest without taking anything."""
    # What was shared out while an endpoint was being switched off.
    Outbox.objects.filter(installation=installation_id, endpoint__off_at__isnull=False).delete()
    resting = Q(free_at__isnull=True) | Q(free_at__lte=now)
    rows = WebhookEndpoint.objects.filter(resting, installation=installation_id, off_at=None)
    return list(rows.order_by(F("served_at").asc(nulls_first=True), "id").values_list("id", flat=True))


def lease(installation: Installation, endpoint_id: int, now: datetime) -> Batch | None:
    """Return what is due for an endpoint, the oldest first, kept from others for ten minutes; None for nothing."""
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, off_at=None).first()
    due = Outbox.objects.filter(installation=installation, kind=Outbox.Kind.WEBHOOK, due_at__lte=now)
    rows = due.filter(endpoint=endpoint_id).order_by("due_at", "id").select_for_update(skip_locked=True)[:BATCH]
    deliveries = tuple(_delivery(installation, row) for row in rows)
    if endpoint is None or not deliveries:
        return None
    Outbox.objects.filter(pk__in=[one.row_id for one in deliveries]).update(due_at=now + LEASE)
    return Batch(endpoint.pk, endpoint.url, _secrets(endpoint, now), deliveries)


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """Return what signs for an endpoint; nothing where no key opens it, so that the others are told all the same."""
    try:
        return secrets_of(endpoint, now)
    except InvalidToken:
        return ()


def _delivery(installation: Installation, row: Outbox) -> Delivery:
    assert row.due_at is not None
    said = {name: value for name, value in row.written.items() if name != "event"}
    _, _, key = row.key.partition(":")  # the same event has the same id at every endpoint
    webhook_id = f"msg_{uuid5(installation.public_id, key).hex}"
    return Delivery(row.pk, webhook_id, row.written["event"], said, row.attempts, row.due_at)


def settle(
    endpoint_id: int,
    taken: Sequence[Delivery],
    failed: Sequence[Failure],
    left: Sequence[Delivery],
    in_trouble: int,
    now: datetime,
) -> None:
    """Write down what became of a batch; ``left`` were not tried, and of the last ``in_trouble`` it took none.

    Rows whose worker took so long that another delivered them are gone already.
    """
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id).first()
    if endpoint is None:
        return
    Outbox.objects.filter(pk__in=[one.row_id for one in taken]).delete()
    Outbox.objects.filter(pk__in=[one.row_id for one in left]).update(due_at=now)
    if taken:
        endpoint.served_at = now
        endpoint.failures, endpoint.failing_since, endpoint.free_at = 0, None, None
    for one in failed:
        endpoint.trouble = one.trouble[:500]
        endpoint.lost += _put_off(one, now)
    if in_trouble:
        endpoint.failures = min(endpoint.failures + in_trouble, 1000)
        endpoint.failing_since = endpoint.failing_since or now
    wanted = [one.asked_rest for one in failed if one.asked_rest is not None]
    if wanted or endpoint.failures >= PATIENCE:
        endpoint.free_at = now + max([*wanted, webhooks.rest(endpoint.failures - PATIENCE + 1)])
    endpoint.save()
    if any(one.is_gone for one in failed):
        switch_off(endpoint, WebhookEndpoint.Off.GONE, now)
    elif webhooks.is_given_up(endpoint.failing_since, now):
        switch_off(endpoint, WebhookEndpoint.Off.FAILING, now)
    if endpoint.off_at is not None:
        tell_staff(endpoint.installation, now)


def _put_off(failure: Failure, now: datetime) -> int:
    """Have an event tried again, or give it up; return 1 if it was given up."""
    one = failure.delivery
    until = webhooks.retry_at(one.attempts + 1, bytes.fromhex(one.webhook_id[4:8]), now)
    rows = Outbox.objects.filter(pk=one.row_id)
    if until is None:
        return rows.delete()[0]
    until = max(until, now + (failure.asked_rest or timedelta()))
    rows.update(attempts=F("attempts") + 1, error=failure.trouble[:500], due_at=until)
    return 0
