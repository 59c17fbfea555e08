"""What was answered 200 is on the disk: the web server and PostgreSQL die at once, and nothing acknowledged is missing.

A kill leaves the kernel's page cache alone, which a power cut would not. So the story also asks, on a connection of
the app's own kind, whether PostgreSQL waits for the disk before it lets a commit return.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from saleor_lifecycle import embedded
from saleor_lifecycle.bench import deliveries, load
from saleor_lifecycle.bench.surroundings import free_port
from saleor_lifecycle.processes import web
from tests.environment import ENVIRONMENT

DELIVERIES = 400
CONNECTIONS = 12
PATIENCE = 30.0

PREPARE = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models.entry import within

call_command("migrate", interactive=False, verbosity=0)
shop = json.load(sys.stdin)
installation = register(Registration(shop["api_url"], shop["app_id"], "token", shop["jwks"]), timezone.now())
with within(installation), connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
    print(*cursor.fetchone())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The app's settings, on a database of this test's own."""
    return {
        **os.environ,
        **ENVIRONMENT,
        "DJANGO_SETTINGS_MODULE": "saleor_lifecycle.settings",
        "DATABASE_URL": embedded.database_url_of(tmp_path / "postgres"),
        # Nobody listens there: an acknowledgement does not ask for a broker.
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "LOG_LEVEL": "CRITICAL",
    }


def test_what_was_answered_200_survives_the_death_of_everything(tmp_path: Path, environment: dict[str, str]) -> None:
    shop = deliveries.make_shop()
    acknowledged: set[str] = set()
    sent: dict[str, bytes] = {}
    with ExitStack() as running:
        running.callback(embedded.start(tmp_path / "postgres").stop)
        assert prepared(shop, environment) == "on on"
        for minute in range(2):
            bodies = deliveries.bodies(shop, DELIVERIES, datetime(2026, 3, 11, 12, minute, tzinfo=UTC))
            digests = [sha256(body).hexdigest() for body in bodies]
            answered = answered_before_the_end(shop, bodies, tmp_path, environment)
            assert 0 < len(answered) < DELIVERIES
            acknowledged |= {digests[number] for number in answered}
            sent |= dict(zip(digests, bodies, strict=True))
            server = embedded.start(tmp_path / "postgres")
            running.callback(server.stop)
            stored = stored_at(server)
            assert acknowledged <= stored.keys()
            assert stored == {digest: sent[digest] for digest in stored}


def prepared(shop: deliveries.SigningShop, environment: dict[str, str]) -> str:
    """Make the tables, install the app in the shop, and return fsync and synchronous_commit as the app has them."""
    described = {"api_url": shop.api_url, "app_id": shop.app_id, "jwks": shop.jwks}
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=environment,
        input=json.dumps(described),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def answered_before_the_end(
    shop: deliveries.SigningShop, bodies: list[bytes], folder: Path, environment: dict[str, str]
) -> list[int]:
    """Send the bodies, kill everything at a random moment, and return the numbers of those answered 200 until then."""
    requests = [deliveries.request(shop, body) for body in bodies]
    report = load.Report()
    moment = random.randint(DELIVERIES // 10, DELIVERIES * 3 // 4)
    with running_web(environment) as (gunicorn, port):
        sending = threading.Thread(target=load.send, args=(port, requests, CONNECTIONS, report))
        sending.start()
        deadline = time.monotonic() + PATIENCE
        while len(report.answered) < moment and sending.is_alive() and time.monotonic() < deadline:
            time.sleep(0.0005)
        postmaster = int((folder / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
        kill_at_once([postmaster, *children(postmaster), gunicorn.pid, *children(gunicorn.pid)])
        sending.join(PATIENCE)
    assert not sending.is_alive()
    return report.answered


@contextmanager
def running_web(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [*web(f"127.0.0.1:{port}").command, "--log-level", "critical"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as gunicorn:
        try:
            wait_until_it_answers(port)
            yield gunicorn, port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(gunicorn.pid, signal.SIGKILL)


def wait_until_it_answers(port: int) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            if load.send(port, [request], 1).answered:
                return
        time.sleep(0.1)
    raise AssertionError("the web does not answer")


def children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name between the brackets may hold anything.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def kill_at_once(processes: list[int]) -> None:
    """Stop them all first, so that none sees another die; return when PostgreSQL's pid file names nobody."""
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, number)
    postmaster, deadline = Path("/proc", str(processes[0])), time.monotonic() + PATIENCE
    while postmaster.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def stored_at(server: embedded.Embedded) -> dict[str, bytes]:
    """Return the stored bodies by the digests they are stored under, past every policy."""
    with psycopg.connect(server.admin_url, dbname="lifecycle") as connection:
        rows = connection.execute(
            """
            SELECT event.digest, stored.body FROM lifecycle_event event
            LEFT JOIN lifecycle_event_body stored ON stored.event_id = event.id
            """
        )
        return {digest: bytes(body) for digest, body in rows}
