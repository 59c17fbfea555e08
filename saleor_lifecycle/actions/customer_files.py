"""Files of customers that merchants hand in: stored line by line, mapped, counted, imported; who is at it.

A file that is read or imported has a ``due_at``: when somebody has to go on, which while somebody is at it is the end
of their lease. A lease is known by that very moment: nobody writes under one that was taken over.
"""

import json
import re
import zoneinfo
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from saleor_lifecycle.domain.customer_files import FileMapping, Reader, mapping_document, read_mapping
from saleor_lifecycle.domain.records import Record
from saleor_lifecycle.models import CustomerFile, CustomerFileLine, Installation
from saleor_lifecycle.models.sets import insert

LEASE = timedelta(seconds=60)
FILES_STAY = timedelta(days=30)
"""After that a file goes with all that is left of it, imported or not."""

LONGEST_FILE_NAME = 200
State = CustomerFile.State


class Overtaken(Exception):
    """The lease is somebody else's by now: nothing was written, and they go on."""


class NotNow(Exception):
    """That cannot be done to a file in its state; the text says why, in words for people."""


def begin(installation_id: int, name: str, now: datetime) -> int:
    """Begin a file that is being handed in; return its id."""
    plain = name.replace("\0", "").strip()[:LONGEST_FILE_NAME] or "?"
    return CustomerFile.objects.create(installation_id=installation_id, name=plain, uploaded_at=now, updated_at=now).pk


def add_lines(installation_id: int, file_id: int, records: Sequence[Record]) -> None:
    """Store some of a file's lines."""
    insert(
        CustomerFileLine,
        [
            {
                "installation_id": installation_id,
                "file_id": file_id,
                "number": record.number,
                "fields": record.fields,
                "is_broken": record.is_broken,
            }
            for record in records
        ],
    )


def end(file_id: int, columns: Sequence[str], lines: int) -> CustomerFile:
    """Note that a file has been handed in as a whole."""
    file = CustomerFile.objects.get(pk=file_id)
    file.state, file.columns, file.lines = State.UPLOADED, list(columns), lines
    file.save(update_fields=["state", "columns", "lines"])
    return file


def find(public_id: UUID) -> CustomerFile | None:
    """Return the file of that name in schemas and addresses."""
    return CustomerFile.objects.filter(public_id=public_id).first()


def newest(installation_id: int, first: int) -> list[CustomerFile]:
    """Return the files last handed in."""
    return list(CustomerFile.objects.filter(installation_id=installation_id).order_by("-uploaded_at", "-id")[:first])


def sample(file: CustomerFile, first: int) -> list[list[str]]:
    """Return the file's first lines."""
    lines = CustomerFileLine.objects.filter(file=file, is_broken=False).order_by("number")
    return list(lines.values_list("fields", flat=True)[:first])


def read_by(file: CustomerFile, mapping: FileMapping, now: datetime) -> CustomerFile:
    """Have all lines read by a mapping and counted. Raises NotNow once the import has begun."""
    row = _locked(file)
    if row.state not in (State.UPLOADED, State.READING, State.READY):
        raise NotNow(f"The file is {row.state}: a mapping can be set after the upload and before the import.")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM lifecycle_customerfilerow WHERE file_id = %s", [row.pk])
    row.mapping, row.counts = mapping_document(mapping), {}
    return _set_out(row, State.READING, now)


def start(file: CustomerFile, now: datetime) -> CustomerFile:
    """Have a file imported that was read and counted. Raises NotNow before."""
    row = _locked(file)
    if row.state in (State.IMPORTING, State.DONE):
        return row
    if row.state != State.READY:
        raise NotNow(f"The file is {row.state}: it is imported after it was read by a mapping and counted.")
    return _set_out(row, State.IMPORTING, now)


def _locked(file: CustomerFile) -> CustomerFile:
    return CustomerFile.objects.select_for_update().get(pk=file.pk)


def _set_out(row: CustomerFile, state: str, now: datetime) -> CustomerFile:
    row.state, row.cursor, row.done = state, "", 0
    row.started_at = row.updated_at = row.due_at = now
    row.finished_at = None
    row.save()
    return row


