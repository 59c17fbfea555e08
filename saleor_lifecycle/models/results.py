"""What became of those who entered a flow."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Case, Count, F, Q, TextField, Value, When

from saleor_lifecycle.domain.delivery_events import EventKind
from saleor_lifecycle.domain.holdout import Arm

from .delivery_events import CLICK, DeliveryEvent
from .flows import Enrollment
from .messages import Message

REASONS = 50
"""So many kinds of messages are told apart, the most frequent: a provider may word each refusal anew."""

DELIVERED = Q(kind=EventKind.DELIVERED.value) | Q(**CLICK)
"""What says that a message reached its person."""


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
    reported = DeliveryEvent.objects.filter(message__enrollment__in=entered).aggregate(
        delivered=Count("message", distinct=True, filter=DELIVERED),
        clicked=Count("message", distinct=True, filter=Q(**CLICK)),
    )
    by_count = sorted(exits.items(), key=lambda one: (-one[1], one[0]))
    return Results(states, held_out, tuple(by_count), tuple(messages[:REASONS]), **reported)


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
