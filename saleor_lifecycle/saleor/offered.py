"""The guarded read of what messages offer: products and vouchers as one channel has them now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from saleor_lifecycle.domain.contents import Product, Voucher, VoucherKind
from saleor_lifecycle.saleor import client, snapshots
from saleor_lifecycle.saleor.client import LanguageCodeEnum
from saleor_lifecycle.saleor.errors import ShopAway

_KINDS = {
    "ENTIRE_ORDER": VoucherKind.ORDER,
    "SPECIFIC_PRODUCT": VoucherKind.PRODUCTS,
    "SHIPPING": VoucherKind.SHIPPING,
}

Vouchers = dict[str, Voucher]


@dataclass(frozen=True, slots=True)
class Offered:
    """The products by id, those left out that the channel does not publish; and the channel's own country."""

    products: dict[str, Product]
    country: str


def read_products(asked: client.SaleorClient, channel: str, language: str, ids: Sequence[str]) -> Offered:
    """What the channel says of at most a hundred products, in the language where they are translated."""
    answer = asked.offered_products(channel, language_code(language), list(ids))
    if answer.channel is None or not answer.channel.is_active:
        return Offered({}, "")
    if answer.products is None:
        raise ShopAway("OfferedProducts: a part of the answer is missing")
    read = (_product(edge.node) for edge in answer.products.edges)
    return Offered({one.product_id: one for one in read if one}, answer.channel.default_country.code)


def read_vouchers(asked: client.SaleorClient, channel: str, ids: Sequence[str]) -> Vouchers:
    """At most a hundred vouchers by id, as the channel has them; it takes MANAGE_DISCOUNTS."""
    answer = asked.offered_vouchers(channel, list(ids))
    if answer.vouchers is None:
        raise ShopAway("OfferedVouchers: a part of the answer is missing")
    read = (_voucher(edge.node) for edge in answer.vouchers.edges)
    return {one.voucher_id: one for one in read if one}


def language_code(language: str) -> LanguageCodeEnum:
    """Saleor's name of a BCP-47 language, of its base where it has none, else English's."""
    known = _codes()
    return known.get(language.lower()) or known.get(language.partition("-")[0].lower()) or LanguageCodeEnum.EN


@cache
def _codes() -> dict[str, LanguageCodeEnum]:
    return {snapshots.language(code.value).lower(): code for code in LanguageCodeEnum}


def _product(node: client.OfferedProduct) -> Product | None:
    """The product; None where no variant has a price in the channel."""
    is_gross = node.pricing is None or node.pricing.display_gross_prices
    variants = [edge.node for edge in node.product_variants.edges] if node.product_variants else []
    priced = [(one, one.pricing, one.pricing.price) for one in variants if one.pricing and one.pricing.price]
    # Where nothing is left, the price is still told: a reason "because you bought it" may name what is sold out.
    buyable = [one for one in priced if one[0].quantity_available is None or one[0].quantity_available > 0]
    choice = buyable or priced
    if not choice:
        return None
    prices = [_amount(price, is_gross) for _, _, price in choice]
    _, cheapest, price = choice[prices.index(min(prices))]
    translated, image = node.translation, node.thumbnail
    name = (translated.name if translated else None) or node.name
    return Product(
        product_id=node.id,
        name=name,
        slug=(translated.slug if translated else None) or node.slug,
        is_buyable=bool(buyable) and node.is_available is True and node.is_available_for_purchase is True,
        price=min(prices),
        undiscounted=_amount(cheapest.price_undiscounted, is_gross) if cheapest.price_undiscounted else None,
        prior=_amount(cheapest.price_prior, is_gross) if cheapest.price_prior else None,
        currency=price.currency,
        is_from=len(set(prices)) > 1,
        image_url=image.url if image else "",
        image_alt=(image.alt if image else None) or name,
    )


def _amount(money: client.Taxed, is_gross: bool) -> Decimal:
    return snapshots.money(money.gross.amount if is_gross else money.net.amount)


def _voucher(node: client.OfferedVoucher) -> Voucher | None:
    """The voucher; None where the channel does not have it, or it is of a kind that we do not know."""
    kind = _KINDS.get(node.type_.value)
    if kind is None or node.discount_value is None or node.discount_value_type.value not in ("FIXED", "PERCENTAGE"):
        return None
    return Voucher(
        voucher_id=node.id,
        kind=kind,
        is_percent=node.discount_value_type.value == "PERCENTAGE",
        value=snapshots.money(node.discount_value),
        currency=node.currency or "",
        min_spent=snapshots.money(node.min_spent.amount) if node.min_spent and node.min_spent.amount else None,
        min_quantity=node.min_checkout_items_quantity or None,
        starts_at=snapshots.moment(node.start_date),
        ends_at=snapshots.moment(node.end_date) if node.end_date else None,
        is_used_up=node.usage_limit is not None and node.used >= node.usage_limit,
        is_for_staff=node.only_for_staff,
        is_on_cheapest=node.apply_once_per_order,
        is_once=node.apply_once_per_customer or node.single_use,
        countries=_countries(node.countries or []),
        codes={
            one.node.code: one.node.is_active is not False
            for one in (node.codes.edges if node.codes else ())
            if one.node.code
        },
        has_more_codes=node.codes is None or node.codes.page_info.has_next_page,
    )


def _countries(named: Iterable[client.OfferedVoucherCountries]) -> tuple[str, ...]:
    return tuple(sorted(country.code for country in named))
