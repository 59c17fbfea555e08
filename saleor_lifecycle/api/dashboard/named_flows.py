"""The settings of the flows that the app brings, changed."""

import strawberry

from saleor_lifecycle.actions import flow_drafts, named_flows
from saleor_lifecycle.actions.flow_switches import Refused
from saleor_lifecycle.models.documents import DocumentError, Fault
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.flow_standing import counts

from .access import Info, Needs, Permission
from .flow_settings import FlowSettingsInput, given
from .flow_types import FlowSave, all_errors, shown
from .problems import errors


@strawberry.type
class NamedFlowMutation:
    @strawberry.mutation(
        description="Publishes a new version where the settings differ; who is inside stays on theirs.",
        extensions=[Needs(Permission.CHECKOUTS)],
    )
    def flow_set(self, info: Info, key: str, settings: FlowSettingsInput) -> FlowSave:
        installation_id, now = info.context.installation_id, info.context.now
        try:
            with within(installation_id):
                flow = flow_drafts.locked(installation_id, key)
                named_flows.change(flow, *given(flow, settings), info.context.token.user_id, now)
                done = shown(flow, counts(installation_id, [flow.pk], now))
        except Refused as refused:
            return FlowSave(flow=None, errors=errors([refused.problem]))
        except DocumentError as error:
            return FlowSave(flow=None, errors=all_errors(Fault(_field(path), text) for path, text in error.faults))
        return FlowSave(flow=done, errors=[])


def _field(path: str) -> str:
    """Return the name that the schema has for a setting."""
    return {"days_before": "daysBefore", "per_hour": "perHour", "incentive.lasts": "incentive.lastsDays"}.get(
        path, path
    )
