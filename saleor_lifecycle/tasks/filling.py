"""What a message's words may name: who writes, to whom, about what, with which links, and why somebody gets it."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import brands, opt_ins
from saleor_lifecycle.channels import blocks, links
from saleor_lifecycle.domain.colors import readable_on
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.saleor.carts import CartNow

from .contents import Found

CART_LINK_LASTS = timedelta(days=30)


class Reason(StrEnum):
    """Why somebody gets a message, as its footer says it."""

    AGREED = "agreed"
    ORDERED = "ordered"
    FORM = "form"


def values(
    installation: Installation,
    brand: Brand,
    message_id: UUID,
    found: Found,
    first_name: str,
    language: str,
    reason: Reason | None = Reason.AGREED,
) -> dict[str, object]:
    """Return what a message's words may name, in the language of its template; ``reason``: why somebody gets it."""
    is_commercial = reason in (Reason.AGREED, Reason.ORDERED)
    link = links.Link(installation.public_id, message_id)
    return {
        "shop": {"name": brand.sender_name, "url": brand.storefront_url, "logo": brand.logo_url},
        "brand": {"color": brand.color, "text_color": brand.text_color or readable_on(brand.color)},
        "customer": {"first_name": first_name},
        "cart": _cart(found.cart),
        **blocks.offer_values(found.shown, brand.product_url, brand.storefront_url, language, installation.time_zone),
        "links": {
            "cart": links.restore_url(settings.PUBLIC_URL, link, timezone.now() + CART_LINK_LASTS),
            "unsubscribe": links.unsubscribe_url(settings.PUBLIC_URL, link) if is_commercial else "",
            "preferences": links.preferences_url(settings.PUBLIC_URL, link) if is_commercial else "",
            "confirm": _confirm_url(installation, found.opt_in),
        },
        "footer": {
            **brands.footer(brand),
            "reason": _in_words(reason, language).format(shop=brand.sender_name),
        },
    }


def _confirm_url(installation: Installation, form: opt_ins.Asked | None) -> str:
    if form is None:
        return ""
    return links.confirm_url(settings.PUBLIC_URL, links.OptInLink(installation.public_id, form.public_id))


def reason(found: Found, purpose: Purpose, basis: Basis) -> Reason | None:
    """Return why somebody gets a message; of a service message that no form asked for nothing is said."""
    if found.opt_in is not None:
        return Reason.FORM
    if purpose is not Purpose.COMMERCIAL:
        return None
    return Reason.ORDERED if basis is Basis.SOFT_OPT_IN else Reason.AGREED


def _in_words(reason: Reason | None, language: str) -> str:
    if reason is None:
        return ""
    words = REASONS.get(language.partition("-")[0], REASONS["en"])
    return words[reason]


def _cart(cart: CartNow | None) -> dict[str, object]:
    if cart is None:
        return {}
    return {
        "lines": [
            {
                "product": blocks.plain_name(line.product_name),
                "variant": blocks.plain_name(line.variant_name),
                "quantity": line.quantity,
                "total": line.total,
                "currency": cart.currency,
                "image": blocks.web_address(line.image_url or ""),
                "image_alt": blocks.plain_name(line.image_alt or line.product_name),
            }
            for line in cart.lines
        ],
        "total": cart.total,
        "currency": cart.currency,
    }


REASONS = {
    "en": {
        Reason.AGREED: "You receive this e-mail because you agreed to hear from {shop}.",
        Reason.ORDERED: "You receive this e-mail because you ordered from {shop} and have not said no to its news.",
        Reason.FORM: "This address was entered in a form of {shop}. "
        "If it was not you, there is nothing you need to do.",
    },
    "es": {
        Reason.AGREED: "Recibes este correo porque aceptaste recibir noticias de {shop}.",
        Reason.ORDERED: "Recibes este correo porque compraste en {shop} y no has rechazado sus noticias.",
        Reason.FORM: "Alguien escribió esta dirección en un formulario de {shop}. "
        "Si no has sido tú, no tienes que hacer nada.",
    },
}
