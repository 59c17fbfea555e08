import json
import random
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction

from saleor_lifecycle.actions import bodies, consent, events, ledger
from saleor_lifecycle.actions.identities import CustomersMoved
from saleor_lifecycle.domain.facts import Fact, OrderFact
from saleor_lifecycle.models import (
    Cart,
    Consent,
    Customer,
    Decision,
    Enrollment,
    Erasure,
    Event,
    Identity,
    Installation,
    Message,
    Order,
    Suppression,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import events as inbox
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import upkeep
from tests.facts import ADA, GRACE, account, cart, deletion, in_every_order, order, receive, tell
from tests.recordings import recordings

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADDRESS = "ada@example.com"
PLACEHOLDER = "3f0c2c8e-7a51-4f0e-9d0b-1c8f5d2a9b77@example.com"

TOMBSTONES = {
    ("lifecycle_identity", "value"),
    ("lifecycle_account", "user_id"),
    ("lifecycle_emailclaim", "user_id"),
}
"""Where an erased account's id stays, so that nothing late brings the account back."""


def anonymised(at: datetime, order_id: str = "T3JkZXI6MQ==", placed: datetime | None = None) -> OrderFact:
    return replace(order(at, order_id, None, PLACEHOLDER), created_at=placed or at)


def found(installation: Installation, words: Iterable[str]) -> set[tuple[str, str]]:
    """Return every (table, column) of an installation that holds one of these words, bodies included."""
    places = set()
    with within(installation.pk), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
                AND relkind IN ('r', 'p') AND NOT relispartition AND relname LIKE 'lifecycle_%'
            """
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    shown = bytes(value).decode("utf-8", "replace") if isinstance(value, memoryview | bytes) else value
                    text = json.dumps(shown, default=str, ensure_ascii=False).lower()
                    if any(word.lower() in text for word in words):
                        places.add((table, column))
    return places


def shape(installation: Installation) -> list[tuple[list[str], int, str]]:
    """Return each person's kinds of handles, orders and phase."""
    with within(installation.pk):
        return sorted(
            (
                sorted(customer.identities.values_list("kind", flat=True)),
                customer.orders,
                customer.phase,
            )
            for customer in Customer.objects.filter(merged_into=None)
        )


def test_a_deleted_account_leaves_sums_and_no_name(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - HOUR, first_name="Adalbertha"),
        order(now - 2 * DAY, "as a guest", user=None),
        cart(now - 2 * HOUR, "as a guest", user=None),
        deletion(now),
    ]
    for number, _ in enumerate(in_every_order(installation, facts, now)):
        assert shape(installation) == [(["erased", "user"], 1, "retention")], f"order of arrival {number}"
        found_in = found(installation, [ADDRESS, "Adalbertha"])
        assert found_in <= {("lifecycle_erasure", "text")}, f"order of arrival {number}"
        assert found(installation, [ADA]) <= TOMBSTONES | {("lifecycle_erasure", "text")}
        with within(installation.pk):
            assert Order.objects.get().identity is not None


def test_decisions_stay_and_name_nobody(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 3 * HOUR, first_name="Adalbertha"), cart(now - 2 * HOUR)], now - HOUR)
    passages.run(installation.pk, now)
    with within(installation.pk):
        passage = Enrollment.objects.get()
        message = Message.objects.get()
        of = ledger.Entry(passage.customer_id, passage.flow_id, Decision.Kind.DEFERRED, "quiet_hours", passage.pk)
        told = of._replace(message_id=message.pk, step=message.step, data={"until": now + HOUR})
        ledger.record(installation.pk, [told], now)
    tell(installation, [deletion(now + HOUR)], now + HOUR)
    with within(installation.pk):
        assert Decision.objects.filter(kind="deferred").count() == 1
    words = [ADDRESS, "Adalbertha", ADA, cart(now).checkout_id]
    assert "lifecycle_decision" not in {table for table, _ in found(installation, words)}


