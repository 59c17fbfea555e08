"""The records of a CSV file from anywhere: whatever its encoding, its separator, and what is broken in it."""

import codecs
import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

SEPARATORS = ",;\t|"
MOST_LINES = 50
"""Lines of text that one record may go over: an unclosed quotation mark would else swallow the file."""
LONGEST_LINE = 64 * 1024
"""Characters; longer lines are cut, so that no line fills the memory."""


@dataclass(frozen=True, slots=True)
class Record:
    """``number`` is that of its first line of text, from 1; of a broken one the only field is its first line."""

    number: int
    fields: list[str]
    is_broken: bool = False


def records(chunks: Iterable[bytes]) -> Iterator[Record]:
    """Return the records, the header's among them; empty lines are none.

    UTF-8 and UTF-16 are known by their first bytes; in anything else each line that is not UTF-8 is Windows-1252, so
    files pasted together of both are read too. A line that is no record is broken, and the next one begins anew.
    """
    lines = enumerate(_lines(_utf8(chunks)), start=1)
    first = next(lines, None)
    if first is None:
        return
    separator = max(SEPARATORS, key=first[1].count) if any(sign in first[1] for sign in SEPARATORS) else ","
    waiting = deque([first])
    while True:
        taken: list[tuple[int, str]] = []
        reader = csv.reader(_feed(waiting, lines, taken), delimiter=separator, strict=True)
        try:
            for fields in reader:
                if any(field.strip() for field in fields):
                    yield Record(taken[0][0], fields)
                taken.clear()
            return
        except csv.Error:
            number, text = taken[0]
            yield Record(number, [text.rstrip("\r\n")], is_broken=True)
            waiting.extendleft(reversed(taken[1:]))


def _feed(
    waiting: deque[tuple[int, str]], lines: Iterator[tuple[int, str]], taken: list[tuple[int, str]]
) -> Iterator[str]:
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        taken.append(line)
        if len(taken) > MOST_LINES:
            raise csv.Error("too many lines")
        yield line[1]


def _utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = iter(chunks)
    first = b""
    while len(first) < 4 and (more := next(held, b"")):
        first += more
    if first.startswith(codecs.BOM_UTF8):
        yield first.removeprefix(codecs.BOM_UTF8)
    elif first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or first[1::2] == b"\0\0":
        name = "utf-16" if first[1:2] != b"\0" else "utf-16-le"
        decoder = codecs.getincrementaldecoder(name)("replace")
        for chunk in chain([first], held):
            yield decoder.decode(chunk).encode(errors="replace")
        return
    else:
        yield first
    yield from held


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Return the lines with their ends, decoded, without NUL, which PostgreSQL's texts cannot hold."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).splitlines(keepends=True) or [b""]
        yield from map(_decoded, whole)
        # A line may end at the end of the chunk; "\r" may be half an end.
        if rest.endswith(b"\n") or len(rest) > LONGEST_LINE * 4:
            yield _decoded(rest)
            rest = b""
    if rest:
        yield _decoded(rest)


def _decoded(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    return (text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "\n").replace("\0", "")
