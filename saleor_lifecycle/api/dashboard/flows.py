"""The abandoned-cart flow: its switch, its delays, what became of those who entered it."""

from datetime import datetime, timedelta

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import flow_versions
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.domain.cart_flow import ABANDONED_CART, touches
from saleor_lifecycle.domain.flow_triggers import CartIdle
from saleor_lifecycle.domain.phases import VOID
from saleor_lifecycle.models import movement
from saleor_lifecycle.models import results as outcomes
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .money import Money
from .phases import check_days
from .problems import Error, errors

strawberry.enum(models.Message.State, name="MessageState")
Enrollment = models.Enrollment


@strawberry.type
class Touch:
    key: str
    after_seconds: int = strawberry.field(description="Counted from the cart's last change.")
    template: str


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
    version: int
    published_at: datetime
    idle_seconds: int = strawberry.field(
        description="Seconds without a change after which a cart counts as abandoned. "
        "A new value counts for a cart from its next change on."
    )
    touches: list[Touch]

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


@strawberry.input
class FlowInput:
    is_on: bool | None = None
    idle_seconds: int | None = None
    touch_seconds: list[int] | None = None


@strawberry.type
class FlowUpdate:
    flow: Flow | None
    errors: list[Error]


@strawberry.type
class FlowQuery:
    @strawberry.field(extensions=[Needs(Permission.CHECKOUTS)])
    def cart_flow(self, info: Info) -> Flow | None:
        installation_id = info.context.installation_id
        with within(installation_id):
            flow = (
                models.Flow.objects.select_related("version")
                .filter(installation_id=installation_id, key=ABANDONED_CART)
                .first()
            )
        return _shown(flow) if flow is not None else None


@strawberry.type
class FlowMutation:
    @strawberry.mutation(
        description="Publishes a new version when delays change. Who is in the flow keeps the version that they "
        "entered by, and a cart that is watched keeps its moment until it changes.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def cart_flow_update(self, info: Info, input: FlowInput) -> FlowUpdate:
        idle = None if input.idle_seconds is None else timedelta(seconds=input.idle_seconds)
        touches = (
            None if input.touch_seconds is None else [timedelta(seconds=seconds) for seconds in input.touch_seconds]
        )
        with within(info.context.installation_id):
            try:
                flow = flow_versions.change_cart_flow(
                    info.context.installation_id, input.is_on, idle, touches, info.context.now
                )
            except DocumentError as error:
                return FlowUpdate(flow=None, errors=errors([_problem(error)]))
        return FlowUpdate(flow=_shown(flow), errors=[])


def _problem(error: DocumentError) -> Problem:
    """Return the error under the name of the input field that its path came from."""
    path, text = error.faults[0]
    return Problem("idle_seconds" if path.startswith("trigger") else "touch_seconds", Code.INVALID, text)


def _shown(flow: models.Flow) -> Flow | None:
    if flow.version is None:
        return None
    document = flow.version.value().document
    if not isinstance(document.trigger, CartIdle):
        return None
    return Flow(
        row_id=flow.pk,
        key=flow.key,
        is_on=flow.is_on,
        version=flow.version.number,
        published_at=flow.version.published_at,
        idle_seconds=int(document.trigger.idle.total_seconds()),
        touches=[
            Touch(key=touch.key, after_seconds=int(touch.after.total_seconds()), template=touch.template)
            for touch in touches(document)
        ],
    )