def test_a_stranger_s_address_that_was_only_registered_is_not_erased(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - HOUR, confirmed=False),
        order(now - DAY, "as a guest", user=None),
        deletion(now),
    ]
    for _ in in_every_order(installation, facts, now):
        assert shape(installation) == [(["email"], 1, "retention"), (["user"], 0, "education")]


def test_orders_that_saleor_took_the_account_off_stay_with_it(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - 2 * HOUR, confirmed=False),
        order(now - HOUR),
        deletion(now),
        replace(order(now + HOUR, user=None), created_at=now - HOUR),
    ]
    tell(installation, facts[:3], now)
    tell(installation, facts[3:], now + HOUR)
    assert shape(installation) == [(["user"], 1, "retention")]
    assert found(installation, [ADDRESS]) == {("lifecycle_erasure", "text")}


def test_who_comes_back_is_a_new_contact(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - HOUR),
        order(now - DAY, "before", user=None),
        deletion(now),
        order(now + DAY, "after", user=None),
    ]
    for _ in in_every_order(installation, facts, now):
        assert shape(installation) == [(["email"], 1, "retention"), (["erased", "user"], 1, "retention")]


def test_who_registers_again_is_a_new_person(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - HOUR),
        order(now - DAY, "before", user=None),
        deletion(now),
        account(now + DAY, GRACE),
    ]
    for _ in in_every_order(installation, facts, now):
        tell(installation, [order(now + 2 * DAY, "after", user=None)], now)
        assert shape(installation) == [(["email", "user"], 1, "retention"), (["erased", "user"], 1, "retention")]
        with within(installation.pk):
            assert Identity.objects.get(kind="email").owner_user_id == GRACE


def test_an_order_that_the_shop_anonymised_erases_its_guest(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        order(now - 2 * DAY, "one", user=None),
        order(now - DAY, "other", user=None),
        cart(now - HOUR, user=None),
        anonymised(now, "one", now - 2 * DAY),
    ]
    for _ in in_every_order(installation, facts, now):
        assert shape(installation) == [(["erased"], 2, "retention")]
        assert found(installation, [ADDRESS, PLACEHOLDER]) == {("lifecycle_erasure", "text")}


def test_an_anonymised_order_leaves_the_account_that_is_still_there(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [account(now - HOUR), order(now - DAY, user=None), anonymised(now, placed=now - DAY)]
    for _ in in_every_order(installation, facts, now):
        assert shape(installation) == [(["email", "erased", "user"], 1, "retention")]


def test_a_placeholder_is_nobody_s_address(installation: Installation, now: datetime) -> None:
    tell(installation, [anonymised(now)], now)
    assert shape(installation) == []
    with within(installation.pk):
        assert Order.objects.get().identity is None


def test_queued_messages_are_skipped_and_passages_left(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - 2 * HOUR, user=None), order(now - 9 * DAY, "one", user=None)], now - HOUR)
    passages.run(installation.pk, now)
    with within(installation.pk):
        assert Message.objects.get().state == "queued"
    tell(installation, [anonymised(now, "one", now - 9 * DAY)], now)
    with within(installation.pk):
        enrollment = Enrollment.objects.get()
        assert (enrollment.state, enrollment.reason) == ("exited", "customer_gone")
        assert (Message.objects.get().state, Message.objects.get().reason) == ("skipped", "customer_gone")
        assert Cart.objects.get().email is None


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_what_was_offered_goes_with_its_person(installation: Installation, now: datetime, state: str) -> None:
    tell(installation, [account(now - HOUR), account(now - HOUR, GRACE, "grace@example.com")], now)
    with within(installation.pk):
        for identity in Identity.objects.filter(kind="user"):
            Message.objects.create(
                installation=installation,
                customer_id=identity.customer_id,
                key=identity.value,
                template="win-back-2",
                topic="win-back",
                channel="email",
                state=state,
                offer={"voucher": {"id": "a voucher", "code": f"CODE-OF-{identity.value}"}},
                queued_at=now,
                settled_at=now if state == "sent" else None,
            )
    tell(installation, [deletion(now)], now)
    with within(installation.pk):
        offers = dict(Message.objects.values_list("key", "offer"))
    assert offers[ADA] is None
    assert offers[GRACE] == {"voucher": {"id": "a voucher", "code": f"CODE-OF-{GRACE}"}}


