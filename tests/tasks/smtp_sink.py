"""A mail server in a thread of this process: it knows what it took by our message id, and may answer otherwise."""

import asyncio
import gc
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from saleor_lifecycle.bench.sink import Session

REFUSALS = {b"refused": b"550 no\r\n", b"gone": b"550 5.1.1 no\r\n"}
MESSAGE_ID = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE | re.IGNORECASE)
PATIENCE = 10.0


@dataclass
class SmtpSink:
    """Whoever's address begins with one of ``REFUSALS`` is refused; "later" is said once of each mail to later."""

    port: int = 0
    batch: int = 1
    taken: Counter[UUID] = field(default_factory=Counter)
    put_off: set[UUID] = field(default_factory=set)
    open_sessions: int = 0

    def answer(self, raw: bytes, to: bytes) -> bytes:
        """Take a whole mail, or not."""
        found = MESSAGE_ID.search(raw)
        assert found
        message_id = UUID(found[1].decode())
        if to.startswith(b"later") and message_id not in self.put_off:
            self.put_off.add(message_id)
            return b"451 later\r\n"
        self.taken[message_id] += 1
        return b"250 OK\r\n"

    def wait(self) -> None:
        """Wait until everything that was sent here was taken, also by whoever died before the answer came."""
        ends = time.monotonic() + PATIENCE
        while self.open_sessions:
            assert time.monotonic() < ends, "somebody stays connected"
            gc.collect()  # the sockets of the dead
            time.sleep(0.001)


class _Session(Session):
    def __init__(self, sink: SmtpSink) -> None:
        self._sink, self._to = sink, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink.open_sessions += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink.open_sessions -= 1

    def _answer(self, said: bytes) -> bytes:
        if self._is_mail:
            self._is_mail = False
            return self._sink.answer(said, self._to)
        if said[:8].upper() == b"RCPT TO:":
            self._to = said[8:].lstrip(b"<")
            return REFUSALS.get(self._to.partition(b".")[0], b"250 OK\r\n")
        return super()._answer(said)


@contextmanager
def running() -> Iterator[SmtpSink]:
    """A sink that listens at its port."""
    sink, loop, is_up = SmtpSink(), asyncio.new_event_loop(), threading.Event()

    async def listen() -> None:
        server = await loop.create_server(lambda: _Session(sink), "127.0.0.1", 0)
        sink.port = server.sockets[0].getsockname()[1]
        is_up.set()

    def work() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert is_up.wait(PATIENCE)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
