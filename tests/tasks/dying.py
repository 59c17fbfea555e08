"""A worker that dies on any line of ours: the line is not run, and what its transaction had done is undone."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connection
from psycopg.pq import TransactionStatus

from tests.kills import Died


def lines_of(work: Callable[[], object], files: frozenset[str]) -> int:
    """Return how many lines of these files ``work`` runs."""
    return _traced(work, files, dies_at=0)


def dies_on(work: Callable[[], object], line: int, files: frozenset[str]) -> bool:
    """Do the work until the n-th line of these files; return whether it came to that."""
    try:
        _traced(work, files, dies_at=line)
    except Died:
        _lose_connection()
        return True
    return False


def _lose_connection() -> None:
    """Undo what was not committed, as the server does when a worker is gone; the session is kept, to save its making.

    Died between two lines of a transaction's end, it may still be open where Django thinks that it is not.
    """
    held = connection.connection
    if held is not None and not held.closed and held.pgconn.transaction_status != TransactionStatus.ACTIVE:
        held.rollback()
        held.autocommit = True
    else:
        connection.close()
        held = None
    connection.connection, connection.autocommit = held, True
    connection.in_atomic_block = connection.needs_rollback = connection.closed_in_transaction = False
    connection.savepoint_ids, connection.atomic_blocks, connection.run_on_commit = [], [], []


def _traced(work: Callable[[], object], files: frozenset[str], dies_at: int) -> int:
    seen = 0

    def in_line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == dies_at:
                raise Died
        return in_line

    def in_call(frame: FrameType, event: str, argument: Any) -> Any:
        return in_line if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(in_call)
    try:
        work()
    finally:
        sys.settrace(before)
    return seen