def test_a_no_outlives_its_person_as_a_hash(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - HOUR, consent=True)], now)
    with within(installation.pk):
        consent.say(installation, ADA, consent.Word(False, ("cart",), "email", "words with ada@example.com"), now)
    tell(installation, [deletion(now)], now)
    with within(installation.pk):
        assert [(row.is_granted, row.evidence) for row in Consent.objects.all()] == [(False, "")]
        held = Suppression.objects.get()
        assert held.address_hash == consent.address_hash(installation, "email", ADDRESS)
        assert held.reason == consent.UNSUBSCRIBED


def test_a_yes_goes_with_its_person(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - HOUR, consent=True),
        cart(now - HOUR, consent=True),
        cart(now - HOUR, "guest", user=None, consent=True),
        deletion(now),
    ]
    for _ in in_every_order(installation, facts, now):
        with within(installation.pk):
            assert (Consent.objects.count(), Suppression.objects.count()) == (0, 0)


@pytest.mark.parametrize("says", [True, False])
def test_what_a_cart_begun_before_says_after_goes_with_its_person(
    installation: Installation, now: datetime, says: bool
) -> None:
    late = cart(now + HOUR, "guest", user=None, consent=says)
    facts: list[Fact] = [account(now - HOUR), replace(late, created_at=now - HOUR), deletion(now)]
    for _ in in_every_order(installation, facts, now):
        with within(installation.pk):
            assert (Consent.objects.count(), Suppression.objects.count()) == (0, 0)
            assert not Identity.objects.filter(kind="email").exists()


@pytest.mark.parametrize("says", [True, False])
def test_what_a_new_contact_says_stays(installation: Installation, now: datetime, says: bool) -> None:
    facts: list[Fact] = [account(now - HOUR), deletion(now), cart(now + HOUR, "new", user=None, consent=says)]
    for _ in in_every_order(installation, facts, now):
        with within(installation.pk):
            assert Consent.objects.get(identity__value=ADDRESS).is_granted is says


@pytest.mark.parametrize("says", [True, False])
def test_of_words_that_may_be_either_s_only_a_no_stays(installation: Installation, now: datetime, says: bool) -> None:
    old = replace(cart(now + 2 * HOUR, "old", user=None, consent=says), created_at=now - HOUR)
    new = replace(cart(now + 3 * HOUR, "new", user=None), created_at=now + HOUR)
    tell(installation, [account(now - HOUR), old, new, deletion(now)], now + 3 * HOUR)
    with within(installation.pk):
        assert [row.is_granted for row in Consent.objects.all()] == ([] if says else [False])


