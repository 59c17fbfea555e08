"""The floor of ``ingest``: the least that could answer for a delivery. It verifies, inserts one row, answers 200.

Run by the same server as the app, without Django. The environment names the database and the shop's key.
"""

import base64
import json
import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from saleor_lifecycle.saleor.webhooks import parse_jwks

TABLE = """
CREATE TABLE bench_bare (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    body bytea NOT NULL
)
"""

_padding = PKCS1v15()
_hash = SHA256()
_held = threading.local()
_keys = parse_jwks(json.loads(os.environ.get("BENCH_JWKS", "{}")))


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    header, _, seal = environ["HTTP_SALEOR_SIGNATURE"].encode().split(b".")
    try:
        signature = base64.urlsafe_b64decode(seal + b"==")
        _keys["bench"].verify(signature, header + b"." + body, _padding, _hash)
    except InvalidSignature:
        start_response("401 Unauthorized", [("Content-Length", "0")])
        return []
    _connection().execute("INSERT INTO bench_bare (received_at, body) VALUES (%s, %s)", [datetime.now(UTC), body])
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def _connection() -> psycopg.Connection:
    """Return this thread's connection, opened once; each statement commits by itself."""
    if not hasattr(_held, "connection"):
        _held.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    connection: psycopg.Connection = _held.connection
    return connection
