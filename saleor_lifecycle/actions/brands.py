"""What a merchant says of their shop: who speaks in its messages, where its carts open, its time zone."""

import re
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from saleor_lifecycle.domain.colors import READABLE, contrast, is_color
from saleor_lifecycle.domain.languages import read_language
from saleor_lifecycle.models import Brand, ChannelBrand, Installation

from . import sender_domains

LONGEST = 500
CHECKOUT_ID = "{checkout_id}"
SLUG = "{slug}"

EMAILS = ("sender_email", "reply_to", "contact_email")
ADDRESSES = ("privacy_url", "logo_url", "storefront_url", "cart_url", "product_url")
COLORS = ("color", "text_color")
OF_BRAND = ("sender_name", "company", "tax_id", "postal_address", *EMAILS, *ADDRESSES, *COLORS)
OF_INSTALLATION = ("time_zone", "language", "consent_key")
NEVER_EMPTY = (*OF_INSTALLATION, "color")


class Code(StrEnum):
    REQUIRED = "required"
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    TAKEN = "taken"
    CHANGED = "changed"
    IN_USE = "in_use"
    TOO_OFTEN = "too_often"
    NOT_SENT = "not_sent"


class Problem(NamedTuple):
    """What is wrong with one value that somebody gave, in words for them."""

    field: str
    code: Code
    text: str


def set_up(
    installation: Installation, brand: Brand, values: Mapping[str, str | None], now: datetime
) -> tuple[Problem, ...]:
    """Store the values that are given (None is not); with a problem in any of them, return the problems and store none.

    What messages need may be missing, but is not taken away again: they would wait without anybody's knowing why.
    """
    given = {name: value.strip() for name, value in values.items() if value is not None}
    given |= {name: given[name].lower() for name in COLORS if name in given}
    problems = [problem for name, value in given.items() if (problem := _problem(name, value, brand))]
    if not problems and not given.keys().isdisjoint(COLORS):
        overrides = ChannelBrand.objects.filter(installation=installation).values_list("values", flat=True)
        problems = _unreadable(brand, [given, *({**given, **values} for values in overrides)])
    if problems:
        return tuple(problems)
    if "language" in given:
        given["language"] = read_language(given["language"])
    sender = brand.sender_email
    for row, names in ((brand, OF_BRAND), (installation, OF_INSTALLATION)):
        changed = [name for name in names if name in given and getattr(row, name) != given[name]]
        for name in changed:
            setattr(row, name, given[name])
        if changed:
            row.save(update_fields=changed)
    if brand.sender_email != sender:
        sender_domains.change_sender(installation, brand, sender, now)
    return ()


def set_channel(brand: Brand, channel: str, values: Mapping[str, str | None], now: datetime) -> tuple[Problem, ...]:
    """Store what is said otherwise in a channel: None leaves as it is, "" is what the installation says. With a problem
    in any value, return the problems and store none."""
    given = {name: value.strip() for name, value in values.items() if value is not None}
    given |= {name: given[name].lower() for name in COLORS if name in given}
    problems = [
        Problem(name, Code.INVALID, text) for name, value in given.items() if value and (text := _fault(name, value))
    ]
    if not is_channel(channel):
        problems.append(Problem("channel", Code.INVALID, "This is no channel's slug."))
    if problems:
        return tuple(problems)
    row = ChannelBrand.objects.select_for_update().filter(installation_id=brand.pk, channel=channel).first()
    held = {**(row.values if row else {}), **given}
    held = {name: value for name, value in held.items() if value}
    if problems := _unreadable(brand, [held]):
        return tuple(problems)
    if not held:
        ChannelBrand.objects.filter(installation_id=brand.pk, channel=channel).delete()
    else:
        ChannelBrand.objects.update_or_create(installation_id=brand.pk, channel=channel, defaults={"values": held})
    if "sender_email" in given:
        sender_domains.note(brand, now)
    return ()


