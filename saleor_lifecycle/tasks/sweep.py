"""The sweep: whatever a lost nudge, a dead worker or an empty broker has left lying."""

from datetime import datetime

from celery import shared_task
from django.db import connection
from django.utils import timezone

from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.models.entry import across

from .nudge import (
    ADVANCE,
    ASK,
    ATTRIBUTES,
    BACKFILL,
    CHECK,
    CUSTOMER_FILES,
    DELIVER,
    DELIVERIES,
    ENTER,
    JUDGE,
    LEARN,
    MOVE,
    OPT_INS,
    PROCESS,
    RECONCILE,
    REFIT,
    RESCORE,
    SEND,
    WEBHOOKS,
    nudge,
)

TICK = "saleor_lifecycle.tasks.customers.tick"

# One look at a partial index per installation and kind: the cost is the number of installations.
WAITING = """
SELECT installation.id,
    EXISTS (SELECT FROM lifecycle_event work WHERE work.installation_id = installation.id
        AND work.state <> 'done' AND work.next_attempt_at <= %(now)s),
    -- Nobody looks at a removed shop's customers; its return finds them due.
    installation.state <> 'removed' AND EXISTS (SELECT FROM lifecycle_customer work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    EXISTS (SELECT FROM lifecycle_cart work WHERE work.installation_id = installation.id AND work.idle_at <= %(now)s)
        -- Flow by flow: who waits in one that is off is not looked at, however many they are.
        OR EXISTS (SELECT FROM lifecycle_flow flow WHERE flow.installation_id = installation.id AND flow.is_on
            AND EXISTS (SELECT FROM lifecycle_enrollment work WHERE work.flow_id = flow.id AND work.due_at <= %(now)s)),
    installation.held_at IS NULL AND installation.state <> 'removed' AND EXISTS (
        SELECT FROM lifecycle_flow flow WHERE flow.installation_id = installation.id AND flow.is_on AND (
            flow.runs_at <= %(now)s
            OR EXISTS (SELECT FROM lifecycle_occasion work WHERE work.flow_id = flow.id AND work.at <= %(now)s)
            OR EXISTS (SELECT FROM lifecycle_admission work WHERE work.installation_id = installation.id
                AND work.flow_id = flow.id AND work.due_at <= %(now)s))),
    installation.held_at IS NULL AND installation.state <> 'removed' AND EXISTS (
        SELECT FROM lifecycle_orderdelivery work WHERE work.installation_id = installation.id
            AND work.came_at IS NULL AND work.at <= %(now)s),
    installation.held_at IS NULL AND (
        EXISTS (SELECT FROM lifecycle_message work
            WHERE work.installation_id = installation.id AND work.state = 'sending' AND work.due_at <= %(now)s)
        OR installation.sending_off_at IS NULL AND EXISTS (
            SELECT FROM unnest(%(channels)s::text[]) AS way(channel)
            LEFT JOIN lifecycle_sendingchannel held
                ON held.installation_id = installation.id AND held.channel = way.channel
            WHERE held.off_at IS NULL AND (held.free_at IS NULL OR held.free_at <= %(now)s)
                AND CASE WHEN held.paused_at IS NOT NULL OR held.commercial_at > %(now)s
                THEN EXISTS (
                    SELECT FROM lifecycle_message work WHERE work.installation_id = installation.id
                        AND work.channel = way.channel AND work.state = 'queued' AND work.purpose = 'service'
                        AND work.due_at <= %(now)s)
                ELSE EXISTS (
                    SELECT FROM lifecycle_message work WHERE work.installation_id = installation.id
                        AND work.channel = way.channel AND work.state = 'queued' AND work.due_at <= %(now)s) END)),
    (installation.projection_at IS NULL OR installation.projection_at <= %(now)s) AND EXISTS (
        SELECT FROM lifecycle_outbox work
        WHERE work.installation_id = installation.id AND work.kind = 'projection' AND work.due_at <= %(now)s)
        OR EXISTS (SELECT FROM lifecycle_outbox work
            WHERE work.installation_id = installation.id AND work.kind = 'problem' AND work.due_at <= %(now)s)
        OR installation.held_at IS NULL AND EXISTS (SELECT FROM lifecycle_outbox work
            WHERE work.installation_id = installation.id AND work.kind = 'staff' AND work.due_at <= %(now)s)
        OR installation.held_at IS NULL AND installation.state = 'active' AND (
            EXISTS (SELECT FROM lifecycle_outbox work
                WHERE work.installation_id = installation.id AND work.kind = 'voucher' AND work.due_at <= %(now)s)
            OR EXISTS (SELECT FROM lifecycle_incentivesettings work
                WHERE work.installation_id = installation.id AND work.due_at <= %(now)s)),
    EXISTS (SELECT FROM lifecycle_outbox work LEFT JOIN lifecycle_webhookendpoint held ON held.id = work.endpoint_id
        WHERE work.installation_id = installation.id AND work.kind = 'webhook' AND work.due_at <= %(now)s
            AND (held.free_at IS NULL OR held.free_at <= %(now)s)),
    installation.state <> 'removed' AND EXISTS (SELECT FROM lifecycle_backfill work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    installation.state <> 'removed' AND installation.refit_at <= %(now)s,
    installation.state <> 'removed' AND EXISTS (SELECT FROM lifecycle_rescoringpart work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    EXISTS (SELECT FROM lifecycle_attributemap work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    installation.held_at IS NULL AND EXISTS (SELECT FROM lifecycle_flowmove work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    installation.state <> 'removed' AND EXISTS (SELECT FROM lifecycle_learning work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    EXISTS (SELECT FROM lifecycle_deliveryevent work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    EXISTS (SELECT FROM lifecycle_customerfile work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    installation.state <> 'removed' AND EXISTS (SELECT FROM lifecycle_senderdomain work
        WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    EXISTS (SELECT FROM lifecycle_optin work WHERE work.installation_id = installation.id AND work.due_at <= %(now)s),
    installation.state <> 'removed' AND installation.asking_after IS NOT NULL,
    installation.state = 'active' AND COALESCE(installation.webhooks_due_at <= %(now)s, false)
FROM lifecycle_installation installation
"""
TASKS = (
    PROCESS,
    TICK,
    ADVANCE,
    ENTER,
    DELIVERIES,
    SEND,
    DELIVER,
    WEBHOOKS,
    BACKFILL,
    REFIT,
    RESCORE,
    ATTRIBUTES,
    MOVE,
    LEARN,
    JUDGE,
    CUSTOMER_FILES,
    CHECK,
    OPT_INS,
    ASK,
    RECONCILE,
)


@shared_task
def sweep() -> None:
    """Nudge the workers of every installation where something is due."""
    for task, installation_id in due(timezone.now()):
        nudge(task, installation_id)


def due(now: datetime) -> list[tuple[str, int]]:
    """Return (task, installation id) of all the work that waits."""
    with across(), connection.cursor() as cursor:
        cursor.execute(WAITING, {"now": now, "channels": list(CHANNELS)})
        return [
            (task, installation_id)
            for installation_id, *waits in cursor.fetchall()
            for task, is_waiting in zip(TASKS, waits, strict=True)
            if is_waiting
        ]
