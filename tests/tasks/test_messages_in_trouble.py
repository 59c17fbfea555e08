"""The task send when the shop, the mail server, the worker or the sender is not as it should be."""

import threading
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from saleor_lifecycle import outbound
from saleor_lifecycle.actions import decisions, flows, send_facts
from saleor_lifecycle.actions import messages as writing
from saleor_lifecycle.channels import email
from saleor_lifecycle.channels.faults import TemplateError
from saleor_lifecycle.domain.pacing import JITTER, RETRY_AFTER
from saleor_lifecycle.models import (
    Brand,
    Cart,
    Customer,
    Enrollment,
    Installation,
    Message,
    Suppression,
    TemplateVariant,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import contents, filling, sweep
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks.nudge import SEND
from tests.channels.conftest import MailServer
from tests.facts import ADA, account, cart, order, tell
from tests.shop_server import HANG_UP, ShopServer, cart_node
from tests.tasks.abandoned import HOUR, abandon, message, now, send, shop, standing

pytestmark = pytest.mark.django_db

__all__ = ["now", "shop"]

MINUTE = timedelta(minutes=1)


# What is away


@pytest.mark.parametrize("trouble", [503, 500, 429, 302, 401, HANG_UP])
def test_nothing_leaves_while_the_shop_does_not_answer(
    trouble: int, shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    abandon(shop, now)
    shop_server.trouble = trouble
    send(shop)
    held = message(shop)
    assert (held.state, held.reason, held.attempts) == ("queued", "shop_away", 0)
    assert held.due_at is not None
    assert held.due_at > now
    assert mail_server.connections == 0
    assert send(shop) == 0, "not before it is due"
    shop_server.trouble = None
    send(shop, held.due_at)
    assert standing(shop)[0] == "sent"
    assert len(mail_server.received) == 1


def test_a_shop_that_takes_too_long_is_away(
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abandon(shop, now)
    enough = threading.Event()
    monkeypatch.setattr(outbound, "_PATIENCE", httpx.Timeout(0.1))
    shop_server.meanwhile = lambda operation: enough.wait(10) if operation == "OrdersSince" else None
    send(shop)
    enough.set()
    assert standing(shop) == ("queued", "shop_away")
    assert mail_server.connections == 0


def test_a_shop_that_is_not_there_at_all_is_away(shop: Installation, now: datetime, mail_server: MailServer) -> None:
    abandon(shop, now)
    with within(shop.pk):
        Installation.objects.update(saleor_api_url="http://127.0.0.1:9/graphql/")
    send(shop)
    assert standing(shop) == ("queued", "shop_away")
    assert mail_server.connections == 0


def test_a_message_waits_for_its_shop_until_it_is_of_no_use(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.trouble = 503
    left = now - timedelta(days=7) + timedelta(seconds=30)
    tell(shop, [account(left, consent=True), cart(left)], left)
    passages.run(shop.pk, left + HOUR)
    send(shop)
    assert standing(shop) == ("queued", "shop_away")
    with within(shop.pk):
        Cart.objects.update(changed_at=left - MINUTE)
    send(shop, now + 2 * MINUTE)
    assert standing(shop) == ("skipped", "too_old")
    assert mail_server.connections == 0


@pytest.mark.parametrize("missing", Brand.NEEDED)
def test_a_sender_who_is_not_set_up_waits(
    missing: str, shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    abandon(shop, now)
    with within(shop.pk):
        Brand.objects.update(**{missing: ""})
    send(shop)
    held = message(shop)
    assert (held.state, held.reason) == ("queued", "sender_not_set_up")
    assert mail_server.connections == 0
    with within(shop.pk):
        Brand.objects.update(
            **{missing: "https://shop.example.com/{checkout_id}" if "url" in missing else "a@b.example"}
        )
    send(shop, held.due_at)
    assert standing(shop)[0] == "sent"


def test_an_app_that_is_switched_off_asks_and_sends_nothing(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    abandon(shop, now)
    with within(shop.pk):
        Installation.objects.update(state="inactive")
    send(shop)
    assert standing(shop) == ("queued", "app_inactive")
    assert shop_server.asked == []
    assert mail_server.connections == 0


# What the mail server says


def test_a_mail_refused_for_good_has_failed(shop: Installation, now: datetime, mail_server: MailServer) -> None:
    abandon(shop, now)
    mail_server.answers["RCPT"] = ["550 5.1.1 <ada@example.com> unknown"]
    send(shop)
    held = message(shop)
    assert (held.state, held.due_at, held.settled_at is not None) == ("failed", None, True)
    assert held.reason.startswith("550")
    assert "@" not in held.reason
    with within(shop.pk):
        assert [one.reason for one in Suppression.objects.all()] == ["bounced"]
    assert send(shop, now + timedelta(days=1)) == 0
    assert mail_server.received == []


def test_a_mail_refused_for_now_is_tried_again_less_and_less_often(
    shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    held = abandon(shop, now)
    mail_server.answers["RCPT"] = ["451 4.7.1 greylisted"] * 6
    for number in range(6):
        before = timezone.now()
        send(shop, held.due_at)
        held = message(shop)
        pause = RETRY_AFTER[min(number, 3)]
        assert (held.state, held.attempts) == ("queued", number + 1)
        assert held.due_at is not None
        assert before + pause <= held.due_at <= timezone.now() + pause * (1 + JITTER)
    send(shop, held.due_at)
    assert standing(shop)[0] == "sent"
    assert len(mail_server.received) == 1


def test_a_mail_server_that_is_not_there_is_tried_again(shop: Installation, now: datetime, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    abandon(shop, now)
    send(shop)
    assert message(shop).state == "queued"
    assert message(shop).attempts == 1


def test_a_mail_that_may_have_left_is_never_sent_again(
    shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    abandon(shop, now)
    mail_server.answers["DATA"] = [None]
    send(shop)
    held = message(shop)
    assert (held.state, held.due_at, held.settled_at is not None) == ("unknown", None, True)
    assert [send(shop, now + timedelta(days=days)) for days in range(3)] == [0, 0, 0]
    assert mail_server.connections == 1
    assert mail_server.received == []


@pytest.mark.parametrize(
    ("late", "state", "reason"),
    [(-timedelta(seconds=1), "sending", ""), (timedelta(0), "unknown", "the worker died while it was sending")],
)
def test_a_worker_that_died_while_sending_leaves_it_unknown(
    late: timedelta, state: str, reason: str, shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    queued = abandon(shop, now)
    with within(shop.pk):
        leased = writing.lease(shop.pk, "email", 1, now)
        found = contents.ask(shop, leased, now)[queued.pk]
        decided, _ = decisions.decide(shop, leased, {queued.pk: decisions.Answer(found.address, found.truth)}, now)
        assert writing.turn(shop.pk, [], decided, now) == {queued.pk}
    claimed = message(shop)
    assert (claimed.state, claimed.due_at) == ("sending", now + writing.LOST_AFTER)
    waiting = sweep.due(claimed.due_at + late)
    assert ((SEND, shop.pk) in waiting) == (state == "unknown")
    send(shop, claimed.due_at + late)
    assert standing(shop) == (state, reason)
    assert send(shop, now + timedelta(days=1)) == 0
    assert mail_server.connections == 0


def test_a_worker_that_died_before_it_claimed_leaves_it_queued(
    shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    abandon(shop, now)
    with within(shop.pk):
        assert len(writing.lease(shop.pk, "email", 100, now)) == 1
    assert send(shop, now + writing.LEASE - timedelta(seconds=1)) == 0
    assert send(shop, now + writing.LEASE) == 1
    assert len(mail_server.received) == 1


def test_a_message_without_its_template_has_failed(shop: Installation, now: datetime, mail_server: MailServer) -> None:
    abandon(shop, now)
    with within(shop.pk):
        TemplateVariant.objects.all().delete()
    send(shop)
    assert standing(shop) == ("failed", "template: there is no template abandoned-cart-1")
    assert mail_server.connections == 0


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("Ada", "Ada"),
        ("María José", "María José"),
        ("win.example.com", ""),
        ("Click here to win a prize", ""),
        ("A" * 31, ""),
    ],
)
def test_a_name_that_reads_as_a_link_or_a_sentence_is_not_used(
    name: str, used: str, shop: Installation, now: datetime
) -> None:
    tell(shop, [account(now, first_name=name)], now)
    with within(shop.pk):
        known = Customer.objects.get(merged_into=None).pk
        assert send_facts.first_names([known]) == ({known: used} if used else {})


# More than one


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_send_one_mail(
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abandon(shop, now)
    # A lease that is over at once stands for a worker that took longer than its minute.
    monkeypatch.setattr(writing, "LEASE", -MINUTE)
    first_asks, both_asked = threading.Event(), threading.Barrier(2, timeout=20)

    def wait_for_both(operation: str) -> None:
        if operation == "OrdersSince":
            first_asks.set()
            both_asked.wait()

    shop_server.meanwhile = wait_for_both
    found: list[int] = []

    def work() -> None:
        try:
            found.append(send(shop))
        finally:
            connection.close()

    first, second = (threading.Thread(target=work) for _ in range(2))
    first.start()
    first_asks.wait(20)
    second.start()
    first.join()
    second.join()
    assert found == [1, 1], "both had it in hand"
    assert standing(shop) == ("sent", "")
    assert message(shop).attempts == 1
    assert len(mail_server.received) == 1


def test_one_bad_address_does_not_hold_up_the_others(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    abandon_three(shop, now, shop_server)
    mail_server.answers["RCPT"] = ["250 OK", "550 no", "250 OK"]
    assert send(shop) == 3
    with within(shop.pk):
        assert sorted(Message.objects.values_list("state", flat=True)) == ["failed", "sent", "sent"]
    assert shop_server.asked == ["CheckoutsNow", "OrdersSince"], "one guarded read for the batch"
    assert len(mail_server.received) == 2


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize(
    ("error", "reason"),
    [(KeyError("x"), "a fault of the app: KeyError"), (TemplateError(["broken"]), "template: broken")],
)
def test_one_without_words_does_not_hold_up_the_others(
    place: int,
    error: Exception,
    reason: str,
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its words are made while another message is claimed, which has to leave."""
    values, calls = filling.values, iter(range(3))

    def fail(*args: Any) -> dict[str, object]:
        if next(calls) == place:
            raise error
        return values(*args)

    monkeypatch.setattr(filling, "values", fail)
    abandon_three(shop, now, shop_server)
    assert send(shop) == 3
    with within(shop.pk):
        found = sorted(Message.objects.values_list("state", "reason", "attempts"))
    assert found == [("failed", reason, 0), ("sent", "", 1), ("sent", "", 1)]
    assert len(mail_server.received) == 2


def test_what_the_shop_said_is_too_old_once_a_mail_before_has_taken_so_long(
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The words of the second were there already: they do not leave on them."""
    attempt = email._attempt

    def take_long(*args: Any) -> Any:
        monkeypatch.setattr(decisions, "TRUTH_LASTS", timedelta())
        return attempt(*args)

    monkeypatch.setattr(email, "_attempt", take_long)
    abandon_three(shop, now, shop_server)
    assert send(shop) == 3
    with within(shop.pk):
        found = sorted(Message.objects.values_list("state", "reason", "attempts", "lease"))
    assert found == [*[("queued", "truth_too_old", 0, None)] * 2, ("sent", "", 1, None)]
    assert len(mail_server.received) == 1
    monkeypatch.undo()
    assert send(shop) == 2


def test_a_fault_of_ours_before_a_mail_is_handed_over_is_tried_again(
    shop: Installation, now: datetime, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no header")

    monkeypatch.setattr(email, "_build", fail)
    abandon(shop, now)
    send(shop)
    assert standing(shop) == ("queued", "a fault of the app: ValueError")
    assert mail_server.connections == 0


def abandon_three(shop: Installation, now: datetime, shop_server: ShopServer) -> None:
    for number in range(3):
        shop_server.carts[f"cart {number}"] = cart_node(f"cart {number}", email=f"p{number}@example.com")
    facts = [
        cart(now - 2 * HOUR, f"cart {number}", None, f"p{number}@example.com", consent=True) for number in range(3)
    ]
    tell(shop, facts, now)
    passages.run(shop.pk, now)


def test_an_order_heard_of_while_it_waits_settles_it_at_once(
    shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    abandon(shop, now)
    tell(shop, [order(now - MINUTE, user=ADA)], now)
    assert standing(shop) == ("skipped", "ordered")
    assert send(shop) == 0
    with within(shop.pk):
        assert Enrollment.objects.get().reason == "ordered"
        flows.advance(shop, [Customer.objects.get(orders=1).pk], now + timedelta(days=2))
        assert Message.objects.count() == 1
    assert mail_server.connections == 0
