"""Flows of every kind: shown, written, published, switched, put away."""

from collections.abc import Callable
from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from saleor_lifecycle import models
from saleor_lifecycle.actions import flow_checks, flow_drafts, flow_moves, flow_switches
from saleor_lifecycle.actions.flow_switches import Refused, State
from saleor_lifecycle.domain.flow_moves import People, plan
from saleor_lifecycle.domain.flow_programs import program
from saleor_lifecycle.models.documents import DocumentError, Fault
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.flow_standing import counts

from . import flow_results
from .access import Info, Needs, Permission
from .flow_types import (
    AnyFlow,
    FlowChoiceInput,
    FlowMovePlan,
    FlowPublish,
    FlowSave,
    FlowSwitch,
    all_errors,
    chosen,
    shown,
    shown_moves,
    shown_walk,
)
from .problems import errors


@strawberry.type
class FlowEditingQuery:
    @strawberry.field(
        description="By key; those that are put away only if asked for.", extensions=[Needs(Permission.CHECKOUTS)]
    )
    def flows(self, info: Info, is_archived: bool = False) -> list[AnyFlow]:
        installation_id = info.context.installation_id
        with within(installation_id):
            rows = models.Flow.objects.filter(installation_id=installation_id, archived_at__isnull=not is_archived)
            found = list(rows.select_related("version").order_by("key"))
            counted = counts(installation_id, [row.pk for row in found], info.context.now)
        return [shown(row, counted) for row in found]

    @strawberry.field(extensions=[Needs(Permission.CHECKOUTS)])
    def flow(self, info: Info, key: str) -> AnyFlow | None:
        installation_id = info.context.installation_id
        with within(installation_id):
            rows = models.Flow.objects.select_related("version").filter(installation_id=installation_id, key=key)
            row = rows.first()
            return None if row is None else _shown(info, row)

    @strawberry.field(
        description="Where those inside would go, were the draft published now with `people: MOVE`. Who is at a step "
        "that the new version has too goes on there unless a choice says otherwise; of every other step one has to.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_move_plan(self, info: Info, key: str, choices: list[FlowChoiceInput] | None = None) -> FlowMovePlan:
        installation_id = info.context.installation_id
        with within(installation_id):
            row = models.Flow.objects.filter(installation_id=installation_id, key=key, draft__isnull=False).first()
            if row is None:
                return FlowMovePlan(moves=[], errors=all_errors([Fault("draft", "There is no draft.")]))
            try:
                to = program(flow_checks.read(installation_id, key, row.draft))
            except DocumentError as error:
                return FlowMovePlan(moves=[], errors=all_errors(error.faults))
            moves, faults = plan(flow_moves.standing(row), to, chosen(choices or []))
        return FlowMovePlan(moves=shown_moves(moves), errors=all_errors(Fault(*fault) for fault in faults))


@strawberry.type
class FlowEditingMutation:
    @strawberry.mutation(
        description="Makes a flow, off and with a draft alone.", extensions=[Needs(Permission.CHECKOUTS)]
    )
    def flow_create(self, info: Info, key: str, name: str = "", document: JSON | None = None) -> FlowSave:
        now = info.context.now
        return _saved(info, lambda: flow_drafts.create(info.context.installation_id, key, name, document, now))

    @strawberry.mutation(
        description="Saves any JSON of at most 256 kB as the draft, null for none; `faults` tells what it lacks. "
        "`draftAt` is that of the draft which was changed.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_draft_save(
        self, info: Info, key: str, document: JSON | None = None, draft_at: datetime | None = None
    ) -> FlowSave:
        return _change(info, key, lambda flow: flow_drafts.save_draft(flow, document, draft_at, info.context.now))

    @strawberry.mutation(
        description="Makes an old version the draft, in place of the one with that `draftAt`.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_restore(self, info: Info, key: str, number: int, draft_at: datetime | None = None) -> FlowSave:
        return _change(info, key, lambda flow: flow_drafts.restore(flow, number, draft_at, info.context.now))

    @strawberry.mutation(
        description="Publishes the draft with that `draftAt` as the next version. Those inside finish as they began, "
        "or are moved step by step, or leave.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_publish(
        self,
        info: Info,
        key: str,
        draft_at: datetime,
        people: People = People.STAY,
        choices: list[FlowChoiceInput] | None = None,
    ) -> FlowPublish:
        by, now = info.context.token.user_id, info.context.now
        try:
            with within(info.context.installation_id):
                flow = flow_drafts.locked(info.context.installation_id, key)
                _, walk = flow_drafts.publish(flow, draft_at, people, chosen(choices or []), by, now)
                done = _shown(info, flow)
        except Refused as refused:
            return FlowPublish(flow=None, walk=None, errors=errors([refused.problem]))
        except DocumentError as error:
            return FlowPublish(flow=None, walk=None, errors=all_errors(error.faults))
        return FlowPublish(flow=done, walk=shown_walk(walk) if walk else None, errors=[])

    @strawberry.mutation(
        description="Makes a flow, off, whose draft is another's draft, or else what that one published.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_copy(self, info: Info, key: str, new_key: str, name: str = "") -> FlowSave:
        def made() -> models.Flow:
            flow = flow_drafts.locked(info.context.installation_id, key)
            return flow_drafts.copy(flow, new_key, name, info.context.now)

        return _saved(info, made)

    @strawberry.mutation(extensions=[Needs(Permission.CHECKOUTS)])
    def flow_rename(self, info: Info, key: str, name: str) -> FlowSave:
        return _change(info, key, lambda flow: flow_drafts.rename(flow, name))

    @strawberry.mutation(
        description="Puts a flow away: nobody enters. Those inside go on to its end, or leave where `exits` says so.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_archive(self, info: Info, key: str, exits: bool) -> FlowSave:
        by, now = info.context.token.user_id, info.context.now
        return _change(info, key, lambda flow: flow_switches.archive(flow, exits, by, now))

    @strawberry.mutation(description="Brings a flow back, off.", extensions=[Needs(Permission.CHECKOUTS)])
    def flow_unarchive(self, info: Info, key: str) -> FlowSave:
        return _change(info, key, lambda flow: flow_switches.unarchive(flow, info.context.now))

    @strawberry.mutation(
        description="OFF: nobody enters, and who is inside stays where they are. SHADOW: on, but who enters is "
        "decided about and not written to. What happens while it is off lets nobody in.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_switch(self, info: Info, key: str, state: State) -> FlowSwitch:
        try:
            with within(info.context.installation_id):
                flow = flow_drafts.locked(info.context.installation_id, key)
                flow_switches.switch(flow, state, info.context.now)
                done = _shown(info, flow)
                cost = flow_results.cost(flow, info.context.now) if state is State.ON else None
        except Refused as refused:
            return FlowSwitch(flow=None, holdout=None, errors=errors([refused.problem]))
        return FlowSwitch(flow=done, holdout=cost, errors=[])


def _change(info: Info, key: str, change: Callable[[models.Flow], object]) -> FlowSave:
    """Do something with a locked flow."""

    def changed() -> models.Flow:
        flow = flow_drafts.locked(info.context.installation_id, key)
        change(flow)
        return flow

    return _saved(info, changed)


def _saved(info: Info, change: Callable[[], models.Flow]) -> FlowSave:
    try:
        with within(info.context.installation_id):
            return FlowSave(flow=_shown(info, change()), errors=[])
    except Refused as refused:
        return FlowSave(flow=None, errors=errors([refused.problem]))


def _shown(info: Info, row: models.Flow) -> AnyFlow:
    return shown(row, counts(info.context.installation_id, [row.pk], info.context.now))
