"""What shops send at the edges, as bodies of webhooks: each has an outcome that makes sense."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.channels.money import format_money
from saleor_lifecycle.models import Account, Cart, Customer, Event, Identity, Installation, Order
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import events
from tests.facts import receive
from tests.recordings import recording

pytestmark = pytest.mark.django_db

LATER = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
ISSUED = "2026-11-22T11:00:00+00:00"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def body(name: str, noun: str, **changes: Any) -> bytes:
    """Return a recorded body with some of its object's fields changed."""
    content = json.loads(recording(name).body)
    content["issuedAt"] = ISSUED
    content[noun] |= {"updatedAt": ISSUED} | changes
    return json.dumps(content).encode()


def ordered(**changes: Any) -> bytes:
    return body("ORDER_CREATED-1", "order", **changes)


def registered(**changes: Any) -> bytes:
    return body("CUSTOMER_CREATED-1", "user", **changes)


def amount(value: float, currency: str) -> dict[str, Any]:
    return {"gross": {"amount": value, "currency": currency}, "net": {"amount": value}, "tax": {"amount": 0.0}}


def take_in(installation: Installation, bodies: Iterable[bytes]) -> None:
    """Process bodies; every one of them has to come to its end."""
    receive(installation, bodies, LATER)
    while events.run(installation.pk, LATER):
        pass
    with within(installation.pk):
        assert list(Event.objects.exclude(state="done").values_list("note", flat=True)) == []


def person(installation: Installation) -> Customer:
    """Return the only customer there is."""
    with within(installation.pk):
        return Customer.objects.get(merged_into=None)


def test_a_customer_without_an_e_mail_is_one_all_the_same(installation: Installation) -> None:
    take_in(
        installation,
        [
            registered(email="", isConfirmed=True),
            ordered(id="own", userEmail=None, user={"id": "VXNlcjo0Ng==", "email": ""}),
            ordered(id="nobody's", userEmail=""),
        ],
    )
    assert person(installation).orders == 1
    with within(installation.pk):
        assert Order.objects.get(order_id="nobody's").identity is None
    told_later = json.loads(ordered(id="nobody's", userEmail="Late@Example.com"))
    told_later["order"]["updatedAt"] = "2026-11-22T11:30:00+00:00"
    take_in(installation, [json.dumps(told_later).encode()])
    with within(installation.pk):
        assert Identity.objects.get(value="late@example.com").customer.orders == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("currency", ["XTS", "BTC", "PIÑ"])
def test_a_currency_that_nobody_knows_is_summed_by_itself(installation: Installation, currency: str) -> None:
    take_in(
        installation,
        [
            ordered(id="known", total=amount(21.19, "USD")),
            ordered(id="unknown", total=amount(0.005, currency)),
            ordered(id="again", total=amount(1.5, currency)),
        ],
    )
    assert person(installation).spent == {"USD": "21.190", currency: "1.505"}
    assert currency in format_money(Decimal("1.505"), currency, "es-ES")


def test_a_total_below_zero_takes_nothing_from_what_was_spent(installation: Installation) -> None:
    take_in(installation, [ordered(id="good"), ordered(id="bad", total=amount(-500.0, "USD"))])
    shown = person(installation)
    assert (shown.orders, shown.spent, shown.phase) == (2, {"USD": "21.190"}, "retention")
    with within(installation.pk):
        assert Order.objects.get(order_id="bad").total == -500, "the row says what the shop says"