def drop(file_id: int) -> None:
    """Delete a file and what is left of its lines; who was imported stays."""
    with connection.cursor() as cursor:
        for table in ("customerfilerow", "customerfileline"):
            cursor.execute(f"DELETE FROM lifecycle_{table} WHERE file_id = %s", [file_id])
    CustomerFile.objects.filter(pk=file_id).delete()


def drop_old(installation_id: int, now: datetime) -> None:
    """Delete files whose time is over, and those whose upload broke off."""
    held = CustomerFile.objects.filter(installation_id=installation_id)
    old = held.filter(uploaded_at__lt=now - FILES_STAY) | held.filter(
        uploaded_at__lt=now - timedelta(days=1), state=State.UPLOADING
    )
    for file_id in old.values_list("id", flat=True):
        drop(file_id)


def forget(installation_id: int, texts: Sequence[str]) -> None:
    """Delete the lines of people who were erased, in files that are not imported yet and among refused lines."""
    any_text = "|".join(re.escape(text.lower()) for text in texts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM lifecycle_customerfileline line WHERE installation_id = %(installation)s
                    AND EXISTS (
                        SELECT FROM jsonb_array_elements_text(line.fields) AS field WHERE lower(field) ~ %(pattern)s
                    )
                RETURNING file_id, number
            )
            DELETE FROM lifecycle_customerfilerow said USING gone
            WHERE said.file_id = gone.file_id AND said.number = gone.number
            """,
            {
                "installation": installation_id,
                # Not as a part of another's address: ana@example.com is not susana@example.com.
                "pattern": rf"(?<![[:alnum:]._%+-])({any_text})(?![[:alnum:]-]|\.[[:alnum:]])",
            },
        )


def claim(installation_id: int, now: datetime) -> CustomerFile | None:
    """Return a file that is to be read or imported, leased; None if there is none, or others are at each."""
    due = CustomerFile.objects.filter(installation_id=installation_id, due_at__lte=now).order_by("id")
    row = due.select_for_update(skip_locked=True).first()
    if row is not None:
        row.due_at = now + LEASE
        row.save(update_fields=["due_at"])
    return row


def still_held(held: CustomerFile) -> CustomerFile:
    """Return the file, locked, if the lease is still ours. Raises Overtaken."""
    row = CustomerFile.objects.select_for_update().filter(pk=held.pk, due_at=held.due_at).first()
    if row is None:
        raise Overtaken
    return row


def go_on(row: CustomerFile, cursor: str, done: int, now: datetime) -> CustomerFile:
    """Note how far a file has come, and keep its lease."""
    row.cursor, row.updated_at, row.due_at = cursor, now, now + LEASE
    row.done += done
    row.save()
    return row


def settle(row: CustomerFile, state: str, now: datetime) -> None:
    """Note that a file has been read, or imported, as a whole."""
    row.state, row.updated_at, row.finished_at, row.due_at = state, now, now, None
    row.save()


def release(held: CustomerFile, now: datetime) -> None:
    """Give the lease back: whoever comes next goes on."""
    CustomerFile.objects.filter(pk=held.pk, due_at=held.due_at).update(due_at=now)


def reader(file: CustomerFile, installation: Installation) -> Reader:
    """Return how the file's lines are read."""
    assert file.mapping is not None
    zone = zoneinfo.ZoneInfo(installation.time_zone)
    return Reader(mapping_of(file), len(file.columns), zone, file.uploaded_at)


def refused(file: CustomerFile, after: int, limit: int) -> Iterator[tuple[int, str, list[str]]]:
    """Return the (number, reason, fields) of refused lines, those after a number first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT said.number, said.reason, line.fields
            FROM lifecycle_customerfilerow said
            JOIN lifecycle_customerfileline line ON line.file_id = said.file_id AND line.number = said.number
            WHERE said.file_id = %s AND said.number > %s AND said.reason <> ''
            ORDER BY said.number LIMIT %s
            """,
            [file.pk, after, limit],
        )
        for number, reason, fields in cursor.fetchall():
            yield number, reason, json.loads(fields)


def mapping_of(file: CustomerFile) -> FileMapping:
    """Return what the columns of a file mean, which has been said."""
    assert file.mapping is not None
    return read_mapping(file.mapping)
