"""A message that went out, for tests of what came of it."""

from datetime import datetime, timedelta
from typing import Any

from saleor_lifecycle.actions import consent
from saleor_lifecycle.models import Customer, Identity, Installation, Message, Preference
from saleor_lifecycle.models.entry import within
from tests.facts import account, tell

HOUR = timedelta(hours=1)


def customer(shop: Installation, now: datetime, agreed: bool | None = True) -> Customer:
    """Return Ada, who told the shop whether she wants messages, and whether what she follows may be known."""
    tell(shop, [account(now - 24 * HOUR, consent=agreed)], now - 24 * HOUR)
    with within(shop.pk):
        ada = Customer.objects.get(merged_into=None)
        let_be_tracked(shop, ada, agreed, now)
        return ada


def let_be_tracked(shop: Installation, customer: Customer, agreed: bool | None, now: datetime) -> None:
    """Store whether it may be known what a customer opens and follows; None was never asked."""
    identity = Identity.objects.filter(customer=customer).order_by("id")[0]
    Preference.objects.create(installation=shop, identity=identity, is_personalised=agreed, at=now)


def message(shop: Installation, to: Customer | None, now: datetime, key: str = "1", **changes: Any) -> Message:
    """Return a message to Ada's address, sent an hour ago."""
    with within(shop.pk):
        values: dict[str, Any] = {
            "key": key,
            "template": "hello",
            "topic": "cart",
            "channel": "email",
            "state": "sent",
            "attempts": 1,
            "address_hash": consent.address_hash(shop, "email", "ada@example.com"),
            "queued_at": now - 2 * HOUR,
            "settled_at": now - HOUR,
        }
        return Message.objects.create(installation=shop, customer=to, **{**values, **changes})


def queued(shop: Installation, to: Customer, now: datetime, key: str = "next", **changes: Any) -> Message:
    """Return a message to Ada that is still to leave."""
    waiting = {"state": "queued", "attempts": 0, "address_hash": "", "settled_at": None, "due_at": now + HOUR}
    return message(shop, to, now, key, **{**waiting, **changes})
