"""The app's webhooks in a shop against those that it ought to have.

Saleor copies them from the manifest when the app is installed and never looks again, so what an upgrade of ours or of
the shop changes has to be carried there. Staff may have switched a webhook off; that stays.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from saleor_lifecycle.saleor import legacy, manifest
from saleor_lifecycle.saleor.versions import Version

IDENTIFIERS_SINCE: Version = (3, 23, 23)
_OURS = re.compile(r"lifecycle[ .]")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it ought to be, or as the shop has it; ``query`` is "" for one without."""

    name: str
    target_url: str
    events: frozenset[str]
    query: str
    identifier: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def differences(self, other: "Webhook") -> tuple[str, ...]:
        """The fields in which another one has to be changed to be this; spaces in queries say nothing."""
        fields = {
            "name": self.name != other.name,
            "target_url": self.target_url != other.target_url,
            "events": self.events != other.events,
            "query": self.query.split() != other.query.split(),
            "identifier": self.identifier is not None and self.identifier != other.identifier,
            "headers": self.headers != other.headers,
        }
        return tuple(name for name, differs in fields.items() if differs)


@dataclass(frozen=True, slots=True)
class FoundWebhook:
    """A webhook in a shop."""

    id: str
    is_active: bool
    webhook: Webhook

    @property
    def is_ours(self) -> bool:
        """True for one that this app has made, now or in an earlier version: its name or identifier says so."""
        return bool(_OURS.match(self.webhook.identifier or "") or _OURS.match(self.webhook.name))


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be done: ``found`` is None for a webhook to be made, ``wanted`` for one to be deleted."""

    wanted: Webhook | None
    found: FoundWebhook | None
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.found is None:
            return f"create {self.wanted.name if self.wanted else ''}"
        if self.wanted is None:
            return f"delete {self.found.webhook.name}"
        return f"update {self.wanted.name} ({', '.join(self.fields)})"


def desired(public_url: str, app_id: str, saleor: Version) -> tuple[Webhook, ...]:
    """The webhooks that the app ought to have in a shop of that version."""
    from_manifest = [
        Webhook(
            name=webhook["name"],
            target_url=webhook["targetUrl"],
            events=frozenset(webhook["asyncEvents"]),
            query=webhook["query"],
            identifier=webhook["identifier"],
        )
        for webhook in manifest.webhooks(public_url, saleor)
    ]
    if legacy.is_needed(saleor):
        sealed = ((legacy.HEADER, legacy.seal(app_id)),)
        url = manifest.webhook_url(public_url)
        from_manifest.append(Webhook(legacy.NAME, url, frozenset({legacy.EVENT}), query="", headers=sealed))
    if saleor < IDENTIFIERS_SINCE:
        return tuple(replace(webhook, identifier=None) for webhook in from_manifest)
    return tuple(from_manifest)


def plan(wanted: Sequence[Webhook], found: Sequence[FoundWebhook]) -> tuple[Change, ...]:
    """What makes the found webhooks the wanted ones. Deletions come last, so that no event falls in between.

    Webhooks that are not ours stay as they are. Whether one is on or off is never changed.
    """
    left = list(found)
    matched: dict[Webhook, FoundWebhook] = {}
    for is_match in (_same_identifier, _same_name):
        for webhook in wanted:
            match = next((one for one in left if webhook not in matched and is_match(webhook, one.webhook)), None)
            if match is not None:
                matched[webhook] = match
                left.remove(match)
    updates = [
        Change(webhook, match, fields)
        for webhook, match in matched.items()
        if (fields := webhook.differences(match.webhook))
    ]
    creations = [Change(webhook, None) for webhook in wanted if webhook not in matched]
    deletions = [Change(None, one) for one in left if one.is_ours]
    return (*updates, *creations, *deletions)


def switched_off(found: Iterable[FoundWebhook]) -> tuple[str, ...]:
    """The names of our webhooks that staff switched off: nothing comes through them."""
    return tuple(one.webhook.name for one in found if one.is_ours and not one.is_active)


def _same_identifier(wanted: Webhook, other: Webhook) -> bool:
    return wanted.identifier is not None and wanted.identifier == other.identifier and _may_become(wanted, other)


def _same_name(wanted: Webhook, other: Webhook) -> bool:
    return wanted.name == other.name and _may_become(wanted, other)


def _may_become(wanted: Webhook, other: Webhook) -> bool:
    # Saleor overlooks an empty query in an update, so a webhook that has one keeps one.
    return bool(wanted.query) or not other.query
