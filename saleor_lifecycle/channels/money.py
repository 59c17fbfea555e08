"""Amounts as a reader of each language writes them."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency


@lru_cache(maxsize=4096)
def format_money(amount: Decimal, currency: str, language: str) -> str:
    """The amount with its currency: ``12,50 €`` in Spanish, ``€12.50`` in English.

    The space before the sign is a no-break space. As many decimals as the currency has, rounded half even.
    """
    return format_currency(amount, currency, locale=nearest_locale(language))


def read_amount(value: object) -> Decimal:
    """The value as an exact amount; ValueError for what is no number, and for floats, which are not exact."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise ValueError("an amount is a decimal, an integer or a text of digits")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError("an amount is a decimal, an integer or a text of digits") from None
    if not amount.is_finite():
        raise ValueError("an amount is finite")
    return amount


@lru_cache(maxsize=256)
def nearest_locale(language: str) -> Locale:
    """The nearest locale that Babel knows: the language with its region, else without, else English."""
    for name in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise LookupError("Babel has no English")
