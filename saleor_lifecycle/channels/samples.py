"""Values of an invented shop, for previews and for trying a template before it is saved."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from saleor_lifecycle.domain.contents import Product, Shown, Voucher, VoucherKind
from saleor_lifecycle.domain.messages import Context

from .blocks import offer_values

SHOP = "https://shop.example"
_NAMES = {
    "en": ("Thermal bottle", "Canvas backpack", "Wool socks", "Enamel mug", "Trail guide"),
    "es": ("Botella térmica", "Mochila de lona", "Calcetines de lana", "Taza esmaltada", "Guía de senderos"),
}
_REASONS = {
    "en": "You receive this e-mail because you agreed to hear from Tienda Olmo.",
    "es": "Recibes este correo porque aceptaste recibir novedades de Tienda Olmo.",
}


def sample_values(context: Context, language: str) -> dict[str, Any]:
    """A value for each name of the context, in Spanish for Spanish and in English for all others."""
    spoken = language.partition("-")[0] if language.partition("-")[0] in _NAMES else "en"
    values: dict[str, Any] = {
        "shop": {"name": "Tienda Olmo", "url": SHOP, "logo": ""},
        "brand": {"color": "#16161a", "text_color": "#ffffff"},
        "customer": {"first_name": "Lucía"},
        "footer": {
            "company": "Olmo Comercio, S.L.",
            "tax_id": "B00000000",
            "address": "Calle Mayor 1, 28013 Madrid",
            "email": "hola@shop.example",
            "privacy_url": f"{SHOP}/privacy",
            "reason": "" if context is Context.OPT_IN else _REASONS[spoken],
        },
        "links": {
            name: "" if context is Context.OPT_IN else f"https://app.example/{name}/token"
            for name in ("unsubscribe", "preferences")
        },
    }
    if context is Context.OPT_IN:
        values["links"]["confirm"] = "https://app.example/confirm/token"
    if context is Context.CART:
        values["links"]["cart"] = "https://app.example/cart/token"
        values["cart"] = _cart(spoken)
    if context in (Context.CART, Context.OFFER):
        values |= _offer(spoken, language)
    return values


def _cart(spoken: str) -> dict[str, Any]:
    bottle, backpack, *_ = _NAMES[spoken]
    lines = ((bottle, "750 ml", 2, Decimal("49.80")), (backpack, "", 1, Decimal("89.00")))
    return {
        "lines": [
            {
                **{"product": product, "variant": variant, "quantity": quantity, "total": total},
                **{"currency": "EUR", "image": "", "image_alt": product},
            }
            for product, variant, quantity, total in lines
        ],
        "total": Decimal("138.80"),
        "currency": "EUR",
    }


def _offer(spoken: str, language: str) -> dict[str, Any]:
    """Products as chosen and as recommended; a message has one of the two."""
    bottle, backpack, socks, mug, guide = _NAMES[spoken]
    shown = Shown(
        products=(
            _product(backpack, "89.00", prior="98.00"),
            _product(socks, "14.50", is_from=True),
            _product(mug, "12.00"),
            _product(guide, "21.00"),
        ),
        voucher=Voucher(
            voucher_id="",
            kind=VoucherKind.ORDER,
            is_percent=True,
            value=Decimal(10),
            currency="EUR",
            min_spent=Decimal(40),
            min_quantity=None,
            starts_at=datetime(2026, 1, 1, tzinfo=UTC),
            ends_at=datetime(2027, 1, 1, tzinfo=UTC),
            is_used_up=False,
            is_for_staff=False,
            is_on_cheapest=False,
            is_once=True,
        ),
        code="OLMO-7K2M-9QXA",
    )
    values = offer_values(shown, f"{SHOP}/products/{{slug}}", SHOP, language, "UTC")
    values["recommendations"] = {"because": "bought", "product": bottle, "products": values["products"]}
    return values


def _product(name: str, price: str, prior: str | None = None, is_from: bool = False) -> Product:
    return Product(
        product_id=name,
        name=name,
        slug=name.lower().replace(" ", "-"),
        is_buyable=True,
        price=Decimal(price),
        undiscounted=None,
        prior=Decimal(prior) if prior else None,
        currency="EUR",
        is_from=is_from,
        image_url="",
        image_alt=name,
    )
