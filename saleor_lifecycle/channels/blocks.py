"""What a message offers as its template may name it: in a reader's language, with the shop's addresses."""

import re
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_percent

from saleor_lifecycle.domain.contents import Product, Shown, Voucher, VoucherKind, struck_price

from .money import format_money, nearest_locale

LANGUAGES = ("en", "es")
COUNTRIES_TOLD = 4
"""Of more countries than these only the number is told."""

_LONGEST_NAME = 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They turn round the letters after them, so that a name could rewrite the sentence in which it stands.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def offer_values(shown: Shown, product_url: str, shop_url: str, language: str, zone: str) -> dict[str, Any]:
    """What a message offers: ``products`` that the merchant chose, or ``recommendations``; the ``voucher``."""
    products = [_product(one, shown.country, product_url, shop_url) for one in shown.products]
    is_recommended = bool(shown.because_kind)
    return {
        "products": [] if is_recommended else products,
        "recommendations": {
            "because": shown.because_kind,
            "product": plain_name(shown.because_name),
            "products": products if is_recommended else [],
        },
        "voucher": _voucher(shown.voucher, plain_name(shown.code), language, zone),
    }


def plain_name(text: str) -> str:
    """A name on one line, without signs that turn the text around it, at most 200 characters long."""
    name = " ".join(_TURNING.sub("", _CONTROLS.sub(" ", text)).split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"


def web_address(address: str) -> str:
    """The address, if it is one of the web; else none: a shop's data are not ours to trust."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    return address if is_whole and not re.search(r"[\s<>\"\\\x00-\x20\x7f]", address) else ""


def _product(product: Product, country: str, product_url: str, shop_url: str) -> dict[str, Any]:
    was = struck_price(product, country)
    name = plain_name(product.name)
    return {
        "name": name,
        "url": product_url.replace("{slug}", quote(product.slug, safe="")) or shop_url,
        "price": product.price,
        "currency": product.currency,
        "is_from": product.is_from,
        "was": "" if was is None else was,
        "image": web_address(product.image_url),
        "image_alt": plain_name(product.image_alt) or name,
    }


def _voucher(voucher: Voucher | None, code: str, language: str, zone: str) -> dict[str, Any]:
    if voucher is None:
        return {"code": "", "worth": "", "until": "", "conditions": []}
    return {
        "code": code,
        "worth": _worth(voucher, language),
        "until": _until(voucher.ends_at, language, zone) if voucher.ends_at else "",
        "conditions": list(_conditions(voucher, language)),
    }


def _worth(voucher: Voucher, language: str) -> str:
    words = _words(language)
    if voucher.kind is VoucherKind.SHIPPING and voucher.is_percent and voucher.value >= 100:
        return words["free_delivery"]
    amount = (
        format_percent(voucher.value / 100, format=None, locale=nearest_locale(language), decimal_quantization=False)
        if voucher.is_percent
        else _money(voucher.value, voucher.currency, language)
    )
    return words["off_delivery" if voucher.kind is VoucherKind.SHIPPING else "off"].format(amount=amount)


def _conditions(voucher: Voucher, language: str) -> Sequence[str]:
    words = _words(language)
    told = []
    if voucher.kind is VoucherKind.PRODUCTS:
        told.append(words["on_selected"])
    if voucher.is_on_cheapest:
        told.append(words["on_cheapest"])
    if voucher.min_spent:
        told.append(words["min_spent"].format(amount=_money(voucher.min_spent, voucher.currency, language)))
    if voucher.min_quantity and voucher.min_quantity > 1:
        told.append(words["min_quantity"].format(count=voucher.min_quantity))
    if voucher.is_once:
        told.append(words["once"])
    if voucher.countries and voucher.kind is VoucherKind.SHIPPING:
        told.append(_where(voucher.countries, language))
    return told


def _where(countries: Sequence[str], language: str) -> str:
    words = _words(language)
    if len(countries) > COUNTRIES_TOLD:
        return words["some_countries"].format(count=len(countries))
    territories = nearest_locale(language).territories
    return words["countries"].format(names=", ".join(territories.get(one, one) for one in countries))


def _until(ends_at: datetime, language: str, zone: str) -> str:
    """The last day in the shop's zone; with the time, where it does not last to the end of that day."""
    locale = nearest_locale(language)
    last = (ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    if last.hour == 23 and last.minute >= 58:  # 23:59 is how people say the end of a day
        return str(format_date(last, "long", locale=locale))
    return str(format_datetime(ends_at.astimezone(ZoneInfo(zone)), _words(language)["moment"], locale=locale))


def _money(amount: Decimal, currency: str, language: str) -> str:
    return format_money(amount, currency, language)


@cache
def _words(language: str) -> dict[str, str]:
    """The words about vouchers, in the language or else in English."""
    spoken = language.partition("-")[0]
    name = f"words.{spoken if spoken in LANGUAGES else 'en'}.toml"
    text = (files("saleor_lifecycle") / "templates" / "messages" / name).read_text("utf-8")
    words: dict[str, str] = tomllib.loads(text)["voucher"]
    return words
