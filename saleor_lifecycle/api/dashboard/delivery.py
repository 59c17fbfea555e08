"""How a shop's deliveries are told: Saleor does not know when an order has arrived."""

from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import deliveries, delivery_settings
from saleor_lifecycle.domain.delivery import Source
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(Source, name="DeliverySource", description="From where it is known when an order was delivered.")


@strawberry.type(description="When an order was delivered; or will be, as far as is known.")
class OrderDelivery:
    at: datetime
    source: Source
    has_come: bool = strawberry.field(description="It has counted as delivered; nothing moves it any more.")


@strawberry.type(description="How long parcels of a shipping method are on their way.")
class DeliveryRule:
    method: str = strawberry.field(description="The shipping method's name, as orders have it; without regard to case.")
    working_days: int


@strawberry.input
class DeliveryRuleInput:
    method: str
    working_days: int


@strawberry.type(
    description="When an order counts as delivered: when another system tells it with the server key; else at the "
    "moment that stands under a metadata key; else so many working days after its first parcel was sent."
)
class DeliverySettings:
    metadata_key: str = strawberry.field(description="Of fulfilments, else of orders; empty: none.")
    rules: list[DeliveryRule]
    otherwise_working_days: int


@strawberry.type
class DeliverySettingsUpdate:
    settings: DeliverySettings | None
    errors: list[Error]


@strawberry.type
class DeliveryQuery:
    @strawberry.field(description="How this shop's deliveries are told.", extensions=[Needs(Permission.USERS)])
    def delivery_settings(self, info: Info) -> DeliverySettings:
        with within(info.context.installation_id):
            return _shown(deliveries.settings_of(info.context.installation_id))


@strawberry.type
class DeliveryMutation:
    @strawberry.mutation(
        description="Set how deliveries are told from now on; what is left out stays. Deliveries that are reckoned "
        "already keep their moment until their order changes.",
        extensions=[Needs(Permission.USERS)],
    )
    def delivery_settings_update(
        self,
        info: Info,
        metadata_key: str | None = None,
        rules: list[DeliveryRuleInput] | None = None,
        otherwise_working_days: int | None = None,
    ) -> DeliverySettingsUpdate:
        installation_id = info.context.installation_id
        given = None if rules is None else [(one.method, one.working_days) for one in rules]
        with within(installation_id):
            found = delivery_settings.change(installation_id, metadata_key, given, otherwise_working_days)
            if found:
                return DeliverySettingsUpdate(settings=None, errors=errors(found))
            return DeliverySettingsUpdate(settings=_shown(deliveries.settings_of(installation_id)), errors=[])


def delivery_of(held: models.OrderDelivery | None) -> OrderDelivery | None:
    """Return an order's delivery as it is shown."""
    if held is None:
        return None
    return OrderDelivery(at=held.at, source=Source(held.source), has_come=held.came_at is not None)


def _shown(held: models.DeliverySettings) -> DeliverySettings:
    return DeliverySettings(
        metadata_key=held.metadata_key,
        rules=[DeliveryRule(method=name, working_days=days) for name, days in sorted(held.methods.items())],
        otherwise_working_days=held.otherwise,
    )
