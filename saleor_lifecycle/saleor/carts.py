"""The guarded read of carts: what a cart message will show, asked of the shop just before it leaves."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from saleor_lifecycle.saleor import client, documents, snapshots


@dataclass(frozen=True, slots=True)
class CartLine:
    """``available`` is None where the shop does not count stock."""

    variant_id: str
    product_name: str
    variant_name: str
    quantity: int
    total: Decimal
    available: int | None
    image_url: str | None
    image_alt: str
    product_slug: str
    net: Decimal = Decimal()  # of ``total``, without tax


@dataclass(frozen=True, slots=True)
class CartNow:
    """A checkout as it stands. ``typed_email`` is as the customer wrote it: Saleor searches orders by it."""

    checkout_id: str
    updated_at: datetime
    email: str | None  # lower case
    typed_email: str | None
    user_id: str | None
    language: str
    channel: str
    is_channel_active: bool
    is_being_paid: bool
    total: Decimal
    currency: str
    lines: tuple[CartLine, ...]
    voucher_code: str = ""  # that is in it, of whatever voucher


def carts_document(count: int) -> str:
    """A query for so many checkouts, under the aliases c0, c1, ..., with variables of the same names.

    It asks for the app as well: a token that Saleor does not know may read a checkout, but has no app.
    """
    names = [f"c{number}" for number in range(count)]
    variables = ", ".join([*(f"${name}: ID!" for name in names), "$language: LanguageCodeEnum!"])
    fields = "\n".join(f"  {name}: checkout(id: ${name}) {{ ...CheckoutTruth }}" for name in names)
    query = f"query CheckoutsNow({variables}) {{\n  app {{ id }}\n{fields}\n}}"
    return documents.with_fragments(query)


def read_cart(answer: Any) -> CartNow | None:
    """The cart of one alias's answer; None when the shop has it no longer."""
    if answer is None:
        return None
    truth = client.CheckoutTruth.model_validate(answer)
    return CartNow(
        checkout_id=truth.id,
        updated_at=snapshots.moment(truth.updated_at),
        email=snapshots.email(truth.email),
        typed_email=truth.email or None,
        user_id=truth.user.id if truth.user else None,
        language=snapshots.language(truth.language_code.value),
        channel=truth.channel.slug,
        is_channel_active=truth.channel.is_active,
        is_being_paid=snapshots.is_being_paid(truth),
        total=snapshots.money(truth.total_price.gross.amount),
        currency=truth.total_price.gross.currency,
        lines=tuple(_line(line) for line in truth.lines),
        voucher_code=truth.voucher_code or "",
    )


def _line(line: client.CheckoutTruthLines) -> CartLine:
    variant, image = line.variant, line.variant.product.thumbnail
    product, translated = variant.product, variant.product.translation
    return CartLine(
        variant_id=variant.id,
        product_name=(translated.name if translated else None) or product.name,
        variant_name=(variant.translation.name if variant.translation else None)
        or snapshots.shown_variant_name(variant.id, variant.name),
        quantity=line.quantity,
        total=snapshots.money(line.total_price.gross.amount),
        available=variant.quantity_available,
        image_url=image.url if image else None,
        image_alt=(image.alt if image else None) or "",
        product_slug=(translated.slug if translated else None) or product.slug,
        net=snapshots.money(line.total_price.net.amount),
    )
