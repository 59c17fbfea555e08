import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class MailServer:
    """An SMTP server whose next answers are set per command; ``None`` in their place hangs up."""

    port: int = field(default_factory=free_port)
    received: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, list[str | None]] = field(default_factory=dict)
    connections: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    def _answer(self, command: str, server: Any, usual: str) -> str:
        planned = self.answers.get(command) or [usual]
        answer = planned.pop(0)
        if answer is None:
            server.transport.abort()
            return "421 gone"
        return answer

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, answers: Any) -> Any:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        answer = self._answer("MAIL", server, "250 OK")
        if not answer.startswith("250"):
            envelope.mail_from = None
        return answer

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self._answer("RCPT", server, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self._answer("DATA", server, "250 OK")
        if answer == "silence":
            server.transport.pause_reading()
            await server.loop.run_in_executor(None, self.release.wait, 10)
        elif answer.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return answer


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.release.set()
    controller.stop()


@dataclass
class Provider:
    """A mail provider's HTTP API with Postmark's address and answers; a body of ``None`` hangs up."""

    status: int = 200
    body: str | None = '[{"ErrorCode": 0, "Message": "OK", "MessageID": "at-the-provider", "To": "ana@example.org"}]'
    requests: list[bytes] = field(default_factory=list)
    is_silent: bool = False
    release: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    state = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.requests.append(self.rfile.read(int(self.headers["Content-Length"])))
            if state.is_silent:
                state.release.wait(10)
            if state.body is None or state.is_silent:
                self.close_connection = True
                return
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(state.body.encode())))
            self.end_headers()
            self.wfile.write(state.body.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_port}/",
        "REQUESTS_TIMEOUT": 1,
    }
    yield state
    state.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def unused_port() -> int:
    return free_port()
