"""May this customer be written to about this topic on this channel? The strictest answer of all their records."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a choice came from; each source keeps its latest word."""

    ACCOUNT = "account"  # mapped metadata key of the Saleor user
    CHECKOUT = "checkout"  # mapped metadata key of the checkout
    UNSUBSCRIBE = "unsubscribe"  # our link or the mail program's button


class Basis(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    source: Source
    is_granted: bool


def basis(records: Iterable[ConsentRecord]) -> Basis:
    """Return the basis that all records of one topic and channel give together.

    One no outweighs every yes, whichever is newer: Saleor bumps a user's ``updatedAt`` for any change, so an old yes in
    its metadata would else look newer than an unsubscription.
    """
    answers = {record.is_granted for record in records}
    if False in answers:
        return Basis.REFUSED
    return Basis.GRANTED if True in answers else Basis.NONE
