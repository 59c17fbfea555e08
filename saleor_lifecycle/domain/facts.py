"""What was learnt from the shop, as frozen values: the language between Saleor's payloads and our tables."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .touches import Touch


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """How new a snapshot is: the greatest wins.

    ``updated_at`` is Saleor's own; it alone does not order snapshots (a fulfilment changes an order
    under the same ``updatedAt``), so the event's ``issued_at`` and the body's digest decide ties.
    """

    updated_at: datetime
    issued_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class AccountFact:
    """A Saleor user who is not staff."""

    user_id: str
    email: str  # lower case
    is_confirmed: bool
    is_active: bool
    first_name: str
    last_name: str
    language: str  # BCP-47
    joined_at: datetime
    consent: bool | None  # the mapped metadata key; None where it says nothing
    version: Version
    projected_phase: str | None = None  # what the record's public metadata holds under our key
    visitor: str | None = None  # the browser that its metadata names
    metadata: tuple[tuple[str, str], ...] = ()  # all that is public; only mapped keys are kept


@dataclass(frozen=True, slots=True)
class CartFact:
    """A Saleor checkout as last seen."""

    checkout_id: str
    user_id: str | None
    email: str | None  # lower case
    channel: str
    language: str
    lines: tuple[tuple[str, int], ...]  # (variant id, quantity), sorted
    is_being_paid: bool | None  # None where it is not told
    created_at: datetime
    consent: bool | None
    version: Version
    erased: str | None = None  # the keyed hash of its e-mail, once that was erased; ``email`` is None then
    touch: Touch | None = None  # where its person came from; never together with a refused consent, nor is a visitor
    visitor: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    country: str = ""  # ISO 3166 alpha-2, of the shipping, else the billing address; "" where neither is told
    zone: str = ""  # IANA, which its postcode decides; "" where the country has to do
    voucher_code: str | None = ""  # that is in it, of whatever voucher; None where it is not told


@dataclass(frozen=True, slots=True)
class OrderFact:
    """A Saleor order that was placed (drafts are not)."""

    order_id: str
    number: str
    user_id: str | None
    email: str | None  # lower case
    checkout_id: str | None
    channel: str
    language: str
    status: str  # Saleor's OrderStatus
    charge_status: str  # Saleor's OrderChargeStatusEnum
    origin: str  # Saleor's OrderOriginEnum
    total: Decimal
    charged: Decimal
    refunded: Decimal
    currency: str
    created_at: datetime
    is_import: bool  # arrived by ORDER_BULK_CREATED or with that origin: it starts no flow
    version: Version
    erased: str | None = None  # as in a cart
    lines: tuple[tuple[str, int], ...] | None = None  # (variant id, quantity), sorted; None where it is not told
    is_anonymised: bool = False  # the shop has put a placeholder in its e-mail's place; ``email`` is None
    metadata: tuple[tuple[str, str], ...] = ()
    country: str = ""  # as in a cart
    zone: str = ""  # likewise
    voucher_code: str = ""  # with which it was placed
    shipping_method: str | None = None  # its name; None where it is not told
    stated_at: datetime | None = None  # the delivery, as its metadata says


@dataclass(frozen=True, slots=True)
class FulfillmentFact:
    fulfillment_id: str
    order_id: str
    status: str  # Saleor's FulfillmentStatus
    created_at: datetime
    version: Version
    metadata: tuple[tuple[str, str], ...] = ()
    stated_at: datetime | None = None  # as in an order


@dataclass(frozen=True, slots=True)
class DeletionFact:
    """A user who is gone; final. ``email`` is what the payload still knew."""

    user_id: str
    email: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ProductFact:
    product_id: str
    name: str
    slug: str
    category: str  # slugs from the root on, joined by "/"; "" for none
    collections: tuple[str, ...]  # slugs, sorted
    variants: tuple[str, ...]
    version: Version


class AppChange(StrEnum):
    DELETED = "deleted"
    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class AppFact:
    """Our own app was removed from the shop, switched off or on again."""

    app_id: str
    change: AppChange
    at: datetime


Fact = AccountFact | CartFact | OrderFact | FulfillmentFact | ProductFact | DeletionFact | AppFact
