from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.models import Cart, Customer, Installation
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, CHECKOUT, LINES, account, cart, in_every_order, order, tell

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MORE = (("VmFyaWFudDox", 3),)


def held(installation: Installation) -> Cart:
    with within(installation.pk):
        return Cart.objects.select_related("identity__customer").get()


def test_a_late_snapshot_leaves_the_newer_one_alone(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, lines=MORE, language="es")], now)
    tell(installation, [cart(now - HOUR, lines=LINES, language="en")], now)
    found = held(installation)
    assert (found.lines, found.language, found.updated_at) == ([["VmFyaWFudDox", 3]], "es", now)
    assert found.changed_at == now


def test_a_late_snapshot_can_tell_that_the_lines_were_there_before(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now)], now)
    tell(installation, [cart(now - HOUR)], now)
    found = held(installation)
    assert (found.changed_at, found.updated_at) == (now - HOUR, now)


def test_what_is_stamped_without_new_lines_has_not_changed(installation: Installation, now: datetime) -> None:
    for minutes in range(4):
        tell(installation, [cart(now + minutes * MINUTE, email=f"{minutes}@example.com", user=None)], now)
    found = held(installation)
    assert (found.changed_at, found.email) == (now, "3@example.com")


def test_the_same_lines_again_after_others_are_a_change(installation: Installation, now: datetime) -> None:
    snapshots: list[Fact] = [
        cart(now, lines=LINES),
        cart(now + MINUTE, lines=MORE),
        cart(now + 2 * MINUTE, lines=LINES),
    ]
    for _ in in_every_order(installation, snapshots, now):
        assert held(installation).changed_at == now + 2 * MINUTE


def test_an_order_ends_its_cart_whichever_is_told_first(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        cart(now - HOUR),
        order(now, checkout=CHECKOUT),
        cart(now + MINUTE, lines=MORE),
    ]
    for _ in in_every_order(installation, facts, now):
        found = held(installation)
        assert (found.ordered_at, found.idle_at) == (now, None)


def test_an_order_of_another_cart_ends_nothing(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - HOUR), order(now, checkout="another")], now)
    assert held(installation).ordered_at is None


def test_nobodys_cart_gets_its_person_later(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, user=None, email=None)], now)
    assert held(installation).identity is None
    assert held(installation).idle_at is None
    with within(installation.pk):
        assert Customer.objects.count() == 0
    tell(installation, [cart(now + MINUTE, user=None)], now)
    found = held(installation)
    assert found.identity is not None
    assert found.identity.value == "ada@example.com"
    assert found.idle_at == now + timedelta(minutes=30)
    with within(installation.pk):
        assert Customer.objects.get().phase == "sales"


def test_a_cart_whose_address_is_taken_away_is_nobodys_in_any_order(installation: Installation, now: datetime) -> None:
    facts = [cart(now, user=None), cart(now + MINUTE, user=None, email=None)]
    for _ in in_every_order(installation, facts, now):
        found = held(installation)
        assert (found.email, found.identity, found.idle_at) == (None, None, None)


def test_a_cart_that_goes_over_to_an_account_leaves_the_guest(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, user=None)], now)
    tell(installation, [account(now, confirmed=False), cart(now + MINUTE, user=ADA)], now + MINUTE)
    with within(installation.pk):
        guest, holder = Customer.objects.order_by("id")
        assert (guest.phase, guest.cart_open_until) == ("education", None)
        assert (holder.phase, holder.cart_open_until) == ("sales", now + timedelta(days=30))


def test_what_a_page_of_carts_does_not_tell_stays(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, voucher="SPRING")], now)
    page = replace(cart(now, voucher="ignored"), voucher_code=None)
    tell(installation, [replace(page, version=replace(page.version, issued_at=now + HOUR))], now + HOUR)
    with within(installation.pk):
        assert Cart.objects.get().voucher_code == "SPRING"
