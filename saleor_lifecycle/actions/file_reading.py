"""The reading of a file before its import: what each line says, whom we know already, and the counts of it all."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.consent import ConsentRecord, choice
from saleor_lifecycle.domain.customer_files import LONGEST_EVIDENCE, Line, Reason
from saleor_lifecycle.models import (
    Consent,
    CustomerFile,
    CustomerFileLine,
    CustomerFileRow,
    Identity,
    Installation,
    Suppression,
)
from saleor_lifecycle.models.sets import insert

from . import consent, customer_files, erasure

BLOCK = 2000
"""Lines that are read in one transaction."""


def read_block(held: CustomerFile, installation: Installation, now: datetime) -> CustomerFile | None:
    """Read a file's next lines; return it to go on with, or None when all are read and counted. Raises Overtaken."""
    row = customer_files.still_held(held)
    after = CustomerFileLine.objects.filter(file=row, number__gt=int(row.cursor or 0)).order_by("number")
    lines = list(after[:BLOCK])
    reader = customer_files.reader(row, installation)
    said = [Line(reason=Reason.UNREADABLE) if line.is_broken else reader.read(line.fields) for line in lines]
    erased = erasure.erased_through(installation, {one.email for one in said if one.email})
    known, refusing = _known(installation, {one.email for one in said if one.reason is None})
    insert(
        CustomerFileRow,
        [_row(row, line.number, one, erased, known, refusing) for line, one in zip(lines, said, strict=True)],
    )
    unfit = sum(one.unfit for one in said)
    row.counts = {"values_left_out": row.counts.get("values_left_out", 0) + unfit}
    if len(lines) == BLOCK:
        return customer_files.go_on(row, str(lines[-1].number), len(lines), now)
    row.done += len(lines)
    row.counts |= _counts(row.pk)
    customer_files.settle(row, CustomerFile.State.READY, now)
    return None


def _row(
    file: CustomerFile,
    number: int,
    said: Line,
    erased: Mapping[str, datetime],
    known: Mapping[str, int],
    refusing: set[str],
) -> dict[str, Any]:
    reason = said.reason
    # What was said before the erasure went with it; whoever came back later is a new person.
    if said.email in erased and (said.at is None or said.at <= erased[said.email]):
        reason = reason or Reason.ERASED
    evidence = f"{file.name}, {number}" + (f", {said.evidence}" if said.evidence else "")
    return {
        "installation_id": file.installation_id,
        "file_id": file.pk,
        "number": number,
        "reason": reason.value if reason else "",
        "email": said.email,
        "is_granted": said.is_granted,
        "at": said.at,
        "evidence": evidence[:LONGEST_EVIDENCE],
        "first_name": said.first_name,
        "last_name": said.last_name,
        "language": said.language,
        "attributes": dict(said.attributes),
        "is_known": said.email in known,
        "stays_no": said.email in refusing,
    }


def _known(installation: Installation, emails: set[str]) -> tuple[dict[str, int], set[str]]:
    """Return the customers behind e-mails, and the e-mails to which a no stands already."""
    identities = Identity.objects.filter(installation=installation, kind=Identity.Kind.EMAIL, value__in=emails)
    customers = {email: pk for email, pk in identities.values_list("value", "customer_id") if pk}
    records: dict[int | None, list[ConsentRecord]] = defaultdict(list)
    told = Consent.objects.filter(identity__customer_id__in=set(customers.values()), channel="email")
    for one in told.select_related("identity"):
        records[one.identity.customer_id].append(one.value())
    refusing = {email for email, pk in customers.items() if choice(records[pk]).refusal}
    hashes = {consent.address_hash(installation, "email", email): email for email in emails}
    suppressed = Suppression.objects.filter(
        installation=installation, channel="email", address_hash__in=hashes
    ).values_list("address_hash", flat=True)
    return customers, refusing | {hashes[hashed] for hashed in suppressed}


def _counts(file_id: int) -> dict[str, Any]:
    """Return what the import would do: people, not lines, because an address may be there twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH person AS (
                SELECT count(*) AS lines, bool_or(is_known) AS is_known, bool_or(is_granted) AS has_yes,
                    bool_or(NOT is_granted) AS has_no, bool_or(stays_no) AS stays_no
                FROM lifecycle_customerfilerow WHERE file_id = %s AND reason = '' GROUP BY email
            )
            SELECT count(*), count(*) FILTER (WHERE is_known), count(*) FILTER (WHERE has_no),
                count(*) FILTER (WHERE has_yes AND NOT has_no AND stays_no),
                count(*) FILTER (WHERE has_yes AND NOT has_no AND NOT stays_no),
                coalesce(sum(lines), 0) - count(*)
            FROM (SELECT lines, is_known, coalesce(has_yes, false) AS has_yes, coalesce(has_no, false) AS has_no,
                stays_no FROM person) AS person
            """,
            [file_id],
        )
        people, known, no, stays_no, yes, repeated = (int(count) for count in cursor.fetchone())
        cursor.execute(
            "SELECT reason, count(*) FROM lifecycle_customerfilerow WHERE file_id = %s AND reason <> '' GROUP BY 1",
            [file_id],
        )
        refused = dict(cursor.fetchall())
    return {
        "people": people,
        "new": people - known,
        "known": known,
        "yes": yes,
        "no": no,
        "stays_no": stays_no,
        "without": people - yes - no - stays_no,
        "repeated": repeated,
        "refused": refused,
    }
