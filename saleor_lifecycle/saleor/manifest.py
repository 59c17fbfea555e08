"""The manifest: what the app asks of a shop when it is installed."""

import re
from typing import Any

from saleor_lifecycle.saleor import documents

APP_ID = "saleor.app.lifecycle"

# Only what is used: customers are read and projected to, orders and checkouts are listened to and read
# again before a message leaves. Saleor silently withholds the events of a permission that is missing, and
# from 3.24 on refuses an app that asks for MANAGE_APPS.
PERMISSIONS = ("MANAGE_CHECKOUTS", "MANAGE_ORDERS", "MANAGE_USERS")

_OLDEST_SALEOR = (3, 23)
_ON_TYPE = re.compile(r"\.\.\.\s*on\s+(\w+)")
_PRINCIPALS = {"App", "User"}


def build(public_url: str, schema_version: str | None, version: str, app_id: str = APP_ID) -> dict[str, Any]:
    """The manifest for a shop of that schema version (such as "3.23"; None for a browser, which sends none).

    The same arguments give the same manifest: Saleor fetches it twice, to preview and to install.
    """
    root = public_url.rstrip("/")
    return {
        "id": app_id,
        "name": "Lifecycle",
        "version": version,
        "about": "Keeps a lifecycle phase and an engagement score on every customer and wins carts back.",
        "author": "saleor-lifecycle",
        "permissions": list(PERMISSIONS),
        "requiredSaleorVersion": ">=3.23 <4",
        "tokenTargetUrl": f"{root}/api/register",
        "webhooks": webhooks(root) if _understands(schema_version) else [],
    }


def webhooks(public_url: str) -> list[dict[str, Any]]:
    """One webhook for each subscription document, as the manifest spells it."""
    target = f"{public_url.rstrip('/')}/api/webhooks/saleor"
    return [
        {
            "name": f"lifecycle {name.replace('_', ' ')}",
            "identifier": f"lifecycle.{name}",
            "targetUrl": target,
            "query": query,
            "asyncEvents": event_names(query),
            "isActive": True,
        }
        for name, query in documents.subscriptions().items()
    ]


def event_names(subscription: str) -> list[str]:
    """The events of a subscription document as Saleor's enum spells them, such as CUSTOMER_UPDATED."""
    operation = subscription.partition("\nfragment ")[0]
    types = [name for name in _ON_TYPE.findall(operation) if name not in _PRINCIPALS]
    return [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper() for name in types]


def _understands(schema_version: str | None) -> bool:
    # An older Saleor would fail on a field that it does not know; without webhooks it gets as far as
    # requiredSaleorVersion, and the merchant reads which version is needed.
    found = re.match(r"(\d+)\.(\d+)", schema_version or "")
    return found is None or (int(found[1]), int(found[2])) >= _OLDEST_SALEOR
