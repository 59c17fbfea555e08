"""The shapes in which flows of any kind are shown and given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from saleor_lifecycle import models
from saleor_lifecycle.actions import flow_checks, flow_moves, flow_switches, flow_versions
from saleor_lifecycle.actions.brands import Code
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.domain import flow_places
from saleor_lifecycle.domain.flow_diff import How
from saleor_lifecycle.domain.flow_moves import Move, People, Place
from saleor_lifecycle.models.documents import Fault
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.flow_standing import Counts

from ..errors import Refusal
from ..rule_words import words
from ..why import speech
from . import flow_people, flow_results, flow_settings
from .access import Info, Needs, Permission
from .flow_people import FlowPersonPage
from .flow_people import State as PassageState
from .flow_results import FlowOutcome, HoldoutCost
from .flow_settings import FlowExisting, FlowSettings
from .problem_words import spoken
from .problems import Error

strawberry.enum(State, name="FlowState")
strawberry.enum(People, name="FlowPeople", description="What becomes of those inside when a version is published.")
strawberry.enum(How, name="FlowChangeKind")
MOST_VERSIONS = 100


@strawberry.type(description="What keeps a draft from being published.")
class FlowFault:
    path: str = strawberry.field(description="Where in the document, such as `steps[3].then[0].template`.")
    text: strawberry.Private[str]

    @strawberry.field(description="In Spanish where Accept-Language asks for it first, else in English.")
    def message(self, info: Info) -> str:
        return spoken(self.text, info.context.language)


@strawberry.type
class FlowChange:
    path: str = strawberry.field(description="With steps by their keys, such as `steps[reminder].template`.")
    how: How
    before: JSON | None = strawberry.field(description="As it was, for what was removed, changed or moved.")
    after: JSON | None = strawberry.field(description="As it is, for what was added, changed or moved.")


@strawberry.type(description="A published form of a flow; it never changes.")
class FlowVersion:
    number: int
    published_at: datetime
    published_by: strawberry.ID | None = strawberry.field(
        description="The staff member's id at Saleor; null where the app did it, or a command."
    )
    document: JSON
    changes: list[FlowChange] = strawberry.field(description="Of the version before.")


@strawberry.type(description="Those who wait at one step of one version.")
class FlowStanding:
    version: int
    step: str = strawberry.field(description="The step's key; empty for those who have every step behind them.")
    people: int


@strawberry.type
class FlowMove:
    version: int
    step: str
    people: int
    to: str | None = strawberry.field(description="The step of the new version; null where they leave.")


@strawberry.type(description="People on their way to another version, or out of the flow.")
class FlowWalk:
    moved: int
    exited: int
    stayed: int = strawberry.field(description="They went on meanwhile to a step of which nothing was said.")
    started_at: datetime
    is_over: bool


@strawberry.type
class FlowRule:
    path: str = strawberry.field(description="Such as `entry.where` or `steps[2].cases[0].when`.")
    words: str


@strawberry.type(description="A flow of whatever kind.")
class AnyFlow:
    row: strawberry.Private[models.Flow]
    counts: strawberry.Private[Counts]
    key: str
    name: str = strawberry.field(description="Empty for those that the app brings.")
    state: State
    version: int | None = strawberry.field(description="Null before the first is published.")
    published_at: datetime | None
    trigger: str | None = strawberry.field(description="The kind of what starts it, such as `cart_idle` or `event`.")
    draft_at: datetime | None = strawberry.field(description="When the draft was written; null where there is none.")

    @strawberry.field(description="People in it now.")
    def waiting(self) -> int:
        return self.counts.waiting.get(self.row.pk, 0)

    @strawberry.field(description="People who entered in the last 30 days.")
    def entered(self) -> int:
        return self.counts.entered.get(self.row.pk, 0)

    @strawberry.field(description="As published; null before that.")
    def document(self) -> JSON | None:
        return None if self.row.version is None else JSON(flow_versions.shown(self.row.version))

    @strawberry.field(description="What is being written; it may be incomplete.")
    def draft(self) -> JSON | None:
        return None if self.row.draft is None else JSON(self.row.draft)

    @strawberry.field(description="What keeps the draft from being published.")
    def faults(self, info: Info) -> list[FlowFault]:
        if self.row.draft is None:
            return []
        with within(info.context.installation_id):
            found = flow_checks.faults(info.context.installation_id, self.key, self.row.draft)
        return [FlowFault(path=path, text=reason) for path, reason in found]

    @strawberry.field(description="The newest first; `before` a number, the older ones. At most 100 at once.")
    def versions(self, info: Info, first: int = 20, before: int | None = None) -> list[FlowVersion]:
        if not 1 <= first <= MOST_VERSIONS:
            raise Refusal(f"first: give 1 to {MOST_VERSIONS}.", "INVALID")
        with within(info.context.installation_id):
            return [_version(one) for one in flow_versions.history(self.row, first, before)]

    @strawberry.field(description="Who is in it, by version and step.")
    def standing(self, info: Info) -> list[FlowStanding]:
        with within(info.context.installation_id):
            found = flow_moves.standing(self.row)
        return [FlowStanding(version=place.version, step=place.step, people=people) for place, people in found]

    @strawberry.field(description="What it brought; null before the first version is published.")
    def results(self, info: Info) -> FlowOutcome | None:
        with within(info.context.installation_id):
            return flow_results.outcome(self.row, info.context.now)

    @strawberry.field(description="Switched on, it costs about that; null before the first version is published.")
    def holdout(self, info: Info) -> HoldoutCost | None:
        with within(info.context.installation_id):
            return flow_results.cost(self.row, info.context.now)

    @strawberry.field(description="Of a flow that the app brings; null where it holds more than these.")
    def settings(self) -> FlowSettings | None:
        return flow_settings.shown(self.row)

    @strawberry.field(
        description="Who is there already and comes in when it is switched on; null where it takes nobody of these."
    )
    def existing(self, info: Info) -> FlowExisting | None:
        with within(info.context.installation_id):
            return flow_settings.existing(self.row, info.context.now)

    @strawberry.field(
        description="Who is in it, or was, the newest entry first; at most 100 at once.",
        extensions=[Needs(Permission.USERS)],
    )
    def people(
        self, info: Info, state: PassageState = PassageState.WAITING, first: int = 20, after: str | None = None
    ) -> FlowPersonPage:
        with within(info.context.installation_id):
            return flow_people.page(self.row, state, first, after)

    @strawberry.field(description="The rules of the published document in words, by their paths in it.")
    def rules(self, info: Info, language: str = "en") -> list[FlowRule]:
        if self.row.version is None:
            return []
        with within(info.context.installation_id):
            zone = self.row.installation.time_zone
        told = speech(language, zone, info.context.now)
        found = flow_places.rules(self.row.version.value().document)
        return [FlowRule(path=path, words=words(rule, told)) for path, rule in found]

    @strawberry.field(description="The newest walk of people to another version or out; null where there was none.")
    def walk(self, info: Info) -> FlowWalk | None:
        with within(info.context.installation_id):
            row = flow_moves.newest(self.row)
        return None if row is None else shown_walk(row)


@strawberry.input(description="Where those go who stand at a step of a version.")
class FlowChoiceInput:
    version: int
    step: str
    to: str | None = strawberry.field(default=None, description="A step of the new version; null: they leave.")


@strawberry.type
class FlowSave:
    flow: AnyFlow | None
    errors: list[Error]


@strawberry.type
class FlowPublish:
    flow: AnyFlow | None
    walk: FlowWalk | None = strawberry.field(description="Null where those inside stay.")
    errors: list[Error] = strawberry.field(description="Of the draft and the choices, `field` says where.")


@strawberry.type
class FlowMovePlan:
    moves: list[FlowMove] = strawberry.field(description="Who would go where, were the draft published now.")
    errors: list[Error]


@strawberry.type
class FlowSwitch:
    flow: AnyFlow | None
    holdout: HoldoutCost | None = strawberry.field(description="Told when the flow is switched on.")
    errors: list[Error]


def shown(row: models.Flow, counts: Counts) -> AnyFlow:
    """Return a flow as the schema has it."""
    version = row.version
    return AnyFlow(
        row=row,
        counts=counts,
        key=row.key,
        name=row.name,
        state=flow_switches.state_of(row),
        version=version.number if version else None,
        published_at=version.published_at if version else None,
        trigger=version.document["trigger"]["kind"] if version else None,
        draft_at=row.draft_at,
    )


def shown_walk(row: models.FlowMove) -> FlowWalk:
    """Return a walk as the schema has it."""
    return FlowWalk(
        moved=row.moved, exited=row.exited, stayed=row.stayed, started_at=row.started_at, is_over=row.due_at is None
    )


def shown_moves(moves: Iterable[Move]) -> list[FlowMove]:
    """Return a plan as the schema has it."""
    return [FlowMove(version=one.place.version, step=one.place.step, people=one.people, to=one.to) for one in moves]


def chosen(given: Sequence[FlowChoiceInput]) -> Mapping[Place, str | None]:
    """Return the choices as the domain reads them."""
    return {Place(one.version, one.step): one.to for one in given}


def all_errors(faults: Iterable[Fault]) -> list[Error]:
    """Return the faults of a document or of choices, each under its path."""
    return [Error(field=path or None, text=reason, code=Code.INVALID) for path, reason in faults]


def _version(one: flow_versions.Published) -> FlowVersion:
    return FlowVersion(
        number=one.version.number,
        published_at=one.version.published_at,
        published_by=strawberry.ID(one.version.published_by) if one.version.published_by else None,
        document=JSON(flow_versions.shown(one.version)),
        changes=[
            FlowChange(path=change.path, how=change.how, before=change.before, after=change.after)
            for change in one.changes
        ],
    )
