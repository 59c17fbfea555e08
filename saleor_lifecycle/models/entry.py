"""The one entry to the database.

Every request and task opens its transaction here. It takes a role that owns nothing and names the installation;
row-level security, forced on every table, then shows and accepts only that installation's rows, whatever a query
forgot. Roles and settings are LOCAL to the transaction, so pgbouncer's transaction mode works.
"""

import select
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors, generators, waiting
from psycopg.pq import DiagnosticField, ExecStatus, Format

APP_ROLE = "lifecycle_app"
CLAIM_ROLE = "lifecycle_claim"
LOOK_SECONDS = 0.1
"""How often whoever waits for the database looks whether it was interrupted; 0 would be always."""
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


def call(function: str, values: Sequence[str | bytes], meanwhile: Callable[[], object] | None = None) -> str:
    """Return, as text, what a database function of ours answers: one that enters by itself, and that may run twice.

    For the paths that are taken all day: one round trip in place of four, handed to libpq as it is. Psycopg's own way
    there takes longer, among threads that share an interpreter, than all else that is done for a delivery.
    ``meanwhile`` is done once, while the database works, and without it; whatever it raises, the call was made.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block:
        # Django and psycopg begin the transaction, so they have to know.
        with database.cursor() as cursor:
            cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(values))})::text", values)
            answer = str(cursor.fetchone()[0])
        if meanwhile:
            meanwhile()
        return answer
    left = [meanwhile] if meanwhile else []

    def once() -> None:
        if left:
            left.pop()()

    beside = once if meanwhile else None
    try:
        return _call(database, function, values, beside)
    except OperationalError:
        if database.connection is None or not database.connection.closed:
            raise
        database.close()  # the server left it while it lay idle
        return _call(database, function, values, beside)


def _call(
    database: BaseDatabaseWrapper, function: str, values: Sequence[str | bytes], meanwhile: Callable[[], object] | None
) -> str:
    database.ensure_connection()
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    asked = f"SELECT {function}({places})::text".encode()
    given = [value if isinstance(value, bytes) else value.encode() for value in values]
    formats = [Format.BINARY if isinstance(value, bytes) else Format.TEXT for value in values]
    libpq = database.connection.pgconn
    with database.wrap_database_errors:
        if meanwhile is None:
            result = libpq.exec_params(asked, given, param_formats=formats)
        else:
            libpq.send_query_params(asked, given, param_formats=formats)
            libpq.flush()
            try:
                meanwhile()
            finally:
                # Left unread, the answer would stand in the way of whoever uses the connection next.
                result = waiting.wait(generators.execute(libpq), libpq.socket, LOOK_SECONDS)[-1]
        if result.status != ExecStatus.TUPLES_OK:
            state = result.error_field(DiagnosticField.SQLSTATE)
            raise (errors.lookup(state.decode()) if state else errors.OperationalError)(result.get_error_message())
    return str(result.get_value(0, 0).decode())


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
