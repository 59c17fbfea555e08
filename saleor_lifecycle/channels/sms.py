"""SMS through Twilio's own client, and what Twilio tells afterwards; its requests are proven by its signature."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import phonenumbers
import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# Twilio's client says nothing of its types.
from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from saleor_lifecycle.domain import sms
from saleor_lifecycle.domain.delivery_events import EventKind, Report

from .channel import Connection, Outgoing, ProviderAccount
from .outcomes import Refused, SendOutcome, Sent, Trouble, Unsure

TIMEOUT_SECONDS = 15.0
CALLBACK_PATH = "/sms/twilio"
_API = "https://api.twilio.com"
_SERVICE = "MG"  # begins the id of a messaging service, which chooses the number by itself

# https://www.twilio.com/docs/api/errors: no number, no mobile; and of deliveries: unknown, a landline.
_NOBODY_THERE = {21211, 21217, 21401, 21614, 30005, 30006}
_STOPPED = 21610
_RETRY_STATUSES = {401, 403, 404, 408, 429, 500, 503}
_UNSURE_STATUSES = {502, 504}
_KINDS = {
    "sent": EventKind.SENT,
    "delivered": EventKind.DELIVERED,
    "undelivered": EventKind.BOUNCED,
    "failed": EventKind.FAILED,
}

_silent = logging.getLogger(f"{__name__}.requests")
_silent.disabled = True  # the client would log numbers and words


class SmsConnection(Connection):
    """One message a request over a connection that is kept."""

    batch = 1

    def __init__(self, client: Client, sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        """What became of each."""
        return [self._send(message) for message in messages]

    def _send(self, message: Outgoing) -> SendOutcome:
        if not _is_number(message.to_address):
            return Refused("this is no telephone number", is_address_bad=True)
        if (segments := sms.count(message.short).segments) > sms.MOST_SEGMENTS:
            return Refused(f"the text takes {segments} SMS; {sms.MOST_SEGMENTS} at most are sent")
        sender = "messaging_service_sid" if self._sender.startswith(_SERVICE) else "from_"
        told = f"{settings.PUBLIC_URL}{CALLBACK_PATH}?{urlencode({'message': message.message_id})}"
        try:
            # Every option is named in its own words, and there is no better type for them.
            given: dict[str, Any] = {sender: self._sender, "body": message.short, "status_callback": told}
            return Sent(str(self._client.messages.create(to=message.to_address, **given).sid))
        except TwilioRestException as error:
            return _judge(error)
        except (requests.ConnectTimeout, requests.exceptions.ProxyError, requests.exceptions.SSLError) as error:
            return Trouble(f"no answer from the provider: {type(error).__name__}")
        except requests.ConnectionError as error:
            return _judge_lost(error)
        except (requests.RequestException, TwilioException, ValueError) as error:
            return Unsure(f"no answer from the provider: {type(error).__name__}")


@contextmanager
def open_connection(account: ProviderAccount) -> Iterator[SmsConnection]:
    """A connection for a batch. Raises ImproperlyConfigured at once when the account says too little."""
    given = account.settings or {
        "account_sid": settings.TWILIO_ACCOUNT_SID,
        "auth_token": settings.TWILIO_AUTH_TOKEN,
        "sender": settings.TWILIO_SENDER,
    }
    if not all(given.get(name) for name in ("account_sid", "auth_token", "sender")):
        raise ImproperlyConfigured("SMS needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_SENDER")
    http = _Http(timeout=TIMEOUT_SECONDS, logger=_silent, max_retries=0)
    try:
        yield SmsConnection(Client(given["account_sid"], given["auth_token"], http_client=http), given["sender"])
    finally:
        if http.session:
            http.session.close()


class _Http(TwilioHttpClient):
    """Calls the address of the settings, which a stand-in may have."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        return super().request(method, url.replace(_API, settings.TWILIO_API_URL, 1), *args, **options)


def is_proven(path: str, fields: Mapping[str, str], signature: str) -> bool:
    """Return whether Twilio made a request: to that path and query of ours, with those fields."""
    token = settings.TWILIO_AUTH_TOKEN
    return bool(token) and bool(RequestValidator(token).validate(f"{settings.PUBLIC_URL}{path}", fields, signature))


def report(message: str, fields: Mapping[str, str]) -> Report | None:
    """Return what Twilio reports of a message, by our own id; None where it says nothing of use."""
    kind = _KINDS.get(fields.get("MessageStatus", ""))
    try:
        own = UUID(message)
    except ValueError:
        return None
    if kind is None:
        return None
    sid, code = fields.get("MessageSid", ""), fields.get("ErrorCode", "")
    number = int(code) if code.isascii() and code.isdigit() else 0
    if number == _STOPPED:
        kind = EventKind.REJECTED
    return Report(
        key=hashlib.sha256(f"{sid}\0{kind}".encode()).hexdigest()[:32],
        kind=kind,
        message_id=own,
        provider_id=sid,
        reason="unsubscribed" if number == _STOPPED else "bounced" if kind is EventKind.BOUNCED else "",
        detail=f"error {number}" if number else "",
        is_permanent=number in _NOBODY_THERE if kind is EventKind.BOUNCED else None,
    )


def _is_number(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, None))
    except phonenumbers.NumberParseException:
        return False


def _judge(error: TwilioRestException) -> SendOutcome:
    # Its words name the number.
    reason = f"the provider answered {error.status}, error {error.code or 'unknown'}"
    if error.status in _UNSURE_STATUSES:
        return Unsure(reason)
    if error.status in _RETRY_STATUSES or error.status >= 500:
        return Trouble(reason)
    return Refused(reason, is_address_bad=error.code in _NOBODY_THERE)


def _judge_lost(error: requests.ConnectionError) -> Trouble | Unsure:
    """A request without an answer: harmless where no connection stood."""
    reason = f"no answer from the provider: {type(error).__name__}"
    why = getattr(error.args[0], "reason", None) if error.args else None
    return Trouble(reason) if type(why).__name__ in ("NewConnectionError", "NameResolutionError") else Unsure(reason)
