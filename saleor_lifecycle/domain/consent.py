"""May this customer be written to about this topic on this channel? The strictest answer of all their records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVERY_TOPIC = ""


class Source(StrEnum):
    """Where a choice came from; each source keeps its latest word."""

    ACCOUNT = "account"  # mapped metadata key of the Saleor user
    CHECKOUT = "checkout"  # mapped metadata key of the checkout
    ORDER = "order"  # mapped metadata key of the order
    UNSUBSCRIBE = "unsubscribe"  # our link or the mail program's button
    STOREFRONT = "storefront"  # the customer's own word, through our storefront schema
    IMPORT = "import"  # an imported file
    FORM = "form"  # a form, confirmed by the address's holder
    PREFERENCES = "preferences"  # our page of preferences, behind a mail's link


DATED = frozenset({Source.UNSUBSCRIBE, Source.STOREFRONT, Source.IMPORT, Source.FORM, Source.PREFERENCES})
"""Sources whose moment is that of the person's click, so among them the newer word counts; but never a file's yes."""


class Basis(StrEnum):
    GRANTED = "granted"
    SOFT_OPT_IN = "soft_opt_in"  # an order at which opting out was offered, where the law lets it do
    REFUSED = "refused"
    NONE = "none"


PERMITTING = frozenset({Basis.GRANTED, Basis.SOFT_OPT_IN})


class Refusal(StrEnum):
    """Why nobody may write."""

    ACCOUNT_SAYS_NO = "account_says_no"
    CHECKOUT_SAYS_NO = "checkout_says_no"
    ORDER_SAYS_NO = "order_says_no"
    UNSUBSCRIBED = "unsubscribed"
    WITHDRAWN = "withdrawn"
    IMPORT_SAYS_NO = "import_says_no"
    ADDRESS_SUPPRESSED = "address_suppressed"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    source: Source
    is_granted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What all records say together: ``source`` and ``since`` of the newest that says it, None where none does."""

    basis: Basis
    refusal: Refusal | None = None
    source: Source | None = None
    since: datetime | None = None


_REFUSALS = {
    Source.ACCOUNT: Refusal.ACCOUNT_SAYS_NO,
    Source.CHECKOUT: Refusal.CHECKOUT_SAYS_NO,
    Source.ORDER: Refusal.ORDER_SAYS_NO,
    Source.UNSUBSCRIBE: Refusal.UNSUBSCRIBED,
    Source.STOREFRONT: Refusal.WITHDRAWN,
    Source.IMPORT: Refusal.IMPORT_SAYS_NO,
    Source.FORM: Refusal.WITHDRAWN,
    Source.PREFERENCES: Refusal.WITHDRAWN,
}


def basis(records: Iterable[ConsentRecord]) -> Basis:
    """Return the basis that all records of one topic and channel give together.

    One no outweighs every yes, whichever is newer: Saleor bumps a user's ``updatedAt`` for any change, so an old yes in
    its metadata would else look newer than an unsubscription. Only among dated sources does the newer word replace the
    older; at the same moment the no does. An imported yes replaces nothing, an imported no counts until a newer yes.
    """
    return choice(records).basis


def choice(records: Iterable[ConsentRecord], is_suppressed: bool = False, ordered_at: datetime | None = None) -> Choice:
    """Return the basis, and where it comes from.

    ``is_suppressed``: the address itself is never written to; ``ordered_at``: when the order was placed that stands in
    for consent (legal_basis.standing_order), where nobody has said anything.
    """
    counting = _counting(records)
    refusing = [record for record in counting if not record.is_granted]
    if refusing:
        newest = max(refusing, key=lambda record: (record.at, record.source))
        return Choice(Basis.REFUSED, _REFUSALS[newest.source], newest.source, newest.at)
    if is_suppressed:
        return Choice(Basis.REFUSED, Refusal.ADDRESS_SUPPRESSED)
    if not counting:
        return Choice(Basis.NONE) if ordered_at is None else Choice(Basis.SOFT_OPT_IN, since=ordered_at)
    newest = max(counting, key=lambda record: (record.at, record.source))
    return Choice(Basis.GRANTED, None, newest.source, newest.at)


def is_withdrawn(records: Iterable[ConsentRecord]) -> bool:
    """Has the person told us ourselves, or whoever wrote to them before us, to stop, and nothing else since?"""
    return any(_is_dated(record) and not record.is_granted for record in _counting(records))


def _counting(records: Iterable[ConsentRecord]) -> list[ConsentRecord]:
    held = list(records)
    newest = max((record.at for record in held if _is_dated(record)), default=None)
    return [record for record in held if not _is_dated(record) or record.at == newest]


def _is_dated(record: ConsentRecord) -> bool:
    return record.source in DATED and not (record.source is Source.IMPORT and record.is_granted)
