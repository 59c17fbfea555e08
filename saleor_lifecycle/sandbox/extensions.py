"""What an app adds to the Dashboard: the rules of the manifest, Saleor's and the Dashboard's own."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from .records import App, AppExtension
from .shop import Change, Shop

TARGETS = ("POPUP", "APP_PAGE", "NEW_TAB", "WIDGET")
_WIDGETS = ("PRODUCT", "ORDER", "DRAFT_ORDER", "CUSTOMER", "COLLECTION", "GIFT_CARD", "VOUCHER")
WIDGET_MOUNTS = frozenset({*(f"{page}_DETAILS_WIDGETS" for page in _WIDGETS), "HOMEPAGE_WIDGETS"})
_LARGEST_IDENTIFIER = 256


def problem_with(manifest: dict[str, Any]) -> str | None:
    """Why the extensions of a manifest are refused; None if they are not."""
    found = manifest.get("extensions", [])
    if not isinstance(found, list):
        return "extensions: Input should be a valid list"
    for extension in found:
        if not isinstance(extension, dict) or not all(extension.get(key) for key in ("label", "url", "mount")):
            return "extensions: label, url and mount are required"
        for is_broken, problem in _rules(extension, manifest):
            if is_broken:
                return f"extensions: {extension['label']}: {problem}"
    identifiers = [one["identifier"] for one in found if one.get("identifier")]
    if len(identifiers) != len(set(identifiers)):
        return "extensions: Duplicated extension identifier."
    return None


def add(change: Change, app: App, manifest: dict[str, Any]) -> None:
    for extension in manifest.get("extensions", []):
        change.put(
            AppExtension(
                id=change.next_id("AppExtension"),
                app_id=app.id,
                label=extension["label"],
                url=extension["url"],
                mount=extension["mount"].upper(),
                target=_target(extension),
                permissions=tuple(one for one in extension.get("permissions", []) if one in app.permissions),
                settings=extension.get("options", {}),
                identifier=extension.get("identifier"),
            )
        )


def standing(shop: Shop) -> list[AppExtension]:
    """Those of the apps that are switched on."""
    return [one for one in shop.all(AppExtension) if (app := shop.get(App, one.app_id)) and app.is_active]


def address_of(shop: Shop, extension: AppExtension) -> str:
    """The extension's address. As in Saleor, only that of a POPUP is completed by the app's."""
    app = shop.get(App, extension.app_id)
    if extension.target == "POPUP" and extension.url.startswith("/") and app and app.app_url:
        return app.app_url.rstrip("/") + extension.url
    return extension.url


def _target(extension: dict[str, Any]) -> str:
    return str(extension.get("target", "POPUP")).upper()


def _rules(extension: dict[str, Any], manifest: dict[str, Any]) -> Sequence[tuple[bool, str]]:
    """Each rule as (whether it is broken, what to say). The first are Saleor's, the rest the Dashboard's."""
    target, mount, options = _target(extension), extension["mount"].upper(), extension.get("options", {})
    is_relative = extension["url"].startswith("/")
    permissions = extension.get("permissions", [])
    settings = options if isinstance(options, dict) else {}
    return (
        (is_relative and not manifest.get("appUrl"), "Incorrect value for field: url."),
        (not is_relative and not _is_address(extension["url"]), "Incorrect value for field: url."),
        (not isinstance(permissions, list), "permissions: Input should be a valid list"),
        (
            isinstance(permissions, list) and not set(permissions) <= set(manifest.get("permissions", [])),
            "Extension permission must be listed in App's permissions.",
        ),
        (not isinstance(options, dict), "options: Input should be a valid dictionary"),
        (len(extension.get("identifier") or "") > _LARGEST_IDENTIFIER, "identifier: at most 256 characters"),
        (target not in TARGETS, f"the Dashboard knows no target {target}"),
        (target == "APP_PAGE" and not is_relative, "the url of an APP_PAGE must start with /"),
        (target == "WIDGET" and mount not in WIDGET_MOUNTS, f"{mount} takes no WIDGET"),
        ("newTabTarget" in settings and target != "NEW_TAB", "newTabTarget is for the target NEW_TAB"),
        ("widgetTarget" in settings and target != "WIDGET", "widgetTarget is for the target WIDGET"),
        (
            "homeWidgetTarget" in settings and mount != "HOMEPAGE_WIDGETS",
            "homeWidgetTarget is for the mount HOMEPAGE_WIDGETS",
        ),
    )


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
