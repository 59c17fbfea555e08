"""The manifest: what the app asks of a shop when it is installed."""

import re
from typing import Any

from saleor_lifecycle.saleor import documents
from saleor_lifecycle.saleor.versions import NEWEST, OLDEST, Version, read_version

APP_ID = "saleor.app.lifecycle"

# Only what is used: customers are read and projected to, orders and checkouts are listened to and read again before a
# message leaves, and so are the vouchers that it carries. Saleor silently withholds the events of a permission that is
# missing, and from 3.24 on refuses an app that asks for MANAGE_APPS. Up to 3.22 that permission is also what
# APP_DELETED and APP_STATUS_CHANGED take, so those shops do not tell that they removed the app: its token is dead,
# that is all.
PERMISSIONS = ("MANAGE_CHECKOUTS", "MANAGE_DISCOUNTS", "MANAGE_ORDERS", "MANAGE_USERS")

_WIDGETS_SINCE: Version = (3, 22, 0)
_POPUP_IDENTIFIERS_SINCE: Version = (3, 23, 0)
_ON_TYPE = re.compile(r"\.\.\.\s*on\s+(\w+)")
_PRINCIPALS = {"App", "User"}


def build(
    public_url: str,
    schema_version: str | None,
    version: str,
    app_id: str = APP_ID,
    iframe_url: str | None = None,
) -> dict[str, Any]:
    """The manifest for a shop of that schema version (such as "3.23"; None for a browser, which sends none).

    The same arguments give the same manifest: Saleor fetches it twice, to preview and to install.
    ``iframe_url`` is where the merchant's browser reaches us, if not where the shop does.
    """
    root, pages = public_url.rstrip("/"), f"{(iframe_url or public_url).rstrip('/')}/dashboard"
    saleor = read_version(schema_version)
    # Too old a Saleor would fail on a field that it does not know; without any it gets as far as
    # requiredSaleorVersion, and the merchant reads which version is needed.
    is_served = saleor >= OLDEST
    return {
        "id": app_id,
        "name": "Lifecycle",
        "version": version,
        "about": "Keeps a lifecycle phase and an engagement score on every customer and wins carts back.",
        "author": "saleor-lifecycle",
        "brand": {"logo": {"default": f"{root}/static/lifecycle/logo.png"}},
        "permissions": list(PERMISSIONS),
        "requiredSaleorVersion": ">=3.21 <4",
        "appUrl": f"{pages}/",
        "tokenTargetUrl": f"{root}/api/register",
        "extensions": extensions(pages, saleor) if is_served else [],
        "webhooks": webhooks(root, saleor) if is_served else [],
    }


def extensions(pages: str, saleor: Version = NEWEST) -> list[dict[str, Any]]:
    """What appears in the Dashboard of that Saleor: a page, and at a customer a widget and a full view."""
    page = {
        "label": "Lifecycle",
        "mount": "NAVIGATION_CUSTOMERS",
        "target": "APP_PAGE",
        "url": "/overview",  # below appUrl
        "permissions": ["MANAGE_USERS"],
    }
    widget = {
        "label": "Lifecycle",
        "mount": "CUSTOMER_DETAILS_WIDGETS",
        "target": "WIDGET",
        "url": f"{pages}/customer",
        "permissions": ["MANAGE_USERS"],
        "options": {"widgetTarget": {"method": "GET"}},
    }
    view = {
        "label": "Lifecycle",
        "mount": "CUSTOMER_DETAILS_MORE_ACTIONS",
        "target": "POPUP",
        "url": f"{pages}/customer",
        "permissions": ["MANAGE_USERS"],
    }
    if saleor >= _POPUP_IDENTIFIERS_SINCE:
        view |= {"identifier": "lifecycle.customer"}  # the widget opens it by this name
    # A mount that a Saleor does not know fails the whole installation up to 3.22.
    return [page, *([widget] if saleor >= _WIDGETS_SINCE else []), view]


def webhooks(public_url: str, saleor: Version = NEWEST) -> list[dict[str, Any]]:
    """One webhook for each subscription document, as the manifest spells it."""
    return [
        {
            "name": f"lifecycle {name.replace('_', ' ')}",
            "identifier": f"lifecycle.{name}",
            "targetUrl": webhook_url(public_url),
            "query": query,
            "asyncEvents": event_names(query),
            "isActive": True,
        }
        for name, query in documents.subscriptions(saleor).items()
    ]


def webhook_url(public_url: str) -> str:
    """Where a shop delivers."""
    return f"{public_url.rstrip('/')}/api/webhooks/saleor"


def event_names(subscription: str) -> list[str]:
    """The events of a subscription document as Saleor's enum spells them, such as CUSTOMER_UPDATED."""
    operation = subscription.partition("\nfragment ")[0]
    types = [name for name in _ON_TYPE.findall(operation) if name not in _PRINCIPALS]
    return [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper() for name in types]
