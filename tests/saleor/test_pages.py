from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.saleor.gateway import Shop
from tests.saleor.conftest import LocalShop
from tests.saleor.test_gateway import shop

__all__ = ["shop"]


def against_the_schema(*rows: int) -> dict[str, Any]:
    """What a Saleor 3.23 filled by ``populatedb`` answers: its orders have no origin."""
    extensions = {"exception": {"code": "GraphQLError"}}
    said = 'Expected a value of type "OrderOriginEnum" but received: '
    paths = [["page", "edges", row, "node", "origin"] for row in rows]
    return {"data": {"page": None}, "errors": [{"message": said, "path": p, "extensions": extensions} for p in paths]}


def an_empty_page(cursor: str) -> dict[str, Any]:
    info = {"hasNextPage": True, "endCursor": cursor}
    return {"data": {"page": {"totalCount": 3, "pageInfo": info, "edges": []}}}


def test_a_page_ends_before_an_order_that_saleor_cannot_give(shop: Shop, local_shop: LocalShop, now: datetime) -> None:
    local_shop.will_answer(against_the_schema(7, 2))
    local_shop.will_answer(an_empty_page("two"))
    page = shop.page(Kind.ORDERS, "", None, now, "consent")
    assert (page.cursor, page.skipped) == ("two", 0)
    assert [one.json["variables"]["first"] for one in local_shop.asked] == [100, 2]


def test_such_an_order_is_passed_and_counted(shop: Shop, local_shop: LocalShop, now: datetime) -> None:
    local_shop.will_answer(against_the_schema(0))
    local_shop.will_answer(an_empty_page("three"))
    page = shop.page(Kind.ORDERS, "two", None, now, "consent")
    assert (page.cursor, page.read, page.skipped) == ("three", 1, 1)
    assert "node" not in local_shop.asked[1].json["query"]
