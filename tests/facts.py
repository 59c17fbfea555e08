"""What a shop would tell of a person, as facts; a test names only what matters to it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from saleor_lifecycle.actions import events
from saleor_lifecycle.domain.facts import AccountFact, CartFact, DeletionFact, Fact, FulfillmentFact, OrderFact, Version
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

ADA = "VXNlcjox"
GRACE = "VXNlcjoy"
CHECKOUT = "Q2hlY2tvdXQ6MQ=="
LINES = (("VmFyaWFudDox", 2),)


def tell(installation: Installation, facts: Iterable[Fact], now: datetime, cause: Cause = Cause.BEHAVIOUR) -> None:
    """Take in facts as one batch."""
    with within(installation.pk):
        events.apply(installation, facts, now, cause)


def receive(installation: Installation, bodies: Iterable[bytes], now: datetime) -> None:
    """Store bodies as deliveries, one after the other."""
    for body in bodies:
        events.record(installation.pk, events.Delivery("an_event", sha256(body).hexdigest(), body, now))


def in_every_order(installation: Installation, facts: Iterable[Fact], now: datetime) -> Iterator[None]:
    """Tell the facts one by one, in each order they may come in; each is undone before the next.

    Orders that begin alike share their beginning.
    """
    left = list(facts)
    if not left:
        yield
    for place, fact in enumerate(left):
        with transaction.atomic():
            tell(installation, [fact], now)
            yield from in_every_order(installation, left[:place] + left[place + 1 :], now)
            transaction.set_rollback(True)


def account(
    at: datetime,
    user: str = ADA,
    email: str = "ada@example.com",
    *,
    confirmed: bool = True,
    consent: bool | None = None,
    first_name: str = "Ada",
    joined: datetime | None = None,
    projected: str | None = None,
) -> AccountFact:
    """An account as it stood at that moment."""
    return AccountFact(
        user_id=user,
        email=email,
        is_confirmed=confirmed,
        is_active=True,
        first_name=first_name,
        last_name="",
        language="en",
        joined_at=joined or at - timedelta(days=400),
        consent=consent,
        version=_version(at, user),
        projected_phase=projected,
    )


def cart(
    at: datetime,
    checkout: str = CHECKOUT,
    user: str | None = ADA,
    email: str | None = "ada@example.com",
    lines: tuple[tuple[str, int], ...] = LINES,
    *,
    consent: bool | None = None,
    being_paid: bool = False,
    language: str = "en",
    voucher: str = "",
) -> CartFact:
    """A checkout as it stood at that moment."""
    return CartFact(
        checkout_id=checkout,
        user_id=user,
        email=email,
        channel="default-channel",
        language=language,
        lines=lines,
        is_being_paid=being_paid,
        created_at=at,
        consent=consent,
        version=_version(at, checkout),
        voucher_code=voucher,
    )


def order(
    at: datetime,
    order_id: str = "T3JkZXI6MQ==",
    user: str | None = ADA,
    email: str | None = "ada@example.com",
    checkout: str | None = None,
    *,
    paid: bool = True,
    voucher: str = "",
) -> OrderFact:
    """An order placed at that moment."""
    return OrderFact(
        order_id=order_id,
        number="1",
        user_id=user,
        email=email,
        checkout_id=checkout,
        channel="default-channel",
        language="en",
        status="UNFULFILLED",
        charge_status="FULL" if paid else "NONE",
        origin="CHECKOUT",
        total=Decimal("20.000"),
        charged=Decimal("20.000") if paid else Decimal(0),
        refunded=Decimal(0),
        currency="EUR",
        created_at=at,
        is_import=False,
        version=_version(at, order_id),
        voucher_code=voucher,
    )


def fulfillment(
    at: datetime,
    order_id: str = "T3JkZXI6MQ==",
    number: str = "1",
    *,
    status: str = "FULFILLED",
    created: datetime | None = None,
    metadata: tuple[tuple[str, str], ...] = (),
) -> FulfillmentFact:
    """A parcel of an order, as it stood at that moment."""
    key = f"parcel {number} of {order_id}"
    return FulfillmentFact(key, order_id, status, created or at, _version(at, key), metadata)


def deletion(at: datetime, user: str = ADA, email: str | None = "ada@example.com") -> DeletionFact:
    """The end of an account."""
    return DeletionFact(user, email, at)


def _version(at: datetime, key: str) -> Version:
    return Version(at, at, sha256(f"{key} {at}".encode()).hexdigest())
