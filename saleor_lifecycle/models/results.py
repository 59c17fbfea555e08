"""What became of those who entered a flow."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count

from saleor_lifecycle.domain.holdout import Arm

from .delivery_events import CLICK
from .flows import Enrollment
from .messages import Message

REASONS = 50
"""So many kinds of messages are told apart, the most frequent: a provider may word each refusal anew."""

_CLICKED = "event.provider = %(provider)s AND event.kind = %(kind)s AND event.verdict = %(verdict)s"
REACHED = f"(event.kind = 'delivered' OR {_CLICKED})"
"""SQL of what says that a message reached its person, with ``CLICK`` for its values."""

# Message by message through indexes: of a join the planner would make a scan of everybody's.
_MESSAGES = f"""
    SELECT sent.state, sent.why, count(*) AS messages, count(*) FILTER (WHERE sent.is_delivered),
        count(*) FILTER (WHERE sent.is_clicked)
    FROM lifecycle_enrollment enrollment CROSS JOIN LATERAL (
        -- A message that waits or was sent may still hold the reason of an earlier deferral.
        SELECT message.state, CASE WHEN message.state = ANY(%(told)s) THEN message.reason ELSE '' END AS why, reported.*
        FROM lifecycle_message message CROSS JOIN LATERAL (
            SELECT bool_or({REACHED}) AS is_delivered, bool_or({_CLICKED}) AS is_clicked
            FROM lifecycle_deliveryevent event WHERE event.message_id = message.id
        ) reported
        WHERE message.enrollment_id = enrollment.id
        OFFSET 0
    ) sent
    WHERE enrollment.flow_id = %(flow)s AND enrollment.entered_at >= %(since)s
        AND (%(until)s::timestamptz IS NULL OR enrollment.entered_at < %(until)s)
    GROUP BY 1, 2 ORDER BY messages DESC, state, why
"""


@dataclass(frozen=True, slots=True)
class Results:
    states: dict[str, int]  # enrollments by state
    held_out: int  # enrollments, whatever their state
    exits: tuple[tuple[str, int], ...]  # (reason, enrollments), the most frequent first
    messages: tuple[tuple[str, str, int], ...]  # (state, reason of a skip or a failure, messages)
    delivered: int  # messages that a provider reported so, or whose person followed a link
    clicked: int  # messages


def results(flow_id: int, since: datetime, until: datetime | None = None) -> Results:
    """Return what became of the enrollments that entered from ``since`` on, and before ``until``."""
    entered = Enrollment.objects.filter(flow_id=flow_id, entered_at__gte=since)
    if until is not None:
        entered = entered.filter(entered_at__lt=until)
    states: dict[str, int] = {}
    exits: dict[str, int] = {}
    held_out = 0
    for state, reason, arm, count in (
        entered.values_list("state", "reason", "arm").annotate(count=Count("id")).order_by("-count", "reason", "arm")
    ):
        states[state] = states.get(state, 0) + count
        held_out += count if Arm(arm).is_held_out else 0
        if state == Enrollment.State.EXITED:
            exits[reason] = exits.get(reason, 0) + count
    told = [Message.State.SKIPPED.value, Message.State.FAILED.value, Message.State.UNKNOWN.value]
    values = {**CLICK, "flow": flow_id, "since": since, "until": until, "told": told}
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, values)
        messages = cursor.fetchall()
    return Results(
        states,
        held_out,
        tuple(sorted(exits.items(), key=lambda one: (-one[1], one[0]))),
        tuple((state, why, count) for state, why, count, _, _ in messages[:REASONS]),
        delivered=sum(row[3] for row in messages),
        clicked=sum(row[4] for row in messages),
    )


def recovered(flow_id: int, since: datetime, void: Collection[str]) -> tuple[int, tuple[tuple[str, Decimal], ...]]:
    """Return how many carts of these enrollments were ordered after a message had left, and the orders' worth.

    The worth is by currency, never summed across. Orders with a status in ``void`` do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT placed.currency, count(DISTINCT enrollment.id), sum(placed.total)
            FROM lifecycle_enrollment enrollment
            JOIN lifecycle_cart cart ON cart.id = enrollment.cart_id
            JOIN lifecycle_order placed
                ON placed.installation_id = cart.installation_id AND placed.checkout_id = cart.checkout_id
            WHERE enrollment.flow_id = %(flow)s AND enrollment.entered_at >= %(since)s
                AND NOT placed.status = ANY(%(void)s)
                AND EXISTS (
                    SELECT FROM lifecycle_message message
                    WHERE message.enrollment_id = enrollment.id AND message.state = 'sent'
                        AND message.settled_at <= placed.created_at
                )
            GROUP BY placed.currency ORDER BY placed.currency
            """,
            {"flow": flow_id, "since": since, "void": sorted(void)},
        )
        rows = cursor.fetchall()
    return sum(carts for _, carts, _ in rows), tuple((currency, worth) for currency, _, worth in rows)
