"""What a running Saleor 3.23.28 really sent: signed deliveries, its public key, tokens and errors."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "payloads"


@dataclass(frozen=True, slots=True)
class Recording:
    """One delivery, byte for byte; ``name`` is its event and number, such as ORDER_CREATED-1."""

    name: str
    event: str
    arrived: str
    headers: dict[str, str]
    body: bytes

    @property
    def signature(self) -> str:
        return self.headers["Saleor-Signature"]


@cache
def recordings() -> tuple[Recording, ...]:
    """Every signed delivery, in the order of arrival.

    They were asked for with wider queries than ours, and by several apps: recipients differ.
    """
    with gzip.open(FOLDER / "deliveries.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        Recording(row["name"], row["event"], row["arrived"], row["headers"], row["body"].encode()) for row in rows
    )


def recording(name: str) -> Recording:
    """The one delivery of that name."""
    return next(one for one in recordings() if one.name == name)


def recorded_jwks() -> dict[str, Any]:
    """The key set that signed every recording."""
    return _json("jwks.json")


def recorded_tokens() -> dict[str, Any]:
    """Saleor's own JSON web tokens by kind, each with ``jwt``, ``header`` and ``claims``; long expired."""
    return _json("jwt-examples.json")


def recorded_answers() -> dict[str, Any]:
    """Answers of the GraphQL API, mostly refusals, by case: ``status`` and ``body``."""
    return _json("graphql-errors.json")


def _json(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content
