"""What four providers report, as they document it or as anymail's own tests recorded it; only ids and moments vary."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

SIGNING_KEY = "a key of Mailgun's"
SECRET = "lifecycle:only for tests"

KINDS = ("delivered", "bounced", "soft_bounced", "complained", "unsubscribed", "opened", "clicked", "deferred")


def postmark(kind: str, message: UUID, at: datetime) -> Any:
    same = {
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "ServerID": 23,
        "MessageStream": "outbound",
        "Tag": "welcome-email",
        "Metadata": {"message_id": str(message)},
    }
    bounce = {
        **same,
        "RecordType": "Bounce",
        "ID": int(at.timestamp()),
        "Email": "ada@example.com",
        "From": "sender@example.com",
        "BouncedAt": at.isoformat(),
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Postmark event test",
        "Content": "...",
    }
    match kind:
        case "delivered":
            return {
                **same,
                "RecordType": "Delivery",
                "Recipient": "ada@example.com",
                "DeliveredAt": at.isoformat(),
                "Details": "Test delivery webhook details",
            }
        case "bounced":
            return {
                **bounce,
                "Type": "HardBounce",
                "TypeCode": 1,
                "Name": "Hard bounce",
                "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
                "Details": "smtp;550 5.1.1 The email account ada@example.com at 192.0.2.7 does not exist.",
            }
        case "soft_bounced":
            return {
                **bounce,
                "Type": "SoftBounce",
                "TypeCode": 4096,
                "Name": "Soft bounce",
                "Description": "Unable to temporarily deliver message (i.e. mailbox full, account disabled, ...).",
                "Details": "smtp;552 5.2.2 The mailbox is full.",
            }
        case "complained":
            return {
                **bounce,
                "RecordType": "SpamComplaint",
                "Type": "SpamComplaint",
                "TypeCode": 512,
                "Name": "Spam complaint",
                "Description": "",
                "Details": "Test spam complaint details",
            }
        case "unsubscribed":
            return {
                **same,
                "RecordType": "SubscriptionChange",
                "ChangedAt": at.isoformat(),
                "Recipient": "ada@example.com",
                "Origin": "Recipient",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
            }
        case "deferred":
            return {
                **bounce,
                "Type": "Transient",
                "TypeCode": 2,
                "Name": "Message delayed",
                "Details": "451 4.7.1 later",
            }
    return {
        **same,
        "RecordType": "Open" if kind == "opened" else "Click",
        "FirstOpen": True,
        "Client": {"Name": "Gmail", "Company": "Google", "Family": "Gmail"},
        "UserAgent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0",
        "OriginalLink": "https://example.com/click/me",
        "Geo": {"CountryISOCode": "RS", "City": "Novi Sad", "IP": "8.8.8.8"},
        "ReceivedAt": at.isoformat(),
        "Recipient": "ada@example.com",
    }


def mailgun(kind: str, message: UUID, at: datetime) -> Any:
    words = {
        "delivered": {"event": "delivered"},
        "bounced": {"event": "failed", "severity": "permanent", "reason": "bounce"},
        "soft_bounced": {"event": "failed", "severity": "permanent", "reason": "generic"},
        "deferred": {"event": "failed", "severity": "temporary", "reason": "greylisted"},
        "complained": {"event": "complained"},
        "unsubscribed": {"event": "unsubscribed"},
        "opened": {"event": "opened"},
        "clicked": {"event": "clicked", "url": "https://example.com/click/me"},
    }
    answers = {
        "delivered": (250, "OK"),
        "bounced": (550, "5.1.1 The email account that you tried to reach does not exist.\n5.1.1 double-check it"),
        "soft_bounced": (552, "5.2.2 The mailbox is full"),
        "deferred": (450, "Recipient address rejected: Greylisted"),
    }
    code, answer = answers.get(kind, (None, ""))
    data = {
        "tags": ["welcome-email"],
        "timestamp": at.timestamp(),
        "id": "hTWCTD81RtiDN-...",
        "campaigns": [],
        # A complaint that comes through a feedback loop knows no variables; our own Message-ID it does.
        "user-variables": {} if kind == "complained" else {"message_id": str(message)},
        "log-level": "info",
        "message": {
            "headers": {
                "to": "ada@example.com",
                "message-id": f"{message}@shop.example.com",
                "from": "sender@example.com",
                "subject": "Testing",
            },
            "attachments": [],
            "size": 809,
        },
        "recipient": "ada@example.com",
        "recipient-domain": "example.com",
        "ip": "192.0.2.7",
        "delivery-status": {"mx-host": "smtp-in.example.com", "attempt-no": 1, "code": code, "message": answer},
        **words[kind],
    }
    token = hashlib.sha256(f"{kind} {message} {at}".encode()).hexdigest()[:50]
    return {"signature": mailgun_signature(str(int(at.timestamp())), token), "event-data": data}


def mailgun_signature(timestamp: str, token: str) -> dict[str, str]:
    signed = hmac.new(SIGNING_KEY.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": timestamp, "token": token, "signature": signed}


def brevo(kind: str, message: UUID, at: datetime) -> Any:
    words = {
        "delivered": ("delivered", None),
        "bounced": ("hard_bounce", " RecipientError: 550 5.5.0 Requested action not taken: mailbox unavailable."),
        "soft_bounced": ("soft_bounce", "undefined Unable to find MX of domain no-mx.example.com"),
        "deferred": ("deferred", "450 greylisted"),
        "complained": ("complaint", None),
        "unsubscribed": ("unsubscribe", None),
        "opened": ("unique_opened", None),
        "clicked": ("click", None),
    }
    event, reason = words[kind]
    return {
        "event": event,
        "email": "ada@example.com",
        "id": 9999999,
        "message-id": "<201803062010.27287306012@smtp-relay.mailin.fr>",
        "subject": "Test subject",
        "date": at.strftime("%Y-%m-%d %H:%M:%S"),
        "ts": int(at.timestamp()),
        "ts_event": int(at.timestamp()),
        "ts_epoch": int(at.timestamp() * 1000),
        "X-Mailin-custom": json.dumps({"message_id": str(message)}),
        "tags": ["welcome-email"],
        "sending_ip": "333.33.33.33",
        **({"reason": reason} if reason else {}),
        **({"link": "https://example.com/click/me"} if kind == "clicked" else {}),
    }


def sparkpost(kind: str, message: UUID, at: datetime) -> Any:
    words: dict[str, tuple[str, dict[str, str]]] = {
        "delivered": ("message_event", {"type": "delivery"}),
        "bounced": (
            "message_event",
            {
                "type": "bounce",
                "bounce_class": "10",
                "error_code": "550",
                "raw_reason": "550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown",
            },
        ),
        "soft_bounced": (
            "message_event",
            {"type": "bounce", "bounce_class": "22", "error_code": "552", "raw_reason": "552 mailbox is full"},
        ),
        "deferred": (
            "message_event",
            {"type": "delay", "bounce_class": "21", "raw_reason": "454 4.4.4 [internal] no MX or A for domain"},
        ),
        "complained": ("message_event", {"type": "spam_complaint", "fbtype": "abuse"}),
        "unsubscribed": ("unsubscribe_event", {"type": "list_unsubscribe"}),
        "opened": ("track_event", {"type": "open", "user_agent": "Mozilla/5.0 (Macintosh)"}),
        "clicked": ("track_event", {"type": "click", "target_link_url": "https://example.com/click/me"}),
    }
    group, said = words[kind]
    event = {
        "event_id": hashlib.sha256(f"{kind} {message} {at}".encode()).hexdigest()[:17],
        "customer_id": "1",
        "message_id": "000443ee14578172be22",
        "rcpt_meta": {"message_id": str(message)},
        "rcpt_to": "ada@example.com",
        "raw_rcpt_to": "ada@example.com",
        "ip_address": "192.0.2.7",
        "timestamp": str(int(at.timestamp())),
        "transmission_id": "65832150921904138",
        **said,
    }
    return {"msys": {group: event}, "cust": {"id": "00000"}}


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: what it reports, and what it proves itself by."""

    name: str
    event: Callable[[str, UUID, datetime], Any]
    signing: dict[str, str]
    takes_many: bool = False

    def body(self, told: Sequence[Any]) -> str:
        """Return the body of one request; most providers send one for each event."""
        if self.takes_many:
            return json.dumps(told)
        (one,) = told
        return json.dumps(one)

    def headers(self, secret: str) -> dict[str, str]:
        """Return the headers of a request that was given name and password in its address."""
        return {} if self.signing else {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}


PROVIDERS = (
    Provider("postmark", postmark, {}),
    Provider("mailgun", mailgun, {"webhook_signing_key": SIGNING_KEY}),
    Provider("brevo", brevo, {}),
    Provider("sparkpost", sparkpost, {}, takes_many=True),
)
