"""Addresses that are never to be written to: why, and how files of other services say so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

UNSUBSCRIBED, MANUAL, SOFT_BOUNCES = "unsubscribed", "manual", "soft_bounces"
BOUNCED, COMPLAINED = "bounced", "complained"
REASONS = (UNSUBSCRIBED, MANUAL, SOFT_BOUNCES, BOUNCED, COMPLAINED)
"""From the mildest: a heavier reason takes a milder one's place, never the other way round."""
NO_GOOD = frozenset({SOFT_BOUNCES, BOUNCED, COMPLAINED})
"""Not even what somebody asked for goes there."""
FOR_GOOD = frozenset({BOUNCED, COMPLAINED})
"""Neither its holder nor staff take it back."""

_ADDRESS = ("email", "e-mail", "email address", "address", "recipient", "phone", "correo", "correo electrónico")
_HASH = ("address_hash", "hash")
_REASON = ("reason", "type", "status", "motivo", "event")
_AT = ("at", "date", "created", "created_at", "created at", "timestamp", "suppressed_at", "fecha")
_WORDS = (
    (COMPLAINED, re.compile(r"complain|spam|abuse|queja")),
    (BOUNCED, re.compile(r"bounce|invalid|clean|dropped|blocked|rebot")),
    (UNSUBSCRIBED, re.compile(r"unsub|opt.?out|baja")),
)
_HASHED = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file says what; -1 where it does not."""

    address: int = -1
    hash: int = -1
    reason: int = -1
    at: int = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line says: an address, or one that only its keyed hash is known of."""

    address: str
    address_hash: str
    reason: str
    at: datetime | None  # None: not said, or not readable


def columns_of(header: Sequence[str]) -> Columns | None:
    """Return what the columns of a file are; None where its first line is none of names."""
    names = [name.strip().lower().lstrip("\ufeff") for name in header]
    places = [
        next((names.index(name) for name in known if name in names), -1) for known in (_ADDRESS, _HASH, _REASON, _AT)
    ]
    return Columns(*places) if max(places[:2]) >= 0 else None


def read(fields: Sequence[str], columns: Columns) -> Entry | None:
    """Return what a line says, None where it names nobody. What its other fields say badly loses no no."""
    address, hashed, reason, at = (
        fields[place].strip() if 0 <= place < len(fields) else ""
        for place in (columns.address, columns.hash, columns.reason, columns.at)
    )
    hashed = hashed.lower()
    if _HASHED.fullmatch(address.lower()) and not hashed:
        address, hashed = "", address.lower()
    if not (_HASHED.fullmatch(hashed) or re.search(r"\S@\S|\d{5}", address)):
        return None
    return Entry(address.lower(), hashed if _HASHED.fullmatch(hashed) else "", reason_of(reason), _moment(at))


def reason_of(text: str) -> str:
    """Return the reason that another service's word stands for; one that we do not know is somebody's decision."""
    said = text.strip().lower()
    if said in REASONS:  # our own word, from a list that we wrote
        return said
    return next((reason for reason, words in _WORDS if words.search(said)), MANUAL)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
