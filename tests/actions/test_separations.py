from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions import consent, separations
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.models import Customer, Enrollment, Identity, Installation, Message, PhaseChange, Separation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from tests.facts import ADA, GRACE, account, cart, deletion, in_every_order, order, tell

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADDRESS = "ada@example.com"
STAFF = "VXNlcjo5OQ=="
PROFILE = (
    *("orders", "first_order_at", "last_order_at", "last_placed_at", "spent", "cart_open_until", "before_u"),
    *("customer_u", "sums", "loss_at", "loss_rung", "phase", "phase_reason", "band", "due_at", "holdout_key"),
)


def people(installation: Installation) -> dict[str, dict[str, Any]]:
    """Return where each person stands, by their handles."""
    with within(installation.pk):
        return {
            ", ".join(sorted(customer.identities.values_list("value", flat=True))): {
                name: getattr(customer, name) for name in PROFILE
            }
            for customer in Customer.objects.filter(merged_into=None)
        }


def orders(installation: Installation) -> dict[str, int]:
    return {handles: profile["orders"] for handles, profile in people(installation).items()}


def separate(installation: Installation, now: datetime, handle: str = ADDRESS) -> set[int]:
    with within(installation.pk):
        return separations.separate(installation, Identity.objects.get(value=handle), STAFF, now)


def rejoin(installation: Installation, now: datetime, user: str = ADA) -> set[int]:
    with within(installation.pk):
        return separations.rejoin(installation, Identity.objects.get(value=ADDRESS), user, STAFF, now)


def guest_and_account(now: datetime) -> list[Fact]:
    """Two orders of a guest, one of an account that confirmed the guest's address."""
    return [
        order(now - 3 * DAY, "a guest's", user=None),
        order(now - 2 * DAY, "a guest's second", user=None),
        order(now - DAY, "the account's"),
        account(now),
    ]


@pytest.mark.parametrize("handle", [ADDRESS, ADA])
def test_two_people_are_who_they_were(installation: Installation, now: datetime, handle: str) -> None:
    *guests, own, confirmed = guest_and_account(now)
    tell(installation, guests, now - HOUR)
    with within(installation.pk):
        guest = Customer.objects.get()
    tell(installation, [own, confirmed], now)
    assert orders(installation) == {f"{ADA}, {ADDRESS}": 3}
    assert len(separate(installation, now, handle)) == 2
    assert orders(installation) == {ADA: 1, ADDRESS: 2}
    with within(installation.pk):
        assert Identity.objects.get(value=ADDRESS).customer == guest
        [row] = Separation.objects.all()
        assert (row.claim.user_id, row.separated_by, row.separated_at) == (ADA, STAFF, now)


def test_whatever_comes_later_they_stay_apart(installation: Installation, now: datetime) -> None:
    tell(installation, guest_and_account(now), now)
    separate(installation, now)
    later: list[Fact] = [account(now - HOUR), account(now + HOUR), order(now + HOUR, "new", user=None)]
    for _ in in_every_order(installation, later, now + HOUR):
        assert orders(installation) == {ADA: 1, ADDRESS: 3}


def test_the_address_is_theirs_who_confirmed_it_next_to_last(installation: Installation, now: datetime) -> None:
    tell(installation, guest_and_account(now), now)
    grace = account(now - HOUR, GRACE)
    for facts in ([grace], [replace(grace, version=account(now + HOUR, GRACE).version)]):
        with transaction.atomic():
            tell(installation, facts, now)
            separate(installation, now, ADA)
            separate(installation, now, GRACE)
            rejoin(installation, now, GRACE)
            assert orders(installation) == {ADA: 1, f"{GRACE}, {ADDRESS}": 2}
            transaction.set_rollback(True)
    separate(installation, now)
    tell(installation, [grace], now)
    assert orders(installation) == {ADA: 1, f"{GRACE}, {ADDRESS}": 2}, "told of only afterwards"


def test_what_staff_said_they_can_take_back(installation: Installation, now: datetime) -> None:
    tell(installation, guest_and_account(now), now)
    before = people(installation)
    separate(installation, now)
    rejoin(installation, now + MINUTE)
    assert people(installation) == before
    with within(installation.pk):
        [row] = Separation.objects.all()
        assert (row.rejoined_by, row.rejoined_at) == (STAFF, now + MINUTE)
    separate(installation, now + HOUR)
    assert orders(installation) == {ADA: 1, ADDRESS: 2}
    with within(installation.pk):
        assert Separation.objects.count() == 2


def test_what_is_not_joined_is_not_separated(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, confirmed=False), order(now, user=None)], now)
    assert separate(installation, now) == separate(installation, now, ADA) == rejoin(installation, now) == set()
    with within(installation.pk):
        assert not Separation.objects.exists()


def test_a_deleted_account_is_not_joined_again(installation: Installation, now: datetime) -> None:
    tell(installation, guest_and_account(now), now)
    separate(installation, now)
    tell(installation, [deletion(now + HOUR)], now + HOUR)
    assert rejoin(installation, now + HOUR) == set()
    assert orders(installation) == {ADA: 1, ADDRESS: 2}


@pytest.mark.parametrize("is_first", [True, False])
def test_an_address_that_is_another_persons_outlives_the_account(
    installation: Installation, now: datetime, is_first: bool
) -> None:
    tell(installation, guest_and_account(now), now)
    separate(installation, now)
    late = [deletion(now + HOUR), account(now + MINUTE)]
    for fact in late if is_first else reversed(late):
        tell(installation, [fact], now + HOUR)
    assert orders(installation) == {ADA: 1, ADDRESS: 2}


