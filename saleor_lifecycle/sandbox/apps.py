"""Installing an app, as Saleor does: manifest, webhooks, token; and switching it off, on, and out."""

import contextlib
import json
import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from . import extensions, outbound
from .actors import NOBODY, Actor, Refused
from .events import EVENTS
from .records import SCHEMA_VERSION, App, AppExtension, AppInstallation, Webhook
from .shop import Change, Shop

_HEADERS = {"User-Agent": f"Saleor/{SCHEMA_VERSION}", "Saleor-Schema-Version": SCHEMA_VERSION}
_NO_CONNECTION = "Failed to connect to app. Try later or contact with app support."
_ALPHABET = string.ascii_letters + string.digits

CheckQuery = Callable[[str], str | None]


class InstallationFailed(Exception):
    """What the merchant reads."""


class AppAway(InstallationFailed):
    """The app did not answer: it may be worth another try."""


def request_installation(shop: Shop, actor: Actor, name: str, manifest_url: str) -> AppInstallation:
    """The pending installation; the work itself is done later by :func:`install`."""
    actor.require("MANAGE_APPS")
    with shop.change(actor) as change:
        installation = AppInstallation(
            id=change.next_id("AppInstallation"),
            app_name=name,
            manifest_url=manifest_url,
            status="PENDING",
            created_at=change.now,
            updated_at=change.now,
        )
        change.put(installation)
    return installation


def run_installation(
    shop: Shop, installation: AppInstallation, check_query: CheckQuery, permissions: Sequence[str] | None
) -> None:
    """Install; the record goes when it succeeded and tells why when it did not."""
    try:
        install(shop, installation.manifest_url, check_query, installation.app_name, permissions)
    except InstallationFailed as error:
        with shop.change(NOBODY) as change:
            change.put(replace(installation, status="FAILED", message=str(error), updated_at=change.now))
    else:
        with shop.change(NOBODY) as change:
            change.remove(installation)


def install(
    shop: Shop,
    manifest_url: str,
    check_query: CheckQuery,
    name: str | None = None,
    permissions: Sequence[str] | None = None,
) -> App:
    """The installed app. Its webhooks are live before its token is sent, so events may come first."""
    with outbound.client() as client:
        manifest = _fetch(client, manifest_url)
        _check(shop, manifest, check_query)
        granted = manifest.get("permissions", []) if permissions is None else permissions
        with shop.change(NOBODY) as change:
            app = App(
                id=change.next_id("App"),
                name=name or manifest["name"],
                identifier=manifest["id"],
                version=manifest["version"],
                manifest_url=manifest_url,
                token="".join(secrets.choice(_ALPHABET) for _ in range(30)),
                permissions=tuple(granted),
                created=change.now,
                app_url=manifest.get("appUrl"),
            )
            change.put(app)
            extensions.add(change, app, manifest)
            for webhook in manifest.get("webhooks", []):
                change.put(_webhook(change, app, webhook))
        try:
            if target := manifest.get("tokenTargetUrl"):
                _send_token(client, shop, target, app.token)
        except InstallationFailed:
            _erase(shop, app)
            raise
    with shop.change(NOBODY) as change:
        change.emit("APP_INSTALLED", app)
    return app


def delete(shop: Shop, actor: Actor, identifier: str) -> App:
    """The removed app: its token is dead at once, its last event is APP_DELETED."""
    return _switch(shop, actor, identifier, "APP_DELETED", is_active=False, is_removed=True)


def activate(shop: Shop, actor: Actor, identifier: str) -> App:
    return _switch(shop, actor, identifier, "APP_STATUS_CHANGED", is_active=True)


def deactivate(shop: Shop, actor: Actor, identifier: str) -> App:
    return _switch(shop, actor, identifier, "APP_STATUS_CHANGED", is_active=False)


def installed(shop: Shop, manifest_url: str) -> App | None:
    """The app that this manifest installed, switched off or not, unless it was removed since."""
    return next((app for app in shop.all(App) if app.manifest_url == manifest_url and not app.is_removed), None)


