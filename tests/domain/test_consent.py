import itertools
from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.consent import (
    Basis,
    Choice,
    ConsentRecord,
    Refusal,
    Source,
    basis,
    choice,
    is_withdrawn,
)

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(microseconds=1)

YES = ConsentRecord(Source.ACCOUNT, True, LATER)
YES_AT_CHECKOUT = ConsentRecord(Source.CHECKOUT, True, LATER)
NO = ConsentRecord(Source.ACCOUNT, False, NOON)
NO_AT_CHECKOUT = ConsentRecord(Source.CHECKOUT, False, NOON)
UNSUBSCRIBED = ConsentRecord(Source.UNSUBSCRIBE, False, NOON)
UNSUBSCRIBED_LATER = ConsentRecord(Source.UNSUBSCRIBE, False, LATER)
GIVEN = ConsentRecord(Source.STOREFRONT, True, NOON)
GIVEN_LATER = ConsentRecord(Source.STOREFRONT, True, LATER)
WITHDRAWN = ConsentRecord(Source.STOREFRONT, False, NOON)
WITHDRAWN_LATER = ConsentRecord(Source.STOREFRONT, False, LATER)

CASES = [
    ("never asked", [], Basis.NONE, None),
    ("a yes of the account", [YES], Basis.GRANTED, None),
    ("a yes at the checkout", [YES_AT_CHECKOUT], Basis.GRANTED, None),
    ("two yeses", [YES, YES_AT_CHECKOUT], Basis.GRANTED, None),
    ("a no of the account", [NO], Basis.REFUSED, Refusal.ACCOUNT_SAYS_NO),
    (
        "a no at the checkout outweighs the account's yes",
        [YES, NO_AT_CHECKOUT],
        Basis.REFUSED,
        Refusal.CHECKOUT_SAYS_NO,
    ),
    ("a no of the account outweighs the checkout's yes", [NO, YES_AT_CHECKOUT], Basis.REFUSED, Refusal.ACCOUNT_SAYS_NO),
    ("unsubscribed", [UNSUBSCRIBED], Basis.REFUSED, Refusal.UNSUBSCRIBED),
    ("unsubscribed; both others say yes", [YES, YES_AT_CHECKOUT, UNSUBSCRIBED], Basis.REFUSED, Refusal.UNSUBSCRIBED),
    ("given", [GIVEN], Basis.GRANTED, None),
    ("withdrawn", [WITHDRAWN], Basis.REFUSED, Refusal.WITHDRAWN),
    ("given after the unsubscription", [UNSUBSCRIBED, GIVEN_LATER], Basis.GRANTED, None),
    ("unsubscribed after it was given", [GIVEN, UNSUBSCRIBED_LATER], Basis.REFUSED, Refusal.UNSUBSCRIBED),
    ("both at one moment", [GIVEN, UNSUBSCRIBED], Basis.REFUSED, Refusal.UNSUBSCRIBED),
    ("given for one topic, withdrawn for all later", [GIVEN, WITHDRAWN_LATER], Basis.REFUSED, Refusal.WITHDRAWN),
    ("withdrawn for all, given for one topic later", [WITHDRAWN, GIVEN_LATER], Basis.GRANTED, None),
    ("withdrawn after the unsubscription", [UNSUBSCRIBED, WITHDRAWN_LATER], Basis.REFUSED, Refusal.WITHDRAWN),
    ("given, but the account says no", [NO, GIVEN_LATER], Basis.REFUSED, Refusal.ACCOUNT_SAYS_NO),
    ("given, but a checkout says no", [NO_AT_CHECKOUT, GIVEN_LATER], Basis.REFUSED, Refusal.CHECKOUT_SAYS_NO),
    ("withdrawn; the account's yes is newer", [WITHDRAWN, YES], Basis.REFUSED, Refusal.WITHDRAWN),
]


