"""The app's own webhooks in Saleor's words: as they are found, and as they are to be."""

import json
from typing import Any

from saleor_lifecycle.saleor import client
from saleor_lifecycle.saleor.reconciliation import Change, FoundWebhook, Webhook


def found(webhook: client.OwnWebhooksAppWebhooks) -> FoundWebhook:
    """A webhook as the shop tells of it."""
    headers = webhook.custom_headers
    if isinstance(headers, str):  # Saleor writes this JSON as a text
        headers = json.loads(headers)
    return FoundWebhook(
        id=webhook.id,
        is_active=webhook.is_active,
        webhook=Webhook(
            name=webhook.name or "",
            target_url=webhook.target_url,
            events=frozenset(event.event_type.value for event in webhook.async_events),
            query=webhook.subscription_query or "",
            identifier=webhook.identifier,
            headers=tuple(sorted((headers or {}).items())),
        ),
    )


def values(change: Change) -> dict[str, Any]:
    """What a webhook is to be, for one to be made or changed; nothing about whether it is on."""
    wanted = change.wanted
    assert wanted is not None
    fields = {"name": wanted.name, "targetUrl": wanted.target_url, "asyncEvents": sorted(wanted.events)}
    if wanted.query:
        fields["query"] = wanted.query
    if wanted.identifier is not None:
        fields["identifier"] = wanted.identifier
    if wanted.headers or (change.found and change.found.webhook.headers):
        fields["customHeaders"] = json.dumps(dict(wanted.headers))
    return fields
