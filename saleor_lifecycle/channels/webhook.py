"""Signed requests to merchants' endpoints, as https://www.standardwebhooks.com has them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from django.conf import settings
from django.utils import timezone
from standardwebhooks import Webhook

from saleor_lifecycle import outbound

from .channel import Connection, Outgoing, ProviderAccount
from .outcomes import Refused, SendOutcome, Sent, Trouble

LONGEST_TOLD = 300
"""Bytes of an endpoint's answer that are read, and only where it refuses: for whoever runs it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered; status 0 where it did not, and ``has_arrived`` False where nothing can have left."""

    status: int
    told: str = ""
    retry_after: str = ""
    has_arrived: bool = True

    @property
    def is_taken(self) -> bool:
        """Did it take what it was told?"""
        return 200 <= self.status < 300


def signed(webhook_id: str, body: str, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the headers of a delivery; each of the secrets signs, so that a receiver may change from one to another.

    The id is the same at each attempt: a receiver that knows it has had the event already.
    """
    # The library takes the moment's own figures for UTC.
    at = now.astimezone(UTC)
    return {
        "content-type": "application/json",
        "user-agent": "saleor-lifecycle",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(webhook_id, at, body) for secret in secrets),
    }


def post(client: httpx.Client, url: str, webhook_id: str, body: str, secrets: Sequence[str], now: datetime) -> Answer:
    """What came of one delivery; it raises nothing that the network or the endpoint can bring about."""
    try:
        with client.stream(
            "POST", url, content=body.encode(), headers=signed(webhook_id, body, secrets, now)
        ) as response:
            answer = Answer(response.status_code, retry_after=response.headers.get("retry-after", ""))
            return answer if answer.is_taken else Answer(answer.status, _told(response), answer.retry_after)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        return Answer(0, str(error) or type(error).__name__, has_arrived=False)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        return Answer(0, type(error).__name__)


def _told(response: httpx.Response) -> str:
    try:
        first = next(response.iter_raw(LONGEST_TOLD), b"")
    except (httpx.HTTPError, httpx.StreamError):
        first = b""
    text = "".join(sign for sign in first.decode(errors="replace") if sign.isprintable() or sign == " ")
    return f"{response.status_code} {response.reason_phrase} {text}".strip()[:LONGEST_TOLD]


class WebhookConnection(Connection):
    """Messages for the merchant's own system to bring to their people, one signed request each."""

    batch = 1

    def __init__(self, client: httpx.Client, account: ProviderAccount) -> None:
        self._client, self._url = client, account.settings.get("url", "")
        self._secrets = account.settings.get("secrets", "").split()

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        """What became of each; a receiver that is asked again knows a message by its id."""
        return [self._send(message) for message in messages]

    def _send(self, message: Outgoing) -> SendOutcome:
        if not self._secrets:
            return Trouble("no endpoint receives messages")
        webhook_id, now = f"msg_{message.message_id.hex}", timezone.now()
        answer = post(self._client, self._url, webhook_id, _body(message, now), self._secrets, now)
        if answer.is_taken:
            return Sent(webhook_id)
        # By its id the receiver knows what it has had, so what may have arrived is sent again without harm.
        if answer.status in _REFUSED:
            return Refused(answer.told)
        return Trouble(answer.told)


@contextmanager
def open_connection(account: ProviderAccount) -> Iterator[WebhookConnection]:
    """A connection for a batch, to the endpoint that the account names."""
    with outbound.client(settings.ALLOW_PRIVATE_ADDRESSES) as client:
        yield WebhookConnection(client, account)


# What the same request will be answered again.
_REFUSED = {400, 405, 406, 413, 414, 415, 422}


def _body(message: Outgoing, now: datetime) -> str:
    data = {
        "message": str(message.message_id),
        "user": message.to_address,
        "template": message.tags[0] if message.tags else "",
        "language": message.language,
        "sender": message.sender_name,
        "subject": message.subject,
        "shortText": message.short,
        "text": message.text,
        "html": message.html,
        "unsubscribeUrl": message.unsubscribe_url,
    }
    return json.dumps({"type": "message.send", "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
