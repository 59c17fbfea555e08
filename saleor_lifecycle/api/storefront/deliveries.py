"""Deliveries that another system tells: a carrier, a warehouse, a shop system."""

from datetime import datetime

import strawberry

from saleor_lifecycle.actions import deliveries
from saleor_lifecycle.actions.deliveries import Outcome
from saleor_lifecycle.domain.delivery import LONGEST_AHEAD
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import DELIVERIES, nudge

from .access import Info
from .consent import LifecycleError, LifecycleErrorCode

MOST = 100

strawberry.enum(
    Outcome,
    name="LifecycleDeliveryOutcome",
    description="ACCEPTED: it counts from that moment on. ALREADY_DELIVERED: it has come before, and stays as it was. "
    "ORDER_OVER: the order was cancelled, has expired or came back.",
)


@strawberry.input
class LifecycleDeliveryInput:
    order_id: strawberry.ID = strawberry.field(description="Saleor's id of the order, as its API gives it.")
    delivered_at: datetime = strawberry.field(
        description="With its offset. It may lie ahead, up to a year: told again before it has come, it moves."
    )


@strawberry.type
class LifecycleDelivery:
    order_id: strawberry.ID
    outcome: Outcome | None = strawberry.field(description="Null beside an error.")


@strawberry.type
class LifecycleOrdersDelivered:
    deliveries: list[LifecycleDelivery] = strawberry.field(
        default_factory=list, description="One for each that was told, in their order."
    )
    errors: list[LifecycleError] = strawberry.field(
        default_factory=list, description="The field says of which it is: deliveries.0.orderId. The others count."
    )


@strawberry.type
class DeliveryMutation:
    @strawberry.mutation(
        description=f"Tells when orders, at most {MOST}, were delivered. Only for servers, with the server key. "
        "The same may be told any number of times."
    )
    def lifecycle_orders_delivered(
        self, info: Info, deliveries: list[LifecycleDeliveryInput]
    ) -> LifecycleOrdersDelivered:
        if not info.context.is_server:
            return _refused(None, "This needs the server key.", LifecycleErrorCode.UNAUTHENTICATED)
        if len(deliveries) > MOST:
            return _refused("deliveries", f"Tell at most {MOST} at once.", LifecycleErrorCode.INVALID)
        return _tell(info, deliveries)


def _tell(info: Info, given: list[LifecycleDeliveryInput]) -> LifecycleOrdersDelivered:
    context = info.context
    wrong = {place: why for place, one in enumerate(given) if (why := _fault(one.delivered_at, context.now))}
    told = {str(one.order_id): one.delivered_at for place, one in enumerate(given) if place not in wrong}
    with within(context.installation_id):
        installation = Installation.objects.get(pk=context.installation_id)
        outcomes = deliveries.tell(installation, told, context.now)
        has_come = deliveries.is_due(context.installation_id, context.now)
    if has_come:
        nudge(DELIVERIES, context.installation_id)
    answer = LifecycleOrdersDelivered()
    for place, one in enumerate(given):
        outcome = None if place in wrong else outcomes[str(one.order_id)]
        if place in wrong:
            _add(answer, f"deliveries.{place}.deliveredAt", wrong[place], LifecycleErrorCode.INVALID)
        elif outcome is None:
            _add(answer, f"deliveries.{place}.orderId", "No such order is known.", LifecycleErrorCode.NOT_FOUND)
        answer.deliveries.append(LifecycleDelivery(order_id=one.order_id, outcome=outcome))
    return answer


def _fault(at: datetime, now: datetime) -> str:
    if at.tzinfo is None:
        return "Give the moment with its offset."
    return "It lies more than a year ahead." if at > now + LONGEST_AHEAD else ""


def _add(answer: LifecycleOrdersDelivered, field: str, message: str, code: LifecycleErrorCode) -> None:
    answer.errors.append(LifecycleError(field=field, message=message, code=code))


def _refused(field: str | None, message: str, code: LifecycleErrorCode) -> LifecycleOrdersDelivered:
    return LifecycleOrdersDelivered(errors=[LifecycleError(field=field, message=message, code=code)])
