"""Files of addresses that are never to be written to, in and out, a block at a time."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from tempfile import SpooledTemporaryFile

from saleor_lifecycle.actions import suppressions
from saleor_lifecycle.domain.suppressions import Columns, columns_of, read
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from .refused_lines import csv_line

BLOCK = 2000
PIECE = 1 << 16
MOST_NAMED = 1000
HEADER = ("address", "address_hash", "reason", "at")


@dataclass(slots=True)
class Taken:
    """What became of a file: lines taken in, how many of them were new, and the numbers of those that name nobody."""

    lines: int = 0
    new: int = 0
    unread: int = 0
    unread_lines: list[int] = field(default_factory=list)  # the first thousand


def take_in(installation_id: int, lines: Iterable[str], channel: str, now: datetime) -> Taken:
    """Suppress every address of a CSV; what is suppressed stays so, whatever the file says.

    Each block is a transaction and may run twice, so a file whose import broke off is handed in again as it is.
    """
    taken = Taken()
    source = iter(lines)
    first = next(source, "")
    separator = max(";,\t", key=first.count)
    rows = enumerate(csv.reader(chain([first], source), delimiter=separator), 1)
    columns = columns_of(next(csv.reader([first], delimiter=separator), []))
    if columns is None:
        columns = Columns(address=0, reason=1, at=2)
    else:
        next(rows)
    while block := list(islice(rows, BLOCK)):
        _take_block(installation_id, block, columns, channel, now, taken)
    return taken


def _take_block(
    installation_id: int,
    block: list[tuple[int, list[str]]],
    columns: Columns,
    channel: str,
    now: datetime,
    taken: Taken,
) -> None:
    named = []
    for number, fields in block:
        if not any(text.strip() for text in fields):
            continue
        taken.lines += 1
        entry = read(fields, columns)
        if entry is None:
            taken.unread += 1
            taken.unread_lines += [number] if len(taken.unread_lines) < MOST_NAMED else []
        else:
            named.append(suppressions.Named(entry.address, entry.address_hash, entry.reason, entry.at or now))
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        taken.new += suppressions.suppress_named(installation, channel, named, now, is_told=False)


def give_out(installation_id: int, channel: str) -> Iterator[tuple[str, ...]]:
    """Yield a header, then each suppressed address with its hash, reason and date."""
    yield HEADER
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        for address, hashed, reason, at in suppressions.export(installation, channel):
            yield address, hashed, reason, at.isoformat()


def given_out(installation_id: int, channel: str) -> Iterator[bytes]:
    """Yield the same as pieces of a CSV in which no spreadsheet takes an address for a formula.

    It lies in a file until it is fetched, so that no transaction waits for whoever fetches it.
    """
    with SpooledTemporaryFile(max_size=PIECE) as held:
        for row in give_out(installation_id, channel):
            held.write(csv_line(row).encode())
        held.seek(0)
        while piece := held.read(PIECE):
            yield piece
