"""The storefront schema: every noun's queries and mutations as one federated subgraph."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types.info import Info

from .. import limits
from ..errors import Refusal
from .carts import CartQuery
from .consent import ConsentMutation, ConsentQuery
from .deliveries import DeliveryMutation
from .flows import FlowMutation
from .forms import FormMutation, FormQuery
from .languages import LanguageCode, language_code
from .me import MeQuery, User
from .messages import MessageMutation
from .offers import OfferQuery
from .preferences import PreferenceMutation
from .visits import VisitMutation

REPRESENTATIONS = 100
"""As many as Saleor's own subgraph answers in one call."""


class Subgraph(limits.Schema, strawberry.federation.Schema):
    """A federated schema that answers for users and nothing else."""

    def entities_resolver(self, info: Info, representations: list[FederationAny]) -> list[FederationAny]:
        """Return each user that a gateway names, in its order."""
        if len(representations) > REPRESENTATIONS:
            raise Refusal(f"At most {REPRESENTATIONS} representations are answered in one call.", "TOO_LARGE")
        return [_entity(info, each) for each in representations]


def _entity(info: Info, representation: Any) -> Any:
    match representation:
        case {"__typename": "User", "id": str(user_id)}:
            return User.resolve_reference(info, strawberry.ID(user_id))
    return GraphQLError("A representation names a User by its id.", extensions={"code": "INVALID"})


schema = Subgraph(
    query=merge_types("Query", (MeQuery, OfferQuery, CartQuery, ConsentQuery, FormQuery)),
    mutation=merge_types(
        "Mutation",
        (
            ConsentMutation,
            PreferenceMutation,
            FormMutation,
            VisitMutation,
            MessageMutation,
            FlowMutation,
            DeliveryMutation,
        ),
    ),
    types=[User],
    extensions=limits.extensions(),
    config=StrawberryConfig(scalar_map={LanguageCode: language_code}),
)