def test_each_keeps_what_they_said(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - HOUR, "guest's", None, consent=True), account(now, consent=False)], now)
    assert basis(installation) == "refused", "of the two the strictest"
    separate(installation, now)
    with within(installation.pk):
        guest = Identity.objects.get(value=ADDRESS)
        assert [row.is_granted for row in guest.consent_set.all()] == [True]
    assert basis(installation) == "refused"


def basis(installation: Installation) -> str:
    with within(installation.pk):
        return str(consent.choices(installation, ADA, None, "email", installation.registered_at)["cart"].basis)


def test_passages_go_where_their_cart_does(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - 2 * HOUR, user=None), cart(now - 2 * HOUR, "own"), account(now - HOUR)], now - HOUR)
    passages.run(installation.pk, now)
    with within(installation.pk):
        assert Enrollment.objects.values("customer").distinct().count() == 1
    separate(installation, now)
    with within(installation.pk):
        whose = {row.cart.identity.value: row for row in Enrollment.objects.select_related("cart__identity")}  # type: ignore[union-attr]
        for handle, passage in whose.items():
            assert passage.customer == Identity.objects.get(value=handle).customer
            assert passage.state == "waiting"
            assert Message.objects.get(enrollment=passage).customer == passage.customer


def test_moves_are_corrections(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now - DAY, user=None)], now - DAY)
    tell(installation, [account(now)], now)
    separate(installation, now + HOUR)
    with within(installation.pk):
        moved = PhaseChange.objects.filter(at=now + HOUR)
        assert [(row.before, row.after, row.cause) for row in moved] == [("retention", "education", "correction")]


def test_whoever_was_there_first_keeps_their_arm(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now - DAY, user=None)], now - DAY)
    with within(installation.pk):
        guest = Customer.objects.get()
    tell(installation, [account(now, confirmed=False)], now)
    with within(installation.pk):
        own = Identity.objects.get(value=ADA).customer
        assert own is not None
        assert own.arm_key() == str(own.public_id)
    tell(installation, [account(now)], now)
    assert keys(installation, own, guest) == [str(guest.public_id)] * 2
    separate(installation, now)
    assert keys(installation, own, guest) == [str(own.public_id), str(guest.public_id)]


def test_one_who_comes_later_brings_no_arm(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, confirmed=False)], now - DAY)
    tell(installation, [order(now, user=None)], now)
    with within(installation.pk):
        own, guest = (Identity.objects.get(value=handle).customer for handle in (ADA, ADDRESS))
    assert own
    assert guest
    tell(installation, [account(now)], now)
    assert keys(installation, own, guest) == [str(own.public_id), str(guest.public_id)]


def keys(installation: Installation, *customers: Customer) -> list[str]:
    with within(installation.pk):
        for customer in customers:
            customer.refresh_from_db()
    return [customer.arm_key() for customer in customers]


def test_of_two_passages_that_collide_the_one_that_goes_on_is_held_out(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [cart(now - 2 * HOUR, user=None), account(now - HOUR, confirmed=False)], now)
    passages.run(installation.pk, now)
    with within(installation.pk):
        guests = Enrollment.objects.get()
        Enrollment.objects.update(arm="holdout")
        own = guests
        own.pk, own.public_id = None, uuid4()
        own.customer, own.arm = Identity.objects.get(value=ADA).customer, "treated"
        own.save()
    tell(installation, [account(now)], now)
    separate(installation, now)
    with within(installation.pk):
        going_on, over = Enrollment.objects.order_by("-state")
        assert (going_on.pk, going_on.state, going_on.arm) == (own.pk, "waiting", "holdout")
        assert (over.state, over.reason) == ("exited", "merged"), "also after they are two again"


def test_another_shop_keeps_its_people(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    for shop in (installation, other_installation):
        tell(shop, guest_and_account(now), now)
    separate(installation, now)
    assert orders(other_installation) == {f"{ADA}, {ADDRESS}": 3}
    with within(other_installation.pk):
        assert not Separation.objects.exists()


hours = st.integers(0, 24 * 300)
told = st.lists(
    st.tuples(st.sampled_from(["order", "cart", "unpaid", "ordered"]), st.sampled_from([None, ADA]), hours), max_size=5
)


def history(rows: Iterable[tuple[str, str | None, int]], now: datetime, part: str) -> list[Fact]:
    made: list[Fact] = []
    for number, (kind, user, ago) in enumerate(rows):
        at, name = now - ago * HOUR, f"{part}{number}"
        if kind in ("cart", "ordered"):
            made.append(cart(at, name, user))
        if kind != "cart":
            made.append(order(at, name, user, checkout=name if kind == "ordered" else None, paid=kind != "unpaid"))
    return made


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=told, between=told, after=told, again=st.booleans())
def test_joining_and_separating_ends_where_it_began(
    installation: Installation,
    now: datetime,
    before: list[tuple[str, str | None, int]],
    between: list[tuple[str, str | None, int]],
    after: list[tuple[str, str | None, int]],
    again: bool,
) -> None:
    first: list[Fact] = [*history(before, now, "b"), account(now, confirmed=False), order(now, "guest's", user=None)]
    with transaction.atomic():
        tell(installation, first, now)
        tell(installation, history(between, now, "m"), now)
        tell(installation, history(after, now, "a"), now)
        strangers = people(installation)
        transaction.set_rollback(True)
    with transaction.atomic():
        tell(installation, first, now)
        tell(installation, [replace(account(now), version=account(now + HOUR).version)], now)
        joined = people(installation)
        tell(installation, history(between, now, "m"), now)
        separate(installation, now)
        if again:
            rejoin(installation, now)
            separate(installation, now)
        tell(installation, history(after, now, "a"), now)
        tell(installation, [account(now + DAY, joined=account(now).joined_at)], now)
        apart = people(installation)
        transaction.set_rollback(True)
    assert len(joined) == 1
    assert apart == strangers
