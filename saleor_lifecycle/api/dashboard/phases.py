"""Customers per phase, and how they moved."""

from collections import Counter
from datetime import date, datetime

import strawberry

from saleor_lifecycle.actions import customers
from saleor_lifecycle.domain.phases import Cause, Phase, Reason
from saleor_lifecycle.models import Installation, movement
from saleor_lifecycle.models.entry import within

from ..errors import Refusal
from .access import Info, Needs, Permission

__all__ = ["Cause", "Phase", "PhaseCount", "PhaseQuery", "Reason", "check_days"]
# Strawberry keeps a name with the class, so whoever uses these takes them from here, where they have theirs.
strawberry.enum(Phase)
strawberry.enum(Cause)
strawberry.enum(Reason, name="PhaseReason")

LONGEST = 365


@strawberry.type
class PhaseCount:
    phase: Phase
    customers: int


@strawberry.type
class Move:
    before: Phase
    after: Phase
    cause: Cause
    customers: int


@strawberry.type
class MovementDay:
    day: date
    into: list[PhaseCount] = strawberry.field(
        description="How many came into each phase that day, those first seen then among them."
    )


@strawberry.type
class Movement:
    since: datetime
    entered: int = strawberry.field(description="Customers first seen in this time.")
    moves: list[Move] = strawberry.field(description="Sums over this time.")
    days: list[MovementDay] = strawberry.field(description="Days of the shop's zone, oldest first, today's included.")


@strawberry.type
class PhaseQuery:
    @strawberry.field(
        description="Always four rows, in the order education, sales, retention, loss.",
        extensions=[Needs(Permission.USERS)],
    )
    def phases(self, info: Info) -> list[PhaseCount]:
        with within(info.context.installation_id):
            return _rows(customers.counts(info.context.installation_id))

    @strawberry.field(
        description="Moves between phases in the last `days` (1 to 365).", extensions=[Needs(Permission.USERS)]
    )
    def movement(self, info: Info, days: int = 30) -> Movement:
        now = info.context.now
        check_days(days)
        with within(info.context.installation_id):
            zone = Installation.objects.values_list("time_zone", flat=True).get(pk=info.context.installation_id)
            dates = movement.days_until(now, zone, days)
            since = movement.begins(dates[0], zone)
            found = list(movement.moves(info.context.installation_id, since, now, zone))
        into: dict[date, Counter[str]] = {day: Counter() for day in dates}
        sums: Counter[tuple[str, str, str]] = Counter()
        for moves in found:
            into[moves.day][moves.after] += moves.customers
            if moves.before:
                sums[moves.before, moves.after, moves.cause] += moves.customers
        return Movement(
            since=since,
            entered=sum(moves.customers for moves in found if not moves.before),
            moves=[
                Move(before=Phase(before), after=Phase(after), cause=Cause(cause), customers=count)
                for (before, after, cause), count in sums.most_common()
            ],
            days=[MovementDay(day=day, into=_rows(counts)) for day, counts in into.items()],
        )


def check_days(days: int) -> None:
    """Refuse a stretch of time that nobody would read."""
    if not 1 <= days <= LONGEST:
        raise Refusal(f"days: give 1 to {LONGEST}.", "INVALID")


def _rows(counts: dict[str, int] | Counter[str]) -> list[PhaseCount]:
    return [PhaseCount(phase=phase, customers=counts.get(phase.value, 0)) for phase in Phase]
