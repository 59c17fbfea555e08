"""Languages, as Saleor's storefront API names them, and the few words that we say ourselves."""

import re
from typing import NewType

import strawberry

from saleor_lifecycle.domain.offers import OfferReason
from saleor_lifecycle.saleor import snapshots

LanguageCode = NewType("LanguageCode", str)
"""A language in BCP-47, once it has been read."""

DEFAULT = "en"
WORDS = {
    OfferReason.CART_WAITS: {
        "en": "Your cart is still here for you.",
        "es": "Tu carrito te espera.",
    }
}


def _read(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2,3}(_[A-Z0-9]{2,8}){0,3}", value):
        raise ValueError("A language is named as in Saleor's LanguageCodeEnum: EN, ES, ES_MX.")
    return snapshots.language(value)


language_code = strawberry.scalar(
    name="LifecycleLanguageCode",
    description="A language as Saleor's LanguageCodeEnum names it (EN, ES, ES_MX), with quotes or without.",
    serialize=lambda value: value.replace("-", "_").upper(),
    parse_value=_read,
)


def words(reason: OfferReason, language: str) -> str:
    """Return what to tell a reader of ``language`` (BCP-47); in English where it is not spoken here."""
    spoken = WORDS[reason]
    return spoken.get(language.partition("-")[0].lower(), spoken[DEFAULT])
