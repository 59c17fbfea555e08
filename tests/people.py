"""Customers whose rows lie in the database without having come through facts: for tests of what reads many."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from saleor_lifecycle.domain.profile import CartRow, OrderRow
from saleor_lifecycle.models import Account, Cart, Customer, DeliveryEvent, Identity, Installation, Message, Order

_numbers = count(1)


def put(
    installation: Installation,
    joined: Iterable[datetime],
    orders: Iterable[OrderRow],
    carts: Iterable[CartRow],
    now: datetime,
    clicks: Iterable[datetime] = (),
) -> Customer:
    """Store a person with these rows, over two identities, who stands nowhere in particular.

    Each click is the first on a message of its own; a later one, and an earlier one of a scanner, go with it.
    """
    customer = Customer.objects.create(installation=installation, created_at=now, phase_since=now)
    identities = [
        Identity.objects.create(installation=installation, kind="user", value=str(next(_numbers)), customer=customer)
        for _ in range(2)
    ]
    version = {"updated_at": now, "issued_at": now, "digest": ""}
    Account.objects.bulk_create(
        Account(
            installation=installation,
            user_id=str(next(_numbers)),
            identity=identities[number % 2],
            joined_at=at,
            is_confirmed=True,
            is_active=True,
            **version,
        )
        for number, at in enumerate(joined)
    )
    Order.objects.bulk_create(
        Order(
            installation=installation,
            order_id=str(next(_numbers)),
            identity=identities[number % 2],
            channel=row.channel,
            status=row.status,
            charge_status=row.charge_status,
            charged=row.charged,
            refunded=row.refunded,
            total=row.total,
            currency=row.currency,
            created_at=row.created_at,
            **version,
        )
        for number, row in enumerate(orders)
    )
    Cart.objects.bulk_create(
        Cart(
            installation=installation,
            checkout_id=str(next(_numbers)),
            identity=identities[number % 2],
            changed_at=row.changed_at,
            lines_hash="" if row.is_empty else "something",
            ordered_at=row.changed_at if row.is_ordered else None,
            **version,
        )
        for number, row in enumerate(carts)
    )
    for at in clicks:
        message = Message.objects.create(
            installation=installation, customer=customer, key=str(next(_numbers)), state="sent", queued_at=at
        )
        DeliveryEvent.objects.bulk_create(
            DeliveryEvent(
                installation=installation,
                message=message,
                provider=provider,
                key=str(next(_numbers)),
                kind=kind,
                verdict=verdict,
                occurred_at=at + timedelta(hours=hours),
                received_at=now,
            )
            for provider, kind, verdict, hours in (
                ("", "clicked", "human", 0),
                ("", "clicked", "human", 5),
                ("", "clicked", "scanner", -5),
                ("", "opened", "human", -6),
                ("brevo", "clicked", "", -7),
            )
        )
    return customer