def test_one_shop_s_erasure_is_not_another_s(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    for shop in (installation, other_installation):
        tell(shop, [account(now - HOUR), order(now - DAY, user=None)], now)
    before = found(other_installation, [ADDRESS])
    tell(installation, [deletion(now)], now)
    assert before
    assert found(other_installation, [ADDRESS]) == before
    with within(other_installation.pk):
        assert Erasure.objects.count() == 0


def state(installation: Installation) -> list[object]:
    """Return what there is, whatever the numbers of rows."""
    with within(installation.pk):
        people = {
            row.customer_id: sorted(row.customer.identities.values_list("kind", "value", "erased_through"))
            for row in Identity.objects.select_related("customer")
            if row.customer
        }
        orders = [
            (row.order_id, row.identity and (row.identity.kind, row.identity.value), row.anonymised_at)
            for row in Order.objects.select_related("identity").order_by("order_id")
        ]
        carts = [
            (row.checkout_id, row.identity and (row.identity.kind, row.identity.value), row.email)
            for row in Cart.objects.select_related("identity").order_by("checkout_id")
        ]
        consents = sorted(Consent.objects.values_list("identity__value", "source", "is_granted", "evidence"))
        sums = sorted(
            (str(people.get(row.pk)), row.orders, row.phase, str(row.spent))
            for row in Customer.objects.filter(merged_into=None)
        )
        return [sorted(map(str, people.values())), orders, carts, consents, sums]


def test_any_order_and_splitting_of_the_facts_leads_to_the_same(installation: Installation, now: datetime) -> None:
    facts: list[Fact] = [
        account(now - 3 * DAY),
        account(now - 2 * DAY, email="ada@elsewhere.example"),
        account(now + 3 * DAY, GRACE, consent=True),
        order(now - 9 * DAY, "early", user=None),
        order(now - 8 * DAY, "elsewhere", user=None, email="ada@elsewhere.example"),
        order(now - 7 * DAY, "own"),
        replace(order(now + DAY, "own", user=None), created_at=now - 7 * DAY),
        order(now + 2 * DAY, "later", user=None),
        order(now - 6 * DAY, "guest", user=None, email="guest@example.net"),
        order(now - 5 * DAY, "guest's other", user=None, email="guest@example.net"),
        anonymised(now - 4 * DAY, "guest", now - 6 * DAY),
        cart(now - HOUR, consent=True),
        cart(now - HOUR, "guest's cart", user=None, consent=True),
        deletion(now),
    ]
    states = []
    for seed in range(30):
        chance = random.Random(seed)
        left = chance.sample(facts, len(facts))
        with transaction.atomic():
            while left:
                size = chance.randint(1, len(left))
                tell(installation, left[:size], now + 4 * DAY)
                left = left[size:]
            states.append(state(installation))
            transaction.set_rollback(True)
        assert states[-1] == states[0], f"seed {seed}"
    words = str(states[0])
    assert "guest@example.net" not in words
    assert "ada@elsewhere.example" not in words


def stored(installation: Installation, now: datetime, *texts: str) -> None:
    """Store bodies, and mark them as processed."""
    receive(installation, [text.encode() for text in texts], now)
    with within(installation.pk):
        Event.objects.update(state=Event.State.DONE)


def kept(installation: Installation) -> list[str]:
    with within(installation.pk), connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(body, 'UTF8') FROM lifecycle_event_body ORDER BY event_id")
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("case", "body", "goes"),
    [
        ("the account's id", '{"user": {"id": "VXNlcjox"}}', True),
        ("a longer id that begins alike", '{"user": {"id": "VXNlcjoxMg=="}}', False),
        ("the e-mail as it was typed", '{"userEmail": "Ada@Example.com"}', True),
        ("the e-mail among words", '{"note": "write to ada@example.com"}', True),
        ("another e-mail", '{"userEmail": "adb@example.com"}', False),
        ("an id with a sign that a pattern knows", '{"id": "a%b_c"}', True),
        ("what the sign would stand for", '{"id": "a-xb-c"}', False),
        ("letters outside of ASCII", '{"userEmail": "zoë@example.com"}', True),
        ("the same, escaped", '{"userEmail": "zo\\u00eb@example.com"}', True),
        ("a backslash", '{"id": "back\\\\slash"}', True),
    ],
)
def test_bodies_of_erased_people_go(
    installation: Installation, now: datetime, case: str, body: str, goes: bool
) -> None:
    stored(installation, now, body)
    with within(installation.pk):
        bodies.forget(installation.pk, [ADA, ADDRESS, "a%b_c", "zoë@example.com", "back\\slash"], now)
    upkeep.erase_bodies(installation.pk, now)
    assert kept(installation) == ([] if goes else [body]), case
    with within(installation.pk):
        assert Erasure.objects.count() == 0
        assert Event.objects.count() == 1, "the digest stays"


DELETED = {"dora.1795298924@example.com", "Dora", '"VXNlcjo1MDU4"', "bulk0.1795298841@example.com", '"VXNlcjo1MDU1"'}
"""What names those whom a real Saleor deleted."""


