"""What a merchant says of their shop: who speaks in its messages, where its carts open, its time zone."""

import zoneinfo
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from saleor_lifecycle.models import Brand, Installation

LONGEST = 500
CHECKOUT_ID = "{checkout_id}"

EMAILS = ("sender_email", "reply_to", "contact_email")
ADDRESSES = ("privacy_url", "logo_url", "storefront_url", "cart_url")
OF_BRAND = ("sender_name", "company", "tax_id", "postal_address", *EMAILS, *ADDRESSES)
OF_INSTALLATION = ("time_zone", "consent_key")


class Code(StrEnum):
    REQUIRED = "required"
    INVALID = "invalid"


class Problem(NamedTuple):
    """What is wrong with one value that somebody gave, in words for them."""

    field: str
    code: Code
    text: str


def set_up(installation: Installation, brand: Brand, values: Mapping[str, str | None]) -> tuple[Problem, ...]:
    """Store the values that are given (None is not); with a problem in any of them, return the problems and store none.

    What messages need may be missing, but is not taken away again: they would wait without anybody's knowing why.
    """
    given = {name: value.strip() for name, value in values.items() if value is not None}
    problems = [problem for name, value in given.items() if (problem := _problem(name, value, brand))]
    if problems:
        return tuple(problems)
    for row, names in ((brand, OF_BRAND), (installation, OF_INSTALLATION)):
        changed = [name for name in names if name in given and getattr(row, name) != given[name]]
        for name in changed:
            setattr(row, name, given[name])
        if changed:
            row.save(update_fields=changed)
    return ()


def _problem(name: str, value: str, brand: Brand) -> Problem | None:
    if not value:
        is_needed = name in OF_INSTALLATION or (name in Brand.NEEDED and getattr(brand, name) != "")
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
    if name == "time_zone" and value not in zoneinfo.available_timezones():
        return "There is no such time zone; they are named like Europe/Madrid."
    return None


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        return False
