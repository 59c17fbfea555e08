"""How an SMS is counted and paid for (3GPP TS 23.038 and 23.040), and which words end it."""

import re
from enum import StrEnum
from typing import NamedTuple

MOST_SEGMENTS = 10
"""More are cut or refused on the way, by one carrier or another."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes two places


class Alphabet(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


class Counted(NamedTuple):
    """In which alphabet a text goes, and as how many segments; 0 for none."""

    alphabet: Alphabet
    segments: int


def count(text: str) -> Counted:
    """Return how a text goes out: one letter outside of GSM-7, such as í, and all of it takes twice the room.

    160 or 70 letters fit in one SMS; in several, 153 or 67 in each, because a header joins them. A letter that takes
    two places is never divided.
    """
    if set(text) <= _GSM7 | _EXTENDED:
        return Counted(Alphabet.GSM7, _segments([2 if sign in _EXTENDED else 1 for sign in text], 160, 153))
    return Counted(Alphabet.UCS2, _segments([2 if ord(sign) > 0xFFFF else 1 for sign in text], 70, 67))


def _segments(widths: list[int], alone: int, each: int) -> int:
    if sum(widths) <= alone:
        return 1 if widths else 0
    segments, room = 1, each
    for width in widths:
        if width > room:
            segments, room = segments + 1, each
        room -= width
    return segments


class Word(StrEnum):
    """What an answer to an SMS asks for."""

    STOP = "stop"
    START = "start"


_STOP = {
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "baja",
    "alto",
    "parar",
    "cancelar",
    "darse de baja",
}
_START = {"start", "unstop", "yes", "alta"}


def word_of(text: str) -> Word | None:
    """Return what an answer asks for; None for anything but one of the words, alone."""
    said = " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
    return Word.STOP if said in _STOP else Word.START if said in _START else None
