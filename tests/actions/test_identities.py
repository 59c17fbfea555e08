from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import consent
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.models import Account, Cart, Customer, Enrollment, Flow, Identity, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import events as inbox
from saleor_lifecycle.tasks import flows as passages
from tests.facts import ADA, GRACE, account, cart, deletion, in_every_order, order, receive, tell
from tests.recordings import recordings

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Handles = set[str]


def people(installation: Installation) -> list[tuple[Handles, int]]:
    """Return the handles and the orders of each person."""
    with within(installation.pk):
        found = [
            (set(customer.identities.values_list("value", flat=True)), customer.orders)
            for customer in Customer.objects.filter(merged_into=None)
        ]
        return sorted(found, key=str)


def test_a_confirmed_address_and_its_account_are_one_person(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        order(now - DAY, "as a guest", user=None),
        order(now, "with the account"),
        account(now - HOUR, confirmed=True),
    ]
    for _ in in_every_order(installation, facts, now):
        assert people(installation) == [({ADA, "ada@example.com"}, 2)]


def test_an_address_that_nobody_confirmed_stays_a_person_of_its_own(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        order(now - DAY, "as a guest", user=None),
        order(now, "with the account"),
        account(now - HOUR, confirmed=False),
    ]
    for _ in in_every_order(installation, facts, now):
        assert people(installation) == sorted([({ADA}, 1), ({"ada@example.com"}, 1)], key=str)


def test_an_address_belongs_to_the_account_that_confirmed_it_last(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - 2 * HOUR, ADA),
        account(now - HOUR, GRACE),
        order(now, "as a guest", user=None),
    ]
    for _ in in_every_order(installation, facts, now):
        assert people(installation) == sorted([({ADA}, 0), ({GRACE, "ada@example.com"}, 1)], key=str)


def test_one_account_keeps_each_address_it_ever_confirmed(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - HOUR, email="ada@example.com"),
        account(now, email="ada@elsewhere.example"),
        order(now, "as a guest", user=None),
    ]
    for _ in in_every_order(installation, facts, now):
        assert people(installation) == [({ADA, "ada@example.com", "ada@elsewhere.example"}, 1)]


def test_a_guest_who_registers_and_confirms_brings_all_they_did(installation: Installation, now: datetime) -> None:
    guests: list[Fact] = [
        cart(now - 3 * HOUR, user=None, consent=False),
        order(now - 2 * DAY, "first", user=None),
        order(now - DAY, "second", user=None),
    ]
    tell(installation, guests, now)
    with within(installation.pk):
        guest = Customer.objects.get()
    tell(installation, [account(now, confirmed=False, consent=True)], now)
    assert people(installation) == sorted([({ADA}, 0), ({"ada@example.com"}, 2)], key=str), "not before it is confirmed"
    tell(installation, [account(now + MINUTE, consent=True, joined=now - 400 * DAY)], now + MINUTE)
    assert people(installation) == [({ADA, "ada@example.com"}, 2)]
    with within(installation.pk):
        person = Customer.objects.get(merged_into=None)
        assert (person.phase, person.spent, person.customer_u) == ("retention", guest.spent, guest.customer_u)
        assert (person.first_order_at, person.cart_open_until) == (guest.first_order_at, guest.cart_open_until)
        assert consent.choices(installation, ADA, None, "email", now)["cart"].basis == "refused", "the strictest word"
        assert Cart.objects.get().identity.customer == person  # type: ignore[union-attr]


def test_messages_without_an_enrollment_go_over_to_who_their_customer_turned_out_to_be(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [order(now - DAY, "as a guest", user=None)], now)
    with within(installation.pk):
        guest = Customer.objects.get()
        Message.objects.create(
            installation=installation, customer=guest, key="plan:1", template="hello", channel="email", queued_at=now
        )
    tell(installation, [account(now)], now)
    with within(installation.pk):
        person = Customer.objects.get(merged_into=None)
        assert person != guest
        assert Message.objects.get().customer == person


