"""Flows that a storefront's server lets customers into."""

import strawberry

from saleor_lifecycle.actions import entries, flow_hooks
from saleor_lifecycle.domain.flow_calls import FlowCallError, read_call
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import ADVANCE, nudge

from .access import Info
from .consent import LifecycleError, LifecycleErrorCode


@strawberry.input(description="One of text, number and flag.")
class LifecyclePropertyInput:
    name: str
    text: str | None = None
    number: float | None = None
    flag: bool | None = None


@strawberry.input
class LifecycleFlowEnterInput:
    flow: str = strawberry.field(description="Its key. The flow has to be one that is started by the API.")
    user_id: strawberry.ID | None = strawberry.field(default=None, description="Saleor's id of the customer, or:")
    email: str | None = None
    key: str = strawberry.field(
        default="", description="What it is about: for the same key a customer enters once. Empty: each time."
    )
    properties: list[LifecyclePropertyInput] = strawberry.field(default_factory=list)


@strawberry.type
class LifecycleFlowEnter:
    outcome: str | None = strawberry.field(
        default=None,
        description="entered; or already, entry_filter, flow_off, held, still_inside, too_late, too_soon; or "
        "unknown_customer: nobody whom the shop knows, and nothing is kept of them.",
    )
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class FlowMutation:
    @strawberry.mutation(description="Lets a customer into a flow. Only for the storefront's server, with its key.")
    def lifecycle_flow_enter(self, info: Info, input: LifecycleFlowEnterInput) -> LifecycleFlowEnter:
        context = info.context
        if not context.is_server:
            return _refused(None, "This needs the server key.", LifecycleErrorCode.UNAUTHENTICATED)
        given = {"email": input.email, "user_id": input.user_id, "key": input.key}
        try:
            call = read_call(given | {"properties": _properties(input.properties)})
            with within(context.installation_id):
                installation = Installation.objects.get(pk=context.installation_id)
                outcome = flow_hooks.enter(installation, input.flow, call, "api", context.now)
        except FlowCallError as error:
            return _refused(_camel(error.field), error.text, LifecycleErrorCode.INVALID)
        except entries.NoSuchFlow:
            return _refused("flow", "There is no such flow that the API starts.", LifecycleErrorCode.NOT_FOUND)
        if outcome == entries.ENTERED:
            nudge(ADVANCE, context.installation_id)
        return LifecycleFlowEnter(outcome=outcome)


def _properties(given: list[LifecyclePropertyInput]) -> dict[str, str | float | bool]:
    found: dict[str, str | float | bool] = {}
    for one in given:
        values = [value for value in (one.text, one.number, one.flag) if value is not None]
        if len(values) != 1 or one.name in found:
            raise FlowCallError("properties", "Give each name once, with one of text, number and flag.")
        found[one.name] = values[0]
    return found


def _refused(field: str | None, message: str, code: LifecycleErrorCode) -> LifecycleFlowEnter:
    return LifecycleFlowEnter(errors=[LifecycleError(field=field, message=message, code=code)])


def _camel(field: str) -> str | None:
    return "userId" if field == "user_id" else field or None