def is_channel(slug: str) -> bool:
    """Return whether a channel of the shop may be called so."""
    return re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", slug) is not None


def by_channel(installation_id: int) -> Mapping[str, Brand]:
    """Return who speaks in each channel in which something is said otherwise, and under "" who speaks in all others.

    Of a channel's only its own values are there to be read; none of them may be saved.
    """
    brand = Brand.objects.get(pk=installation_id)
    brands = {"": brand}
    for row in ChannelBrand.objects.filter(installation_id=installation_id).order_by("channel"):
        own = {field.attname: getattr(brand, field.attname) for field in Brand._meta.concrete_fields}
        brands[row.channel] = Brand(**{**own, **row.values})
    return brands


def of(brands: Mapping[str, Brand], channel: str) -> Brand:
    """Return who speaks in a channel, of what ``by_channel`` gave."""
    return brands.get(channel, brands[""])


def own_hosts(brands: Iterable[Brand], public_url: str) -> frozenset[str]:
    """Return the hosts that messages may lead to: of the shop's front page, carts and privacy notice without their
    "www.", and ours."""
    addresses = [getattr(brand, name) for brand in brands for name in ADDRESSES]
    hosts = {urlsplit(address).hostname for address in (*addresses, public_url)}
    return frozenset(host.removeprefix("www.") for host in hosts if host)


def footer(brand: Brand) -> dict[str, str]:
    """Return what a brand's messages say at their foot, by the names that templates have for it."""
    return {
        "company": brand.company,
        "tax_id": brand.tax_id,
        "address": brand.postal_address,
        "email": brand.contact_email,
        "privacy_url": brand.privacy_url,
    }


def _unreadable(brand: Brand, changes: Iterable[Mapping[str, str]]) -> list[Problem]:
    """Return the problem of words that could not be read on their button, with any of the changes."""
    for change in changes:
        color, words = (change.get(name) or getattr(brand, name) for name in COLORS)
        if words and contrast(words, color) < READABLE:
            text = f"On {color} it has a contrast of {contrast(words, color):.1f}; words need {READABLE} at least."
            return [Problem("text_color", Code.INVALID, text)]
    return []


def _problem(name: str, value: str, brand: Brand) -> Problem | None:
    if not value:
        is_needed = name in NEVER_EMPTY or (name in Brand.NEEDED and getattr(brand, name) != "")
        return Problem(name, Code.REQUIRED, "This may not be empty.") if is_needed else None
    if text := _fault(name, value):
        return Problem(name, Code.INVALID, text)
    return None


def _fault(name: str, value: str) -> str | None:
    """Return what is wrong with a value that is not empty."""
    # A line break in a header would be a header of somebody else's making; only an address has lines.
    if not value.replace("\n", " " if name == "postal_address" else "\n").isprintable():
        return "Only letters, digits and signs can stand here."
    if len(value) > LONGEST:
        return f"At most {LONGEST} characters fit here."
    if name in EMAILS and not _is_email(value):
        return "This is not an e-mail address."
    if name in ADDRESSES and not _is_web_address(value):
        return "This is not a web address: it begins with https:// and has no spaces."
    if name == "cart_url" and CHECKOUT_ID not in value:
        return f"The address has to hold {CHECKOUT_ID}, such as https://shop.example/checkout?checkout={CHECKOUT_ID}"
    if name in COLORS and not is_color(value):
        return "A colour is written like #16161a."
    if name == "language" and not _is_language(value):
        return "A language is named like es, es-MX or zh-Hant."
    if name == "product_url" and SLUG not in value:
        return f"The address has to hold {SLUG}, such as https://shop.example/products/{SLUG}"
    if name == "time_zone" and value not in zoneinfo.available_timezones():
        return "There is no such time zone; they are named like Europe/Madrid."
    return None


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _is_language(value: str) -> bool:
    try:
        read_language(value)
    except ValueError:
        return False
    return True


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        return False
