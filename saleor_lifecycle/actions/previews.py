"""Previews and test mails: as whom a message is looked at, and how many tests leave."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection

from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Account, Cart, Customer, Identity, Installation, Suppression

from . import consent
from .messages import Candidate, CartAsked

HOUR = timedelta(hours=1)
PER_HOUR = 20
"""Test mails that the staff of one installation may send in an hour, all together."""


def as_customer(customer_id: int, has_cart: bool) -> Candidate | None:
    """Return a customer as a message to them would be asked about: with the last cart that they filled and did not
    order, where the message is about one; None when there is no such customer."""
    if not Customer.objects.filter(pk=customer_id).exists():
        return None
    identities = Identity.objects.filter(customer_id=customer_id)
    handles = identities.values_list("kind", "value")
    carts = Cart.objects.filter(identity__in=identities, ordered_at=None, changed_at__isnull=False)
    cart = carts.exclude(lines_hash="").order_by("-changed_at").first() if has_cart else None
    asked = None
    if cart is not None and cart.changed_at is not None:
        asked = CartAsked(cart.checkout_id, cart.lines_hash, cart.changed_at, cart.language)
    return Candidate(
        message_id=0,
        lease=uuid4(),
        customer_id=customer_id,
        opt_in_id=None,
        cart=asked,
        carried=None,
        user_ids=frozenset(value for kind, value in handles if kind == IdentityKind.USER),
        emails=frozenset(value for kind, value in handles if kind == IdentityKind.EMAIL),
    )


def customer_of(user_id: str) -> int | None:
    """Return the customer that a Saleor user is."""
    accounts = Account.objects.filter(identity__value=user_id, identity__kind=IdentityKind.USER, deleted_at=None)
    return accounts.values_list("identity__customer_id", flat=True).first()


def may_test(installation: Installation, address: str, purpose: Purpose) -> bool:
    """May a test mail go to this address? A test needs no consent, but goes to nobody who is never written to."""
    hashed = consent.address_hash(installation, "email", address)
    found = Suppression.objects.filter(installation=installation, channel="email", address_hash=hashed)
    if purpose is Purpose.SERVICE:
        found = found.exclude(reason=consent.UNSUBSCRIBED)
    return not found.exists()


def take_test(installation_id: int, now: datetime) -> bool:
    """Take one test mail off what an installation may send in an hour; return False where none is left.

    The generic cell rate algorithm, as for visits: one moment in place of counters that somebody has to reset.
    """
    cost = HOUR / PER_HOUR
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_testsendbudget AS held (installation_id, used_until) VALUES (%s, %s)
            ON CONFLICT (installation_id) DO UPDATE
            SET used_until = GREATEST(held.used_until, %s) + make_interval(secs => %s) WHERE held.used_until <= %s
            """,
            [installation_id, now + cost, now, cost.total_seconds(), now + HOUR - cost],
        )
        return bool(cursor.rowcount)
