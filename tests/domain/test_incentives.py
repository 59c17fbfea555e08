from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.incentives import (
    ALPHABET,
    Buyer,
    CostedLine,
    Incentive,
    NoCode,
    ends_at,
    expires_on,
    keeps_margin,
    refusal,
    spelled,
)

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
CODE = Incentive(percent=10, lasts=timedelta(hours=48))
FIRST = Incentive(percent=10, lasts=timedelta(hours=48), first_order_only=True)


@pytest.mark.parametrize(
    ("case", "incentive", "buyer", "reason"),
    [
        ("a newcomer", FIRST, Buyer(), None),
        ("has ordered, where that does not matter", CODE, Buyer(orders=1), None),
        ("has ordered", FIRST, Buyer(orders=1), NoCode.NOT_FIRST_ORDER),
        ("has a voucher in the cart", CODE, Buyer(has_voucher_in_cart=True), NoCode.VOUCHER_IN_CART),
        ("left two carts", CODE, Buyer(carts_left=2), None),
        ("left three carts", CODE, Buyer(carts_left=3), NoCode.SERIAL_ABANDONER),
        ("bought only with codes", CODE, Buyer(orders=2, orders_with_code=2), NoCode.SERIAL_ABANDONER),
        ("bought without one, too", CODE, Buyer(orders=2, orders_with_code=1), None),
        ("had one a second too late", CODE, Buyer(last_code_at=NOW - 180 * DAY + SECOND), NoCode.HAD_ONE),
        ("had one long ago", CODE, Buyer(last_code_at=NOW - 180 * DAY), None),
    ],
)
def test_says_who_may_have_a_code(case: str, incentive: Incentive, buyer: Buyer, reason: NoCode | None) -> None:
    assert refusal(incentive, buyer, NOW) is reason, case


@pytest.mark.parametrize(
    ("zone", "given_at", "day"),
    [
        ("UTC", NOW, date(2026, 3, 13)),
        ("Europe/Madrid", datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC), date(2026, 3, 13)),
        ("Europe/Madrid", datetime(2026, 3, 11, 23, 0, tzinfo=UTC), date(2026, 3, 14)),
    ],
)
def test_lasts_to_the_end_of_the_shops_day(zone: str, given_at: datetime, day: date) -> None:
    found = expires_on(CODE, given_at, ZoneInfo(zone))
    assert found == day
    ends = ends_at(found, ZoneInfo(zone))
    assert given_at + CODE.lasts <= ends
    assert ends + SECOND == datetime.combine(day + DAY, datetime.min.time(), ZoneInfo(zone))


@given(st.binary(min_size=32, max_size=32))
def test_spells_a_code_that_nobody_misreads(digest: bytes) -> None:
    code = spelled(digest)
    assert [len(part) for part in code.split("-")] == [5, 5, 5]
    assert set(code) <= {*ALPHABET, "-"}
    assert set(ALPHABET).isdisjoint("01ILOU")


def test_spells_each_digest_otherwise() -> None:
    assert len(ALPHABET) ** 15 > 2**60
    assert len({spelled(number.to_bytes(32)) for number in range(5000)}) == 5000


@pytest.mark.parametrize(
    ("case", "lines", "is_kept"),
    [
        ("nothing is known", [CostedLine(Decimal(10), None)], True),
        ("earns just enough: 90 brought, 76.5 spent", [CostedLine(Decimal(100), Decimal("76.5"))], True),
        ("a cent too little", [CostedLine(Decimal(100), Decimal("76.51"))], False),
        (
            "one line earns for another",
            [CostedLine(Decimal(100), Decimal(90)), CostedLine(Decimal(100), Decimal(20))],
            True,
        ),
        (
            "what is not known does not count",
            [CostedLine(Decimal(100), Decimal(90)), CostedLine(Decimal(900), None)],
            False,
        ),
    ],
)
def test_keeps_a_margin_where_the_cost_is_known(case: str, lines: list[CostedLine], is_kept: bool) -> None:
    assert keeps_margin(lines, 10, 15) is is_kept, case
