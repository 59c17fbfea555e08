# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""The events of the subscription, and a webhook's payload as an execution of its query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import graphene

from ..events import EVENTS
from ..records import SALEOR_VERSION
from ..records import App as AppRecord
from ..records import Order as OrderRecord
from .accounts import User
from .app_types import App
from .checkouts import Checkout
from .context import context
from .orders import Fulfillment, Order
from .shared import type_of


@dataclass(frozen=True, slots=True)
class Happening:
    """The root value of a payload."""

    typename: str
    issued_at: datetime
    issuing_principal: Any
    recipient: AppRecord
    subject: Any
    token: str | None
    version: str = SALEOR_VERSION


class IssuingPrincipal(graphene.Union):
    class Meta:
        types = (App, User)

    @classmethod
    def resolve_type(cls, root: Any, info: Any) -> Any:
        return type_of(root, info)


class Event(graphene.Interface):
    issued_at = graphene.DateTime()
    version = graphene.String()
    issuing_principal = graphene.Field(IssuingPrincipal)
    recipient = graphene.Field(App)

    @classmethod
    def resolve_type(cls, root: Happening, info: Any) -> Any:
        return info.schema.get_type(root.typename).graphene_type


def _subject(root: Happening, info: Any) -> Any:
    return root.subject


def _order_of_fulfillment(root: Happening, info: Any) -> OrderRecord | None:
    return context(info).shop.get(OrderRecord, root.subject.order_id)


def _fields(subject: str) -> dict[str, Any]:
    types = {"checkout": Checkout, "order": Order, "user": User, "app": App}
    if subject == "orders":
        return {"orders": graphene.List(graphene.NonNull(Order), resolver=_subject)}
    if subject == "fulfillment":
        return {
            "fulfillment": graphene.Field(Fulfillment, resolver=_subject),
            "order": graphene.Field(Order, resolver=_order_of_fulfillment),
        }
    return {subject: graphene.Field(types[subject], resolver=_subject)}


def _event_type(typename: str, subject: str) -> Any:
    meta = type("Meta", (), {"interfaces": (Event,)})
    return type(typename, (graphene.ObjectType,), {"Meta": meta, **_fields(subject)})


EVENT_TYPES = [_event_type(kind.typename, kind.subject) for kind in EVENTS.values()]


class Subscription(graphene.ObjectType):
    event = graphene.Field(Event)

    @staticmethod
    def resolve_event(root: Happening, info: Any) -> Happening:
        return root
