"""What a bench runs on: a database that exists for it alone, and a broker, beside whatever the machine has."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection

from saleor_lifecycle.processes import Group, Program

PATIENCE = 30.0
"""Seconds for a program to answer at its port."""


class Unfit(Exception):
    """The machine or the database is not fit for this bench; the message says what is wrong."""


@contextmanager
def own_database(name: str = "") -> Iterator[str]:
    """Make a database with our tables on the server of DATABASE_URL, use it here, and drop it in the end.

    Gives its address. The rows of a shop that lives on the same server are never touched. Raises Unfit when a commit
    there is not durable, because then every figure would be a lie.
    """
    name, usual = name or f"lifecycle_bench_{os.getpid()}", connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {setting}")
            if cursor.fetchone() != ("on",):
                raise Unfit(f"PostgreSQL runs with {setting} off: what it acknowledges may be lost")
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        _use(name)
        call_command("migrate", interactive=False, verbosity=0)
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        _use(usual)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")
        connection.close()


def start_broker(group: Group, database_url: str) -> tuple[str, str]:
    """Return a broker's kind and address: a Redis of our own where one is installed, else the bench's database."""
    program = shutil.which("redis-server")
    if program is None or find_spec("redis") is None:
        return "sql", database_url.replace("postgresql://", "sqla+postgresql+psycopg://", 1)
    port = free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning")
    group.start(Program("redis", [program, *options], log=Path(os.devnull)))
    wait_for(port, group)
    return "redis", f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, group: Group) -> None:
    """Wait until something listens at a port. Raises Unfit when a program of the group ended instead."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        check(group)
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Unfit(f"nothing answers at port {port}")


def check(group: Group) -> None:
    """Nothing, while every program of the group runs and nobody asked to end. Raises Unfit."""
    if ended := group.ended():
        name, code = ended
        raise Unfit(f"{name} ended with exit code {code}" if name else "interrupted")


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
