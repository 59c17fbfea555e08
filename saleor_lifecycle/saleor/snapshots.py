"""Saleor's objects, as our fragments select them, put into the language of facts.

Webhook payloads and answers to queries hold the same fragments, so both are read here.
Whatever cannot be stored as a fact raises ValueError without repeating the value.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from saleor_lifecycle.domain import projection, touches
from saleor_lifecycle.domain.facts import AccountFact, CartFact, FulfillmentFact, OrderFact, ProductFact, Version
from saleor_lifecycle.domain.zones import zone_of
from saleor_lifecycle.saleor import client, payloads

_GIVEN = {"true", "yes", "1", "on", "si", "sí", "granted"}
_REFUSED = {"false", "no", "0", "off", "denied"}
_MILLS = Decimal("0.001")
_LARGEST_AMOUNT = 10**15
VISITOR_KEY = "lifecycle_visitor"
"""The metadata key in which a storefront names the browser, as in lifecycleVisitRecord."""
_PAID_OR_HELD = {"FULL", "OVERCHARGED"}


class MetadataItem(Protocol):
    key: str
    value: str


class Country(Protocol):
    @property
    def code(self) -> str: ...


class Address(Protocol):
    """What each of the addresses selects; each has a generated class of its own."""

    @property
    def postal_code(self) -> str | None: ...

    @property
    def country(self) -> Country: ...


class Category(Protocol):
    slug: str


def account_fact(
    user: payloads.UserFacts | client.UserFacts, issued_at: datetime, digest: str, consent_key: str
) -> AccountFact:
    """The account; whether it is a staff user's is for the caller to ask."""
    return AccountFact(
        user_id=user.id,
        email=email(user.email) or "",
        is_confirmed=user.is_confirmed,
        is_active=user.is_active,
        first_name=user.first_name,
        last_name=user.last_name,
        language=language(user.language_code.value),
        joined_at=past(user.date_joined, issued_at),
        consent=consent(user.metadata, consent_key),
        version=Version(moment(user.updated_at), issued_at, digest),
        projected_phase=next((item.value for item in user.metadata if item.key == projection.PHASE), None),
        visitor=visitor(user.metadata),
        metadata=pairs(user.metadata),
    )


def cart_fact(
    checkout: payloads.CheckoutFacts | client.OpenCheckout, issued_at: datetime, digest: str, consent_key: str
) -> CartFact:
    """The cart; lines of the same variant are one."""
    said = consent(checkout.metadata, consent_key)
    created_at = past(checkout.created, issued_at)
    if isinstance(checkout, client.OpenCheckout):
        addresses: tuple[Address | None, ...] = ()
    else:
        addresses = (checkout.shipping_address, checkout.billing_address)
    items = {} if said is False else {item.key: item.value for item in checkout.metadata}
    return CartFact(
        checkout_id=checkout.id,
        user_id=checkout.user.id if checkout.user else None,
        email=email(checkout.email),
        channel=checkout.channel.slug,
        language=language(checkout.language_code.value),
        lines=_summed((line.variant.id, line.quantity) for line in checkout.lines),
        is_being_paid=None if isinstance(checkout, client.OpenCheckout) else is_being_paid(checkout),
        created_at=created_at,
        consent=said,
        version=Version(moment(checkout.updated_at), issued_at, digest),
        touch=touches.from_metadata(items, created_at),
        visitor=None if said is False else visitor(checkout.metadata),
        metadata=pairs(checkout.metadata),
        country=country(*addresses),
        zone=zone(*addresses),
        voucher_code=None if isinstance(checkout, client.OpenCheckout) else checkout.voucher_code or "",
    )


def order_fact(
    order: payloads.OrderFacts | client.OrderFacts, issued_at: datetime, digest: str, is_import: bool = False
) -> OrderFact | None:
    """The order, or None for what no customer placed: a draft, or what staff send in place of goods that came back."""
    if order.status.value == "DRAFT" or order.origin.value == "REISSUE":
        return None
    return OrderFact(
        order_id=order.id,
        number=order.number,
        user_id=order.user.id if order.user else None,
        email=email(order.user_email),
        checkout_id=order.checkout_id,
        channel=order.channel.slug,
        language=language(order.language_code_enum.value),
        status=order.status.value,
        charge_status=order.charge_status.value,
        origin=order.origin.value,
        total=money(order.total.gross.amount),
        charged=money(order.total_charged.amount),
        refunded=money(order.total_refunded.amount),
        currency=order.total.gross.currency,
        created_at=past(order.created, issued_at),
        lines=None
        if order.lines is None
        else _summed((line.product_variant_id, line.quantity) for line in order.lines if line.product_variant_id),
        is_import=is_import or order.origin.value == "BULK_CREATE",
        version=Version(moment(order.updated_at), issued_at, digest),
        metadata=pairs(order.metadata or ()),
        country=country(order.shipping_address, order.billing_address),
        zone=zone(order.shipping_address, order.billing_address),
        voucher_code=order.voucher_code or "",
        shipping_method=order.shipping_method_name,
    )


