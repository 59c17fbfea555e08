"""A mail provider's HTTP API on loopback, which answers what a test tells it to."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest


@dataclass
class Api:
    """A provider's HTTP API: it keeps what it is given, and answers what it is told to."""

    address: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    given: list[tuple[str, Any]] = field(default_factory=list)  # path, body
    signed: list[dict[str, str]] = field(default_factory=list)  # the headers that came with each
    retry_after: str = ""


def parsed(body: bytes, kind: str) -> Any:
    if kind.startswith("application/json"):
        return json.loads(body)
    if "urlencoded" in kind:
        return {name: texts[0] for name, texts in parse_qs(body.decode()).items()}
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode()
        for part in form.iter_parts()  # type: ignore[attr-defined]
    }


@pytest.fixture
def api() -> Iterator[Api]:
    state = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(parsed(body, self.headers["Content-Type"]))

        def do_GET(self) -> None:
            self.answer(None)

        def answer(self, body: Any) -> None:
            state.given.append((self.path, body))
            state.signed.append(dict(self.headers))
            status, answer = state.answers.pop(0)
            self.send_response(status)
            if state.retry_after:
                self.send_header("Retry-After", state.retry_after)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()
