from datetime import UTC, date, datetime, timedelta

import pytest

from saleor_lifecycle.domain.consent import Basis, Choice, ConsentRecord, Source, choice
from saleor_lifecycle.domain.legal_basis import SoftOptIn, read_rules, rules_document, standing_order

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
YEAR = timedelta(days=365)
FROM = date(2025, 6, 1)
BEGINS = datetime(2025, 6, 1, tzinfo=UTC)
SPAIN = {"ES": SoftOptIn(FROM, YEAR)}
LONG = {"ES": SoftOptIn(date(2020, 1, 1), YEAR)}


@pytest.mark.parametrize(
    ("case", "rules", "country", "channel", "ordered_at", "stands"),
    [
        ("Spain as it is by default: consent", {}, "ES", "email", NOW, False),
        ("the merchant says that opting out was offered", SPAIN, "ES", "email", NOW - YEAR / 2, True),
        ("a text message is the same", SPAIN, "ES", "sms", NOW - YEAR / 2, True),
        ("another channel is none of the law's", SPAIN, "ES", "on-site", NOW - YEAR / 2, False),
        ("no order", SPAIN, "ES", "email", None, False),
        ("a customer in another country", SPAIN, "FR", "email", NOW - YEAR / 2, False),
        ("a country that is not known", SPAIN, "", "email", NOW - YEAR / 2, False),
        ("a law that does not know it", {"US": SoftOptIn(FROM)}, "US", "email", NOW - YEAR / 2, False),
        ("at the first moment of the day it was offered", SPAIN, "ES", "email", BEGINS, True),
        ("just before", SPAIN, "ES", "email", BEGINS - TICK, False),
        ("just before it is too long ago", LONG, "ES", "email", NOW - YEAR + TICK, True),
        ("too long ago", LONG, "ES", "email", NOW - YEAR, False),
    ],
)
def test_an_order_stands_in_for_consent(
    case: str,
    rules: dict[str, SoftOptIn],
    country: str,
    channel: str,
    ordered_at: datetime | None,
    stands: bool,
) -> None:
    found = standing_order(rules, country, channel, ordered_at, NOW)
    assert found == (ordered_at if stands else None), case


def test_it_is_the_weakest_basis_and_a_no_ends_it() -> None:
    no, yes = (ConsentRecord(Source.UNSUBSCRIBE, said, NOW - YEAR) for said in (False, True))
    assert choice([], ordered_at=NOW) == Choice(Basis.SOFT_OPT_IN, since=NOW)
    assert choice([yes], ordered_at=NOW).basis is Basis.GRANTED
    assert choice([no], ordered_at=NOW).basis is Basis.REFUSED, "an order is no new yes"
    assert choice([], is_suppressed=True, ordered_at=NOW).basis is Basis.REFUSED


def test_is_read_as_it_was_stored() -> None:
    rules = SPAIN | {"GB": SoftOptIn(date(2026, 1, 2))}
    assert read_rules(rules_document(rules)) == rules
