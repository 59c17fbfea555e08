# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""The part of Saleor's GraphQL schema that the sandbox has; a test holds it equal to Saleor's own SDL."""

import json
from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLError, GraphQLSchema, parse, validate
from graphql.execution import ExecutionResult, execute

from ..actors import Actor
from ..events import EVENTS
from ..metadata import KINDS
from ..records import App as AppRecord
from ..records import Delivery, User, Webhook, kind_of
from ..shop import Shop
from ..signing import Signer
from .accounts import AccountMutations, UserQueries
from .apps import AppMutations, AppQueries
from .attributes import AttributeMutations, AttributeQueries
from .checkout_changes import CheckoutMutations
from .checkouts import CheckoutQueries
from .context import Context
from .events import EVENT_TYPES, Happening, Subscription
from .federation import FederationQueries
from .order_changes import OrderMutations
from .orders import OrderQueries
from .problems import ProblemMutations
from .products import ProductQueries
from .vouchers import VoucherMutations, VoucherQueries
from .webhooks import WebhookMutations, WebhookQueries


class Query(
    AppQueries,
    UserQueries,
    ProductQueries,
    VoucherQueries,
    CheckoutQueries,
    OrderQueries,
    WebhookQueries,
    FederationQueries,
    AttributeQueries,
):
    pass


class Mutation(
    AppMutations,
    AccountMutations,
    CheckoutMutations,
    OrderMutations,
    VoucherMutations,
    WebhookMutations,
    AttributeMutations,
    ProblemMutations,
):
    pass


SCHEMA: GraphQLSchema = graphene.Schema(
    query=Query, mutation=Mutation, subscription=Subscription, types=EVENT_TYPES
).graphql_schema


def check_query(query: str) -> str | None:
    """What is wrong with a webhook's query; None if nothing."""
    try:
        errors = validate(SCHEMA, parse(query))
    except GraphQLError as error:
        return error.message
    return errors[0].message if errors else None


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as Saleor writes it: with the exception's name as its code."""
    code = type(error.original_error or error).__name__
    return {**error.formatted, "extensions": {"exception": {"code": code}}}


def renderer(shop: Shop, signer: Signer) -> Callable[[Webhook, Delivery, Any, Any], str | None]:
    """The function that builds a delivery's payload.

    It takes the subject as it was; without one it shows the state of now, and answers None if it is gone.
    """

    def render(webhook: Webhook, delivery: Delivery, subject: Any, principal: Any) -> str | None:
        app = shop.get(AppRecord, webhook.app_id)
        subject = subject or _record(shop, delivery.subject_id)
        if app is None or subject is None:
            return None
        happening = Happening(
            typename=EVENTS[delivery.event].typename,
            issued_at=delivery.issued_at,
            issuing_principal=principal or _record(shop, delivery.principal_id),
            recipient=app,
            subject=subject,
            token=delivery.token,
        )
        # As in Saleor, the app's permissions decide which fields it sees.
        context = Context(shop, Actor(app=app), signer)
        result = execute(SCHEMA, parse(webhook.query), happening, context)
        assert isinstance(result, ExecutionResult)
        event = (result.data or {}).get("event")
        if not event:
            return None
        errors = {"errors": [formatted(error) for error in result.errors]} if result.errors else {}
        return json.dumps({**event, **errors})

    return render


def _record(shop: Shop, identifier: str | None) -> Any:
    if identifier is None:
        return None
    kind = KINDS.get(kind_of(identifier), User)
    return shop.get(kind, identifier)
