"""Personal codes: how many a shop gives away, and what stands in the way."""

import strawberry
from django.utils import timezone

from saleor_lifecycle.actions import incentive_settings
from saleor_lifecycle.actions.incentive_settings import Standing
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors


@strawberry.type(description="The codes that flows give to customers, each its own.")
class Incentives:
    is_permitted: bool = strawberry.field(description="Staff let the app make vouchers: it has MANAGE_DISCOUNTS.")
    per_month: int = strawberry.field(description="How many codes all flows together give in a month, at most.")
    given_this_month: int
    margin_percent: int = strawberry.field(
        description="What a cart has to earn of what it brings, the code taken off; else its message leaves without. "
        "Judged where `isMarginKept` and the shop knows what its products cost."
    )
    is_margin_kept: bool = strawberry.field(description="Staff let the app see what products cost: MANAGE_PRODUCTS.")
    ready: int = strawberry.field(description="Made in the shop, and given to nobody yet.")
    given: int = strawberry.field(description="Ever, those used or taken back among them.")
    used: int
    withdrawn: int = strawberry.field(description="Taken back: their customers ordered without, or were erased.")
    trouble: str = strawberry.field(description="Why the shop made no code when it was last asked; empty for none.")


@strawberry.type
class IncentivesUpdate:
    incentives: Incentives | None
    errors: list[Error]


@strawberry.type
class IncentiveQuery:
    @strawberry.field(description="The codes that flows give to customers.", extensions=[Needs(Permission.USERS)])
    def incentives(self, info: Info) -> Incentives:
        with within(info.context.installation_id):
            installation = Installation.objects.get(pk=info.context.installation_id)
            return _shown(incentive_settings.standing(installation, timezone.now()))


@strawberry.type
class IncentiveMutation:
    @strawberry.mutation(
        description="Set how many codes are given, and when none is; what is left out stays.",
        extensions=[Needs(Permission.USERS)],
    )
    def incentives_update(
        self, info: Info, per_month: int | None = None, margin_percent: int | None = None
    ) -> IncentivesUpdate:
        with within(info.context.installation_id):
            installation = Installation.objects.get(pk=info.context.installation_id)
            if problems := incentive_settings.set_all(installation, per_month, margin_percent):
                return IncentivesUpdate(incentives=None, errors=errors(problems))
            return IncentivesUpdate(
                incentives=_shown(incentive_settings.standing(installation, timezone.now())), errors=[]
            )


def _shown(one: Standing) -> Incentives:
    return Incentives(
        is_permitted=one.is_permitted,
        per_month=one.per_month,
        given_this_month=one.given_this_month,
        margin_percent=one.margin_percent,
        is_margin_kept=one.is_margin_kept,
        ready=one.ready,
        given=one.given,
        used=one.used,
        withdrawn=one.withdrawn,
        trouble=one.trouble,
    )
