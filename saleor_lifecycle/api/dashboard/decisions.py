"""What was decided about one customer in flows: their passages, why they were not let in, and why not now."""

from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import why, why_not
from saleor_lifecycle.actions.why import Kind, Line, Story
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.obstacles import Finding, Obstacle
from saleor_lifecycle.models import Enrollment
from saleor_lifecycle.models.entry import within

from .. import flow_stories
from ..errors import Refusal
from ..why import speech
from .access import Info, Needs, Permission
from .cursors import cursor, read_cursor

strawberry.enum(Kind, name="DecisionKind")
strawberry.enum(Enrollment.State, name="EnrollmentState")
strawberry.enum(Obstacle, name="FlowObstacle")

MOST = 50
"""Passages through a flow that are answered at once."""
MOST_REFUSALS = 10


@strawberry.type(description="A flow, seen from one customer.")
class CustomerFlow:
    key: str
    name: str = strawberry.field(description="The merchant's; empty for those that the app brings.")
    is_on: bool
    is_shadow: bool = strawberry.field(description="A dry run: it decides and sends nothing.")
    is_archived: bool
    passages: int = strawberry.field(description="How often the customer entered it.")


@strawberry.type
class FlowDecision:
    line: strawberry.Private[Line]
    document: strawberry.Private[FlowDocument]
    zone: strawberry.Private[str]
    at: datetime
    kind: Kind
    outcome: str = strawberry.field(
        description="The way that was taken, or the reason's code; empty where nothing is to be said."
    )
    step: str = strawberry.field(description="The key of the step; empty for the flow as a whole.")
    step_kind: str = strawberry.field(description="As the flow's document names it; empty where it has no such step.")
    until: datetime | None = strawberry.field(description="Of what was put off: until when.")

    @strawberry.field(description="The same in words, in English or Spanish.")
    def words(self, info: Info, language: str = "en") -> str:
        return flow_stories.line_words(self.line, self.document, speech(language, self.zone, info.context.now))


@strawberry.type(description="One passage through a flow.")
class FlowPassage:
    story: strawberry.Private[Story]
    zone: strawberry.Private[str]
    id: strawberry.ID
    state: Enrollment.State
    reason: str = strawberry.field(description="Why it ended, as a code or in the merchant's words.")
    arm: str = strawberry.field(
        description="treated, holdout (of this flow), everywhere (held out of all flows); empty where nobody is."
    )
    is_shadow: bool
    step: str = strawberry.field(description="The key of the step that it stands at.")
    step_kind: str
    entered_at: datetime
    due_at: datetime | None = strawberry.field(description="When it is looked at again, if nothing happens before.")
    ended_at: datetime | None
    decisions: list[FlowDecision] = strawberry.field(description="Oldest first; of more than 200 the newest.")
    cursor: str = strawberry.field(description="For `after`.")

    @strawberry.field(description="Where it stands or how it ended, in English or Spanish.")
    def words(self, info: Info, language: str = "en") -> str:
        return flow_stories.passage_words(self.story, speech(language, self.zone, info.context.now))


@strawberry.type(description="Why somebody was not let into a flow.")
class FlowRefusal:
    line: strawberry.Private[Line]
    zone: strawberry.Private[str]
    at: datetime
    reason: str

    @strawberry.field(description="The same in words, in English or Spanish.")
    def words(self, info: Info, language: str = "en") -> str:
        return flow_stories.refusal_words(self.line, speech(language, self.zone, info.context.now))


@strawberry.type(description="One thing that stands between a customer and a flow, or its messages.")
class FlowFinding:
    finding: strawberry.Private[Finding]
    zone: strawberry.Private[str]
    obstacle: Obstacle
    reason: str = strawberry.field(
        description="The code behind it: of a skip, a deferral or an exit; a phase, an event, a date."
    )
    step: str
    at: datetime | None = strawberry.field(description="When it was so.")
    until: datetime | None = strawberry.field(description="When it is over, or looked at again.")

    @strawberry.field(description="The same in words, in English or Spanish.")
    def words(self, info: Info, language: str = "en") -> str:
        return flow_stories.finding_words(self.finding, speech(language, self.zone, info.context.now))


