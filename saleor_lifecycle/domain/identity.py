"""Which identities are one person: an e-mail belongs to the account that Saleor says has confirmed it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from .facts import Version


class IdentityKind(StrEnum):
    USER = "user"  # a Saleor user's id
    EMAIL = "email"
    ERASED = "erased"  # an e-mail that was erased, by its keyed hash: what its person did is kept, nameless


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One handle of a customer. Sorted keys are the order in which missing ones are inserted."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that has confirmed an e-mail, and the snapshot that said so."""

    user_id: str
    version: Version


def owner(current: Claim | None, new: Claim) -> Claim:
    """Return whose e-mail it is: the account with the newest snapshot in which it was confirmed.

    A claim is never taken back by a later e-mail of the same account: the person keeps what was theirs.
    """
    return new if current is None or current.version < new.version else current


def key_of(user_id: str | None, email: str | None, erased: str | None = None) -> Key | None:
    """Return whose cart or order it is: the account's, else the erased e-mail's or the e-mail's, else nobody's yet."""
    if user_id:
        return Key(IdentityKind.USER, user_id)
    if erased:
        return Key(IdentityKind.ERASED, erased)
    return Key(IdentityKind.EMAIL, email) if email else None


def is_anonymised(email: str | None) -> bool:
    """Is it what Saleor's Anonymizer writes in an e-mail's place? example.com is nobody's (RFC 2606)."""
    return email is not None and _ANONYMISED.fullmatch(email) is not None


_ANONYMISED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@example\.com")
