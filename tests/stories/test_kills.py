"""Kill -9 of web, worker and beat at random, and a broker emptied twice, change nothing in the end but time."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from saleor_lifecycle import embedded, processes
from saleor_lifecycle.sandbox.shoppers import run_script

SEED = 11
SHOPPERS = 14
PACE = 0.08
# All is ordered that will be before the first touch, so that kills can only delay, never decide.
CART_SECONDS = "20,26,32,38"
PATIENCE = 150.0


@dataclass
class Machine:
    """The app's three programs as real processes, restarted whenever they die, beside a sandbox that stays."""

    folder: Path
    server: embedded.Embedded
    app_port: int
    sandbox_port: int
    smtp_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **embedded.secrets_in(self.folder),
            "PUBLIC_URL": f"http://127.0.0.1:{self.app_port}",
            "DATABASE_URL": self.server.database_url,
            "CELERY_BROKER_URL": self.server.broker_url,
            "ABANDONED_CART_SECONDS": CART_SECONDS,
            "SWEEP_SECONDS": "1",
            "ALLOW_PRIVATE_ADDRESSES": "true",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.smtp_port),
        }

    def start(self, name: str) -> None:
        command = {
            "web": processes.web(f"127.0.0.1:{self.app_port}").command,
            "worker": processes.worker().command,
            "beat": processes.beat().command,
            "sandbox": [
                *(sys.executable, "-m", "saleor_lifecycle.sandbox", "--port", str(self.sandbox_port)),
                *("--smtp-port", str(self.smtp_port), "--data", str(self.folder / "sandbox")),
                *("--app-manifest", f"http://127.0.0.1:{self.app_port}/api/manifest", "--retry-scale", "0.05"),
            ],
        }[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                env=self.environment(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill -9 the program with all its children, and start it again."""
        child = self.running[name]
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self.kills[name] += 1
        self.start(name)

    def empty_broker(self) -> None:
        with psycopg.connect(self.server.admin_url, dbname="lifecycle_broker", autocommit=True) as connection:
            connection.execute("DELETE FROM kombu_message")
        self.kills["broker"] += 1

    def run(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "saleor_lifecycle", *command],
            env=self.environment(),
            check=True,
            capture_output=True,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.admin_url, dbname="lifecycle") as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]

    def mails(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.sandbox_url}/mail.json", timeout=20).json())


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    server = embedded.start(folder / "postgres")
    made = Machine(folder, server, *free_ports(3))
    try:
        made.run("migrate")
        for name in ("sandbox", "web", "worker", "beat"):
            made.start(name)
        wait("the installation", lambda: made.rows("SELECT 1 FROM lifecycle_installation"))
        made.run(
            *("configure", "--sender-email", "shop@example.com", "--company", "Casa", "--postal-address", "Calle 1"),
            *(
                "--contact-email",
                "shop@example.com",
                "--cart-url",
                f"{made.sandbox_url}/checkout?checkout={{checkout_id}}",
            ),
            *("--projection", "on", "--warm-up", "off", "--at-most", "any"),
        )
        yield made
    finally:
        for child in made.running.values():
            with_group_gone(child)
        server.stop()


def with_group_gone(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait(what: str, look: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if look():
            return
        time.sleep(0.3)
    raise AssertionError(f"{what} did not come within {PATIENCE:.0f} s")


WORK_LEFT = """
SELECT (SELECT count(*) FROM lifecycle_event WHERE state <> 'done')
     + (SELECT count(*) FROM lifecycle_cart WHERE idle_at IS NOT NULL)
     + (SELECT count(*) FROM lifecycle_enrollment WHERE due_at IS NOT NULL)
     + (SELECT count(*) FROM lifecycle_message WHERE state = 'queued')
     + (SELECT count(*) FROM lifecycle_outbox WHERE due_at <= now() + interval '10 minutes')
"""
# By what a shop would call them: ids of rows and checkouts differ from run to run, times and keyed hashes do too.
PEOPLE = """
SELECT string_agg(identity.kind || CASE identity.kind WHEN 'erased' THEN '' ELSE ' ' || identity.value END,
        ', ' ORDER BY identity.kind, identity.value),
    customer.orders, customer.spent::text, customer.phase, customer.phase_reason
FROM lifecycle_customer customer JOIN lifecycle_identity identity ON identity.customer_id = customer.id
WHERE customer.merged_into_id IS NULL GROUP BY customer.id ORDER BY 1
"""
ORDERS = """
SELECT placed.number,
    -- Not the order's own identity: a payload that is made late names no account that was deleted meanwhile.
    (SELECT string_agg(one.kind || CASE one.kind WHEN 'erased' THEN '' ELSE ' ' || one.value END, ', '
            ORDER BY one.kind, one.value)
        FROM lifecycle_identity one WHERE one.customer_id = identity.customer_id),
    placed.status, placed.charge_status, placed.total,
    placed.charged, placed.refunded,
    (SELECT count(*) FROM lifecycle_fulfillment shipped WHERE shipped.order_id = placed.order_id)
FROM lifecycle_order placed LEFT JOIN lifecycle_identity identity ON identity.id = placed.identity_id ORDER BY 1
"""
CARTS = """
SELECT identity.value, cart.lines_hash, cart.ordered_at IS NOT NULL, cart.language,
    -- Whether a cart that was ordered had first gone idle is a matter of seconds; what was sent is not.
    (SELECT array_agg(message.step || CASE message.state WHEN 'skipped' THEN ' ' || message.reason ELSE ' left' END
        ORDER BY message.step) FROM lifecycle_enrollment enrollment
        JOIN lifecycle_message message ON message.enrollment_id = enrollment.id WHERE enrollment.cart_id = cart.id),
    (SELECT enrollment.state || ' ' || enrollment.reason FROM lifecycle_enrollment enrollment
        WHERE enrollment.cart_id = cart.id AND enrollment.reason <> 'ordered')
FROM lifecycle_cart cart LEFT JOIN lifecycle_identity identity ON identity.id = cart.identity_id
-- A checkout that was completed in an instant may never have been told of.
WHERE cart.ordered_at IS NULL OR EXISTS (SELECT FROM lifecycle_enrollment enrollment
    JOIN lifecycle_message message ON message.enrollment_id = enrollment.id WHERE enrollment.cart_id = cart.id)
ORDER BY 1, 2, 3
"""
CONSENT = """
SELECT identity.value, consent.source, consent.is_granted FROM lifecycle_consent consent
JOIN lifecycle_identity identity ON identity.id = consent.identity_id ORDER BY 1, 2
"""


def end_state(made: Machine) -> dict[str, Any]:
    tables = {"people": PEOPLE, "orders": ORDERS, "carts": CARTS, "consent": CONSENT}
    return {name: made.rows(sql) for name, sql in tables.items()}


def play(made: Machine) -> None:
    """Let the shoppers live their script, then wait until nothing is left to do."""
    run_script(f"{made.sandbox_url}/graphql/", SEED, SHOPPERS, PACE)
    wait("the end of all deliveries", lambda: all(row["status"] != "PENDING" for row in deliveries(made)))
    wait("the end of all work", lambda: made.rows(WORK_LEFT) == [(0,)])
    # Saleor too has nothing to send of a checkout that was completed before its payload was made.
    lost = [
        row
        for row in deliveries(made)
        if row["status"] == "FAILED" and row["note"] != "the subject was gone at delivery"
    ]
    assert lost == []


def deliveries(made: Machine) -> list[dict[str, Any]]:
    answer = httpx.get(f"{made.sandbox_url}/deliveries", timeout=20).json()
    return list(answer["deliveries"])


def test_end_state_equals_that_of_an_undisturbed_run(tmp_path: Path) -> None:
    with machine(tmp_path / "calm") as calm:
        play(calm)
        expected, mails = end_state(calm), Counter((str(mail["to"]), mail["subject"]) for mail in calm.mails())
    assert len(mails) >= 6

    with machine(tmp_path / "disturbed") as disturbed:
        hangman = threading.Thread(target=keep_killing, args=(disturbed,))
        hangman.start()
        try:
            play(disturbed)
        finally:
            hangman.join()
        wait("the end of all work", lambda: disturbed.rows(WORK_LEFT) == [(0,)])
        assert disturbed.kills == {"web": 4, "worker": 4, "beat": 4, "broker": 2}
        assert end_state(disturbed) == expected

        arrived = disturbed.mails()
        assert max(Counter(mail["message_id"] for mail in arrived).values()) == 1
        seen = Counter((str(mail["to"]), mail["subject"]) for mail in arrived)
        assert seen <= mails  # nobody got a mail twice, nor one that the undisturbed run did not send
        # A worker killed between its claim and the record leaves a visible unknown, and is never sent on a guess.
        unknown = disturbed.rows("SELECT count(*) FROM lifecycle_message WHERE state IN ('sending', 'unknown')")
        assert sum((mails - seen).values()) <= unknown[0][0] <= disturbed.kills["worker"]


def keep_killing(made: Machine) -> None:
    """Kill each program four times, in a random order and at random moments of the run."""
    chance = random.Random(SEED)
    names = ["worker", "web", "beat"] * 4
    chance.shuffle(names)
    for number, name in enumerate(names, 1):
        # Long enough for a program to come up now and then: one that never runs shows nothing.
        time.sleep(chance.uniform(1.0, 5.0))
        made.kill(name)
        if number in (4, 8):
            made.empty_broker()
