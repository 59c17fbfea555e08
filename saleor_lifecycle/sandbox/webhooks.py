"""An app's own webhooks after its installation: Saleor lets it make, change and delete them with its token."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .actors import Actor, PermissionDenied, Refused
from .events import EVENTS
from .records import App, Webhook
from .shop import Change, Shop

CheckQuery = Callable[[str], str | None]


def create(shop: Shop, actor: Actor, given: Mapping[str, Any], check_query: CheckQuery) -> Webhook:
    """The new webhook of the asking app."""
    app = _asking(actor)
    with shop.change(actor) as change:
        webhook = Webhook(
            id=change.next_id("Webhook"),
            app_id=app.id,
            name="",
            identifier=None,
            target_url="",
            query="",
            events=(),
        )
        webhook = _changed(shop, webhook, given, check_query)
        if not webhook.query:
            raise Refused("query", "The sandbox has no payloads without a query.", "MISSING_SUBSCRIPTION")
        change.put(webhook)
    return webhook


def update(shop: Shop, actor: Actor, identifier: str, given: Mapping[str, Any], check_query: CheckQuery) -> Webhook:
    """The changed webhook; what is not given stays, and so does the query when an empty one is given."""
    app = _asking(actor)
    with shop.change(actor) as change:
        webhook = _changed(shop, _own(change, app, identifier), given, check_query)
        change.put(webhook)
    return webhook


def delete(shop: Shop, actor: Actor, identifier: str) -> Webhook:
    app = _asking(actor)
    with shop.change(actor) as change:
        webhook = _own(change, app, identifier)
        change.remove(webhook)
    return webhook


def _asking(actor: Actor) -> App:
    if actor.app is None:  # Saleor lets staff as well; here nobody needs it
        raise PermissionDenied("AUTHENTICATED_APP", "MANAGE_APPS")
    return actor.app


def _own(change: Change, app: App, identifier: str) -> Webhook:
    webhook = change.get(Webhook, identifier)
    if webhook is None or webhook.app_id != app.id:
        raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
    return webhook


def _changed(shop: Shop, webhook: Webhook, given: Mapping[str, Any], check_query: CheckQuery) -> Webhook:
    query = given.get("query") or webhook.query
    if query and (problem := check_query(query)):
        raise Refused("query", problem, "GRAPHQL_ERROR")
    events = tuple(given.get("async_events") or webhook.events)
    if unknown := set(events) - set(EVENTS):
        raise Refused("asyncEvents", f"events unknown to the sandbox: {', '.join(sorted(unknown))}", "INVALID")
    changed = replace(
        webhook,
        name=given.get("name", webhook.name),
        identifier=(given.get("identifier", webhook.identifier) or "").strip() or None,
        target_url=given.get("target_url", webhook.target_url),
        query=query,
        events=events,
        is_active=given.get("is_active", webhook.is_active),
        headers={key.lower(): value for key, value in given.get("custom_headers", webhook.headers).items()},
    )
    if len(changed.target_url) > 255 or not changed.target_url:
        raise Refused("targetUrl", "Enter a valid URL of at most 255 characters.", "INVALID")
    others = (one for one in shop.all(Webhook) if one.app_id == webhook.app_id and one.id != webhook.id)
    if changed.identifier and any(one.identifier == changed.identifier for one in others):
        raise Refused("identifier", "Webhook with this App and Identifier already exists.", "UNIQUE")
    return changed
