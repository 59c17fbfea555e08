"""A worker that dies on any line of ours: the line is not run, and what its transaction had done is undone."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connection

from tests.kills import Died


def lines_of(work: Callable[[], object], files: frozenset[str]) -> int:
    """Return how many lines of these files ``work`` runs."""
    return _traced(work, files, dies_at=0)


def dies_on(work: Callable[[], object], line: int, files: frozenset[str]) -> bool:
    """Do the work until the n-th line of these files; return whether it came to that."""
    try:
        _traced(work, files, dies_at=line)
    except Died:
        # Died between two lines of a transaction's end, it is still open: with its worker the connection goes.
        connection.close()
        connection.connection, connection.in_atomic_block = None, False
        return True
    return False


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