@strawberry.type(description="Looked at now; nothing is written, and the shop is not asked.")
class FlowWhyNot:
    findings: list[FlowFinding] = strawberry.field(
        description="What comes first stands first. Empty: nothing that is known here stands in the way."
    )
    refusals: list[FlowRefusal] = strawberry.field(description="As written down, newest first, at most 10.")


@strawberry.type
class DecisionQuery:
    @strawberry.field(
        description="The flows that are not archived, and those that the customer has been in. Empty when the app "
        "knows nobody by that Saleor user id.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_flows(self, info: Info, user_id: strawberry.ID) -> list[CustomerFlow]:
        with within(info.context.installation_id):
            customer = _customer(user_id)
            return [_flow(flow, count) for flow, count in why.flows_of(customer.pk)] if customer else []

    @strawberry.field(
        description="A customer's passages through a flow, the newest first, at most 50; those entered before the one "
        "whose cursor is `after`. Empty when the app knows no such customer or flow.",
        extensions=[Needs(Permission.USERS)],
    )
    def flow_passages(
        self, info: Info, user_id: strawberry.ID, flow: str, first: int = 5, after: str | None = None
    ) -> list[FlowPassage]:
        if not 1 <= first <= MOST:
            raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
        place = read_cursor(after)
        with within(info.context.installation_id):
            customer, row = _customer(user_id), _flow_of(info, flow)
            if customer is None or row is None:
                return []
            return [_passage(story, customer.installation.time_zone) for story in why.why(customer, row, first, place)]

    @strawberry.field(
        description="Why a customer has not entered a flow, or not got its message. Null when the app knows no such "
        "customer or flow.",
        extensions=[Needs(Permission.USERS)],
    )
    def flow_why_not(self, info: Info, user_id: strawberry.ID, flow: str) -> FlowWhyNot | None:
        with within(info.context.installation_id):
            customer, row = _customer(user_id), _flow_of(info, flow)
            if customer is None or row is None or customer.policy is None:
                return None
            zone = customer.installation.time_zone
            findings = why_not.why_not(customer.installation, customer, row, info.context.now)
            refusals = why.refusals(customer, row, MOST_REFUSALS)
        return FlowWhyNot(
            findings=[_finding(one, zone) for one in findings],
            refusals=[FlowRefusal(line=one, zone=zone, at=one.at, reason=one.outcome) for one in refusals],
        )


def _customer(user_id: str) -> models.Customer | None:
    held = models.Customer.objects.select_related("installation", "policy")
    return held.filter(identities__kind=IdentityKind.USER.value, identities__value=user_id).first()


def _flow_of(info: Info, key: str) -> models.Flow | None:
    held = models.Flow.objects.select_related("version")
    return held.filter(installation_id=info.context.installation_id, key=key).first()


def _flow(row: models.Flow, count: int) -> CustomerFlow:
    return CustomerFlow(
        key=row.key,
        name=row.name,
        is_on=row.is_on,
        is_shadow=row.is_shadow,
        is_archived=row.archived_at is not None,
        passages=count,
    )


def _passage(story: Story, zone: str) -> FlowPassage:
    row = story.enrollment
    return FlowPassage(
        story=story,
        zone=zone,
        id=strawberry.ID(str(row.public_id)),
        state=Enrollment.State(row.state),
        reason=row.reason,
        arm=row.arm,
        is_shadow=row.is_shadow,
        step=row.step,
        step_kind=story.step_kind,
        entered_at=row.entered_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        decisions=[_decision(line, story.document, zone) for line in story.lines],
        cursor=cursor(row.entered_at, row.pk),
    )


def _decision(line: Line, document: FlowDocument, zone: str) -> FlowDecision:
    return FlowDecision(
        line=line,
        document=document,
        zone=zone,
        at=line.at,
        kind=line.kind,
        outcome=line.outcome,
        step=line.step,
        step_kind=line.step_kind,
        until=line.until,
    )


def _finding(finding: Finding, zone: str) -> FlowFinding:
    return FlowFinding(
        finding=finding,
        zone=zone,
        obstacle=finding.obstacle,
        reason=finding.reason,
        step=finding.step,
        at=finding.at,
        until=finding.until,
    )
