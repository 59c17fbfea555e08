"""The lines of a file that were refused, as CSV: which, why in both languages, and as they stood."""

import csv
import io
from collections.abc import Iterator, Sequence
from uuid import UUID

from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.domain.customer_files import Reason
from saleor_lifecycle.models.entry import within

BLOCK = 1000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula: https://owasp.org/www-community/attacks/CSV_Injection"""

WORDS = {
    Reason.UNREADABLE: (
        "not a line of CSV, perhaps a quotation mark is not closed",
        "no es una línea de CSV; quizá falta cerrar unas comillas",
    ),
    Reason.WRONG_COLUMNS: (
        "more or fewer columns than in the first line",
        "tiene más o menos columnas que la primera línea",
    ),
    Reason.TOO_LONG: ("a field is longer than 10,000 characters", "un campo tiene más de 10.000 caracteres"),
    Reason.NO_EMAIL: ("there is no e-mail", "falta el correo"),
    Reason.INVALID_EMAIL: ("this is not an e-mail address", "no es una dirección de correo"),
    Reason.CONSENT_UNREADABLE: ("the consent is neither yes nor no", "el consentimiento no es ni sí ni no"),
    Reason.NO_PROOF: ("a yes without its date or its source", "un sí sin su fecha o sin su origen"),
    Reason.DATE_UNREADABLE: ("the consent's date is not a date", "la fecha del consentimiento no es una fecha"),
    Reason.DATE_IN_FUTURE: ("the consent's date is still to come", "la fecha del consentimiento aún no ha llegado"),
    Reason.ERASED: ("this person was erased after that", "esta persona se borró después"),
}


def refused_lines(installation_id: int, public_id: UUID) -> Iterator[str]:
    """Return the CSV piece by piece: a header, then a line for each refused one."""
    with within(installation_id):
        file = files.find(public_id)
    assert file is not None
    yield csv_line(["line", "code", "reason", "motivo", *file.columns])
    after = 0
    while True:
        with within(installation_id):
            found = list(files.refused(file, after, BLOCK))
        for number, reason, fields in found:
            yield csv_line([str(number), reason, *WORDS[Reason(reason)], *fields])
        if len(found) < BLOCK:
            return
        after = found[-1][0]


def csv_line(fields: Sequence[str]) -> str:
    """Return a line of CSV in which no spreadsheet takes a text for a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([f"'{field}" if field.startswith(FORMULA) else field for field in fields])
    return out.getvalue()