def _switch(shop: Shop, actor: Actor, identifier: str, event: str, is_active: bool, is_removed: bool = False) -> App:
    actor.require("MANAGE_APPS")
    with shop.change(actor) as change:
        app = change.get(App, identifier)
        if app is None or app.is_removed:
            raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
        app = replace(app, is_active=is_active, is_removed=is_removed)
        change.put(app)
        change.emit(event, app)
    return app


def _fetch(client: httpx.Client, url: str) -> dict[str, Any]:
    try:
        answer = client.get(url, headers=_HEADERS)
    except httpx.HTTPError:
        raise AppAway(_NO_CONNECTION) from None
    if answer.status_code >= 500:
        raise AppAway(_NO_CONNECTION)
    try:
        manifest = answer.json() if answer.is_success else None
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict):
        raise InstallationFailed("Incorrect structure of manifest.")
    return manifest


def _check(shop: Shop, manifest: dict[str, Any], check_query: CheckQuery) -> None:
    for key in ("id", "name", "version"):
        if not isinstance(manifest.get(key), str):
            raise InstallationFailed(f"{key}: Field required")
    for key in ("permissions", "webhooks"):
        if not isinstance(manifest.get(key, []), list):
            raise InstallationFailed(f"{key}: Input should be a valid list")
    if any(app.identifier == manifest["id"] and not app.is_removed for app in shop.all(App)):
        raise InstallationFailed("App with the same identifier is already installed")
    if "MANAGE_APPS" in manifest.get("permissions", []):
        raise InstallationFailed("permissions: MANAGE_APPS is refused, as from Saleor 3.24 on")
    if problem := extensions.problem_with(manifest):
        raise InstallationFailed(problem)
    for webhook in manifest.get("webhooks", []):
        where = f"webhooks: {webhook.get('name')}"
        if not webhook.get("name") or len(webhook.get("targetUrl", "")) > 255:
            raise InstallationFailed(f"{where}: name and targetUrl (255 at most) are required")
        if unknown := set(webhook.get("asyncEvents", [])) - set(EVENTS):
            raise InstallationFailed(f"{where}: events unknown to the sandbox: {', '.join(sorted(unknown))}")
        if problem := check_query(webhook.get("query", "")):
            raise InstallationFailed(f"{where}: {problem}")


def _webhook(change: Change, app: App, manifest: dict[str, Any]) -> Webhook:
    return Webhook(
        id=change.next_id("Webhook"),
        app_id=app.id,
        name=manifest["name"],
        identifier=manifest.get("identifier"),
        target_url=manifest["targetUrl"],
        query=manifest["query"],
        events=tuple(manifest.get("asyncEvents", [])),
        is_active=manifest.get("isActive", True),
        headers=manifest.get("customHeaders", {}),
    )


def _send_token(client: httpx.Client, shop: Shop, target: str, token: str) -> None:
    domain = urlsplit(shop.url).netloc
    headers = {
        **_HEADERS,
        "Content-Type": "application/json",
        "Saleor-Domain": domain,
        "X-Saleor-Domain": domain,
        "Saleor-Api-Url": shop.api_url,
    }
    try:
        answer = client.post(target, content=json.dumps({"auth_token": token}), headers=headers)
    except httpx.HTTPError:
        raise AppAway(_NO_CONNECTION) from None
    if answer.status_code >= 400:  # Saleor takes a redirect for a success, and so does this
        message = None
        with contextlib.suppress(ValueError, KeyError, TypeError):
            message = answer.json()["error"]["message"]
        error = AppAway if answer.status_code >= 500 else InstallationFailed
        raise error(str(message or _NO_CONNECTION))


def _erase(shop: Shop, app: App) -> None:
    with shop.change(NOBODY) as change:
        change.remove(app)
        parts: list[Webhook | AppExtension] = [*shop.all(Webhook), *shop.all(AppExtension)]
        for part in parts:
            if part.app_id == app.id:
                change.remove(part)
