"""The mailbox in place of an e-mail provider: an SMTP sink that keeps every mail it is given."""

import asyncio
import contextlib
import email
import email.policy
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(frozen=True, slots=True)
class Mail:
    id: int
    received_at: str
    sender: str
    to: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def part(self, kind: str) -> str:
        """The ``html`` or ``plain`` body; empty if there is none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""

    def links(self) -> list[str]:
        """Every link of the html part, in order, each once."""
        finder = _Links()
        finder.feed(self.part("html"))
        return list(dict.fromkeys(finder.found))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


class Mailbox:
    """All mails, in SQLite. A mail is on disk before the sender hears 250."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE IF NOT EXISTS mails"
            " (id INTEGER PRIMARY KEY, received_at TEXT, sender TEXT, recipients TEXT, raw BLOB);"
        )

    def store(self, sender: str, to: list[str], raw: bytes, now: datetime) -> None:
        row = (now.isoformat(), sender, "\n".join(to), raw)
        with self._lock:
            self._database.execute("INSERT INTO mails (received_at, sender, recipients, raw) VALUES (?, ?, ?, ?)", row)

    def mails(self, first: int = 500) -> list[Mail]:
        """The newest first."""
        return self._select("ORDER BY id DESC LIMIT ?", first)

    def mail(self, identifier: int) -> Mail | None:
        return next(iter(self._select("WHERE id = ?", identifier)), None)

    def count(self) -> int:
        with self._lock:
            return int(self._database.execute("SELECT count(*) FROM mails").fetchone()[0])

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _select(self, clause: str, value: int) -> list[Mail]:
        with self._lock:
            rows = self._database.execute(f"SELECT * FROM mails {clause}", (value,)).fetchall()
        return [Mail(row[0], row[1], row[2], tuple(row[3].split("\n")), row[4]) for row in rows]


def as_json(mail: Mail) -> dict[str, Any]:
    """What automation reads; ``to`` is the envelope's recipient."""
    message = mail.message
    return {
        "id": mail.id,
        "from": str(message["From"] or ""),
        "to": ", ".join(mail.to),
        "subject": str(message["Subject"] or ""),
        "message_id": str(message["Message-ID"] or ""),
        "received_at": mail.received_at,
        "text": mail.part("plain"),
        "links": mail.links(),
        "headers": {name: str(value) for name, value in message.items()},
    }


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self._mailbox.store(envelope.mail_from, envelope.rcpt_tos, envelope.content, datetime.now(UTC))
        return "250 Message accepted for delivery"


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """Learn the port that the system chose for 0: aiosmtpd would try to reach port 0 itself."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        reach: Any = super()._trigger_server  # aiosmtpd gives it no types
        reach()


@contextlib.contextmanager
def listening(mailbox: Mailbox, host: str, port: int) -> Iterator[int]:
    """The mailbox's SMTP server while the block runs; yields the port that it got."""
    controller = _Controller(_Handler(mailbox), hostname=host, port=port)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
