"""Files of customers from elsewhere: what their columns mean, and what a line says by that.

A yes is worth nothing without its date and its source (RGPD, article 7: whoever writes has to prove it), so a line that
says yes without them is refused, unless the merchant vouches with a date and a source for the whole file. A no needs
no proof. Nothing here turns a no into a yes: domain.consent lets no imported yes outweigh anything.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from .attributes import attribute_document, read_attribute
from .identity import is_anonymised
from .values import Attribute, Unfit, Value, convert, moment

LONGEST_FIELD = 10_000
LONGEST_NAME = 200
LONGEST_EVIDENCE = 1000
DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why a line is refused."""

    UNREADABLE = "unreadable"
    WRONG_COLUMNS = "wrong_columns"
    TOO_LONG = "too_long"
    NO_EMAIL = "no_email"
    INVALID_EMAIL = "invalid_email"
    CONSENT_UNREADABLE = "consent_unreadable"
    NO_PROOF = "no_proof"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IN_FUTURE = "date_in_future"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What the columns mean, by their index, and what the merchant says of the whole file.

    ``yes``, ``no`` and ``neither`` are the words of the consent column; ``everyone`` is said of each line where that
    column is not there or says nothing. ``date``, ``source`` and ``text`` stand in where a line has none.
    """

    email: int
    first_name: int | None = None
    last_name: int | None = None
    language: int | None = None
    consent: int | None = None
    consent_date: int | None = None
    consent_source: int | None = None
    consent_text: int | None = None
    attributes: tuple[tuple[int, Attribute], ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    neither: tuple[str, ...] = ()
    everyone: bool | None = None
    is_day_first: bool = False
    date: str = ""
    source: str = ""
    text: str = ""


OF_LINES = ("first_name", "last_name", "language", "consent", "consent_date", "consent_source", "consent_text")
"""The columns that may be there beside the e-mail and attributes."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says. ``evidence`` is what is known of how the consent was given."""

    email: str = ""
    reason: Reason | None = None
    is_granted: bool | None = None
    at: datetime | None = None
    evidence: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    unfit: int = 0  # attributes left out, because their texts are no values


@dataclass(frozen=True, slots=True)
class Reader:
    """How the lines of one file are read: by its mapping, in the shop's zone, as of the moment it was handed in."""

    mapping: FileMapping
    columns: int
    zone: tzinfo
    handed_in: datetime

    def read(self, fields: Sequence[str]) -> Line:
        """Return what a line says, or why it is refused."""
        # Programs that write a separator after the last column leave an empty field.
        while len(fields) > self.columns and not fields[-1].strip():
            fields = fields[:-1]
        if len(fields) != self.columns:
            return Line(reason=Reason.WRONG_COLUMNS)
        if any(len(text) > LONGEST_FIELD for text in fields):
            return Line(reason=Reason.TOO_LONG)
        email = fields[self.mapping.email].strip().lower()
        if not email:
            return Line(reason=Reason.NO_EMAIL)
        if not is_email(email) or is_anonymised(email):
            return Line(reason=Reason.INVALID_EMAIL)
        try:
            is_granted, at, evidence = self._consent(fields)
        except _Refused as refused:
            return Line(email, refused.reason)
        values, unfit = self._attributes(fields)
        first, last, language = (
            self._field(fields, column)[:LONGEST_NAME]
            for column in (self.mapping.first_name, self.mapping.last_name, self.mapping.language)
        )
        return Line(email, None, is_granted, at, evidence, first, last, language, values, unfit)

    def _consent(self, fields: Sequence[str]) -> tuple[bool | None, datetime | None, str]:
        told = self.mapping
        is_granted = self._word(self._field(fields, told.consent))
        if is_granted is None:
            return None, None, ""
        source = self._field(fields, told.consent_source) or told.source
        # A text of the whole file is kept once for all of its lines, so it is not repeated in each.
        text = self._field(fields, told.consent_text) or (told.text if told.consent_text is not None else "")
        try:
            date = self._field(fields, told.consent_date) or told.date
            at = moment(date, told.is_day_first, self.zone) if date else None
        except Unfit:
            if is_granted:
                raise _Refused(Reason.DATE_UNREADABLE) from None
            at = None
        if is_granted and (at is None or not source):
            raise _Refused(Reason.NO_PROOF)
        if is_granted and at is not None and at > self.handed_in + DAY:
            raise _Refused(Reason.DATE_IN_FUTURE)
        # A no of unknown date counts from the day on which we are told.
        return is_granted, min(at or self.handed_in, self.handed_in), ": ".join(filter(None, (source, text)))

    def _word(self, text: str) -> bool | None:
        word = text.casefold()
        if not word or word in self.mapping.neither:
            return self.mapping.everyone if not word else None
        if word in self.mapping.no:
            return False
        if word in self.mapping.yes:
            return True
        raise _Refused(Reason.CONSENT_UNREADABLE)

    def _attributes(self, fields: Sequence[str]) -> tuple[dict[str, Value], int]:
        values: dict[str, Value] = {}
        unfit = 0
        for column, attribute in self.mapping.attributes:
            try:
                value = convert(fields[column], attribute)
            except Unfit:
                unfit += 1
            else:
                values |= {} if value is None else {attribute.name: value}
        return values, unfit

    @staticmethod
    def _field(fields: Sequence[str], column: int | None) -> str:
        return "" if column is None else fields[column].strip()


class _Refused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")


def is_email(text: str) -> bool:
    """Is it an address, in lower case, that mail can be sent to?"""
    return len(text) <= 254 and ".." not in text and _EMAIL.fullmatch(text) is not None


def read_mapping(document: Mapping[str, Any]) -> FileMapping:
    """Return a mapping as it was stored."""
    attributes = tuple((one["column"], read_attribute(one)) for one in document["attributes"])
    words = {name: tuple(word.strip().casefold() for word in document[name]) for name in ("yes", "no", "neither")}
    return FileMapping(**{**document, "attributes": attributes, **words})


def mapping_document(mapping: FileMapping) -> dict[str, Any]:
    """Return a mapping as it is stored."""
    attributes = [{"column": column, **attribute_document(one)} for column, one in mapping.attributes]
    words = {name: list(getattr(mapping, name)) for name in ("yes", "no", "neither")}
    return {**asdict(mapping), "attributes": attributes, **words}