@pytest.mark.parametrize(("case", "records", "answer", "refusal"), CASES)
def test_one_no_outweighs_every_yes_but_our_own_newer_one_in_any_order(
    case: str, records: list[ConsentRecord], answer: Basis, refusal: Refusal | None
) -> None:
    for arranged in itertools.permutations(records):
        assert basis(arranged) is answer, case
        assert basis(arranged * 2) is answer, case
        assert choice(arranged).refusal is refusal, case


@pytest.mark.parametrize(
    ("case", "records", "answer"),
    [
        ("nothing said", [], Choice(Basis.NONE)),
        ("the newest yes is named", [GIVEN, YES], Choice(Basis.GRANTED, None, Source.ACCOUNT, LATER)),
        (
            "the newest no is named",
            [NO, UNSUBSCRIBED_LATER],
            Choice(Basis.REFUSED, Refusal.UNSUBSCRIBED, Source.UNSUBSCRIBE, LATER),
        ),
        (
            "a word that was replaced is not named",
            [UNSUBSCRIBED, GIVEN_LATER],
            Choice(Basis.GRANTED, None, Source.STOREFRONT, LATER),
        ),
    ],
)
def test_says_who_said_it_and_when(case: str, records: list[ConsentRecord], answer: Choice) -> None:
    for arranged in itertools.permutations(records):
        assert choice(arranged) == answer, case


@pytest.mark.parametrize("records", [[], [YES], [UNSUBSCRIBED, GIVEN_LATER]])
def test_an_address_that_is_never_written_to_outweighs_every_yes(records: list[ConsentRecord]) -> None:
    assert choice(records, is_suppressed=True) == Choice(Basis.REFUSED, Refusal.ADDRESS_SUPPRESSED)


def test_the_persons_own_no_is_named_before_the_addresss() -> None:
    assert choice([WITHDRAWN], is_suppressed=True).refusal is Refusal.WITHDRAWN


@pytest.mark.parametrize(
    ("case", "records", "answer"),
    [
        ("nothing said", [], False),
        ("only the shop's record says no", [NO, NO_AT_CHECKOUT], False),
        ("unsubscribed", [UNSUBSCRIBED, YES], True),
        ("withdrawn", [WITHDRAWN, YES], True),
        ("given again", [UNSUBSCRIBED, GIVEN_LATER], False),
        ("unsubscribed again", [GIVEN, UNSUBSCRIBED_LATER], True),
        ("both at one moment", [GIVEN, UNSUBSCRIBED], True),
    ],
)
def test_is_withdrawn_by_the_persons_own_newest_word(case: str, records: list[ConsentRecord], answer: bool) -> None:
    for arranged in itertools.permutations(records):
        assert is_withdrawn(arranged) is answer, case


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([(Source.IMPORT, True, 0)], Basis.GRANTED),
        ([(Source.IMPORT, False, 0)], Basis.REFUSED),
        ([(Source.UNSUBSCRIBE, False, 0), (Source.IMPORT, True, 5)], Basis.REFUSED),
        ([(Source.STOREFRONT, False, 0), (Source.IMPORT, True, 5)], Basis.REFUSED),
        ([(Source.IMPORT, False, 0), (Source.STOREFRONT, True, 5)], Basis.GRANTED),
        ([(Source.IMPORT, False, 5), (Source.STOREFRONT, True, 5)], Basis.REFUSED),
        ([(Source.IMPORT, False, 5), (Source.STOREFRONT, True, 0)], Basis.REFUSED),
        ([(Source.ORDER, False, 0), (Source.IMPORT, True, 5)], Basis.REFUSED),
    ],
)
def test_an_imported_yes_outweighs_nothing_and_an_imported_no_counts_until_a_newer_yes(
    records: list[tuple[Source, bool, int]], says: Basis
) -> None:
    at = datetime(2026, 3, 11, tzinfo=UTC)
    assert basis(ConsentRecord(source, granted, at + timedelta(days=day)) for source, granted, day in records) is says
