"""What a shop did while the app was away, from a sandbox that answers as Saleor does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions import events, installations
from saleor_lifecycle.domain.backfill import OVERLAP, Kind
from saleor_lifecycle.domain.facts import AppChange, AppFact
from saleor_lifecycle.models import Account, Backfill, Cart, Customer, Event, Installation, Order, Outbox, Product
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import pages
from saleor_lifecycle.sandbox import catalogue, records
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import global_id
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from saleor_lifecycle.tasks import customers, nudge
from saleor_lifecycle.tasks import events as processing
from saleor_lifecycle.tasks.sweep import due
from tests.tasks.importing import (
    Clock,
    checkout,
    empty,
    furnish,
    installed_in,
    left_behind,
    order,
    parts,
    put,
    run,
    user,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(Options(data=tmp_path_factory.mktemp("sandbox"))) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox, now: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Sandbox:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(pages, "SIZE", 3)
    empty(served)
    furnish(served, now)
    with served.shop.change(NOBODY) as change:
        for row in (*served.shop.all(records.Webhook), *served.shop.all(records.Delivery)):
            change.remove(row)
    return served


@pytest.fixture
def shop(sandbox: Sandbox, now: datetime) -> Installation:
    """Imported at noon."""
    shop = installed_in(sandbox, now)
    run(shop, Clock(now))
    return shop


def happen(sandbox: Sandbox, at: datetime) -> None:
    """While nobody listens: a customer changes, one comes, orders are placed and refunded, a cart is filled."""
    one = next(row for row in sandbox.shop.all(records.User) if row.id == global_id("User", 1001))
    bought = next(row for row in sandbox.shop.all(records.Order) if row.number == "4")
    put(
        sandbox,
        replace(one, first_name="Augusta", metadata={"marketing_consent": "no"}, updated_at=at),
        user(6, at),
        replace(bought, charged=Decimal(0), refunded=Decimal(20), updated_at=at),
        order(9, at, "person6@example.com", global_id("User", 1006)),
        checkout(sandbox, 9, at, email="late@example.com"),
    )


def state(shop: Installation, at: datetime) -> dict[str, Any]:
    """Where everybody stands then, without how they came there."""
    customers.run(shop.pk, at)
    return {key: value for key, value in left_behind(shop).items() if key != "changes"}


def test_the_night_after_an_import_is_due_and_reads_what_changed(
    shop: Installation, sandbox: Sandbox, now: datetime
) -> None:
    row = parts(shop)["customers"]
    assert row.since is not None
    assert row.due_at is not None
    assert timedelta(hours=14) < row.due_at - now < timedelta(hours=17)
    assert now - row.since >= OVERLAP
    happen(sandbox, now + timedelta(hours=3))
    night = now + DAY
    assert (nudge.BACKFILL, shop.pk) in due(night)
    assert not run(shop, Clock(night))
    with within(shop.pk):
        assert Account.objects.get(user_id=global_id("User", 1001)).first_name == "Augusta"
        assert Account.objects.filter(user_id=global_id("User", 1006)).exists()
        assert Order.objects.get(number="4").refunded == 20
        assert Cart.objects.filter(email="late@example.com").exists()
    assert {(row.done, row.total) for kind, row in parts(shop).items() if kind == "customers"} == {(5, 5)}
    assert {change[-1] for change in left_behind(shop)["changes"]} == {"import"}


def test_only_what_changed_is_asked_for(
    shop: Installation, sandbox: Sandbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: dict[str, int] = {}
    page = pages.read

    def counting(asked: Any, kind: Kind, *rest: Any) -> pages.Page:
        answer = page(asked, kind, *rest)
        read[kind] = read.get(kind, 0) + answer.read
        return answer

    monkeypatch.setattr(pages, "read", counting)
    happen(sandbox, now + timedelta(hours=3))
    run(shop, Clock(now + DAY))
    # The checkouts of the whole day of the import, and all products.
    assert read == {"customers": 2, "orders": 2, "checkouts": 2, "products": len(catalogue.PRODUCTS)}


@pytest.mark.parametrize("hours", [5, 24 * 30])
def test_an_app_that_was_away_ends_where_one_that_was_not_does(
    sandbox: Sandbox, now: datetime, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = installed_in(sandbox, now)
    run(shop, Clock(now))
    at = now + timedelta(hours=hours)
    happen(sandbox, at)
    back = at + timedelta(hours=1)
    app = AppFact(shop.app_id, AppChange.ACTIVATED, back)
    with within(shop.pk):
        events.apply(Installation.objects.select_related("policy").get(), [app], back)
    assert (nudge.BACKFILL, shop.pk) in due(back)
    run(shop, Clock(back))
    caught_up = state(shop, back + DAY)
    with within(shop.pk):
        backfills.start(shop.pk, back, is_anew=True)
    run(shop, Clock(back))
    assert state(shop, back + DAY) == caught_up
    assert len(caught_up["accounts"]) == 6
    assert len(caught_up["orders"]) == 8


def test_a_round_that_was_under_way_begins_anew_when_the_app_is_back(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        held = next(row for row in backfills.claim(shop.pk, now + DAY) if row.kind == "orders")
        backfills.turn_page(held, "a cursor", (3, 0, None), now + DAY, now + DAY)
        backfills.catch_up(shop.pk, now + 2 * DAY)
    row = parts(shop)["orders"]
    assert (row.cursor, row.round_at, row.due_at) == ("", None, now + 2 * DAY)
    assert row.finished_at is not None


def test_a_shop_that_answers_again_to_a_switched_off_app_is_caught_up(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        Installation.objects.update(state=Installation.State.INACTIVE)
        installations.confirm(Installation.objects.get(), "3.23.28", ["MANAGE_USERS"], now + timedelta(hours=1))
        assert Installation.objects.get().state == Installation.State.ACTIVE
    assert {row.due_at for row in parts(shop).values()} == {now + timedelta(hours=1)}


def test_a_product_that_is_gone_is_marked_and_one_that_comes_back_is_not(
    shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = catalogue.PRODUCTS
    monkeypatch.setattr(catalogue, "PRODUCTS", every[1:])
    run(shop, Clock(now + DAY))
    with within(shop.pk):
        gone = Product.objects.get(removed_at__isnull=False)
        assert (gone.product_id, gone.variant_set.count()) == (every[0].id, 2)  # orders may name its variants
    monkeypatch.setattr(catalogue, "PRODUCTS", every)
    run(shop, Clock(now + 2 * DAY))
    with within(shop.pk):
        assert not Product.objects.filter(removed_at__isnull=False).exists()


def deliver(sandbox: Sandbox, number: int, event: str, at: datetime, body: str | None, status: str = "FAILED") -> None:
    """A delivery to our webhook, as the shop keeps it."""
    app = sandbox.shop.all(records.App)[-1]
    webhook = records.Webhook(
        id=global_id("Webhook", number % 2),
        app_id=app.id,
        name=f"lifecycle {number % 2}",
        identifier=None,
        target_url="https://app.example.com/api/webhooks/saleor",
        query="",
        events=(),
    )
    put(
        sandbox,
        webhook,
        records.Delivery(
            id=global_id("EventDelivery", number),
            event=event,
            webhook_id=webhook.id,
            issued_at=at,
            principal_id=None,
            subject_id="",
            body=body,
            status=status,
        ),
    )


def deletion(shop: Installation, number: int, at: datetime) -> str:
    return (
        f'{{"__typename": "CustomerDeleted", "issuedAt": "{at.isoformat()}", "recipient": {{"id": "{shop.app_id}"}},'
        f' "issuingPrincipal": null, "user": {{"id": "{global_id("User", 1000 + number)}",'
        f' "email": "person{number}@example.com"}}}}'
    )


def test_what_the_shop_could_not_deliver_is_read_and_processed_once(
    shop: Installation, sandbox: Sandbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BODIES", 2)
    for number in range(1, 6):  # over both webhooks, and more than a page of one
        deliver(sandbox, number, "CUSTOMER_DELETED", now, deletion(shop, number, now))
    deliver(sandbox, 7, "CUSTOMER_DELETED", now, deletion(shop, 7, now), "PENDING")
    deliver(sandbox, 8, "ORDER_CREATED", now, None)  # the order was gone before it was told of
    deliver(sandbox, 9, "APP_STATUS_CHANGED", now, '{"__typename": "AppStatusChanged"}')
    soon = now + timedelta(minutes=61)
    assert (nudge.BACKFILL, shop.pk) in due(soon)
    run(shop, Clock(soon))
    with within(shop.pk):
        assert set(Event.objects.values_list("name", flat=True)) == {"customer_deleted"}
        assert Event.objects.count() == 5
    processing.run(shop.pk, soon + DAY)
    with within(shop.pk):
        assert Account.objects.filter(deleted_at=None).count() == 0
        backfills.catch_up(shop.pk, soon)
    run(shop, Clock(soon))
    with within(shop.pk):
        assert Event.objects.count() == 5


def test_failed_deliveries_of_long_ago_are_not_read_again(shop: Installation, sandbox: Sandbox, now: datetime) -> None:
    deliver(sandbox, 1, "CUSTOMER_DELETED", now - OVERLAP - timedelta(minutes=1), deletion(shop, 1, now))
    run(shop, Clock(now + timedelta(minutes=61)))
    with within(shop.pk):
        assert not Event.objects.exists()


def test_an_import_asks_projection_only_for_customers_with_activity(sandbox: Sandbox, now: datetime) -> None:
    shop = installed_in(sandbox, now)
    with within(shop.pk):
        Installation.objects.update(is_projecting=True)
    run(shop, Clock(now))
    with within(shop.pk):
        active = {customer for customer in _active() if customer}
        asked = {int(key) for key in Outbox.objects.values_list("key", flat=True)}
        # Of an order that came before its account, the customer turned out to be the account's.
        asked -= set(Customer.objects.exclude(merged_into=None).values_list("pk", flat=True))
    assert active
    assert asked == active


def _active() -> Iterator[int]:
    for customer in Customer.objects.filter(merged_into=None):
        if customer.before_u is not None or customer.customer_u is not None:
            yield customer.pk


def test_a_lost_nudge_of_a_registration_is_the_sweeps(shop: Installation, now: datetime) -> None:
    assert (nudge.RECONCILE, shop.pk) in due(now)
    with within(shop.pk):
        installations.put_off_webhooks(shop.pk, None)
        assert Backfill.objects.exists()
    assert (nudge.RECONCILE, shop.pk) not in due(timezone.now())
