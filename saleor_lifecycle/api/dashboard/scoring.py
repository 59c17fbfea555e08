"""The figures behind phases and scores, and a change of them on its way to all customers."""

from typing import Any

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import rescorings
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.domain.policies import PolicyError, policy_document
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import RESCORE, nudge

from .access import Info, Needs, Permission
from .policies import (
    Policy,
    PolicyInput,
    RefitSettingsUpdate,
    Rescoring,
    RescoringResult,
    change,
    show_policy,
    show_rescoring,
)
from .problems import errors


@strawberry.type
class ScoringQuery:
    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def policy(self, info: Info) -> Policy:
        with within(info.context.installation_id):
            return show_policy(_installation(info))

    @strawberry.field(
        description="The change that is on its way, else the last one; null if there never was one.",
        extensions=[Needs(Permission.USERS)],
    )
    def rescoring(self, info: Info) -> Rescoring | None:
        with within(info.context.installation_id):
            row = rescorings.current(info.context.installation_id)
            return None if row is None else show_rescoring(row)


@strawberry.type
class ScoringMutation:
    @strawberry.mutation(
        description="Stores a new version of the policy and counts whom it would move. It holds once it is applied; "
        "one that was proposed before, and waits, is discarded.",
        extensions=[Needs(Permission.USERS)],
    )
    def policy_propose(self, info: Info, input: PolicyInput) -> RescoringResult:
        with within(info.context.installation_id):
            installation = _installation(info)
            assert installation.policy is not None
            document = change(policy_document(installation.policy.value()), input)
            try:
                row = rescorings.propose_policy(installation, document, info.context.now)
            except PolicyError as error:
                return _refused(Problem(error.path, Code.INVALID, error.reason))
            except rescorings.Busy:
                return _refused(BUSY)
            shown = show_rescoring(row)
        nudge(RESCORE, info.context.installation_id)
        return RescoringResult(rescoring=shown, errors=[])

    @strawberry.mutation(
        description="Lets a proposal hold from now on; everybody is judged anew, block by block.",
        extensions=[Needs(Permission.USERS)],
    )
    def rescoring_apply(self, info: Info, id: strawberry.ID) -> RescoringResult:
        result = _settle(info, id, rescorings.apply)
        if result.rescoring:
            nudge(RESCORE, info.context.installation_id)
        return result

    @strawberry.mutation(description="Ends a proposal that was not applied.", extensions=[Needs(Permission.USERS)])
    def rescoring_discard(self, info: Info, id: strawberry.ID) -> RescoringResult:
        return _settle(info, id, rescorings.discard)

    @strawberry.mutation(
        description="Is the weekly fit applied by itself, or does it wait for a yes?",
        extensions=[Needs(Permission.USERS)],
    )
    def refit_settings_update(self, info: Info, automatic: bool) -> RefitSettingsUpdate:
        with within(info.context.installation_id):
            installation = _installation(info)
            rescorings.set_automatic(installation, automatic)
            return RefitSettingsUpdate(policy=show_policy(installation), errors=[])


BUSY = Problem("policy", Code.INVALID, "A change is being applied to all customers; propose yours when it is done.")
GONE = Problem("id", Code.INVALID, "There is no such proposal: it was applied or discarded, or is still looked at.")


def _installation(info: Info) -> models.Installation:
    rows = models.Installation.objects.select_related("policy", "fit")
    return rows.get(pk=info.context.installation_id)


def _refused(problem: Problem) -> RescoringResult:
    return RescoringResult(rescoring=None, errors=errors([problem]))


def _settle(info: Info, id: str, action: Any) -> RescoringResult:
    with within(info.context.installation_id):
        try:
            row = action(info.context.installation_id, int(id) if id.isdecimal() else 0, info.context.now)
        except rescorings.NotProposed:
            return _refused(GONE)
        return RescoringResult(rescoring=show_rescoring(row), errors=[])
