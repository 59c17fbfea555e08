import itertools

import pytest

from saleor_lifecycle.domain.consent import Basis, ConsentRecord, Source, basis

YES = ConsentRecord(Source.ACCOUNT, True)
YES_AT_CHECKOUT = ConsentRecord(Source.CHECKOUT, True)
NO = ConsentRecord(Source.ACCOUNT, False)
NO_AT_CHECKOUT = ConsentRecord(Source.CHECKOUT, False)
UNSUBSCRIBED = ConsentRecord(Source.UNSUBSCRIBE, False)
AGREED_AGAIN = ConsentRecord(Source.UNSUBSCRIBE, True)


@pytest.mark.parametrize(
    ("case", "records", "answer"),
    [
        ("never asked", [], Basis.NONE),
        ("a yes of the account", [YES], Basis.GRANTED),
        ("a yes at the checkout", [YES_AT_CHECKOUT], Basis.GRANTED),
        ("two yeses", [YES, YES_AT_CHECKOUT], Basis.GRANTED),
        ("a no of the account", [NO], Basis.REFUSED),
        ("a no at the checkout outweighs the account's yes", [YES, NO_AT_CHECKOUT], Basis.REFUSED),
        ("a no of the account outweighs the checkout's yes", [NO, YES_AT_CHECKOUT], Basis.REFUSED),
        ("unsubscribed", [UNSUBSCRIBED], Basis.REFUSED),
        ("unsubscribed, though both others say yes", [YES, YES_AT_CHECKOUT, UNSUBSCRIBED], Basis.REFUSED),
        ("subscribed again by the link", [AGREED_AGAIN], Basis.GRANTED),
    ],
)
def test_one_no_outweighs_every_yes_in_any_order(case: str, records: list[ConsentRecord], answer: Basis) -> None:
    for arranged in itertools.permutations(records):
        assert basis(arranged) is answer, case
        assert basis(arranged * 2) is answer, case
