"""The import of a file that was read: people by their e-mails, each block with its cursor in one transaction.

It goes by e-mail, not by line, so an address that is there twice is taken in once, with the strictest that any of its
lines says. It starts no flow; a flow that somebody is in hears of a no when it goes on.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from saleor_lifecycle.domain.customer_files import Reason
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import CustomerFile, CustomerFileRow, FileEntry, Identity, Installation
from saleor_lifecycle.models.sets import upsert

from . import attributes, consent, customer_files, customers, erasure, identities, occasions

BLOCK = 1000
"""E-mails that are taken in in one transaction."""


def import_block(held: CustomerFile, installation: Installation, now: datetime) -> CustomerFile | None:
    """Take in a file's next people; return it to go on with, or None when it is done. Raises Overtaken.

    Raises ``CustomersMoved`` when another batch joined the same people meanwhile; the caller runs the block again.
    """
    told = _next_emails(held)
    erased = _refuse_erased(installation, held, told)
    emails = [email for email in told if email not in erased]
    new = _add_emails(installation.pk, emails)
    customers.add(installation, new, now, Cause.IMPORT)
    found = identities.find(installation.pk, [Key(IdentityKind.EMAIL, email) for email in emails])
    people = {identity.customer_id for identity in found.values() if identity.customer_id}
    identities.lock(people)
    again = identities.find(installation.pk, found)
    if people != {identity.customer_id for identity in again.values()}:
        raise identities.CustomersMoved
    # After the customers, as everywhere, so that nobody waits in a circle.
    row = customer_files.still_held(held)
    lines = list(CustomerFileRow.objects.filter(file=row, reason="", email__in=emails).order_by("number"))
    by_email: dict[str, list[CustomerFileRow]] = {}
    for line in lines:
        by_email.setdefault(line.email, []).append(line)
    _save(installation, row, by_email, {key.value: identity for key, identity in again.items()})
    attributes.refold(installation.pk, people)
    occasions.refresh(installation, people, now)
    if any(line.is_granted is False for line in lines):
        consent.end_refused(installation.pk, people, now)
    _delete(row, emails)
    if len(told) == BLOCK:
        return customer_files.go_on(row, told[-1], len(lines), now)
    row.done += len(lines)
    customer_files.settle(row, CustomerFile.State.DONE, now)
    return None


def _refuse_erased(installation: Installation, file: CustomerFile, emails: Sequence[str]) -> set[str]:
    """Refuse what lines say of people who were erased since the file was read; return the e-mails left without any."""
    erased = erasure.erased_through(installation, emails)
    if not erased:
        return set()
    rows = CustomerFileRow.objects.filter(file=file, reason="")
    for email, through in erased.items():
        said_before = Q(at=None) | Q(at__lte=through)
        rows.filter(said_before, email=email).update(reason=Reason.ERASED.value)
    return set(erased) - set(rows.filter(email__in=erased).values_list("email", flat=True))


def _add_emails(installation_id: int, emails: Collection[str]) -> list[int]:
    """Insert the identities of e-mails that are not there; return the drawn ids of their customers, to be inserted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_identity (installation_id, kind, value, customer_id, began_as_id)
            SELECT %s, 'email', missing.value, missing.drawn, missing.drawn
            FROM (
                SELECT told.value, nextval(pg_get_serial_sequence('lifecycle_customer', 'id')) AS drawn
                FROM unnest(%s::text[]) AS told(value) WHERE NOT EXISTS (
                    SELECT FROM lifecycle_identity held
                    WHERE held.installation_id = %s AND held.kind = 'email' AND held.value = told.value
                ) ORDER BY told.value COLLATE "C"
            ) AS missing
            ON CONFLICT (installation_id, kind, value) DO NOTHING RETURNING customer_id
            """,
            [installation_id, list(emails), installation_id],
        )
        return [customer_id for (customer_id,) in cursor.fetchall()]


def _save(
    installation: Installation,
    file: CustomerFile,
    by_email: dict[str, list[CustomerFileRow]],
    found: dict[str, Identity],
) -> None:
    words = {found[email].pk: word for email, lines in by_email.items() if (word := strictest(lines)) is not None}
    if words:
        mapping = customer_files.mapping_of(file)
        text_hash = consent.keep_text(installation.pk, mapping.text) if mapping.consent_text is None else ""
        consent.save_imported(installation, words, text_hash)
    entries = [
        {
            "installation_id": installation.pk,
            "identity_id": found[email].pk,
            "file_name": file.name,
            "line": lines[-1].number,
            "first_name": lines[-1].first_name,
            "last_name": lines[-1].last_name,
            "language": lines[-1].language,
            "attributes": lines[-1].attributes,
            "at": file.uploaded_at,
        }
        for email, lines in by_email.items()
        if lines[-1].first_name or lines[-1].last_name or lines[-1].language or lines[-1].attributes
    ]
    upsert(FileEntry, entries, ("installation_id", "identity_id"), guard=("at", "line"))


def strictest(lines: Iterable[CustomerFileRow]) -> consent.Imported | None:
    """Return what the lines of one e-mail say together: any no before every yes, then the newest."""
    said = [
        consent.Imported(line.is_granted, line.at, line.evidence)
        for line in lines
        if line.is_granted is not None and line.at is not None
    ]
    return max(said, key=lambda word: (not word.is_granted, word.at, word.evidence), default=None)


def _next_emails(held: CustomerFile) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT email FROM lifecycle_customerfilerow
            WHERE file_id = %s AND reason = '' AND email > %s ORDER BY email LIMIT %s
            """,
            [held.pk, held.cursor, BLOCK],
        )
        return [email for (email,) in cursor.fetchall()]


def _delete(file: CustomerFile, emails: Sequence[str]) -> None:
    """Delete what was taken in: a file's lines are kept no longer than they are needed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH taken AS (
                DELETE FROM lifecycle_customerfilerow WHERE file_id = %s AND reason = '' AND email = ANY(%s)
                RETURNING file_id, number
            )
            DELETE FROM lifecycle_customerfileline line USING taken
            WHERE line.file_id = taken.file_id AND line.number = taken.number
            """,
            [file.pk, list(emails)],
        )
