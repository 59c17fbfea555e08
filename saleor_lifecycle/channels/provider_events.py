"""What providers report of messages, read by anymail's own webhook views: their proof, their words, nothing personal.

The views are used as a library: none of them is a URL of ours, and none of their signals is sent.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC
from importlib import import_module
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from saleor_lifecycle.domain.delivery_events import EventKind, Report, is_permanent

VIEWS = {
    "amazon_ses": "AmazonSESTrackingWebhookView",
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "mailtrap": "MailtrapTrackingWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postal": "PostalTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "resend": "ResendTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
    "unisender_go": "UnisenderGoTrackingWebhookView",
}
"""Every provider whose reports anymail reads."""

SIGNING = {
    "mailersend": "signing_secret",
    "mailgun": "webhook_signing_key",
    "mailtrap": "signing_secret",
    "mandrill": "webhook_key",
    "postal": "webhook_key",
    "resend": "signing_secret",
    "sendgrid": "tracking_webhook_verification_key",
    "unisender_go": "api_key",
}
"""Anymail's name of what those who sign their reports sign them with."""

MUST_SIGN = frozenset({"mailersend", "mailgun", "mandrill", "postal", "unisender_go"})
"""Those whose view reads nothing unsigned; for all others a name and a password in the address will do."""

SECRET = "webhook_secret"
"""Anymail's name of the name and password, ``name:password``, in the address that a provider calls."""

# The provider's own word for a bounce, where anymail has only one.
_WORDS: dict[str, tuple[str, ...]] = {
    "amazon_ses": ("bounce", "bounceType"),
    "brevo": ("event",),
    "mailersend": ("data", "type"),
    "mailjet": ("hard_bounce",),
    "mandrill": ("event",),
    "postmark": ("Type",),
    "resend": ("data", "bounce", "type"),
    "sendgrid": ("type",),
    "sparkpost": ("msys", "message_event", "bounce_class"),
    "unisender_go": ("status",),
}
_OWN_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
# Addresses of people and of machines; a time of day goes with them.
_PERSONAL = re.compile(
    r"[^\s<>\"'(:,@]+@[^\s<>\"'):,]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]+\b", re.IGNORECASE
)


# By the views, and by what they read with, of bodies and keys that are none.
_REFUSALS = (AnymailError, ImproperlyConfigured, LookupError, TypeError, ValueError, AttributeError)


class NotProven(Exception):
    """The request does not show that the provider sent it."""


class Unreadable(Exception):
    """The provider sent it, and it is no report that anybody can read."""


def has_proof(provider: str, secrets: Mapping[str, str]) -> bool:
    """Return whether with these secrets a provider's requests can show whose they are."""
    signing = secrets.get(SIGNING.get(provider, ""))
    return provider in VIEWS and bool(signing or (secrets.get(SECRET) and provider not in MUST_SIGN))


def is_usable(provider: str, secrets: Mapping[str, str]) -> bool:
    """Return whether anymail can check requests by these secrets: the key is one, and what reads it is installed."""
    try:
        return has_proof(provider, secrets) and _view(provider, secrets) is not None
    except _REFUSALS:
        return False


def read(provider: str, secrets: Mapping[str, str], request: HttpRequest) -> list[Report]:
    """Return what a request reports. Raises NotProven, or Unreadable.

    Where a provider signs, its signature is the proof; else the name and password are.
    """
    try:
        view = _view(provider, secrets)
        view.run_validators(request)
    except (*_REFUSALS, AnymailWebhookValidationFailure) as error:
        raise NotProven from error
    try:
        events = view.parse_events(request)
        return [_report(provider, event) for event in events if _is_told(event)]
    except _REFUSALS as error:
        raise Unreadable from error


def _view(provider: str, secrets: Mapping[str, str]) -> Any:
    # What is not given would be looked for in the environment: an installation would take the operator's secrets.
    given: dict[str, object] = {}
    signing = SIGNING.get(provider)
    if signing:
        given[signing] = secrets.get(signing) or None
    if provider == "mailgun":
        given["api_key"] = None
    given[SECRET] = [] if signing and given[signing] else [secrets[SECRET]]
    return getattr(import_module(f"anymail.webhooks.{provider}"), VIEWS[provider])(**given)


def _is_told(event: object) -> bool:
    return isinstance(event, AnymailTrackingEvent) and event.event_type in list(EventKind)


def _report(provider: str, event: AnymailTrackingEvent) -> Report:
    kind, reason = EventKind(event.event_type), str(event.reject_reason or "")
    answer = str(event.mta_response or event.description or "")
    theirs = str(event.message_id or "")
    at = event.timestamp
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    own = _own_id(str((event.metadata or {}).get("message_id", ""))) or _own_id_in(theirs)
    permanent = None
    if kind is EventKind.BOUNCED:
        permanent = is_permanent(reason, _word(provider, event.esp_event), answer)
    same = event.event_id or (own, theirs, at, event.click_url, answer)
    return Report(
        key=hashlib.sha256(f"{kind}\0{same}".encode()).hexdigest()[:32],
        kind=kind,
        message_id=own,
        provider_id=theirs,
        reason=reason,
        detail=" ".join(_PERSONAL.sub("…", answer.replace("\0", "")).split())[:300],
        is_permanent=permanent,
        occurred_at=at,
    )


def _own_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _own_id_in(message_id: str) -> UUID | None:
    found = _OWN_ID.match(message_id)
    return UUID(found[1]) if found else None


def _word(provider: str, event: object) -> str:
    for name in _WORDS.get(provider, ()):
        event = event.get(name) if isinstance(event, Mapping) else None
    return "" if event is None else str(event)
