from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions.consent import address_hash
from saleor_lifecycle.domain.consent import Basis, basis
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.models import Consent, Customer, Installation
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, account, cart, deletion, in_every_order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def stands(installation: Installation, value: str = ADA) -> Basis:
    """Return the basis of the person behind an identity."""
    with within(installation.pk):
        person = Customer.objects.get(identities__value=value)
        rows = Consent.objects.filter(identity__customer=person)
        return basis(row.value() for row in rows)


def test_the_newest_word_of_an_account_counts_in_any_order(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [account(now - HOUR, consent=True), account(now, consent=False)]
    for _ in in_every_order(installation, facts, now):
        assert stands(installation) is Basis.REFUSED


def test_a_yes_that_is_taken_out_of_the_metadata_is_no_yes(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - HOUR, consent=True)], now)
    assert stands(installation) is Basis.GRANTED
    tell(installation, [account(now, consent=None)], now)
    assert stands(installation) is Basis.NONE
    tell(installation, [account(now - 2 * HOUR, consent=True)], now)
    assert stands(installation) is Basis.NONE, "a late one does not bring it back"


def test_the_newest_checkout_that_says_anything_counts(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        cart(now - 2 * HOUR, "one", consent=True),
        cart(now - HOUR, "two", consent=False),
        cart(now, "three", consent=None),
    ]
    for _ in in_every_order(installation, facts, now):
        assert stands(installation) is Basis.REFUSED


@pytest.mark.parametrize(("account_says", "checkout_says"), [(True, False), (False, True)])
def test_of_two_sources_the_stricter_counts(
    account_says: bool, checkout_says: bool, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now, consent=account_says), cart(now + HOUR, consent=checkout_says)], now)
    assert stands(installation) is Basis.REFUSED


def test_on_joining_the_strictest_wins(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, user=None, consent=False)], now)
    tell(installation, [account(now, consent=True, confirmed=False)], now)
    assert stands(installation) is Basis.GRANTED
    tell(installation, [account(now + HOUR, consent=True, confirmed=True)], now)
    assert stands(installation) is Basis.REFUSED


def test_a_strangers_yes_is_not_the_accounts(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, user=None, consent=True), account(now, confirmed=False)], now)
    assert stands(installation) is Basis.NONE


def test_nothing_said_is_no_consent(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), cart(now)], now)
    assert stands(installation) is Basis.NONE


def test_a_deleted_account_says_nothing_any_more(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - HOUR, consent=True), deletion(now)], now)
    assert stands(installation) is Basis.NONE


def test_an_address_has_another_hash_in_each_shop_and_on_each_channel(
    installation: Installation, other_installation: Installation
) -> None:
    hashes = {
        address_hash(installation, "email", "ada@example.com"),
        address_hash(installation, "sms", "ada@example.com"),
        address_hash(other_installation, "email", "ada@example.com"),
    }
    assert len(hashes) == 3
    assert address_hash(installation, "email", " Ada@Example.com ") in hashes