@pytest.mark.parametrize("year", ["2027", "2099", "9999"])
def test_what_lies_ahead_counts_from_when_it_was_told(installation: Installation, year: str) -> None:
    ahead = f"{year}-12-31T23:59:59+00:00"
    cart = body("CHECKOUT_CREATED-1", "checkout", email="anon.ada@example.com", created=ahead, updatedAt=ahead)
    take_in(installation, [cart])
    told = datetime.fromisoformat(ISSUED)
    waiting = person(installation)
    assert (waiting.phase, waiting.cart_open_until) == ("sales", told + 30 * DAY)
    take_in(installation, [ordered(id="ahead", created=ahead, updatedAt=ahead, checkoutId=None)])
    shown = person(installation)
    assert (shown.last_order_at, shown.loss_at) == (told, told + 180 * DAY)
    with within(installation.pk):
        assert Cart.objects.get().changed_at == told
    take_in(installation, [registered(dateJoined=ahead)])
    with within(installation.pk):
        assert Account.objects.get().joined_at == told


def test_what_lies_in_the_dawn_of_time_is_long_lost(installation: Installation) -> None:
    take_in(installation, [ordered(created="0001-01-01T00:00:00+00:00")])
    shown = person(installation)
    assert (shown.phase, shown.orders, shown.due_at) == ("loss", 1, None)


NAMES = [
    ("José Ñíguez", "Пушкин"),
    ("محمد", "بن سلمان"),
    ("שרה", "כהן"),
    ("王小明", "李"),
    ("ひなた", "サトウ"),
    ("สมชาย", "ใจดี"),
    ("नरेन्द्र", "ঠাকুর"),
    ("ዓለም", "Նարե"),
    ("Zoë\u0301\u0302", "👩‍👩‍👧‍👦"),
    ("'; DROP TABLE", "<script>{{ x }}</script>"),
]


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_a_name_is_kept_as_it_is_written(installation: Installation, first: str, last: str) -> None:
    address = f"{first.split()[0]}@example.com".lower()
    take_in(installation, [registered(firstName=first, lastName=last, email=address, isConfirmed=True)])
    with within(installation.pk):
        held = Account.objects.get()
        assert (held.first_name, held.last_name) == (first, last)
        assert Identity.objects.filter(value=address, customer=held.identity.customer).exists()


def test_an_address_that_two_accounts_claim_is_the_guests_until_one_confirms(installation: Installation) -> None:
    shared = {"email": "Anon.Ada@example.com"}
    ada, grace = {"id": "VXNlcjox", **shared}, {"id": "VXNlcjoy", **shared}
    take_in(installation, [ordered(), registered(**ada), registered(**grace)])
    assert bought(installation) == {"anon.ada@example.com": 1, "VXNlcjox": 0, "VXNlcjoy": 0}
    later = {"updatedAt": "2026-11-22T11:10:00+00:00", "isConfirmed": True}
    take_in(installation, [registered(**grace, **later)])
    assert bought(installation) == {"anon.ada@example.com": 1, "VXNlcjox": 0, "VXNlcjoy": 1}
    later["updatedAt"] = "2026-11-22T11:20:00+00:00"
    take_in(installation, [registered(**ada, **later)])
    assert bought(installation) == {"anon.ada@example.com": 1, "VXNlcjox": 1, "VXNlcjoy": 0}


def bought(installation: Installation) -> dict[str, int]:
    """Return the orders of whoever each handle is."""
    with within(installation.pk):
        rows = Identity.objects.select_related("customer")
        return {row.value: row.customer.orders for row in rows if row.customer}


def test_ten_thousand_orders_of_one_person_add_up(installation: Installation) -> None:
    first = datetime.fromisoformat("2020-01-01T09:00:00+00:00")
    take_in(
        installation,
        (ordered(id=f"order {n}", number=str(n), created=(first + n * 5 * HOUR).isoformat()) for n in range(10_000)),
    )
    shown = person(installation)
    assert (shown.orders, shown.spent) == (10_000, {"USD": "211900.000"})
    assert (shown.first_order_at, shown.last_order_at) == (first, first + 9_999 * 5 * HOUR)
    with CaptureQueriesContext(connection) as queries:
        take_in(installation, [ordered(id="one more", number="10001")])
    assert person(installation).orders == 10_001
    assert len(queries) < 60, "however many orders there are"
