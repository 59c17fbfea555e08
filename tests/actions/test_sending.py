"""Switches and pace of sending, and messages that are ended or settled from elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from saleor_lifecycle.actions import consent, flow_drafts, flow_switches, messages, plans, sending, templates
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.channels import known
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Consent, Customer, Installation, Message, Plan, SendingChannel
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import messages as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import SEND
from tests.facts import CHECKOUT, account, cart, order, tell
from tests.shop_server import ShopServer, cart_node, install_at, shop_server
from tests.tasks.sink import Sink

pytestmark = pytest.mark.django_db

__all__ = ["shop_server"]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """The real one: a message leaves only on truth of the last minute."""
    return timezone.now()


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Sink:
    made = Sink()
    monkeypatch.setitem(known.CHANNELS, "email", made.open)
    return made


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    return install_at(shop_server, now)


def queue(shop: Installation, now: datetime, people: int = 1, purpose: str = "commercial") -> list[Message]:
    """Queue one message for each of so many people, all of whom have agreed."""
    tell(shop, [account(now, f"user {n}", f"p{n}@example.com", consent=True) for n in range(people)], now)
    with within(shop.pk):
        templates.save(shop.pk, "hello", "en", ("Hello", "", "{{ links.unsubscribe }}"), "<p>Hello</p>", now)
        ids = Customer.objects.filter(merged_into=None).order_by("id").values_list("id", flat=True)[:people]
        return Message.objects.bulk_create(
            Message(
                installation=shop,
                customer_id=customer_id,
                key=f"hello:{customer_id}",
                template="hello",
                topic="cart",
                channel="email",
                purpose=purpose,
                queued_at=now,
                due_at=now,
            )
            for customer_id in ids
        )


def states(shop: Installation) -> list[str]:
    with within(shop.pk):
        return list(Message.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("channel", [None, "email"])
def test_what_is_switched_off_waits_and_goes_once_it_is_on_again(
    channel: str | None, shop: Installation, now: datetime, sink: Sink
) -> None:
    queue(shop, now)
    assert (SEND, shop.pk) in sweep.due(now)
    with within(shop.pk):
        sending.stop(shop, channel, now)
    assert tasks.run(shop.pk, now) == 0
    assert (SEND, shop.pk) not in sweep.due(now)
    assert (states(shop), sink.taken.total()) == (["queued"], 0)
    with within(shop.pk):
        sending.resume(shop, channel)
    assert tasks.run(shop.pk, now) == 1
    assert (states(shop), sink.taken.total()) == (["sent"], 1)


def stop_channel(shop: Installation, now: datetime) -> None:
    sending.stop(shop, "email", now)


def stop_all(shop: Installation, now: datetime) -> None:
    sending.stop(shop, None, now)


def suppress_the_third(shop: Installation, now: datetime) -> None:
    consent.suppress(Message.objects.order_by("id")[2], "complained", now)


@pytest.mark.parametrize(
    ("happens", "left"), [(stop_channel, ["queued"] * 3), (stop_all, ["queued"] * 3), (suppress_the_third, None)]
)
def test_a_switch_is_heard_before_the_next_claim(
    happens: Callable[[Installation, datetime], None],
    left: list[str] | None,
    shop: Installation,
    now: datetime,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue(shop, now, people=4)
    send = Sink.send

    def send_and_happen(self: Sink, outgoing: list[object]) -> object:
        if not self.taken:
            with within(shop.pk):
                happens(shop, timezone.now())
        return send(self, outgoing)  # type: ignore[arg-type]

    monkeypatch.setattr(Sink, "send", send_and_happen)
    tasks.run(shop.pk, now)
    assert states(shop) == (["sent", *left] if left else ["sent", "sent", "skipped", "sent"])
    assert sink.taken.total() == states(shop).count("sent")


def test_a_flow_that_is_off_keeps_its_messages_until_it_is_on(
    shop: Installation, shop_server: ShopServer, now: datetime, sink: Sink
) -> None:
    shop_server.carts[CHECKOUT] = cart_node()
    tell(shop, [account(now - 3 * 60 * MINUTE, consent=True), cart(now - 2 * 60 * MINUTE)], now)
    passages.run(shop.pk, now)
    with within(shop.pk):
        flow_switches.switch(flow_drafts.locked(shop.pk, "abandoned-cart"), State.OFF, now)
    tasks.run(shop.pk, now)
    with within(shop.pk):
        assert list(Message.objects.values_list("state", "reason")) == [("queued", "flow_off")]
        flow_switches.switch(flow_drafts.locked(shop.pk, "abandoned-cart"), State.ON, now)
    tasks.run(shop.pk, timezone.now())
    assert (states(shop), sink.taken.total()) == (["sent"], 1)


def test_no_more_leave_than_the_pace_allows(shop: Installation, now: datetime, sink: Sink) -> None:
    queue(shop, now, people=5)
    with within(shop.pk):
        sending.set_pace(shop, "email", 6)
    taken = []
    for _ in range(5):
        tasks.run(shop.pk, now)
        taken.append(sink.taken.total())
        now += 10 * timedelta(seconds=1)
    assert taken == [2, 3, 4, 5, 5], "two after a rest, then one in ten seconds"
    assert sorted(states(shop)) == ["sent"] * 5


def test_turns_that_nobody_used_are_given_back(shop: Installation, now: datetime, sink: Sink) -> None:
    queue(shop, now)
    with within(shop.pk):
        sending.set_pace(shop, "email", 60)
        Message.objects.update(topic="news")
        Consent.objects.all().delete()
    tasks.run(shop.pk, now)
    with within(shop.pk):
        assert SendingChannel.objects.get().free_at == now - timedelta(seconds=20)
    assert states(shop) == ["skipped"]


@pytest.mark.parametrize("per_minute", [0, -1, 600_001])
def test_a_pace_out_of_range_is_refused(per_minute: int, shop: Installation) -> None:
    with within(shop.pk), pytest.raises(ValueError, match="messages a minute"):
        sending.set_pace(shop, "email", per_minute)
    with within(shop.pk):
        assert not SendingChannel.objects.exists()


def test_a_provider_that_takes_nothing_is_left_alone_and_no_attempt_is_wasted(
    shop: Installation, now: datetime, sink: Sink
) -> None:
    queue(shop, now, people=6)
    sink.is_away = True
    tasks.run(shop.pk, now)
    with within(shop.pk):
        assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1, 1, 1]
        held = SendingChannel.objects.get()
        assert (held.failures, held.trouble) == (1, "451 later")
    assert (SEND, shop.pk) not in sweep.due(timezone.now())
    sink.is_away = False
    tasks.run(shop.pk, timezone.now() + 2 * MINUTE)
    assert states(shop) == ["sent"] * 6
    with within(shop.pk):
        assert SendingChannel.objects.get().failures == 0


@pytest.mark.parametrize(("purpose", "expected"), [("commercial", "skipped"), ("service", "queued")])
def test_a_no_ends_what_waits_for_that_person(
    purpose: str, expected: str, shop: Installation, now: datetime, sink: Sink
) -> None:
    queue(shop, now, people=2, purpose=purpose)
    with within(shop.pk):
        first = Message.objects.order_by("id")[0]
        ended = messages.end_queued(shop.pk, [first.customer_id or 0], [], "email", SkipReason.CONSENT_REFUSED, now)
    assert ended == (expected == "skipped")
    assert states(shop) == [expected, "queued"]


def test_a_change_of_facts_takes_the_lease_away(
    shop: Installation, now: datetime, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(shop, now, people=2)
    send = Sink.send

    def send_and_change(self: Sink, outgoing: list[object]) -> object:
        if not self.taken:
            tell(shop, [order(timezone.now(), "an order", user="user 1", email="p1@example.com")], timezone.now())
        return send(self, outgoing)  # type: ignore[arg-type]

    monkeypatch.setattr(Sink, "send", send_and_change)
    tasks.run(shop.pk, now)
    assert states(shop) == ["sent", "queued"]
    tasks.run(shop.pk, now + 2 * MINUTE)
    assert states(shop) == ["sent", "sent"]


@pytest.mark.parametrize(
    ("before", "attempts", "has_left", "after"),
    [
        ("unknown", 1, True, "sent"),
        ("unknown", 1, False, "failed"),
        ("unknown", 1, None, "unknown"),
        ("sending", 1, True, "sent"),
        ("queued", 1, True, "sent"),
        ("queued", 1, False, "queued"),
        ("queued", 0, True, "queued"),
        ("failed", 1, True, "sent"),
        ("skipped", 1, True, "skipped"),
    ],
)
def test_the_provider_settles_what_nobody_knew(
    before: str, attempts: int, has_left: bool | None, after: str, shop: Installation, now: datetime
) -> None:
    queue(shop, now)
    with within(shop.pk):
        Message.objects.update(state=before, attempts=attempts)
        messages.settle_told(Message.objects.get(), has_left, "theirs", now)
    assert states(shop) == [after]


def test_everybody_is_planned_for_once_in_blocks(shop: Installation, now: datetime) -> None:
    tell(shop, [account(now, f"user {n}", f"p{n}@example.com") for n in range(7)], now)
    with within(shop.pk):
        people = set(Customer.objects.filter(merged_into=None).values_list("id", flat=True))
        plan = plans.make(shop, "news", "news", "email", now + MINUTE, now)
        assert [plans.plan_block(plan, plans.EVERYBODY, now, limit=3) for _ in range(4)] == [True, True, False, False]
        rows = list(Message.objects.values_list("customer_id", "key", "state", "due_at"))
    assert {row[0] for row in rows} == people
    assert {row[1:] for row in rows} == {(f"plan:{plan.pk}:{customer}", "queued", now + MINUTE) for customer in people}
    with within(shop.pk):
        assert Plan.objects.get().planned == len(people) == len(rows)


def test_a_plan_that_is_looked_at_again_plans_nobody_twice(shop: Installation, now: datetime) -> None:
    tell(shop, [account(now, f"user {n}", f"p{n}@example.com") for n in range(3)], now)
    with within(shop.pk):
        plan = plans.make(shop, "news", "news", "email", now, now)
        plans.plan_block(plan, plans.EVERYBODY, now)
        Plan.objects.update(after=0)
        plans.plan_block(plan, plans.EVERYBODY, now)
        assert (Message.objects.count(), Plan.objects.get().planned) == (3, 3)
