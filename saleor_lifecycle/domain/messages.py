"""What a message is for, and what its words may speak of."""

from enum import StrEnum


class Purpose(StrEnum):
    COMMERCIAL = "commercial"  # needs a basis; an offer, voucher, recommendation or review request makes it so
    SERVICE = "service"  # belongs to something that the person asked for


class Context(StrEnum):
    """What a template may name, beside the shop and who is written to."""

    CUSTOMER = "customer"  # nothing else
    CART = "cart"  # the cart of its enrollment
