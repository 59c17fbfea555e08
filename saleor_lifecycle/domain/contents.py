"""What a message offers: what it asks the shop for, and what it may say of what the shop answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .sending import OfferTruth, SkipReason

MOST_PRODUCTS = 12
"""How many products one message shows at most."""

STRIKING_BOUND = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS"),
        *("IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
"""Where a reduction has to be told against the lowest price of the 30 days before: the European Economic Area.

Directive 98/6/EC, article 6a (the "Omnibus" directive, 2019/2161).
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a message carries, as it was decided when it was queued: ids, in the order of their rank."""

    product_ids: tuple[str, ...] = ()
    because_kind: str = ""  # why these products: "bought", "viewed"; "" when the merchant chose them
    because_product: str = ""
    voucher_id: str = ""
    code: str = ""
    channel: str = ""  # Saleor's; "" for the one where the customer was last
    most: int = MOST_PRODUCTS  # are shown; the others take the place of what cannot be bought by then
    is_extra: bool = False  # the message says enough without its products


class VoucherKind(StrEnum):
    ORDER = "order"
    PRODUCTS = "products"  # selected ones only
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True)
class Product:
    """A product in one channel and language, at the price of its cheapest variant that can be bought."""

    product_id: str
    name: str
    slug: str
    is_buyable: bool
    price: Decimal
    undiscounted: Decimal | None
    prior: Decimal | None  # the lowest of the 30 days before a reduction, where the shop keeps it
    currency: str
    is_from: bool  # other variants cost more
    image_url: str
    image_alt: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher as one channel has it."""

    voucher_id: str
    kind: VoucherKind
    is_percent: bool
    value: Decimal
    currency: str
    min_spent: Decimal | None
    min_quantity: int | None
    starts_at: datetime
    ends_at: datetime | None
    is_used_up: bool
    is_for_staff: bool
    is_on_cheapest: bool  # of the products in a cart, once per order
    is_once: bool  # per customer, or per code
    countries: tuple[str, ...] = ()  # of a shipping voucher; none for all
    codes: Mapping[str, bool] = field(default_factory=dict)  # whether each can be used still
    has_more_codes: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What is left of what a message carries, once the shop has answered."""

    products: tuple[Product, ...] = ()
    because_kind: str = ""
    because_name: str = ""
    voucher: Voucher | None = None
    code: str = ""
    country: str = ""


def read_carried(document: Mapping[str, Any] | None) -> Carried | None:
    """Return what the document of a message's offer says; None for a message that carries nothing."""
    if not document:
        return None
    because, voucher = document.get("because") or {}, document.get("voucher") or {}
    carried = Carried(
        product_ids=tuple(document.get("products") or ())[:MOST_PRODUCTS],
        because_kind=because.get("kind", ""),
        because_product=because.get("product", ""),
        voucher_id=voucher.get("id", ""),
        code=voucher.get("code", ""),
        channel=document.get("channel", ""),
        most=document.get("most", MOST_PRODUCTS),
        is_extra=document.get("extra", False),
    )
    return carried if carried.product_ids or carried.voucher_id else None


def show(
    carried: Carried, products: Mapping[str, Product], voucher: Voucher | None, country: str, now: datetime
) -> Shown:
    """Return what may be shown: products that can be bought, in their rank; a voucher that can be used."""
    named = products.get(carried.because_product)
    kept = tuple(products[one] for one in carried.product_ids if one in products and products[one].is_buyable)
    is_usable = voucher is not None and is_voucher_usable(voucher, now) and is_code_usable(voucher, carried.code)
    return Shown(
        products=kept[: carried.most],
        because_kind=carried.because_kind,
        because_name=named.name if named else "",
        voucher=voucher if is_usable else None,
        code=carried.code if is_usable else "",
        country=country,
    )


def truth(carried: Carried, shown: Shown, asked_at: datetime) -> OfferTruth:
    """Return whether what the message is about is still there.

    A voucher is always the point of a message that carries one; products are where there is no voucher, unless they
    were only put beside what it says.
    """
    if carried.voucher_id and shown.voucher is None:
        return OfferTruth(asked_at, SkipReason.VOUCHER_GONE)
    if not carried.voucher_id and not shown.products and not carried.is_extra:
        return OfferTruth(asked_at, SkipReason.PRODUCTS_GONE)
    return OfferTruth(asked_at, None)


def is_voucher_usable(voucher: Voucher, now: datetime) -> bool:
    """Return whether a customer gets anything for the voucher now."""
    has_begun = voucher.starts_at <= now and (voucher.ends_at is None or now < voucher.ends_at)
    return has_begun and voucher.value > 0 and not voucher.is_used_up and not voucher.is_for_staff


def is_code_usable(voucher: Voucher, code: str) -> bool:
    """Return whether a code of the voucher can be used; one that the shop did not come to name counts as usable."""
    return not code or voucher.codes.get(code, voucher.has_more_codes)


def struck_price(product: Product, country: str) -> Decimal | None:
    """Return the price to strike through beside the product's own, None for none.

    Where the law asks for the lowest price of the 30 days before, and where the country is not known, only that one is
    struck: without it the reduction is not told at all.
    """
    is_bound = not country or country in STRIKING_BOUND
    before = product.prior if is_bound else product.undiscounted
    return before if before is not None and before > product.price else None
