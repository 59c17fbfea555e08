from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import visitors
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.domain.touches import Touch
from saleor_lifecycle.models import Activity, Cart, Customer, Identity, Installation, timeline
from saleor_lifecycle.models.entry import within
from tests.actions.test_erasure import anonymised, found
from tests.facts import ADA, GRACE, account, cart, deletion, in_every_order, order, tell
from tests.visits import VISITOR, visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def whose(installation: Installation, visitor: str = VISITOR) -> set[str] | None:
    """Return the other handles of the customer whose a browser is, None for nobody's."""
    with within(installation.pk):
        held = Identity.objects.filter(value=visitors.value_of(installation, visitor)).first()
        if held is None or held.customer is None:
            return None
        assert held.customer.merged_into is None
        return set(held.customer.identities.exclude(kind="visitor").values_list("value", flat=True))


def sources(installation: Installation, kind: str, value: str) -> list[str]:
    with within(installation.pk):
        customer_id = Identity.objects.get(kind=kind, value=value).customer_id
        assert customer_id
        return [entry.touch.source for entry in timeline.entries(customer_id, 100) if entry.touch]


@pytest.mark.parametrize(
    ("case", "user", "handle"),
    [("a guest's", None, {"ada@example.com"}), ("an account's", ADA, {ADA})],
)
def test_a_checkout_that_names_the_browser_brings_its_visits(
    installation: Installation, now: datetime, case: str, user: str | None, handle: set[str]
) -> None:
    visit(installation, now - DAY, "before")
    tell(installation, [replace(cart(now, user=user), visitor=VISITOR)], now)
    assert whose(installation) == handle, case
    visit(installation, now + HOUR, "after")
    kind = "user" if user else "email"
    assert sources(installation, kind, *handle) == ["after", "before"]


def test_an_account_that_names_the_browser_brings_its_visits(installation: Installation, now: datetime) -> None:
    visit(installation, now - DAY, "before")
    tell(installation, [replace(account(now), visitor=VISITOR)], now)
    assert whose(installation) == {ADA, "ada@example.com"}
    assert sources(installation, "user", ADA) == ["before"]


def test_a_checkout_of_nobody_ties_nothing(installation: Installation, now: datetime) -> None:
    visit(installation, now - DAY)
    tell(installation, [replace(cart(now, user=None, email=None), visitor=VISITOR)], now)
    assert whose(installation) is None
    with within(installation.pk):
        assert not Customer.objects.exists()


