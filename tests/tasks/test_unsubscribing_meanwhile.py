"""Somebody unsubscribes while a worker sends: before or after any statement of the worker.

``INTERLEAVINGS=1000`` makes that many; without it a sample.
"""

import logging
import os
import threading
from collections import Counter
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from saleor_lifecycle.actions import consent, messages, templates
from saleor_lifecycle.channels import known
from saleor_lifecycle.models import Consent, Identity, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import messages as tasks
from tests.facts import account, tell
from tests.kills import Runs
from tests.shop_server import ShopServer, install_at
from tests.tasks.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)

MOST = int(os.environ.get("INTERLEAVINGS", "40"))
PEOPLE = ("ada", "bob", "cleo")
WAITS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

logger = logging.getLogger(__name__)


class Race:
    """A worker with a batch, and one of its people who unsubscribes at the worker's n-th statement."""

    def __init__(self, shop: Installation, watcher: "psycopg.Connection[Any]", rows: dict[str, Message]) -> None:
        self.shop, self.watcher, self.rows = shop, watcher, rows
        self.is_over = threading.Event()
        self.claims_after: list[int] = []
        self.statements = 0
        self.thread: threading.Thread | None = None

    def run(self, who: str, at: int, is_after: bool) -> None:
        """Let the worker go; ``at`` 0 unsubscribes nobody."""

        def count(execute: Runs, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
            self.statements += 1
            is_here = self.statements == at
            if is_here and not is_after:
                self._begin(who)
            answer = execute(sql, parameters, many, context)
            if is_here and is_after:
                self._begin(who)
            return answer

        turn = messages.turn

        def claim(shop: int, settled: Any, wanted: list[Message], now: Any, meanwhile: Any) -> set[int]:
            """The one call that no wrapper of statements sees."""

            def execute(*said: Any) -> set[int]:
                if self.is_over.is_set():
                    self.claims_after += [one.pk for one in wanted]
                return turn(shop, settled, wanted, now, meanwhile)

            return set(count(execute, "", None, False, {}))

        messages.turn = claim  # type: ignore[assignment]
        try:
            with connection.execute_wrapper(count):
                tasks.run(self.shop.pk, timezone.now())
        finally:
            messages.turn = turn
        if self.thread:
            self.thread.join(20)
            assert self.is_over.is_set()

    def _begin(self, who: str) -> None:
        """Go on once the other side is through, or waits for a lock of ours."""
        self.thread = threading.Thread(target=self._unsubscribe, args=(who,))
        self.thread.start()
        for _ in range(5000):
            waits = self.watcher.execute(WAITS).fetchone()
            if self.is_over.wait(0.002) or (waits and waits[0]):
                return
        raise AssertionError("neither through nor waiting")

    def _unsubscribe(self, who: str) -> None:
        try:
            with within(self.shop.pk):
                consent.unsubscribe(Message.objects.get(pk=self.rows[who].pk), timezone.now())
            self.is_over.set()
        finally:
            connection.close()


def queue(shop: Installation, customers: dict[str, int]) -> dict[str, Message]:
    """Queue a message for everybody, as if each had had one before to the same address."""
    now = timezone.now()
    with within(shop.pk):
        for model in (Message, Suppression):
            model._default_manager.all().delete()
        Consent.objects.filter(source="unsubscribe").delete()
        rows = {
            name: Message(
                installation=shop,
                customer_id=customer_id,
                key=f"hello:{name}",
                template="hello",
                topic="cart",
                channel="email",
                address_hash=consent.address_hash(shop, "email", f"{name}@example.com"),
                queued_at=now,
                due_at=now,
            )
            for name, customer_id in customers.items()
        }
        Message.objects.bulk_create(rows.values())
    return rows


def test_nothing_is_claimed_after_the_unsubscription_commits(
    shop_server: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    shop = install_at(shop_server, now)
    sink = Sink()
    monkeypatch.setitem(known.CHANNELS, "email", sink.open)
    tell(shop, [account(now, name, f"{name}@example.com", consent=True) for name in PEOPLE], now)
    with within(shop.pk):
        words = ("Hello", "", "{{ links.unsubscribe }}")
        templates.save(shop.pk, "hello", "en", words, "<p>Hello</p>", now)
        held = Identity.objects.filter(kind="user").values_list("value", "customer_id")
        customers = {str(name): int(customer or 0) for name, customer in held}
    settings = connection.get_connection_params()
    reachable = {name: settings[name] for name in ("host", "port", "dbname", "user", "password") if name in settings}
    seen: Counter[str] = Counter()
    with psycopg.connect(**reachable, autocommit=True) as watcher:
        calm = Race(shop, watcher, queue(shop, customers))
        calm.run("", 0, False)
        assert sink.taken.total() == len(PEOPLE)
        ways = [
            (who, at, is_after) for at in range(1, calm.statements + 1) for who in PEOPLE for is_after in (False, True)
        ]
        step = max(1, len(ways) // MOST)
        planned = ways[::step] if len(ways) > MOST else (ways * (MOST // len(ways) + 1))[:MOST]
        for who, at, is_after in planned:
            sink.taken.clear()
            rows = queue(shop, customers)
            race = Race(shop, watcher, rows)
            race.run(who, at, is_after)
            with within(shop.pk):
                states = dict(Message.objects.values_list("pk", "state"))
            for name, row in rows.items():
                assert (states[row.pk] == "sent") == (sink.taken[row.public_id] == 1), (name, who, at, is_after)
            theirs = rows[who]
            assert states[theirs.pk] in ("sent", "skipped"), (who, at, is_after)
            if theirs.pk in race.claims_after:
                assert sink.taken[theirs.public_id] == 0, (who, at, is_after)
            others = [states[row.pk] for name, row in rows.items() if name != who]
            assert others == ["sent", "sent"], (who, at, is_after)
            seen[states[theirs.pk]] += 1
    logger.info("%s interleavings, of %s statements: %s", len(planned), calm.statements, dict(seen))
    assert seen.keys() == {"sent", "skipped"}
