"""The shop's state: records in memory, written through to SQLite, changed only as a whole.

Records are frozen, so whoever holds one has a snapshot; readers need no lock.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from .actors import Actor
from .records import KINDS, Counter, Delivery, Record, global_id

R = TypeVar("R")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that happened, to be told to the apps that listen."""

    event: str
    subject: Any
    issued_at: datetime
    token: str | None = None


@dataclass(slots=True)
class Change:
    """What one action does: records put, records removed and events, applied together or not at all."""

    shop: "Shop"
    actor: Actor
    now: datetime
    records: dict[tuple[type, str], Record | None] = field(default_factory=dict)
    occurrences: list[Occurrence] = field(default_factory=list)

    def get(self, kind: type[R], key: str | None) -> R | None:
        """The record as this change leaves it."""
        if key is None:
            return None
        if (kind, key) in self.records:
            return self.records[kind, key]  # type: ignore[return-value]  # keyed by its own type
        return self.shop.get(kind, key)

    def put(self, record: Record) -> None:
        self.records[type(record), record.id] = record

    def remove(self, record: Record) -> None:
        self.records[type(record), record.id] = None

    def next_number(self, name: str) -> int:
        """1, 2, 3 ... for ever: a number is not given twice, even when its owner is gone."""
        counter = self.get(Counter, name) or Counter(id=name, value=0)
        self.put(Counter(id=name, value=counter.value + 1))
        return counter.value + 1

    def next_id(self, kind: str) -> str:
        return global_id(kind, self.next_number(kind))

    def emit(self, event: str, subject: Record, token: str | None = None) -> None:
        self.occurrences.append(Occurrence(event, subject, self.shop.issue_time(), token))


class Shop:
    """All records of one shop. ``announce`` turns a change's events into deliveries."""

    def __init__(
        self,
        file: Path,
        url: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        confirms_accounts: bool = True,
    ) -> None:
        self.url = url
        self.clock = clock
        self.confirms_accounts = confirms_accounts
        self.announce: Callable[[Change], Sequence[Delivery]] = lambda change: ()
        self.hand_over: Callable[[Sequence[Delivery]], None] = lambda deliveries: None
        self._lock = threading.RLock()
        self._last_issue = clock()
        self._rows: dict[type, dict[str, Any]] = {kind: {} for kind in KINDS}
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE IF NOT EXISTS records (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id));"
        )
        self._load()

    @property
    def api_url(self) -> str:
        return f"{self.url}/graphql/"

    def get(self, kind: type[R], key: str | None) -> R | None:
        return self._rows[kind].get(key) if key else None

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind, oldest first."""
        return list(self._rows[kind].values())

    def issue_time(self) -> datetime:
        """Now, but never twice the same: Saleor's ``issuedAt`` was distinct even in a burst."""
        with self._lock:
            self._last_issue = max(self.clock(), self._last_issue + timedelta(microseconds=1))
            return self._last_issue

    @contextmanager
    def change(self, actor: Actor) -> Iterator[Change]:
        """A change that is applied when the block ends and forgotten when it raises."""
        with self._lock:
            change = Change(self, actor, self.clock())
            yield change
            self._apply(change.records)
            deliveries = self.announce(change)
            for delivery in deliveries:
                change.put(delivery)
            self._apply(change.records)  # again: the deliveries, and the counter that numbered them
            self._write(change.records)
        self.hand_over(deliveries)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _apply(self, records: dict[tuple[type, str], Record | None]) -> None:
        for (kind, key), record in records.items():
            if record is None:
                self._rows[kind].pop(key, None)
            else:
                self._rows[kind][key] = record

    def _write(self, records: dict[tuple[type, str], Record | None]) -> None:
        self._database.execute("BEGIN")
        for (kind, key), record in records.items():
            if record is None:
                self._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind.__name__, key))
            else:
                body = _ADAPTERS[kind].dump_json(record).decode()
                # An upsert, not a replacement: the row keeps its place, which is the order of creation.
                self._database.execute(
                    "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
                    (kind.__name__, key, body),
                )
        self._database.execute("COMMIT")

    def _load(self) -> None:
        kinds = {kind.__name__: kind for kind in KINDS}
        for name, key, body in self._database.execute("SELECT * FROM records ORDER BY rowid"):
            kind = kinds[name]
            self._rows[kind][key] = _ADAPTERS[kind].validate_json(body)
