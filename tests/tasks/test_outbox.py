"""The task deliver: the phase on Saleor's record, written only where it changed."""

from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import installations
from saleor_lifecycle.actions.outbox import RETRY_AFTER
from saleor_lifecycle.models import Customer, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers, outbox
from tests.facts import ADA, GRACE, account, cart, order, tell
from tests.shop_server import ShopServer, install_at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    """A shop that has agreed to the projection, with one customer in sales phase."""
    shop = install_at(shop_server, now)
    with within(shop.pk):
        installations.set_projection(shop, True, now)
    tell(shop, [account(now - DAY), cart(now)], now)
    return shop


def metadata(written: dict[str, object], kind: str) -> dict[str, str]:
    entries = written["input"][kind]  # type: ignore[index]
    return {entry["key"]: entry["value"] for entry in entries}


def waiting(shop: Installation) -> list[tuple[int, str, datetime]]:
    with within(shop.pk):
        rows = Outbox.objects.filter(due_at__isnull=False).order_by("id")
        return [(row.attempts, row.error, row.due_at) for row in rows if row.due_at]


def test_the_phase_stands_where_it_can_be_filtered_and_the_rest_where_nobody_else_reads_it(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    assert outbox.run(shop.pk, now) > 0
    (written,) = shop_server.projected
    assert written["id"] == ADA
    assert metadata(written, "metadata") == {"lifecycle.phase": "sales"}
    assert metadata(written, "privateMetadata") == {
        "lifecycle.phase": "sales",
        "lifecycle.phase_since": "2026-03-11",
        "lifecycle.engagement": "warm",
        "lifecycle.loss_date": "",
    }
    assert waiting(shop) == []


def test_only_what_changed_is_written(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    outbox.run(shop.pk, now)
    later = now + 2 * DAY
    tell(shop, [order(later)], later)
    outbox.run(shop.pk, later)
    written = shop_server.projected[1]
    assert metadata(written, "metadata") == {"lifecycle.phase": "retention"}
    assert metadata(written, "privateMetadata") == {
        "lifecycle.phase": "retention",
        "lifecycle.phase_since": "2026-03-13",
        "lifecycle.engagement": "hot",
        "lifecycle.loss_date": "2026-09-09",
    }


def test_a_loss_date_that_moves_within_its_phase_is_told_within_a_day(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [order(now)], now)
    outbox.run(shop.pk, now)
    later = now + 100 * DAY
    tell(shop, [order(later, "a second order")], later)
    assert outbox.run(shop.pk, later + DAY - timedelta(seconds=1)) == 0
    outbox.run(shop.pk, later + DAY)
    assert metadata(shop_server.projected[-1], "privateMetadata") == {"lifecycle.loss_date": "2026-09-17"}


def test_what_came_back_to_what_it_was_asks_the_shop_nothing(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    with within(shop.pk):
        Outbox.objects.update(due_at=now)
    outbox.run(shop.pk, now)
    assert shop_server.asked == ["ProjectCustomers"]
    assert waiting(shop) == []


def test_one_refused_customer_is_tried_again_and_the_others_are_done(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [account(now - DAY, GRACE, "grace@example.com"), cart(now, "another", GRACE)], now)
    shop_server.refused_users = {ADA: "GRAPHQL_ERROR"}
    outbox.run(shop.pk, now)
    assert shop_server.asked == ["ProjectCustomers"]
    assert waiting(shop) == [(1, "GRAPHQL_ERROR", now + RETRY_AFTER[0])]
    shop_server.refused_users = {}
    outbox.run(shop.pk, now + RETRY_AFTER[0])
    assert [one["id"] for one in shop_server.projected[2:]] == [ADA]
    assert waiting(shop) == []


def test_a_shop_that_is_away_is_told_later(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    shop_server.trouble = 503
    at = now
    for number, pause in enumerate([*RETRY_AFTER, RETRY_AFTER[-1]], 1):
        outbox.run(shop.pk, at)
        ((attempts, error, due_at),) = [one for one in waiting(shop) if one[0]]
        assert (attempts, due_at) == (number, at + pause)
        assert error.startswith("ShopAway")
        at = due_at
    assert shop_server.projected == []
    shop_server.trouble = None
    outbox.run(shop.pk, at)
    assert [one["id"] for one in shop_server.projected] == [ADA]
    assert waiting(shop) == []


@pytest.mark.parametrize("answer", [None, False])
def test_nothing_is_written_while_the_merchant_has_not_agreed(
    answer: bool | None, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(shop.pk):
        Installation.objects.update(is_projecting=answer)
    outbox.run(shop.pk, now)
    assert shop_server.asked == []


@pytest.mark.parametrize(("state", "waits"), [("inactive", True), ("removed", False)])
def test_a_shop_that_does_not_want_us_now_is_not_called(
    state: str, waits: bool, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(shop.pk):
        Installation.objects.update(state=state)
    outbox.run(shop.pk, now)
    assert shop_server.asked == []
    assert bool(waiting(shop)) == waits


def test_what_time_alone_has_moved_is_told_too(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    outbox.run(shop.pk, now)
    with within(shop.pk):
        due = Customer.objects.get(merged_into=None).due_at
    assert due is not None
    while due is not None:
        at = due
        customers.run(shop.pk, at)
        with within(shop.pk):
            due = Customer.objects.get(merged_into=None).due_at
    outbox.run(shop.pk, at)
    assert metadata(shop_server.projected[-1], "metadata") == {"lifecycle.phase": "education"}


def test_those_without_an_account_have_no_record_to_write_to(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [cart(now, "a guest's", None, "guest@example.com")], now)
    outbox.run(shop.pk, now)
    assert [one["id"] for one in shop_server.projected] == [ADA]
    assert waiting(shop) == []
