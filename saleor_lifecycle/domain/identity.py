"""Which identities are one person: an e-mail belongs to the account that Saleor says has confirmed it."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from .facts import Version


class IdentityKind(StrEnum):
    USER = "user"  # a Saleor user's id
    EMAIL = "email"
    VISITOR = "visitor"  # a browser, by the keyed hash of the id that the storefront gave it
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
    """Return whose e-mail it is of two: the account with the newest snapshot in which it was confirmed.

    A claim is never taken back by a later e-mail of the same account: the person keeps what was theirs.
    """
    return new if current is None or current.version < new.version else current


def owner_of(claims: Iterable[Claim], apart: Set[str] = frozenset()) -> Claim | None:
    """Return whose e-mail it is, of all accounts that ever confirmed it; None for nobody's.

    ``apart``: accounts of which staff said that this e-mail is another person's. Their claims do not count, however new
    a snapshot repeats them, so what staff said holds whatever comes before or after it.
    """
    return reduce(owner, (claim for claim in claims if claim.user_id not in apart), None)


def masked(email: str) -> str:
    """Return an e-mail as it may be shown to tell it from others: its first letter and its domain."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}•••{at}{domain}"


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