def product_fact(product: client.ProductFacts, issued_at: datetime, digest: str) -> ProductFact:
    """The product, with the path of its category as far up as the fragment goes."""
    path: list[str] = []
    category: Category | None = product.category
    while category is not None:
        path.insert(0, category.slug)
        category = getattr(category, "parent", None)  # the last of them has none
    return ProductFact(
        product_id=product.id,
        name=product.name,
        slug=product.slug,
        category="/".join(path),
        collections=tuple(sorted(one.slug for one in product.collections or [])),
        variants=tuple(sorted(one.id for one in product.variants or [])),
        version=Version(moment(product.updated_at), issued_at, digest),
    )


def _summed(lines: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The quantity of each variant, lines of the same one added up."""
    quantities: Counter[str] = Counter()
    for variant, quantity in lines:
        quantities[variant] += quantity
    return tuple(sorted((variant, quantity) for variant, quantity in quantities.items() if quantity > 0))


def fulfillment_fact(
    fulfillment: payloads.FulfillmentFacts, order: payloads.OrderFacts, issued_at: datetime, digest: str
) -> FulfillmentFact:
    """The fulfilment at the version of its order: it has no ``updatedAt`` of its own."""
    return FulfillmentFact(
        fulfillment_id=fulfillment.id,
        order_id=order.id,
        status=fulfillment.status.value,
        created_at=moment(fulfillment.created),
        version=Version(moment(order.updated_at), issued_at, digest),
        metadata=pairs(fulfillment.metadata or ()),
    )


def is_being_paid(checkout: payloads.CheckoutFacts | client.CheckoutTruth) -> bool:
    """True when the whole sum is authorised or charged: the order is only a moment away."""
    statuses = (checkout.authorize_status.value, checkout.charge_status.value)
    return any(status in _PAID_OR_HELD for status in statuses)


def email(address: str | None) -> str | None:
    """The address in lower case, None when there is none; Saleor keeps what was typed."""
    return (address or "").strip().lower() or None


def language(code: str) -> str:
    """The BCP-47 tag of a member of Saleor's LanguageCodeEnum: ES_MX is es-MX, ZH_HANS is zh-Hans."""
    first, *rest = code.split("_")
    return "-".join([first.lower(), *map(_subtag, rest)])


def _subtag(part: str) -> str:
    if len(part) == 4:  # a script
        return part.title()
    return part.upper() if len(part) <= 3 else part.lower()  # a region; else a variant


def consent(metadata: Iterable[MetadataItem], key: str) -> bool | None:
    """What the mapped metadata key says; None when it is not there or says something else."""
    said = next((item.value.strip().casefold() for item in metadata if item.key == key), "")
    if said in _GIVEN:
        return True
    return False if said in _REFUSED else None


def country(*addresses: Address | None) -> str:
    """The country of the first address that there is, as ISO 3166 names it in two letters; "" for none."""
    return next((address.country.code.upper() for address in addresses if address is not None), "")


def zone(*addresses: Address | None) -> str:
    """The time zone that the postcode of the first address that there is decides; "" where it decides none.

    The postcode itself goes no further.
    """
    first = next((address for address in addresses if address is not None), None)
    return zone_of(country(first), first.postal_code or "") if first is not None else ""


def visitor(metadata: Iterable[MetadataItem]) -> str | None:
    """The browser that metadata names, None when it names none."""
    named = next((item.value.strip() for item in metadata if item.key == VISITOR_KEY), "")
    return named if touches.is_visitor(named) else None


def pairs(metadata: Iterable[MetadataItem]) -> tuple[tuple[str, str], ...]:
    """The metadata as a fact holds it."""
    return tuple(sorted((item.key, item.value) for item in metadata))


def money(amount: float) -> Decimal:
    """The amount with three decimals, the most that a currency has."""
    if not abs(amount) < _LARGEST_AMOUNT:  # also not a number
        raise ValueError("an amount out of range")
    return Decimal(str(amount)).quantize(_MILLS)


def moment(when: datetime) -> datetime:
    """The same instant in UTC."""
    if when.tzinfo is None:
        raise ValueError("a time without its offset")
    return when.astimezone(UTC)


def past(when: datetime, issued_at: datetime) -> datetime:
    """The same instant in UTC, or that at which the shop told of it, if it lay ahead then.

    What is told of has happened. A date in years to come (a wrong clock, a slip in an imported file) would else keep
    its customer from ever being lost, and in sales phase till then.
    """
    return min(moment(when), issued_at)


def shown_variant_name(variant_id: str, name: str) -> str:
    """The variant's name; nothing where Saleor repeats the global id, as it does for unnamed variants."""
    return "" if name == variant_id else name
