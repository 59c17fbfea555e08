"""Histories of one customer, drawn by hypothesis: accounts, orders and carts of a few years."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from saleor_lifecycle.domain.profile import CartRow, OrderRow

START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)

moments = st.datetimes(START.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
# Now and then two things happen in the same second.
common = st.one_of(moments, st.integers(0, 20).map(lambda day: START + timedelta(days=20 * day)))
money = st.sampled_from([Decimal(0), Decimal("19.90"), Decimal(30)])

orders = st.builds(
    OrderRow,
    created_at=common,
    status=st.sampled_from(["UNCONFIRMED", "UNFULFILLED", "FULFILLED", "RETURNED", "CANCELED", "EXPIRED"]),
    charge_status=st.sampled_from(["NONE", "PARTIAL", "FULL"]),
    charged=money,
    refunded=money,
    total=money,
    currency=st.sampled_from(["EUR", "USD"]),
)
carts = st.builds(CartRow, changed_at=common, is_empty=st.booleans(), is_ordered=st.booleans())
