"""Texts that people and other programs wrote, as typed values: clear formats, and what is not clear is none."""

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum

LONGEST = 500
"""Characters of a text."""

YES = frozenset({"true", "yes", "y", "1", "on", "si", "sí", "s", "verdadero", "granted"})
NO = frozenset({"false", "no", "n", "0", "off", "falso", "denied"})

Value = str | int | float | bool


class Type(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PHONE = "phone"  # of which whoever keeps it says that its holder has confirmed it: messages go there


class Fault(StrEnum):
    """Why a text is no value."""

    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"  # 1.234 is twelve hundred or one and a bit
    NOT_A_DATE = "not_a_date"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_PHONE = "not_a_phone"


class Unfit(ValueError):
    """A text that is no value."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed attribute. ``is_day_first``: 3/4/2026 is in April; else only dates with the year first are read."""

    name: str
    type: Type
    choices: tuple[str, ...] = ()
    is_day_first: bool = False


def convert(text: str, attribute: Attribute) -> Value | None:
    """Return the value that a text is; None when it says nothing. Raises Unfit."""
    stripped = text.strip()
    if not stripped:
        return None
    if len(stripped) > LONGEST:
        raise Unfit(Fault.TOO_LONG)
    match attribute.type:
        case Type.TEXT:
            return stripped
        case Type.NUMBER:
            return _number(stripped)
        case Type.DATE:
            return _moment(stripped, attribute.is_day_first).date().isoformat()
        case Type.BOOLEAN:
            return _boolean(stripped)
        case Type.CHOICE:
            return _choice(stripped, attribute.choices)
        case Type.PHONE:
            return _phone(stripped)


def moment(text: str, is_day_first: bool, zone: tzinfo) -> datetime:
    """Return the moment that a text names; one without its offset is in that zone. Raises Unfit."""
    found = _moment(text.strip(), is_day_first)
    return found if found.tzinfo else found.replace(tzinfo=zone)


_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ T,]+(\S.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(.*)")


def _moment(text: str, is_day_first: bool) -> datetime:
    if found := _YEAR_FIRST.fullmatch(text):
        text = f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}{found[4]}"
    elif found := _DAY_FIRST.fullmatch(text):
        if not is_day_first:
            raise Unfit(Fault.NOT_A_DATE)
        clock = f"{found[5]:0>5}" if found[5] and found[5][1:2] == ":" else found[5]
        text = f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}" + (f" {clock}" if clock else "")
    try:
        day = datetime.fromisoformat(text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else ""))
    except ValueError:
        raise Unfit(Fault.NOT_A_DATE) from None
    # Beyond these PostgreSQL and zones have their own opinion, and nobody was born or signed up.
    if not date(1850, 1, 1) <= day.date() <= date(2150, 12, 31):
        raise Unfit(Fault.NOT_A_DATE)
    return day


def _number(text: str) -> int | float:
    plain = re.sub(r"[\s'\u2019_]", "", text)
    if not re.fullmatch(r"[+-]?\d[\d.,]*", plain):
        raise Unfit(Fault.NOT_A_NUMBER)
    signs = [sign for sign in plain if sign in ".,"]
    if len(set(signs)) == 2 or len(signs) > 1:
        decimal = signs[-1] if len(set(signs)) == 2 else ""
        whole, _, rest = plain.rpartition(decimal) if decimal else (plain, "", "")
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})*", whole) or (decimal and decimal in whole):
            raise Unfit(Fault.NOT_A_NUMBER)
        plain = re.sub("[.,]", "", whole) + (f".{rest}" if decimal else "")
    elif signs:
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", plain):
            raise Unfit(Fault.AMBIGUOUS_NUMBER)
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Unfit(Fault.NOT_A_NUMBER) from None
    if abs(number) >= Decimal(2**53):  # exact as JSON's numbers are read
        raise Unfit(Fault.NOT_A_NUMBER)
    return int(number) if number == number.to_integral_value() else float(number)


def _phone(text: str) -> str:
    """Return a number by ITU-T E.164; without its country's code nobody can tell whose it is."""
    plain = re.sub(r"[\s().\u2010-\u2015/-]", "", text)
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", plain):
        raise Unfit(Fault.NOT_A_PHONE)
    return plain


def _boolean(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise Unfit(Fault.NOT_YES_OR_NO)
    return word in YES


def _choice(text: str, choices: tuple[str, ...]) -> str:
    for choice in choices:
        if choice.casefold() == text.casefold():
            return choice
    raise Unfit(Fault.NOT_A_CHOICE)
