"""A shop with a past in a sandbox, and what an import of it left behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models import (
    Account,
    Backfill,
    Cart,
    Customer,
    Identity,
    Installation,
    Order,
    PhaseChange,
    Product,
    Variant,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import manifest
from saleor_lifecycle.sandbox import records
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import global_id
from saleor_lifecycle.sandbox.server import Sandbox
from saleor_lifecycle.tasks.backfill import work
from tests.recordings import recorded_jwks

LINE = records.OrderLine(
    id="line", variant_id="variant", product_name="Mug", variant_name="Blue", sku="M", price=Decimal(10), quantity=2
)
TOKEN = "a-token-of-the-shop"


def user(number: int, joined: datetime, **details: Any) -> records.User:
    """An account with a confirmed e-mail; it is the numberth."""
    details = {"is_confirmed": True, "updated_at": joined} | details
    return records.User(
        id=global_id("User", 1000 + number), email=f"person{number}@example.com", date_joined=joined, **details
    )


def order(number: int, created: datetime, email: str, user_id: str | None = None, **details: Any) -> records.Order:
    """An order that was paid."""
    details = {"charged": Decimal(20), "status": "FULFILLED", "updated_at": created} | details
    return records.Order(
        id=global_id("Order", f"00000000-0000-4000-8000-{number:012}"),
        number=str(number),
        created=created,
        checkout_id=None,
        user_id=user_id,
        user_email=email,
        language_code="EN",
        lines=(LINE,),
        total=Decimal(20),
        **details,
    )


def checkout(sandbox: Sandbox, number: int, at: datetime, **details: Any) -> records.Checkout:
    """A checkout with one line."""
    line = records.CheckoutLine(id=f"line{number}", variant_id=sandbox.shop.all(records.Variant)[0].id, quantity=2)
    details = {"lines": (line,), "updated_at": at} | details
    return records.Checkout(id=global_id("Checkout", f"00000000-0000-4000-8000-{number:012}"), created=at, **details)


def put(sandbox: Sandbox, *rows: records.Record) -> None:
    with sandbox.shop.change(NOBODY) as change:
        for row in rows:
            change.put(row)


def empty(sandbox: Sandbox) -> None:
    """Take out customers, orders, checkouts and apps."""
    with sandbox.shop.change(NOBODY) as change:
        for kind in (records.User, records.Order, records.Checkout, records.App):
            for row in sandbox.shop.all(kind):
                if not getattr(row, "is_staff", False):
                    change.remove(row)


def furnish(sandbox: Sandbox, now: datetime) -> None:
    """Accounts, one of them with the yes to mails, guests, orders of every kind, carts young and old."""

    def days(number: int) -> datetime:
        return now - timedelta(days=number)

    put(
        sandbox,
        user(1, days(900), metadata={"marketing_consent": "yes"}, first_name="Ada"),
        user(2, days(300)),
        user(3, days(200), is_confirmed=False),
        user(4, days(100)),
        user(5, days(10)),
        order(1, days(800), "person1@example.com", global_id("User", 1001)),
        order(2, days(5), "person1@example.com", global_id("User", 1001)),
        order(3, days(250), "person2@example.com", global_id("User", 1002)),
        order(4, days(20), "guest@example.com"),
        order(5, days(15), "person4@example.com"),  # placed as a guest, with the account's address
        order(6, days(3), "unpaid@example.com", charged=Decimal(0), status="UNFULFILLED"),
        order(7, days(2), "void@example.com", status="CANCELED"),
        checkout(sandbox, 1, now - timedelta(minutes=5), email="young@example.com"),
        checkout(sandbox, 2, days(20), user_id=global_id("User", 1005), email="person5@example.com"),
        checkout(sandbox, 3, days(60), email="old@example.com"),
        checkout(sandbox, 4, days(1)),  # nobody's
    )


def installed_in(sandbox: Sandbox, now: datetime, permissions: tuple[str, ...] = manifest.PERMISSIONS) -> Installation:
    """The app, installed in the sandbox; its import is due."""
    with sandbox.shop.change(NOBODY) as change:
        app = records.App(
            id=change.next_id("App"),
            name="Lifecycle",
            identifier=manifest.APP_ID,
            version="0.1.0",
            manifest_url="https://app.example.com/api/manifest",
            token=TOKEN,
            permissions=permissions,
            created=now,
        )
        change.put(app)
    installation_id = register(
        Registration(sandbox.api_url, app.id, TOKEN, recorded_jwks(), "3.23.28", "A shop", permissions), now
    )
    with within(installation_id):
        backfills.begin(installation_id, now)
        return Installation.objects.get(pk=installation_id)


@dataclass
class Clock:
    """The time of the import, which only its pauses move."""

    now: datetime
    pauses: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)


def run(installation: Installation, clock: Clock, told: Callable[[], object] = lambda: None) -> bool:
    return work(installation.pk, 3600, told, clock.pause, clock)


def parts(installation: Installation) -> dict[str, Backfill]:
    with within(installation.pk):
        return {row.kind: row for row in Backfill.objects.filter(installation_id=installation.pk)}


def left_behind(installation: Installation) -> dict[str, Any]:
    """All that an import of the shop leads to; who is who by identities, without numbers and times of arrival."""
    with within(installation.pk):
        names: dict[int, list[str]] = {}
        for identity in Identity.objects.order_by("kind", "value"):
            names.setdefault(identity.customer_id or 0, []).append(f"{identity.kind} {identity.value}")
        people = [
            (
                names.get(customer.pk),
                *(getattr(customer, name) for name in ("phase", "phase_reason", "band", "orders", "last_placed_at")),
                *(getattr(customer, name) for name in ("first_order_at", "spent", "loss_at", "due_at", "before_u")),
                customer.customer_u,
            )
            for customer in Customer.objects.filter(merged_into=None)
        ]
        changes = [(names.get(one.customer_id), one.before, one.after, one.cause) for one in PhaseChange.objects.all()]
        return {
            "people": sorted(people, key=str),
            "changes": sorted(changes, key=str),
            "accounts": sorted(Account.objects.values_list("user_id", "email", "is_confirmed", "first_name")),
            "orders": sorted(
                Order.objects.values_list("order_id", "status", "charged", "created_at", "lines"), key=str
            ),
            "products": sorted(Product.objects.values_list("product_id", "category", "removed_at"), key=str),
            "variants": sorted(Variant.objects.values_list("variant_id", "product__product_id")),
            "carts": sorted(Cart.objects.values_list("checkout_id", "changed_at", "lines_hash", "idle_at"), key=str),
        }
