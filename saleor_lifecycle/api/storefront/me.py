"""The customer: where they stand, asked for by themselves or as part of Saleor's User."""

from enum import Enum

import strawberry

from saleor_lifecycle.models import Customer

from .access import Info
from .messages import LifecycleMessage, messages_of


@strawberry.enum(description="Where a customer stands.")
class LifecyclePhase(Enum):
    EDUCATION = "education"
    SALES = "sales"
    RETENTION = "retention"
    LOSS = "loss"


@strawberry.type(description="A customer, as the lifecycle app knows them.")
class LifecycleMe:
    id: strawberry.ID = strawberry.field(description="The lifecycle app's own id of the customer.")
    customer: strawberry.Private[Customer]

    @strawberry.field(
        description="Null unless the merchant has agreed that customers' records in Saleor hold the phase: "
        "one answer for both places."
    )
    def phase(self, info: Info) -> LifecyclePhase | None:
        return LifecyclePhase(self.customer.phase) if info.context.people.is_phase_told else None

    @strawberry.field(
        description="What stands on the site for the customer in a channel, the newest first, at most 10: in one place "
        "there, or without one in any. Decided anew each time that it is asked for; asking changes nothing."
    )
    def messages(self, info: Info, channel: str, placement: str | None = None) -> list[LifecycleMessage]:
        return messages_of(info, self.customer.pk, channel, placement)


def lifecycle_of(user_id: str | None, info: Info) -> LifecycleMe | None:
    """Return the lifecycle of an account; None for nobody, for one that may not be told, and for one not known."""
    if user_id is None or not info.context.may_see(user_id):
        return None
    customer = info.context.people.of(user_id)
    return None if customer is None else LifecycleMe(id=strawberry.ID(str(customer.public_id)), customer=customer)


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(
        description="The signed-in customer's own; with the server's key anybody's. Null for others, "
        "and for an account of which the lifecycle app has heard nothing."
    )
    def lifecycle(self, info: Info) -> LifecycleMe | None:
        return lifecycle_of(self.id, info)

    @classmethod
    def resolve_reference(cls, info: Info, id: strawberry.ID) -> "User":
        if info.context.may_see(id):
            info.context.people.ask(id)
        return cls(id=id)


@strawberry.type
class MeQuery:
    @strawberry.field(description="The signed-in customer; null when nobody is signed in.")
    def lifecycle_me(self, info: Info) -> LifecycleMe | None:
        return lifecycle_of(info.context.user_id, info)
