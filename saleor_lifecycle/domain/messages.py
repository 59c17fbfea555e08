"""What a message is for, and what its words may speak of."""

from collections.abc import Iterable
from enum import StrEnum


class Purpose(StrEnum):
    COMMERCIAL = "commercial"  # needs a basis; an offer, voucher, recommendation or review request makes it so
    SERVICE = "service"  # belongs to something that the person asked for


class Context(StrEnum):
    """What a template may name, beside the shop and who is written to."""

    CUSTOMER = "customer"  # nothing else
    CART = "cart"  # the cart of its enrollment, and what the message offers
    OFFER = "offer"  # what the message offers
    OPT_IN = "opt_in"  # the form that is to be confirmed; there is no customer yet


SERVICE_TOPICS = frozenset({"service"})
"""The kinds of message that belong to something the person asked for; all others are commercial."""

COMMERCIAL_NAMES = ("cart", "offer", "products", "recommendations", "voucher", "review", "links.cart", "links.review")
"""What makes a message commercial when its words name it, or something of it."""


def commercial_names(names: Iterable[str]) -> list[str]:
    """Return those of the names that only a commercial message may use."""
    return sorted(
        name
        for name in names
        if any(name == use or name.startswith((f"{use}.", f"{use}[")) for use in COMMERCIAL_NAMES)
    )
