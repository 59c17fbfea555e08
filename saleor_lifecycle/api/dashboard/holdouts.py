"""Who is held out of every flow, so that what all flows bring together is known."""

import strawberry

from saleor_lifecycle.actions import holdouts
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors


@strawberry.type(
    description="Of a hundred customers so many get no commercial message of any flow they enter from now on."
)
class Holdout:
    percent: int
    most: int


@strawberry.type
class HoldoutChange:
    holdout: Holdout | None
    errors: list[Error]


@strawberry.type
class HoldoutQuery:
    @strawberry.field(
        description="Who is held out of every flow; each flow has a holdout of its own beside it.",
        extensions=[Needs(Permission.USERS)],
    )
    def holdout(self, info: Info) -> Holdout:
        with within(info.context.installation_id):
            return _shown(info.context.installation_id)


@strawberry.type
class HoldoutMutation:
    @strawberry.mutation(
        description="Hold so many of a hundred customers out of every flow.", extensions=[Needs(Permission.USERS)]
    )
    def holdout_set(self, info: Info, percent: int) -> HoldoutChange:
        with within(info.context.installation_id):
            try:
                holdouts.set_everywhere(info.context.installation_id, percent)
            except ValueError:
                problem = Problem("percent", Code.INVALID, f"Give 0 to {holdouts.MOST_PERCENT} of a hundred.")
                return HoldoutChange(holdout=None, errors=errors([problem]))
            return HoldoutChange(holdout=_shown(info.context.installation_id), errors=[])


def _shown(installation_id: int) -> Holdout:
    share = Installation.objects.values_list("holdout_share", flat=True).get(pk=installation_id)
    return Holdout(percent=round(100 * share), most=holdouts.MOST_PERCENT)
