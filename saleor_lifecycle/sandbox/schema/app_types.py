# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Apps, and what belongs to them: webhooks and extensions of the Dashboard."""

from collections.abc import Iterable
from typing import Any

import graphene

from .. import extensions
from ..records import App as AppRecord
from ..records import AppExtension as ExtensionRecord
from ..records import Delivery as DeliveryRecord
from ..records import Webhook as WebhookRecord
from .context import context
from .enums import (
    EventDeliverySortField,
    EventDeliveryStatus,
    OrderDirection,
    WebhookEventType,
    WebhookEventTypeAsync,
    plain,
)
from .enums import Permission as PermissionEnum
from .shared import PAGING, Node, ObjectWithMetadata, connection, page
from .sorting import sort_of


class Permission(graphene.ObjectType):
    code = PermissionEnum(required=True)
    name = graphene.String(required=True)


class WebhookEventAsync(graphene.ObjectType):
    name = graphene.String(required=True)
    event_type = WebhookEventTypeAsync(required=True)


class EventDelivery(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    created_at = graphene.DateTime(required=True)
    status = EventDeliveryStatus(required=True)
    event_type = WebhookEventType(required=True)
    payload = graphene.String()

    @staticmethod
    def resolve_created_at(root: DeliveryRecord, info: Any) -> Any:
        return root.issued_at

    @staticmethod
    def resolve_event_type(root: DeliveryRecord, info: Any) -> str:
        return root.event

    @staticmethod
    def resolve_payload(root: DeliveryRecord, info: Any) -> str | None:
        return root.body


class EventDeliveryFilterInput(graphene.InputObjectType):
    status = EventDeliveryStatus()
    event_type = WebhookEventType()


class EventDeliverySortingInput(graphene.InputObjectType):
    direction = OrderDirection(required=True)
    field = EventDeliverySortField(required=True)


class Webhook(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String()
    identifier = graphene.String()
    target_url = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    subscription_query = graphene.String()
    custom_headers = graphene.JSONString()
    async_events = graphene.List(graphene.NonNull(WebhookEventAsync), required=True)
    event_deliveries = graphene.Field(
        connection(EventDelivery), filter=EventDeliveryFilterInput(), sort_by=EventDeliverySortingInput(), **PAGING
    )

    @staticmethod
    def resolve_event_deliveries(
        root: WebhookRecord,
        info: Any,
        first: int | None = None,
        after: str | None = None,
        filter: Any = None,
        sort_by: Any = None,
    ) -> dict[str, Any]:
        wanted = {key: plain(value) for key, value in (filter or {}).items()}
        found = [
            one
            for one in context(info).shop.all(DeliveryRecord)
            if one.webhook_id == root.id
            and wanted.get("status", one.status) == one.status
            and wanted.get("event_type", one.event) == one.event
        ]
        return page(found, "eventDeliveries", first, after, sort_of(sort_by, {"CREATED_AT": "issued_at"}))

    @staticmethod
    def resolve_subscription_query(root: WebhookRecord, info: Any) -> str:
        return root.query

    @staticmethod
    def resolve_custom_headers(root: WebhookRecord, info: Any) -> dict[str, str]:
        return dict(root.headers)

    @staticmethod
    def resolve_async_events(root: WebhookRecord, info: Any) -> list[dict[str, str]]:
        return [{"name": name.replace("_", " ").capitalize(), "event_type": name} for name in sorted(root.events)]


class JSON(graphene.Scalar):
    """Any JSON value; only ever answered."""

    serialize = staticmethod(lambda value: value)


class AppExtension(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    permissions = graphene.List(graphene.NonNull(Permission), required=True)
    label = graphene.String(required=True)
    url = graphene.String(required=True)
    mount_name = graphene.String(required=True)
    target_name = graphene.String(required=True)
    settings = graphene.Field(JSON, required=True)
    identifier = graphene.String()
    app = graphene.Field(lambda: App, required=True)
    access_token = graphene.String()

    @staticmethod
    def resolve_permissions(root: ExtensionRecord, info: Any) -> list[dict[str, str]]:
        return _permissions(root.permissions)

    @staticmethod
    def resolve_url(root: ExtensionRecord, info: Any) -> str:
        return extensions.address_of(context(info).shop, root)

    @staticmethod
    def resolve_mount_name(root: ExtensionRecord, info: Any) -> str:
        return root.mount

    @staticmethod
    def resolve_target_name(root: ExtensionRecord, info: Any) -> str:
        return root.target

    @staticmethod
    def resolve_app(root: ExtensionRecord, info: Any) -> AppRecord | None:
        return context(info).shop.get(AppRecord, root.app_id)

    @staticmethod
    def resolve_access_token(root: ExtensionRecord, info: Any) -> str | None:
        """None for anyone but staff, and for staff who lack any of the extension's permissions."""
        asking = context(info)
        user = asking.actor.user
        if user is None or not user.is_staff:
            return None
        return asking.signer.extension_token(user, root, asking.shop.api_url, asking.shop.clock(), asking.token_seconds)


def _permissions(codes: Iterable[str]) -> list[dict[str, str]]:
    return [{"code": code, "name": code.replace("_", " ").capitalize()} for code in sorted(codes)]


class App(graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    identifier = graphene.String()
    name = graphene.String()
    version = graphene.String()
    created = graphene.DateTime()
    is_active = graphene.Boolean()
    manifest_url = graphene.String()
    permissions = graphene.List(graphene.NonNull(Permission))
    webhooks = graphene.List(graphene.NonNull(Webhook))
    app_url = graphene.String()
    access_token = graphene.String()
    extensions = graphene.List(graphene.NonNull(AppExtension), required=True)

    @staticmethod
    def resolve_permissions(root: AppRecord, info: Any) -> list[dict[str, str]]:
        return _permissions(root.permissions)

    @staticmethod
    def resolve_webhooks(root: AppRecord, info: Any) -> list[WebhookRecord]:
        return [webhook for webhook in context(info).shop.all(WebhookRecord) if webhook.app_id == root.id]

    @staticmethod
    def resolve_access_token(root: AppRecord, info: Any) -> str | None:
        """The token with which the app acts for the staff who asks; None for anyone else."""
        asking = context(info)
        user = asking.actor.user
        if user is None or not user.is_staff:
            return None
        return asking.signer.app_token(user, root, asking.shop.api_url, asking.shop.clock(), asking.token_seconds)

    @staticmethod
    def resolve_extensions(root: AppRecord, info: Any) -> list[ExtensionRecord]:
        return [one for one in context(info).shop.all(ExtensionRecord) if one.app_id == root.id]
