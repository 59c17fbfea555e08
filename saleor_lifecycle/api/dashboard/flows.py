"""The abandoned-cart flow: what became of those who entered it, and of their carts."""

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.domain.cart_flow import ABANDONED_CART
from saleor_lifecycle.domain.phases import VOID
from saleor_lifecycle.models import movement
from saleor_lifecycle.models import results as outcomes
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .money import Money
from .phases import check_days

strawberry.enum(models.Message.State, name="MessageState")
Enrollment = models.Enrollment


@strawberry.type
class ReasonCount:
    reason: str
    count: int


@strawberry.type
class MessageCount:
    state: models.Message.State
    reason: str
    count: int


@strawberry.type(
    description="Enrollments that entered in the last `days`, and what became of them. "
    "entered = waiting + finished + exited."
)
class FlowResults:
    entered: int
    waiting: int
    finished: int
    exited: int
    exits: list[ReasonCount] = strawberry.field(description="By reason code, the most frequent first.")
    messages: list[MessageCount] = strawberry.field(
        description="By state, and by reason for skipped, failed and unknown ones; the 50 most frequent."
    )
    recovered: int = strawberry.field(
        description="Carts of these enrollments that were ordered after at least one message had been sent; "
        "orders that were cancelled or have expired do not count."
    )
    recovered_revenue: list[Money] = strawberry.field(description="Those orders' worth, by currency.")


@strawberry.type
class Flow:
    row_id: strawberry.Private[int]
    key: str
    is_on: bool

    @strawberry.field(description="In the last `days` (1 to 365) of the shop, today's included.")
    def results(self, info: Info, days: int = 30) -> FlowResults:
        check_days(days)
        now, installation_id = info.context.now, info.context.installation_id
        with within(installation_id):
            zone = models.Installation.objects.values_list("time_zone", flat=True).get(pk=installation_id)
            since = movement.begins(movement.days_until(now, zone, days)[0], zone)
            found = outcomes.results(self.row_id, since)
            carts, worth = outcomes.recovered(self.row_id, since, VOID)
        return FlowResults(
            entered=sum(found.states.values()),
            waiting=found.states.get(Enrollment.State.WAITING, 0),
            finished=found.states.get(Enrollment.State.FINISHED, 0),
            exited=found.states.get(Enrollment.State.EXITED, 0),
            exits=[ReasonCount(reason=reason, count=count) for reason, count in found.exits],
            messages=[
                MessageCount(state=models.Message.State(state), reason=reason, count=count)
                for state, reason, count in found.messages
            ],
            recovered=carts,
            recovered_revenue=[Money(amount=amount, currency=currency) for currency, amount in worth],
        )


@strawberry.type
class FlowQuery:
    @strawberry.field(extensions=[Needs(Permission.CHECKOUTS)])
    def cart_flow(self, info: Info) -> Flow | None:
        installation_id = info.context.installation_id
        with within(installation_id):
            flow = models.Flow.objects.filter(
                installation_id=installation_id, key=ABANDONED_CART, version__isnull=False
            ).first()
        return None if flow is None else Flow(row_id=flow.pk, key=flow.key, is_on=flow.is_on)
