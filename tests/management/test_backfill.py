from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.domain.backfill import Kind, Progress, State
from saleor_lifecycle.management.commands.backfill import line
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from tests.shop_server import ShopServer, install_at, shop_server

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

FIRST = "https://shop.example.com/graphql/"


def lines_of(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("backfill", *arguments, stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _shops_are_near(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def empty_page(count: int) -> dict[str, Any]:
    return {"page": {"totalCount": count, "pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": []}}


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A shop in which nothing happened yet."""
    answer = shop_server.answer

    def with_pages(operation: str, variables: dict[str, Any], token: str) -> dict[str, Any]:
        return empty_page(0) if operation.endswith("Page") else answer(operation, variables, token)

    monkeypatch.setattr(shop_server, "answer", with_pages)
    return install_at(shop_server, now)


def test_reads_all_kinds_and_tells_of_each(shop: Installation) -> None:
    told = lines_of("--rate", "50")
    assert told[0] == shop.saleor_api_url
    # Side by side: whose page comes first is nobody's to say.
    assert sorted(told[1:]) == [
        f"{kind:<10}   100%  0 of 0" for kind in ("checkouts", "customers", "orders", "products")
    ]
    with within(shop.pk):
        assert {part.state for part in backfills.progress(shop.pk)} == {State.FINISHED}
        assert Installation.objects.get(pk=shop.pk).import_pages_per_second == 50


def test_a_line_says_how_far_how_fast_and_how_long() -> None:
    at = datetime(2026, 3, 11, 12, tzinfo=UTC)
    part = Progress(Kind.ORDERS, 100, 400, 2, at, at + timedelta(seconds=20), None, "")
    assert line(part, 8) == (
        "orders      [##......]    25%  100 of 400  5 a second  1:00 left  2 could not be taken in"
    )


def test_goes_on_where_it_stopped_and_begins_anew_when_told(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(shop.pk):
        backfills.begin(shop.pk, now)
        held = backfills.claim(shop.pk, now)
        backfills.turn_page(held[0], None, (0, 0, 0), now, now + timedelta(days=999))
    lines_of("--rate", "50")
    assert pages_of(shop_server) == ["CheckoutsPage", "OrdersPage", "ProductsPage"]
    shop_server.asked.clear()
    lines_of("--restart")
    assert pages_of(shop_server) == ["CheckoutsPage", "CustomersPage", "OrdersPage", "ProductsPage"]


def pages_of(shop_server: ShopServer) -> list[str]:
    return sorted(operation for operation in shop_server.asked if operation.endswith("Page"))


def test_a_shop_in_trouble_is_told_and_fails_the_command(shop: Installation, shop_server: ShopServer) -> None:
    shop_server.trouble = 503
    output = StringIO()
    with pytest.raises(CommandError, match="1 of 1 shops need a look"):
        call_command("backfill", stdout=output)
    assert (
        output.getvalue()
        .splitlines()[-1]
        .startswith(
            f"{shop.saleor_api_url}: TROUBLE ShopAway: CustomersPage: HTTP 503; ShopAway: OrdersPage: HTTP 503; "
        )
    )


def test_an_unknown_shop_is_answered_with_those_that_there_are(installation: Installation) -> None:
    with pytest.raises(CommandError, match=FIRST):
        lines_of("https://nowhere.example.com/graphql/")


def test_a_rate_that_makes_no_sense_is_refused_and_starts_nothing(installation: Installation) -> None:
    with pytest.raises(CommandError, match=r"--rate: give 0\.1 to 50 pages a second"):
        lines_of("--rate", "0")
    with within(installation.pk):
        assert backfills.progress(installation.pk) == []