def test_a_changed_e_mail_keeps_the_person_and_what_was_done_under_the_old_one(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [order(now - DAY, "under the old", user=None), account(now - HOUR)], now)
    with within(installation.pk):
        before = Customer.objects.get(merged_into=None)
    tell(installation, [account(now, email="ada@elsewhere.example")], now)
    tell(installation, [order(now, "under the new", user=None, email="ada@elsewhere.example")], now)
    tell(installation, [order(now, "late, under the old", user=None)], now)
    assert people(installation) == [({ADA, "ada@example.com", "ada@elsewhere.example"}, 3)]
    with within(installation.pk):
        assert Customer.objects.get(merged_into=None) == before
        assert Account.objects.get().email == "ada@elsewhere.example"


def test_a_real_change_of_e_mail_keeps_the_person(installation: Installation, now: datetime) -> None:
    told = [one.body for one in recordings() if b"cara.1795298185@example.com" in one.body]
    receive(installation, told, now)
    while inbox.run(installation.pk, now):
        pass
    handles = {"VXNlcjo0Ng==", "cara.1795298185@example.com", "new.cara.1795298185@example.com"}
    assert [found for found, _ in people(installation) if found & handles] == [handles]


def test_a_deletion_is_final_in_both_orders(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [account(now - HOUR), deletion(now), account(now + HOUR, first_name="Back")]
    for _ in in_every_order(installation, facts, now):
        with within(installation.pk):
            held = Account.objects.get()
            assert (held.deleted_at, held.email, held.first_name, held.is_active) == (now, "", "", False)


def test_a_deletion_in_the_same_batch_is_final_too(installation: Installation, now: datetime) -> None:
    tell(installation, [deletion(now), account(now + HOUR)], now)
    with within(installation.pk):
        assert Account.objects.get().deleted_at == now


def test_a_late_snapshot_changes_nothing(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, first_name="New")], now)
    tell(installation, [account(now - HOUR, first_name="Old")], now)
    with within(installation.pk):
        assert Account.objects.get().first_name == "New"


def test_passages_go_along_with_the_person(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - 2 * HOUR, user=None)], now - HOUR)
    passages.run(installation.pk, now)
    tell(installation, [account(now)], now)
    with within(installation.pk):
        person = Customer.objects.get(merged_into=None)
        assert set(person.identities.values_list("value", flat=True)) == {ADA, "ada@example.com"}
        enrollment, message = Enrollment.objects.get(), Message.objects.get()
        assert (enrollment.customer_id, enrollment.state) == (person.pk, "waiting")
        assert (message.customer_id, message.state) == (person.pk, "queued")
        assert Customer.objects.exclude(merged_into=None).get().merged_into_id == person.pk
    tell(installation, [order(now + MINUTE)], now + MINUTE)
    with within(installation.pk):
        assert Enrollment.objects.get().reason == "ordered"
        assert Message.objects.get().state == "skipped"


def test_of_two_passages_of_the_same_cart_one_goes_on(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - 2 * HOUR, user=None), account(now - HOUR, confirmed=False)], now)
    passages.run(installation.pk, now)
    with within(installation.pk):
        guests = Enrollment.objects.get()
        account_holder = Identity.objects.get(value=ADA).customer
        own = Enrollment.objects.create(
            installation=installation,
            flow=Flow.objects.get(key="abandoned-cart"),
            version_id=guests.version_id,
            customer=account_holder,
            key=guests.key,
            cart_id=guests.cart_id,
            step=guests.step,
            since=now,
            anchor_at=now,
            entered_at=now,
            due_at=now + HOUR,
        )
    tell(installation, [account(now, confirmed=True)], now)
    with within(installation.pk):
        guests.refresh_from_db()
        own.refresh_from_db()
        assert (guests.state, guests.reason, guests.due_at) == ("exited", "merged", None)
        assert own.state == "waiting"


def test_people_of_other_shops_stay_strangers(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now), order(now)], now)
    tell(other_installation, [account(now)], now)
    assert people(installation) == [({ADA, "ada@example.com"}, 1)]
    assert people(other_installation) == [({ADA, "ada@example.com"}, 0)]
    tell(other_installation, [deletion(now)], now)
    with within(installation.pk):
        assert Account.objects.get().deleted_at is None
