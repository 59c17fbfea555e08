"""Plans: one message to many, written down as queued messages of ids alone; what each says is asked when it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Installation, Plan

BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a plan is for: a query of ``id``s of customers of the installation, and the values that it names."""

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


EVERYBODY = Audience(
    "SELECT id FROM lifecycle_customer WHERE installation_id = %(installation)s AND merged_into_id IS NULL"
)

# The block, its messages and how far it came are one statement. A message has the plan and the customer in its key, so
# nobody is planned for twice, whatever the audience answers the next time.
_BLOCK = """
WITH plan AS (
    SELECT * FROM lifecycle_plan WHERE id = %(plan)s AND after IS NOT NULL FOR UPDATE
), block AS (
    SELECT audience.id FROM ({audience}) audience
    WHERE audience.id > (SELECT after FROM plan) ORDER BY audience.id LIMIT %(limit)s
), made AS (
    INSERT INTO lifecycle_message (installation_id, public_id, customer_id, step, key, purpose, template, topic,
        channel, state, reason, attempts, address_hash, provider_id, queued_at, due_at)
    SELECT plan.installation_id, gen_random_uuid(), block.id, '', 'plan:' || plan.id || ':' || block.id, plan.purpose,
        plan.template, plan.topic, plan.channel, 'queued', '', 0, '', '', %(now)s, plan.send_at
    FROM block, plan
    ON CONFLICT DO NOTHING RETURNING 1
)
UPDATE lifecycle_plan SET planned = lifecycle_plan.planned + (SELECT count(*) FROM made),
    after = CASE WHEN (SELECT count(*) FROM block) = %(limit)s THEN (SELECT max(id) FROM block) END
FROM plan WHERE lifecycle_plan.id = plan.id
RETURNING lifecycle_plan.after
"""


def make(
    installation: Installation,
    template: str,
    topic: str,
    channel: str,
    send_at: datetime,
    now: datetime,
    purpose: Purpose = Purpose.COMMERCIAL,
) -> Plan:
    """Return a new plan; ``plan_block`` writes down whom it goes to."""
    return Plan.objects.create(
        installation=installation,
        template=template,
        topic=topic,
        channel=channel,
        purpose=purpose.value,
        send_at=send_at,
        created_at=now,
    )


def plan_block(plan: Plan, audience: Audience, now: datetime, limit: int = BLOCK) -> bool:
    """Plan for the next customers of the audience; return whether there may be more. Killed, it goes on there."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BLOCK.format(audience=audience.sql),
            {
                **audience.values,
                "installation": plan.installation_id,
                "plan": plan.pk,
                "limit": limit,
                "now": now,
            },
        )
        row = cursor.fetchone()
    return row is not None and row[0] is not None