def test_the_browser_goes_where_its_e_mail_goes(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [replace(cart(now - HOUR, user=None), visitor=VISITOR), account(now)]
    for _ in in_every_order(installation, facts, now):
        assert whose(installation) == {ADA, "ada@example.com"}


def test_the_earliest_who_was_named_has_the_browser_whatever_came_first(
    installation: Installation, now: datetime
) -> None:
    facts: list[Fact] = [
        replace(cart(now - 3 * HOUR, "hers", GRACE, "grace@example.com"), visitor=VISITOR),
        replace(cart(now - 2 * HOUR, "his", ADA), visitor=VISITOR),
        replace(account(now), visitor=VISITOR),
    ]
    for _ in in_every_order(installation, facts, now):
        assert whose(installation) == {GRACE}


def test_a_cart_of_an_e_mail_and_then_of_an_account_is_the_account_s(installation: Installation, now: datetime) -> None:
    later = replace(cart(now), created_at=now - HOUR, visitor=VISITOR)
    facts: list[Fact] = [replace(cart(now - HOUR, user=None), visitor=VISITOR), later]
    for _ in in_every_order(installation, facts, now):
        assert whose(installation) == {ADA}


def test_a_browser_in_one_shop_ties_nothing_in_another(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    visit(installation, now)
    visit(other_installation, now)
    tell(other_installation, [replace(cart(now), visitor=VISITOR)], now)
    assert (whose(installation), whose(other_installation)) == (None, {ADA})


def test_two_people_may_become_one_with_their_browsers(installation: Installation, now: datetime) -> None:
    tell(installation, [replace(cart(now - HOUR, "guest", None), visitor="the-guest-s-browser")], now - HOUR)
    tell(installation, [replace(account(now - HOUR, confirmed=False), visitor=VISITOR)], now - HOUR)
    visit(installation, now - HOUR / 2, "guest", visitor="the-guest-s-browser")
    assert (whose(installation, "the-guest-s-browser"), whose(installation)) == ({"ada@example.com"}, {ADA})
    tell(installation, [account(now)], now)
    assert whose(installation, "the-guest-s-browser") == whose(installation) == {ADA, "ada@example.com"}
    assert sources(installation, "user", ADA) == ["guest"]
    with within(installation.pk):
        assert Customer.objects.filter(merged_into=None).count() == 1


def test_the_newest_snapshot_of_a_cart_says_where_its_person_came_from(
    installation: Installation, now: datetime
) -> None:
    begun = now - 2 * HOUR
    facts: list[Fact] = [
        replace(cart(begun), touch=Touch(begun, "first said")),
        replace(cart(now), created_at=begun, touch=Touch(begun, "said now")),
        replace(cart(now - HOUR), created_at=begun, consent=False),
    ]
    for _ in in_every_order(installation, facts, now):
        with within(installation.pk):
            assert Cart.objects.get().touch["source"] == "said now"


@pytest.fixture
def known(installation: Installation, now: datetime) -> Installation:
    """A shop with a person who was seen in two browsers, one through an e-mail, and with another person."""
    begun = now - DAY
    tell(installation, [replace(account(begun), visitor=VISITOR)], begun)
    guest = replace(cart(begun, "guest", None), visitor="the-other-browser", touch=Touch(begun, "Adsource"))
    tell(installation, [guest], begun)
    visit(installation, now - 3 * HOUR, "Adsource")
    visit(installation, now - 2 * HOUR, "Adsource", visitor="the-other-browser", products=("UHJvZHVjdDo3",))
    visit(installation, now - 2 * HOUR, "hers", GRACE, visitor="the-browser-of-grace")
    visit(installation, now - HOUR, "Adsource", ADA, visitor="the-browser-of-grace")
    return installation


def test_a_deleted_account_takes_browsers_visits_and_touches_along(known: Installation, now: datetime) -> None:
    assert {table for table, _ in found(known, ["Adsource", "UHJvZHVjdDo3"])} == {
        *("lifecycle_activity", "lifecycle_identity", "lifecycle_cart"),
    }
    tell(known, [deletion(now)], now)
    assert found(known, ["Adsource", "UHJvZHVjdDo3"]) == set()
    assert whose(known) is None
    assert whose(known, "the-other-browser") is None
    with within(known.pk):
        assert sources(known, "user", GRACE) == ["hers"]
        assert Identity.objects.filter(kind="visitor").count() == 1
        assert Cart.objects.get().lines, "the sums stay"


def test_an_anonymised_order_takes_the_guest_s_browser_along(installation: Installation, now: datetime) -> None:
    begun = now - DAY
    guest = replace(cart(begun, user=None), visitor=VISITOR, touch=Touch(begun, "Adsource"))
    tell(installation, [guest, order(begun, user=None)], begun)
    visit(installation, now - HOUR, "Adsource")
    tell(installation, [anonymised(now, placed=begun)], now)
    assert found(installation, ["Adsource"]) == set()
    with within(installation.pk):
        assert not Activity.objects.exists()


def test_nothing_late_brings_a_browser_back_to_the_erased(installation: Installation, now: datetime) -> None:
    begun = now - DAY
    facts: list[Fact] = [
        replace(account(begun), visitor=VISITOR),
        replace(cart(begun, "guest", None), visitor=VISITOR, touch=Touch(begun, "Adsource")),
        replace(cart(begun, "own"), visitor=VISITOR, touch=Touch(begun, "Adsource")),
        deletion(now),
    ]
    visit(installation, now - 2 * DAY, "of nobody")
    for _ in in_every_order(installation, facts, now):
        assert whose(installation) is None
        with within(installation.pk):
            assert {str(row.touch) for row in Cart.objects.all()} == {"{}"}


def test_one_who_comes_back_has_the_browser_anew(installation: Installation, now: datetime) -> None:
    tell(installation, [replace(account(now - DAY), visitor=VISITOR)], now - DAY)
    tell(installation, [deletion(now)], now)
    tell(installation, [replace(cart(now + DAY, "anew", None), visitor=VISITOR)], now + DAY)
    assert whose(installation) == {"ada@example.com"}
