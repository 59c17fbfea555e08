"""The task customer_files: files of customers stored, read and imported, block by block."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.actions.file_import import import_block
from saleor_lifecycle.actions.file_reading import read_block
from saleor_lifecycle.domain.file_columns import has_header
from saleor_lifecycle.domain.records import Record, records
from saleor_lifecycle.models import CustomerFile, Installation
from saleor_lifecycle.models.entry import within

from . import nudge
from .events import ATTEMPTS, is_collision

LARGEST = 1024**3
"""Bytes of a file."""
LINES = 1000
"""Lines that are stored in one transaction."""
STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""

logger = logging.getLogger(__name__)


class TooLarge(Exception):
    """The file has more bytes than are taken."""


class Empty(Exception):
    """There is nothing in the file."""


@shared_task
def customer_files(installation_id: int) -> None:
    """Go on with an installation's files for a while."""
    if work(installation_id, STRETCH):
        nudge.nudge(nudge.CUSTOMER_FILES, installation_id)


def upload(installation_id: int, name: str, chunks: Iterable[bytes], now: datetime) -> UUID:
    """Store a file line by line as it comes; return its name in schemas and addresses. Raises TooLarge or Empty.

    What broke off leaves nothing, or if even that fails, what upkeep drops within the day.
    """
    with within(installation_id):
        file_id = files.begin(installation_id, name, now)
    try:
        return _store(installation_id, file_id, records(_limited(chunks)))
    except BaseException:
        with within(installation_id):
            files.drop(file_id)
        raise


def _store(installation_id: int, file_id: int, read: Iterator[Record]) -> UUID:
    first = next(read, None)
    if first is None:
        raise Empty
    is_named = not first.is_broken and has_header(first.fields)
    columns = first.fields if is_named else [str(place) for place in range(1, len(first.fields) + 1)]
    rest = read if is_named else chain([first], read)
    count = 0
    while block := list(islice(rest, LINES)):
        with within(installation_id):
            files.add_lines(installation_id, file_id, block)
        count += len(block)
    with within(installation_id):
        return files.end(file_id, [column.strip() for column in columns], count).public_id


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge
        yield chunk


def work(
    installation_id: int,
    seconds: float,
    told: Callable[[], object] = lambda: None,
    clock: Callable[[], datetime] = timezone.now,
) -> bool:
    """Read or import blocks of a file for about so long; return whether more is due at once.

    ``told`` is called after each block.
    """
    with within(installation_id):
        held = files.claim(installation_id, clock())
    if held is None:
        return False
    ends = time.monotonic() + seconds
    try:
        while held is not None:
            held = _block(installation_id, held, clock())
            told()
            if held is not None and time.monotonic() >= ends:
                with within(installation_id):
                    files.release(held, clock())
                return True
    except files.Overtaken:
        logger.info("a file of installation %s is another's by now", installation_id)
        return False
    return True  # there may be another file


def _block(installation_id: int, held: CustomerFile, now: datetime) -> CustomerFile | None:
    """Do one block; one that met another worker is done again."""
    for attempt in range(ATTEMPTS):
        try:
            with within(installation_id):
                installation = Installation.objects.select_related("policy").get(pk=installation_id)
                if held.state == CustomerFile.State.READING:
                    return read_block(held, installation, now)
                return import_block(held, installation, now)
        except Exception as error:
            if attempt + 1 == ATTEMPTS or not is_collision(error):
                raise  # the lease ends, and the sweep comes back
            logger.info("a block of a file failed (%s) and runs again", type(error).__name__)
    raise AssertionError("unreachable")
