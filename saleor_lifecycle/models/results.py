"""What became of those who entered a flow."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Case, Count, F, TextField, Value, When

from .flows import Enrollment
from .messages import Message

REASONS = 50
"""So many kinds of messages are told apart, the most frequent: a provider may word each refusal anew."""


@dataclass(frozen=True, slots=True)
class Results:
    states: dict[str, int]  # enrollments by state
    exits: tuple[tuple[str, int], ...]  # (reason, enrollments), the most frequent first
    messages: tuple[tuple[str, str, int], ...]  # (state, reason of a skip or a failure, messages)


def results(flow_id: int, since: datetime) -> Results:
    """Return what became of the enrollments that entered from ``since`` on."""
    entered = Enrollment.objects.filter(flow_id=flow_id, entered_at__gte=since)
    states: dict[str, int] = {}
    exits = []
    for state, reason, count in (
        entered.values_list("state", "reason").annotate(count=Count("id")).order_by("-count", "reason")
    ):
        states[state] = states.get(state, 0) + count
        if state == Enrollment.State.EXITED:
            exits.append((reason, count))
    told = (Message.State.SKIPPED, Message.State.FAILED, Message.State.UNKNOWN)
    # A message that waits or was sent may still hold the reason of an earlier deferral.
    why = Case(When(state__in=told, then=F("reason")), default=Value(""), output_field=TextField())
    messages = (
        Message.objects.filter(enrollment__in=entered)
        .annotate(why=why)
        .values_list("state", "why")
        .annotate(count=Count("id"))
        .order_by("-count", "state", "why")
    )
    return Results(states, tuple(exits), tuple(messages[:REASONS]))


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
