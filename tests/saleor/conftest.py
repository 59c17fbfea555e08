"""A shop on a real local socket that answers what a test tells it to, and Saleor's schema."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

SCHEMA = Path(__file__).parents[2] / "graphql" / "saleor" / "schema.graphql"


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class LocalShop:
    origin: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def api_url(self) -> str:
        return f"{self.origin}/graphql/"

    def will_answer(self, content: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Queue an answer; the last one stays for all further requests."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.answers.append((status, headers or {}, body))


@pytest.fixture
def local_shop() -> Iterator[LocalShop]:
    shop = LocalShop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            shop.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            status, headers, answer = shop.answers.pop(0) if len(shop.answers) > 1 else shop.answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shop.origin = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield shop
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text(encoding="utf-8"))
