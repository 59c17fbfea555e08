"""The one entry to the database.

Every request and task opens its transaction here. It takes a role that owns nothing and names the installation;
row-level security, forced on every table, then shows and accepts only that installation's rows, whatever a query
forgot. Roles and settings are LOCAL to the transaction, so pgbouncer's transaction mode works.
"""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

APP_ROLE = "lifecycle_app"
CLAIM_ROLE = "lifecycle_claim"
ENTER = "SELECT set_config('role', %s, true), set_config('app.installation', %s, true)"


@contextmanager
def within(installation_id: int) -> Iterator[None]:
    """Open a transaction that sees one installation's rows and nothing else."""
    with _transaction():
        _enter(APP_ROLE, str(installation_id))
        yield


@contextmanager
def across() -> Iterator[None]:
    """Open a transaction that sees, of every installation, what tells where work waits, and can change nothing.

    Columns are granted one by one in the migrations: no address, no body, no token can be read here.
    """
    with _transaction():
        _enter(CLAIM_ROLE, "")
        yield


@contextmanager
def maintaining() -> Iterator[None]:
    """Open a transaction of the owner, who makes and drops tables and their partitions; no row is read here."""
    with _transaction():
        yield


def run_within(installation_id: int, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement as ``within`` would and return its rows.

    One round trip in place of four: what is sent together is one transaction, committed when this returns.
    """
    _drop_dead_connection()
    with connection.cursor() as cursor:
        cursor.execute(f"{ENTER}; {statement}", [APP_ROLE, str(installation_id), *values])
        cursor.nextset()
        return cursor.fetchall()


@contextmanager
def _transaction() -> Iterator[None]:
    _drop_dead_connection()
    with transaction.atomic():
        yield


def _enter(role: str, installation_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENTER, [role, installation_id])


def _drop_dead_connection() -> None:
    """Close a kept connection that the server has left; the next query opens a new one.

    Nothing is due on an idle connection, so something to read is its end. Django's own check asks the server, which
    costs a delivery as much as storing it.
    """
    held = connection.connection
    if held is None or connection.in_atomic_block:
        return
    poll = select.poll()
    if not held.closed:
        poll.register(held.fileno(), select.POLLIN)
    if held.closed or poll.poll(0):
        connection.close()
