"""Which events the shop sends, to whom, and when their payload is built."""

from dataclasses import dataclass

# Only the app that it is about hears such an event, also while it is switched off.
OWN_EVENTS = frozenset({"APP_INSTALLED", "APP_DELETED", "APP_STATUS_CHANGED"})

_CHECKOUTS = ("CREATED", "UPDATED", "METADATA_UPDATED", "FULLY_AUTHORIZED", "FULLY_PAID")
_ORDERS = (
    "CREATED", "CONFIRMED", "PAID", "FULLY_PAID", "UPDATED", "METADATA_UPDATED", "CANCELLED", "EXPIRED",
    "FULFILLED", "REFUNDED", "FULLY_REFUNDED",
)  # fmt: skip
_FULFILLMENTS = ("CREATED", "APPROVED", "CANCELED", "METADATA_UPDATED", "TRACKING_NUMBER_UPDATED")
_CUSTOMERS = ("CREATED", "UPDATED", "METADATA_UPDATED", "DELETED")
_ACCOUNTS = ("CONFIRMATION_REQUESTED", "CONFIRMED", "EMAIL_CHANGED", "DELETE_REQUESTED", "DELETED")


@dataclass(frozen=True, slots=True)
class EventKind:
    """``is_deferred``: the payload is built at delivery, and shows the state of then."""

    name: str
    subject: str  # the field of the GraphQL type that holds the subject
    permission: str | None
    is_deferred: bool = False

    @property
    def typename(self) -> str:
        return "".join(word.capitalize() for word in self.name.split("_"))


_KINDS = (
    *(EventKind(f"CHECKOUT_{n}", "checkout", "MANAGE_CHECKOUTS", n in ("CREATED", "UPDATED")) for n in _CHECKOUTS),
    *(EventKind(f"ORDER_{n}", "order", "MANAGE_ORDERS", True) for n in _ORDERS),
    EventKind("ORDER_BULK_CREATED", "orders", "MANAGE_ORDERS"),
    *(EventKind(f"FULFILLMENT_{n}", "fulfillment", "MANAGE_ORDERS", True) for n in _FULFILLMENTS),
    *(EventKind(f"CUSTOMER_{n}", "user", "MANAGE_USERS") for n in _CUSTOMERS),
    *(EventKind(f"ACCOUNT_{n}", "user", "MANAGE_USERS") for n in _ACCOUNTS),
    *(EventKind(n, "app", None) for n in sorted(OWN_EVENTS)),
)
EVENTS = {kind.name: kind for kind in _KINDS}
