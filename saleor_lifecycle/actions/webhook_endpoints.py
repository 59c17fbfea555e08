"""Merchants' endpoints: where they are, what they are told, by which secret, and what became of it."""

import secrets
from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet

from saleor_lifecycle.domain import webhooks
from saleor_lifecycle.domain.problems import ProblemKey
from saleor_lifecycle.domain.webhooks import WebhookEvent
from saleor_lifecycle.models import Installation, Outbox, WebhookEndpoint

from . import problems
from .brands import Code, Problem
from .installations import seal, unseal

MOST = 10
LONGEST_URL = 500


def faults(
    url: str | None, events: Collection[str] | None, others: QuerySet[WebhookEndpoint], allow_private: bool
) -> list[Problem]:
    """Return what is wrong with an endpoint as it is given; its host's addresses are the caller's to look at."""
    problems = []
    if url is not None:
        problems += _url_faults(url, allow_private)
    if events is not None:
        if not events or not set(events) <= set(WebhookEvent):
            problems.append(Problem("events", Code.INVALID, f"Name one event or more of: {', '.join(WebhookEvent)}."))
        if WebhookEvent.MESSAGE_SEND in events and others.filter(events__contains=[WebhookEvent.MESSAGE_SEND]).exists():
            problems.append(
                Problem("events", Code.TAKEN, "Another endpoint receives the messages already; only one can.")
            )
    return problems


def _url_faults(url: str, allow_private: bool) -> list[Problem]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    is_web = parts.scheme == "https" or (allow_private and parts.scheme == "http")
    if not is_web or not host or port == 0 or not url.isprintable() or " " in url or len(url) > LONGEST_URL:
        return [Problem("url", Code.INVALID, "This is not a web address: it begins with https:// and has no spaces.")]
    if parts.username is not None or parts.fragment:
        return [
            Problem(
                "url", Code.INVALID, "No name, password or # can stand in the address; what is sent there is signed."
            )
        ]
    return []


def add(installation: Installation, url: str, events: Collection[str], now: datetime) -> tuple[WebhookEndpoint, str]:
    """Store a new endpoint and return it with its secret, which nobody is shown again."""
    secret = _new_secret()
    endpoint = WebhookEndpoint.objects.create(
        installation=installation, url=url, events=sorted(set(events)), secret=seal(secret), created_at=now
    )
    return endpoint, secret


def change(endpoint: WebhookEndpoint, url: str | None, events: Collection[str] | None) -> None:
    """Change where a locked endpoint is and what it is told; None leaves as it is."""
    if url is not None:
        endpoint.url = url
    if events is not None:
        endpoint.events = sorted(set(events))
    endpoint.save(update_fields=["url", "events"])


def rotate(endpoint: WebhookEndpoint, now: datetime) -> str:
    """Return a locked endpoint's new secret; the one before it signs as well for a day, so no delivery is refused."""
    secret = _new_secret()
    endpoint.former_secret, endpoint.former_until = endpoint.secret, now + webhooks.OVERLAP
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "former_secret", "former_until"])
    return secret


def switch_off(endpoint: WebhookEndpoint, reason: WebhookEndpoint.Off, now: datetime) -> None:
    """Tell a locked endpoint nothing more; what waits for it is given up."""
    if endpoint.off_at is None:
        given_up, _ = Outbox.objects.filter(endpoint=endpoint).delete()
        endpoint.off_at, endpoint.off_reason = now, reason.value
        endpoint.lost += given_up
        endpoint.save(update_fields=["off_at", "off_reason", "lost"])


def switch_on(endpoint: WebhookEndpoint) -> None:
    """Tell a locked endpoint again what happens from now on."""
    endpoint.off_at, endpoint.off_reason = None, ""
    endpoint.failures, endpoint.failing_since, endpoint.free_at, endpoint.trouble = 0, None, None, ""
    endpoint.save(update_fields=["off_at", "off_reason", "failures", "failing_since", "free_at", "trouble"])


def tell_staff(installation: Installation, now: datetime) -> None:
    """Raise a problem at Saleor while an endpoint is off because it took nothing, and clear it when none is."""
    given_up = (WebhookEndpoint.Off.FAILING, WebhookEndpoint.Off.GONE)
    lost = WebhookEndpoint.objects.filter(installation=installation, off_reason__in=given_up)
    problems.tell(installation, ProblemKey.OUTBOUND_WEBHOOK, lost.exists(), now)


def locked(public_id: UUID) -> WebhookEndpoint | None:
    """Return an endpoint, which nobody else changes until the transaction ends."""
    return WebhookEndpoint.objects.select_for_update(no_key=True).filter(public_id=public_id).first()


def secrets_of(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """Return what signs for an endpoint now, the newest first."""
    former = endpoint.former_secret if endpoint.former_until and now < endpoint.former_until else None
    return (unseal(endpoint.secret), *([unseal(former)] if former else []))


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who brings the channel's messages to their people."""

    url: str
    secrets: tuple[str, ...] = field(repr=False)


def receiver(installation_id: int, now: datetime | None = None) -> Receiver | None:
    """Return the endpoint that messages go to, None where there is none; without ``now`` only the newest secret."""
    wanted = WebhookEndpoint.objects.filter(
        installation=installation_id, off_at=None, events__contains=[WebhookEvent.MESSAGE_SEND.value]
    )
    row = wanted.first()
    if row is None:
        return None
    return Receiver(row.url, secrets_of(row, now) if now else (unseal(row.secret),))


@dataclass(frozen=True, slots=True)
class Standing:
    """An endpoint with what waits for it; ``failed`` are the newest rows that it did not take."""

    endpoint: WebhookEndpoint
    waiting: int
    failed: Sequence[Outbox]


FAILED_SHOWN = 5


def standings(installation_id: int) -> list[Standing]:
    """Return an installation's endpoints, the oldest first."""
    found = []
    for endpoint in WebhookEndpoint.objects.filter(installation=installation_id).order_by("id"):
        rows = Outbox.objects.filter(installation=installation_id, kind=Outbox.Kind.WEBHOOK, endpoint=endpoint)
        failed = rows.filter(attempts__gt=0).order_by("-id")[:FAILED_SHOWN]
        found.append(Standing(endpoint, rows.count(), list(failed)))
    return found


def _new_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
