"""``ingest``: signed deliveries a second, acknowledged durably, against a bare handler under the same server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models import Event
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.processes import Group, Program, web

from . import bare, deliveries, load
from .outcome import Outcome, at_least
from .surroundings import Unfit, check, free_port, own_database, start_broker, wait_for

AIM = 0.7
WARM_UP = 8
"""Rounds that do not count: processes start, connect, and load the broker's library at their first nudge."""
ROUNDS = 25
REQUESTS = 400
"""In a round, for each of the two. Rounds are short, so what else the machine does meanwhile falls on both."""
CONNECTIONS = 16


def run(now: datetime) -> Outcome:
    """Return what rounds of ours and the floor's, in turn, came to. Raises Unfit."""
    shop = deliveries.make_shop()
    every = [deliveries.request(shop, body) for body in deliveries.bodies(shop, REQUESTS * (WARM_UP + ROUNDS), now)]
    ours: list[load.Report] = []
    floor: list[load.Report] = []
    with _servers(shop, now) as running:
        for start in range(0, len(every), REQUESTS):
            requests = every[start : start + REQUESTS]
            for port, reports in ((running.our_port, ours), (running.floor_port, floor)):
                check(running.group)
                reports.append(_fire(port, requests))
        _check_stored(running.installation_id, len(every))
    ours, floor = ours[WARM_UP:], floor[WARM_UP:]
    sizes = {
        "rounds": ROUNDS,
        "requests": REQUESTS,
        "connections": CONNECTIONS,
        "bytes": len(every[0]),
        "workers": settings.WEB_WORKERS,
        "threads": settings.WEB_THREADS,
        "broker": running.broker,
        # Were it near one core's whole time, the load and not the servers would have been measured.
        "load_share_of_a_core": round(max(one.cpu_seconds / one.seconds for one in ours + floor), 2),
    }
    values, floors = ([REQUESTS / report.seconds for report in reports] for reports in (ours, floor))
    return at_least(AIM, "ingest", "requests per second", values, floors, sizes)


@dataclass(frozen=True, slots=True)
class _Running:
    group: Group
    installation_id: int
    our_port: int
    floor_port: int
    broker: str


@contextmanager
def _servers(shop: deliveries.SigningShop, now: datetime) -> Iterator[_Running]:
    """Run both on one database. Nudges are published, but no worker runs."""
    with own_database() as database_url, Group() as group:
        installation_id = register(Registration(shop.api_url, shop.app_id, "token", shop.jwks), now)
        with connection.cursor() as cursor:
            cursor.execute(bare.TABLE)
        broker, broker_url = start_broker(group, database_url)
        environment = {
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": broker_url,
            "BENCH_JWKS": json.dumps(shop.jwks),
            "LOG_LEVEL": "WARNING",
        }
        ports: dict[str, int] = {}
        for name, application in (("ours", "saleor_lifecycle.wsgi"), ("floor", "saleor_lifecycle.bench.bare")):
            port = free_port()
            program = web(f"127.0.0.1:{port}", application)
            group.start(Program(name, [*program.command, "--log-level", "warning"], environment))
            wait_for(port, group)
            ports[name] = port
        yield _Running(group, installation_id, ports["ours"], ports["floor"], broker)


def _fire(port: int, requests: list[bytes]) -> load.Report:
    report = load.send_from_a_process(port, requests, CONNECTIONS)
    if len(report.answered) != len(requests):
        raise Unfit(f"of {len(requests)} deliveries only {len(report.answered)} were answered 200")
    return report


def _check_stored(installation_id: int, count: int) -> None:
    """Nothing, if both have a row for each delivery. Raises Unfit."""
    with within(installation_id):
        ours = Event.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_bare")
        floor = cursor.fetchone()[0]
    if (ours, floor) != (count, count):
        raise Unfit(f"of {count} deliveries ours stored {ours} and the floor {floor}")
