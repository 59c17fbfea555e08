# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""The mutations with which an app changes its own webhooks."""

from typing import Any

import graphene

from .. import webhooks
from ..records import Webhook as WebhookRecord
from .app_types import Webhook
from .context import context
from .enums import WebhookErrorCode, WebhookEventTypeAsync, plain
from .mutations import mutation


class WebhookQueries(graphene.ObjectType):
    webhook = graphene.Field(Webhook, id=graphene.ID(required=True))

    @staticmethod
    def resolve_webhook(root: Any, info: Any, id: str) -> WebhookRecord | None:
        """The asking app's own."""
        asking = context(info)
        found = asking.shop.get(WebhookRecord, id)
        return found if found and asking.actor.app and found.app_id == asking.actor.app.id else None


class WebhookError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = WebhookErrorCode(required=True)


def _input(name: str) -> Any:
    fields = {
        "name": graphene.String(),
        "identifier": graphene.String(),
        "target_url": graphene.String(),
        "async_events": graphene.List(graphene.NonNull(WebhookEventTypeAsync)),
        "is_active": graphene.Boolean(),
        "query": graphene.String(),
        "custom_headers": graphene.JSONString(),
    }
    return type(name, (graphene.InputObjectType,), fields)


WebhookCreateInput = _input("WebhookCreateInput")
WebhookUpdateInput = _input("WebhookUpdateInput")


def _given(input: Any) -> dict[str, Any]:
    given = dict(input)
    if "async_events" in given:
        given["async_events"] = [plain(event) for event in given["async_events"]]
    return given


def _check(query: str) -> str | None:
    from . import check_query  # the schema that queries are checked against is made of this module too

    return check_query(query)


def _create(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    return {"webhook": webhooks.create(asking.shop, asking.actor, _given(input), _check)}


def _update(info: Any, input: Any, id: str) -> dict[str, Any]:
    asking = context(info)
    return {"webhook": webhooks.update(asking.shop, asking.actor, id, _given(input), _check)}


def _delete(info: Any, id: str) -> dict[str, Any]:
    asking = context(info)
    return {"webhook": webhooks.delete(asking.shop, asking.actor, id)}


_WEBHOOK = {"webhook": graphene.Field(Webhook)}


class WebhookMutations(graphene.ObjectType):
    webhook_create = mutation("WebhookCreate", _create, WebhookError, _WEBHOOK, input=WebhookCreateInput(required=True))
    webhook_update = mutation(
        "WebhookUpdate", _update, WebhookError, _WEBHOOK, id=graphene.ID(), input=WebhookUpdateInput(required=True)
    )
    webhook_delete = mutation("WebhookDelete", _delete, WebhookError, _WEBHOOK, id=graphene.ID())