def test_nothing_is_left_of_those_whom_a_real_saleor_deleted(installation: Installation, now: datetime) -> None:
    told = [one for one in recordings() if any(word.encode() in one.body for word in DELETED)]
    assert {"ACCOUNT_CONFIRMED", "ACCOUNT_DELETED", "CUSTOMER_CREATED", "CUSTOMER_DELETED"} <= {
        one.event for one in told
    }
    for one in told:
        digest = sha256(one.body).hexdigest()
        events.record(installation.pk, events.Delivery(one.event.lower(), digest, one.body, now))
    while inbox.run(installation.pk, now):
        pass
    upkeep.erase_bodies(installation.pk, now)
    words = {word.strip('"') for word in DELETED}
    assert found(installation, words) == TOMBSTONES
    assert found(installation, words - {"VXNlcjo1MDU4", "VXNlcjo1MDU1"}) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_who_is_deleted_while_others_store_their_facts_ends_erased(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    told = [one for one in recordings() if any(word.encode() in one.body for word in DELETED)]
    chance = random.Random(seed)
    for one in chance.sample(told, len(told)):
        digest = sha256(one.body).hexdigest()
        events.record(installation.pk, events.Delivery(one.event.lower(), digest, one.body, now))
    # One event a batch: each worker holds another, so facts and deletion of one person meet on several connections.
    monkeypatch.setattr(inbox, "BATCH", 1)
    all_at_once, trouble = threading.Barrier(4), []

    def work() -> None:
        try:
            all_at_once.wait(20)
            while inbox.run(installation.pk, now):
                pass
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while inbox.run(installation.pk, now):
        pass
    assert trouble == []
    with within(installation.pk):
        assert not Event.objects.exclude(state=Event.State.DONE).exists()
    upkeep.erase_bodies(installation.pk, now)
    assert found(installation, {word.strip('"') for word in DELETED}) == TOMBSTONES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deletion_waits", [True, False])
def test_a_deletion_and_an_order_that_are_stored_at_once_leave_no_address(
    installation: Installation, now: datetime, deletion_waits: bool
) -> None:
    tell(installation, [account(now - DAY, confirmed=True)], now)
    guests, end = order(now - HOUR, "guest's", user=None), deletion(now)
    first, second = (guests, end) if deletion_waits else (end, guests)
    has_stored, may_commit = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with within(installation.pk):
                events.apply(installation, [first], now)
                has_stored.set()
                may_commit.wait(20)
        finally:
            connection.close()

    def follow() -> None:
        try:
            for _ in range(5):
                try:
                    return tell(installation, [second], now)
                except CustomersMoved:
                    continue
        finally:
            connection.close()

    holder, follower = threading.Thread(target=hold), threading.Thread(target=follow)
    holder.start()
    assert has_stored.wait(20)
    follower.start()
    follower.join(0.5)
    assert follower.is_alive(), "it waits for the person's lock"
    may_commit.set()
    holder.join()
    follower.join()
    upkeep.erase_bodies(installation.pk, now)
    assert found(installation, [ADDRESS]) == set()
    assert [(kinds, count) for kinds, count, _ in shape(installation)] == [(["erased", "user"], 1)]


def test_a_body_that_was_not_processed_yet_stays_until_it_is(installation: Installation, now: datetime) -> None:
    receive(installation, [b'{"userEmail": "ada@example.com"}'], now)
    with within(installation.pk):
        bodies.forget(installation.pk, [ADDRESS], now)
    upkeep.erase_bodies(installation.pk, now)
    assert len(kept(installation)) == 1


def test_a_text_asked_for_again_during_a_search_is_looked_for_again(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        bodies.forget(installation.pk, [ADDRESS], now)
        asked = bodies.asked(installation.pk)
        bodies.forget(installation.pk, [ADDRESS], now)
        bodies.settle(installation.pk, asked)
        assert [text for text, _ in bodies.asked(installation.pk)] == [ADDRESS]
