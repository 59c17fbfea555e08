# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Apps, the shop itself, metadata mutations."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import graphene

from .. import apps, extensions, metadata
from ..actors import PermissionDenied
from ..catalogue import CHANNEL, SHOP_NAME
from ..records import SALEOR_VERSION, SCHEMA_VERSION
from ..records import App as AppRecord
from ..records import AppExtension as ExtensionRecord
from ..records import AppInstallation as InstallationRecord
from .app_types import App, AppExtension
from .context import context
from .enums import AppErrorCode, JobStatus, MetadataErrorCode, plain
from .enums import Permission as PermissionEnum
from .mutations import mutation
from .products import Channel
from .shared import PAGING, MetadataInput, Node, ObjectWithMetadata, connection, items, page

AppExtensionConnection = connection(AppExtension)


class AppExtensionFilterInput(graphene.InputObjectType):
    mount_name = graphene.List(graphene.NonNull(graphene.String))
    target_name = graphene.String()


class Domain(graphene.ObjectType):
    host = graphene.String(required=True)
    ssl_enabled = graphene.Boolean(required=True)
    url = graphene.String(required=True)


class Shop(graphene.ObjectType):
    name = graphene.String(required=True)
    version = graphene.String(required=True)
    schema_version = graphene.String(required=True)
    domain = graphene.Field(Domain, required=True)


class AppInstallation(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    status = JobStatus(required=True)
    created_at = graphene.DateTime(required=True)
    updated_at = graphene.DateTime(required=True)
    message = graphene.String()
    app_name = graphene.String(required=True)
    manifest_url = graphene.String(required=True)


class AppQueries(graphene.ObjectType):
    app = graphene.Field(App, id=graphene.ID())
    app_extensions = graphene.Field(AppExtensionConnection, filter=AppExtensionFilterInput(), **PAGING)
    app_extension = graphene.Field(AppExtension, id=graphene.ID(required=True))
    apps_installations = graphene.List(graphene.NonNull(AppInstallation), required=True)
    shop = graphene.Field(Shop, required=True)
    channels = graphene.List(graphene.NonNull(Channel))

    @staticmethod
    def resolve_app(root: Any, info: Any, id: str | None = None) -> AppRecord | None:
        """The asking app itself; any for staff, who may all open apps. A dead token is nobody's."""
        asking = context(info)
        if asking.actor.app and id in (None, asking.actor.app.id):
            return asking.actor.app
        if asking.actor.app:
            asking.actor.require("MANAGE_APPS")
        if not asking.actor.is_staff_or_app:
            raise PermissionDenied("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP")
        return asking.shop.get(AppRecord, id)

    @staticmethod
    def resolve_app_extensions(
        root: Any, info: Any, first: int | None = None, after: str | None = None, filter: Any = None
    ) -> dict[str, Any]:
        mounts, target = (filter or {}).get("mount_name"), (filter or {}).get("target_name")
        rows = [
            one
            for one in _standing(info)
            if (mounts is None or one.mount in {mount.upper() for mount in mounts})
            and (target is None or one.target == target.upper())
        ]
        return page(rows, "appExtensions", first, after)

    @staticmethod
    def resolve_app_extension(root: Any, info: Any, id: str) -> ExtensionRecord | None:
        return next((one for one in _standing(info) if one.id == id), None)

    @staticmethod
    def resolve_apps_installations(root: Any, info: Any) -> list[InstallationRecord]:
        asking = context(info)
        asking.actor.require("MANAGE_APPS")
        return asking.shop.all(InstallationRecord)

    @staticmethod
    def resolve_shop(root: Any, info: Any) -> dict[str, Any]:
        url = context(info).shop.url
        domain = {"host": urlsplit(url).netloc, "ssl_enabled": False, "url": f"{url}/"}
        return {
            "name": SHOP_NAME, "version": SALEOR_VERSION, "schema_version": SCHEMA_VERSION, "domain": domain
        }  # fmt: skip

    @staticmethod
    def resolve_channels(root: Any, info: Any) -> list[Any]:
        actor = context(info).actor
        if actor.app is None and not actor.may("MANAGE_CHANNELS"):
            raise PermissionDenied("AUTHENTICATED_APP", "AUTHENTICATED_STAFF_USER")
        return [CHANNEL]


def _standing(info: Any) -> list[ExtensionRecord]:
    asking = context(info)
    if not asking.actor.is_staff_or_app:
        raise PermissionDenied("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP")
    return extensions.standing(asking.shop)


class AppError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = AppErrorCode(required=True)


class AppInstallInput(graphene.InputObjectType):
    app_name = graphene.String(required=True)
    manifest_url = graphene.String(required=True)
    activate_after_installation = graphene.Boolean(default_value=True)
    permissions = graphene.List(graphene.NonNull(PermissionEnum))


def _install(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    installation = apps.request_installation(asking.shop, asking.actor, input.app_name, input.manifest_url)
    chosen = input.get("permissions")
    asking.start_installation(installation, None if chosen is None else [plain(code) for code in chosen])
    return {"app_installation": installation}


def _on_app(act: Callable[..., AppRecord]) -> Callable[..., dict[str, Any]]:
    def run(info: Any, id: str) -> dict[str, Any]:
        asking = context(info)
        return {"app": act(asking.shop, asking.actor, id)}

    return run


class MetadataError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = MetadataErrorCode(required=True)


def _write_metadata(private: bool) -> Callable[..., dict[str, Any]]:
    def run(info: Any, id: str, input: Any) -> dict[str, Any]:
        asking = context(info)
        return {"item": metadata.update(asking.shop, asking.actor, id, items(input), private)}

    return run


_APP = {"app": graphene.Field(App)}
_ITEM = {"item": graphene.Field(ObjectWithMetadata)}
_ID = graphene.ID(required=True)
_ITEMS = graphene.List(graphene.NonNull(MetadataInput), required=True)


class AppMutations(graphene.ObjectType):
    app_install = mutation(
        "AppInstall",
        _install,
        AppError,
        {"app_installation": graphene.Field(AppInstallation)},
        input=AppInstallInput(required=True),
    )
    app_delete = mutation("AppDelete", _on_app(apps.delete), AppError, _APP, id=_ID)
    app_activate = mutation("AppActivate", _on_app(apps.activate), AppError, _APP, id=_ID)
    app_deactivate = mutation("AppDeactivate", _on_app(apps.deactivate), AppError, _APP, id=_ID)
    update_metadata = mutation("UpdateMetadata", _write_metadata(False), MetadataError, _ITEM, id=_ID, input=_ITEMS)
    update_private_metadata = mutation(
        "UpdatePrivateMetadata", _write_metadata(True), MetadataError, _ITEM, id=_ID, input=_ITEMS
    )
