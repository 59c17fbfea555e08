"""How customers come into a flow by hand: those who are named, those who are there already, and by an address."""

from datetime import datetime
from uuid import UUID

import strawberry
from django.conf import settings

from saleor_lifecycle import models
from saleor_lifecycle.actions import admissions, entries, flow_hooks, triggers
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import ADVANCE, ENTER, nudge

from .access import Info, Needs, Permission
from .problems import Error, errors

MOST_CUSTOMERS = 100
MOST_PER_HOUR = 100_000
NO_FLOW = Problem("flow", Code.NOT_FOUND, "There is no such flow that people can be let into.")
HAPPENS_ONCE = Problem(
    "flow", Code.INVALID, "What starts this flow happens once: nobody who is there already stands in it."
)


@strawberry.type
class FlowEntry:
    customer: strawberry.ID
    outcome: str = strawberry.field(description="entered, or the reason code why not.")


@strawberry.type
class FlowEnter:
    entries: list[FlowEntry] = strawberry.field(default_factory=list)
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type(description="A walk through the customers who are there already, the newest first.")
class FlowAdmission:
    id: strawberry.ID
    customers: int = strawberry.field(description="So many were there when it began.")
    looked_at: int
    admitted: int
    per_hour: int
    started_at: datetime
    is_over: bool
    stopped_at: datetime | None = strawberry.field(description="When staff ended it.")


@strawberry.type
class FlowAdmissionResult:
    admission: FlowAdmission | None = None
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type
class FlowHookCreate:
    url: str | None = strawberry.field(
        default=None,
        description="Told this once. POST {email or user_id, key, properties} as JSON; whoever knows it lets people "
        "in. An address made before stops working.",
    )
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type
class FlowEntryQuery:
    @strawberry.field(
        description="The newest ten walks of a flow, the newest first.", extensions=[Needs(Permission.USERS)]
    )
    def flow_admissions(self, info: Info, flow: str) -> list[FlowAdmission]:
        with within(info.context.installation_id):
            rows = models.Admission.objects.filter(
                installation_id=info.context.installation_id,
                flow__key=flow,
                kind=models.Admission.Kind.CUSTOMERS,
            )
            return [_shown(row) for row in rows.order_by("-id")[:10]]


@strawberry.type
class FlowEntryMutation:
    @strawberry.mutation(
        description=f"Let customers, at most {MOST_CUSTOMERS}, into a flow. The flow's own filter and its rules of "
        "re-entry count.",
        extensions=[Needs(Permission.USERS)],
    )
    def flow_enter(self, info: Info, flow: str, customers: list[UUID]) -> FlowEnter:
        context = info.context
        if len(customers) > MOST_CUSTOMERS:
            problem = Problem("customers", Code.INVALID, f"Give at most {MOST_CUSTOMERS} customers.")
            return FlowEnter(errors=errors([problem]))
        with within(context.installation_id):
            installation = models.Installation.objects.get(pk=context.installation_id)
            known = models.Customer.objects.filter(installation=installation, public_id__in=customers, merged_into=None)
            people = dict(known.values_list("id", "public_id"))
            try:
                answers = entries.call(installation, flow, people, context.now)
            except entries.NoSuchFlow:
                return FlowEnter(errors=errors([NO_FLOW]))
        nudge(ADVANCE, context.installation_id)
        outcomes = {people[one]: outcome for one, outcome in answers.items()}
        return FlowEnter(
            entries=[
                FlowEntry(customer=strawberry.ID(str(one)), outcome=outcomes.get(one, flow_hooks.UNKNOWN))
                for one in dict.fromkeys(customers)
            ]
        )

    @strawberry.mutation(
        description="Let in those who are there already, too: whom the flow's filter takes, and who stand where its "
        "trigger would have brought them; so many in an hour.",
        extensions=[Needs(Permission.USERS)],
    )
    def flow_admission_start(self, info: Info, flow: str, per_hour: int | None = None) -> FlowAdmissionResult:
        context = info.context
        if per_hour is not None and not 1 <= per_hour <= MOST_PER_HOUR:
            problem = Problem("per_hour", Code.INVALID, f"Give 1 to {MOST_PER_HOUR} customers an hour.")
            return FlowAdmissionResult(errors=errors([problem]))
        with within(context.installation_id):
            held = triggers.published(context.installation_id).filter(key=flow).first()
            if held is None:
                return FlowAdmissionResult(errors=errors([NO_FLOW]))
            try:
                row = admissions.start(held, context.now, per_hour)
            except admissions.NothingToGoBy:
                return FlowAdmissionResult(errors=errors([HAPPENS_ONCE]))
        nudge(ENTER, context.installation_id)
        return FlowAdmissionResult(admission=_shown(row))

    @strawberry.mutation(
        description="End such a walk where it stands. Who has entered stays.", extensions=[Needs(Permission.USERS)]
    )
    def flow_admission_stop(self, info: Info, id: UUID) -> FlowAdmissionResult:
        with within(info.context.installation_id):
            row = admissions.stop(info.context.installation_id, id, info.context.now)
        if row is None:
            return FlowAdmissionResult(errors=errors([Problem("id", Code.NOT_FOUND, "There is no such walk.")]))
        return FlowAdmissionResult(admission=_shown(row))

    @strawberry.mutation(
        description="Give a flow an address of its own, by which another system lets customers in.",
        extensions=[Needs(Permission.USERS)],
    )
    def flow_hook_create(self, info: Info, flow: str) -> FlowHookCreate:
        with within(info.context.installation_id):
            held = models.Flow.objects.filter(
                installation_id=info.context.installation_id, key=flow, archived_at=None
            ).first()
            if held is None:
                return FlowHookCreate(errors=errors([NO_FLOW]))
            hook, secret = flow_hooks.make(held, info.context.now)
        return FlowHookCreate(url=f"{settings.PUBLIC_URL.rstrip('/')}/flows/{hook.public_id}/{secret}")


def _shown(row: models.Admission) -> FlowAdmission:
    return FlowAdmission(
        id=strawberry.ID(str(row.public_id)),
        customers=row.customers,
        looked_at=row.looked_at,
        admitted=row.admitted,
        per_hour=row.per_hour,
        started_at=row.started_at,
        is_over=row.due_at is None,
        stopped_at=row.stopped_at,
    )
