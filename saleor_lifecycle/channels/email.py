"""Mails through somebody's own account, or whatever EMAIL_BACKEND names: any of anymail's providers, or SMTP."""

import logging
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from email.headerregistry import Address
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailError
from anymail.message import AnymailMessage
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.core.validators import validate_email

from . import batches
from .channel import Outgoing, ProviderAccount
from .failures import is_connection_lost, judge
from .outcomes import Refused, SendOutcome, Sent, Trouble, Unsure
from .providers import backend_of, lacks

TIMEOUT_SECONDS = 30

logger = logging.getLogger(__name__)


class EmailConnection:
    """Mails over one connection, which is made with the first and again after a break.

    One after the other, but where the provider takes several in one call, each with its own words and its own answer
    (``batches`` says which do).
    """

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend
        self._built: dict[UUID, Mail] = {}
        self.batch = batches.most_at_once(backend)

    def prepare(self, messages: Sequence[Outgoing]) -> None:
        """Build the mails, and for SMTP write them: a third of what it takes to send one."""
        for message in messages:
            if _bad_address(message) is None:
                built = self._built[message.message_id] = _build(message, lacks(self._backend))
                if _is_smtp(self._backend):
                    built.write()

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        """What became of each mail; it raises only for faults of ours, before anything has left."""
        if len(messages) < 2 or self.batch == 1:
            return [self._send(message) for message in messages]
        told = [_bad_address(message) for message in messages]
        fit = [message for message, outcome in zip(messages, told, strict=True) if outcome is None]
        built = [self._taken(message) for message in fit]
        sent = iter(batches.send(self._backend, built))
        return [next(sent) if outcome is None else outcome for outcome in told]

    def _send(self, message: Outgoing) -> SendOutcome:
        if message.message_id not in self._built and (refused := _bad_address(message)):
            return refused
        built = self._taken(message)
        outcome, is_worth_repeating = _attempt(built, self._backend)
        if is_worth_repeating:
            outcome, _ = _attempt(built, self._backend)
        return outcome

    def _taken(self, message: Outgoing) -> "Mail":
        held = self._built.pop(message.message_id, None)
        return held if held is not None else _build(message, lacks(self._backend))


class Mail(AnymailMessage):
    """A mail that can be written before it is sent."""

    sender = ""
    raw: bytes | None = None

    def write(self) -> None:
        """Write it as Django's SMTP would; not where an address has to be put into ASCII first."""
        if self.sender.isascii() and self.to[0].isascii():
            self.raw = self.message().as_bytes(linesep="\r\n")


def _is_smtp(backend: BaseEmailBackend) -> bool:
    """Is it Django's own, and not somebody's who does more, such as sign what is written?"""
    kind: Any = type(backend)
    usual: Any = SMTPBackend
    return issubclass(kind, usual) and kind.send_messages is usual.send_messages and kind._send is usual._send


def _bad_address(message: Outgoing) -> Refused | None:
    try:
        validate_email(message.to_address)
    except ValidationError:
        return Refused("the address is not valid", is_address_bad=True)
    return None


@contextmanager
def open_connection(account: ProviderAccount) -> Iterator[EmailConnection]:
    """A connection for a batch. Raises ImproperlyConfigured at once when the account's settings, or for the operator's
    own EMAIL_BACKEND and its, do not do."""
    backend = backend_of(account, settings.ALLOW_PRIVATE_ADDRESSES) if account.provider else mail.get_connection()
    if isinstance(backend, SMTPBackend) and backend.timeout is None:
        backend.timeout = TIMEOUT_SECONDS  # without one it waits for ever
    try:
        yield EmailConnection(backend)
    finally:
        _close(backend)


def make_message_id(message_id: UUID, sender_address: str) -> str:
    """The Message-ID header's value without its brackets: our UUID at the sender's domain."""
    return f"{message_id}@{sender_address.rpartition('@')[2].encode('idna').decode()}"


def _attempt(built: Mail, connection: BaseEmailBackend) -> tuple[SendOutcome, bool]:
    """What became of it, and whether a fresh connection deserves a second attempt.

    It does when a connection that had already served turns out to be closed: servers end idle and long ones.
    """
    is_reused = False
    try:
        is_reused = connection.open() is False
        count = _hand_over(built, connection)
    except (SMTPException, OSError, AnymailError) as error:
        outcome = judge(error)
        logger.info("mail not sent: %s", type(outcome).__name__.lower())
        if not is_connection_lost(error):
            return outcome, False
        _close(connection)
        return outcome, is_reused and isinstance(outcome, Trouble)
    return _read_success(built, count), False


def _hand_over(built: Mail, connection: Any) -> int | None:
    """Return how many mails were taken."""
    if built.raw is None or connection.connection is None:
        return int(connection.send_messages([built]) or 0)
    # As Django does, whose way writes the mail here.
    connection.connection.sendmail(built.sender, built.to, built.raw)
    return 1


def _read_success(built: Mail, count: int | None) -> SendOutcome:
    status = built.anymail_status
    if status.status and status.status <= {"failed", "invalid", "rejected"}:
        return Refused(f"the provider says: {', '.join(sorted(status.status))}")
    if status.status == {"unknown"} and not status.message_id:
        return Unsure("the provider did not say what became of it")
    if not count:
        return Trouble("the mail backend sent nothing")
    own_id = built.extra_headers.get("Message-ID", "").strip("<>")
    return Sent(str(status.message_id) if status.message_id else own_id)


def _build(message: Outgoing, lacks: Set[str] = frozenset()) -> Mail:
    name = " ".join(message.sender_name.split())
    own_id = make_message_id(message.message_id, message.sender_address)
    headers = {"Content-Language": message.language}
    if "message_id" not in lacks:
        headers["Message-ID"] = f"<{own_id}>"
    if message.unsubscribe_url:
        # RFC 8058: a POST to this address is the whole unsubscription; mail programs offer a button.
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    built = Mail(
        subject=message.subject,
        body=message.text,
        from_email=str(Address(name, addr_spec=message.sender_address)),
        to=[message.to_address],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers,
        tags=list(message.tags),
    )
    built.sender = message.sender_address
    if "metadata" not in lacks:
        built.metadata = {"message_id": str(message.message_id)}
    built.attach_alternative(message.html, "text/html")
    return built


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError):
        # Whatever was to be said about the mails has been said; Django lets go of the socket all the same.
        logger.info("the mail connection did not close in order")
