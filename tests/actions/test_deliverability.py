"""What is counted of messages, the pause that follows, and the warm-up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from saleor_lifecycle.actions import brands, deliverability, delivery_events, sender_domains, sending, warm_ups
from saleor_lifecycle.actions.sending import Turns
from saleor_lifecycle.channels import known
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.domain.delivery_events import EventKind, Report
from saleor_lifecycle.models import Brand, Installation, Message, Outbox, SenderDomain, SendingChannel, SendingDay
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import messages as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import SEND
from tests.actions.test_sending import queue, states
from tests.delivered import customer, message
from tests.shop_server import ShopServer, install_at, shop_server
from tests.tasks.sink import Sink

pytestmark = pytest.mark.django_db

__all__ = ["shop_server"]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Sink:
    made = Sink()
    monkeypatch.setitem(known.CHANNELS, "email", made.open)
    return made


@pytest.fixture
def shop(shop_server: ShopServer) -> Installation:
    return install_at(shop_server, timezone.now())


def tell(shop: Installation, about: Message, kind: str, at: datetime, now: datetime, **more: object) -> None:
    told = Report(f"{kind} {at} {more}", EventKind(kind), about.public_id, "x", occurred_at=at, **more)  # type: ignore[arg-type]
    with within(shop.pk):
        delivery_events.apply(shop, "postmark", [told], now)


def counted(shop: Installation) -> dict[date, tuple[int, int, int]]:
    with within(shop.pk):
        return {row.day: (row.sent, row.bounced, row.complained) for row in SendingDay.objects.order_by("day")}


def raised(shop: Installation) -> set[str]:
    with within(shop.pk):
        return set(Outbox.objects.filter(kind="problem").exclude(written={}).values_list("key", flat=True))


def paused(shop: Installation) -> str:
    with within(shop.pk):
        row = SendingChannel.objects.filter(paused_at__isnull=False).first()
        return row.pause_reason if row else ""


def has_sent(shop: Installation, now: datetime, counts: Counts) -> None:
    with within(shop.pk):
        deliverability.note(shop, "email", counts, now)


def test_a_message_that_bounces_or_is_complained_of_counts_once(installation: Installation, now: datetime) -> None:
    about = message(installation, customer(installation, now), now)
    for at in (now, now - DAY, now - 2 * DAY):
        tell(installation, about, "bounced", at, now, is_permanent=True)
        tell(installation, about, "bounced", at, now, is_permanent=False)
        tell(installation, about, "complained", at, now)
        tell(installation, about, "delivered", at, now)
    assert counted(installation) == {now.date(): (0, 1, 1)}


def test_of_several_told_at_once_the_first_counts(installation: Installation, now: datetime) -> None:
    about = message(installation, customer(installation, now), now)
    told = [
        Report(f"{days}", EventKind.COMPLAINED, about.public_id, "x", occurred_at=now - days * DAY) for days in range(3)
    ]
    with within(installation.pk):
        delivery_events.apply(installation, "postmark", told, now)
        delivery_events.apply(installation, "postmark", told, now)
    assert counted(installation) == {(now - 2 * DAY).date(): (0, 0, 1)}


def test_what_is_sent_is_counted_and_so_is_an_address_that_is_refused_at_once(
    shop: Installation, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    queue(shop, now, people=4)
    answers = iter(["refused", "gone", "unsure"])
    send = sink.send

    def send_as(outgoing: list[object]) -> object:
        from tests.tasks.sink import ANSWERS

        planned = next(answers, None)
        return [ANSWERS[planned]] if planned else send(outgoing)  # type: ignore[arg-type]

    monkeypatch.setattr(sink, "send", send_as)
    tasks.run(shop.pk, now)
    assert sorted(states(shop)) == ["failed", "failed", "sent", "unknown"]
    assert list(counted(shop).values()) == [(3, 1, 0)]


@pytest.mark.parametrize(
    ("counts", "reason", "problems"),
    [
        (Counts(1000, 19, 0), "", set()),
        (Counts(1000, 20, 0), "", {"lifecycle.bounces"}),
        (Counts(1000, 50, 0), "bounces", {"lifecycle.mail-paused"}),
        (Counts(3000, 5, 3), "", {"lifecycle.complaints"}),
        (Counts(1000, 5, 3), "complaints", {"lifecycle.mail-paused"}),
        (Counts(3, 1, 1), "", set()),
    ],
)
def test_too_many_that_come_back_pause_and_staff_are_told(
    counts: Counts, reason: str, problems: set[str], installation: Installation, now: datetime
) -> None:
    has_sent(installation, now, counts)
    assert (paused(installation), raised(installation)) == (reason, problems)


def test_another_channel_is_counted_and_not_judged(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        deliverability.note(installation, "sms", Counts(1000, 500, 0), now)
        assert deliverability.rates(installation.pk, "sms", now) == Counts(1000, 500, 0)
    assert (paused(installation), raised(installation)) == ("", set())


def test_only_the_last_seven_days_count(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        deliverability.count(installation.pk, "email", [((now - 7 * DAY).date(), Counts(1000, 500, 0))])
        deliverability.count(installation.pk, "email", [((now - 6 * DAY).date(), Counts(1000, 10, 0))])
        assert deliverability.rates(installation.pk, "email", now) == Counts(1000, 10, 0)
        deliverability.judge_channel(installation, "email", now)
    assert paused(installation) == ""


def test_a_pause_holds_commercial_messages_and_lets_service_ones_leave(shop: Installation, sink: Sink) -> None:
    now = timezone.now()
    rows = queue(shop, now, people=3)
    with within(shop.pk):
        Message.objects.filter(pk=rows[2].pk).update(purpose="service")
    has_sent(shop, now, Counts(1000, 100, 0))
    assert (SEND, shop.pk) in sweep.due(now)
    assert (tasks.run(shop.pk, now), tasks.run(shop.pk, now)) == (1, 0)
    assert states(shop) == ["queued", "queued", "sent"]
    assert (SEND, shop.pk) not in sweep.due(now)
    with within(shop.pk):
        assert deliverability.resume(shop, "email", now)
    assert (SEND, shop.pk) in sweep.due(now)
    tasks.run(shop.pk, now)
    assert states(shop) == ["sent", "sent", "sent"]


def test_a_pause_is_heard_before_the_next_claim(
    shop: Installation, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    queue(shop, now, people=3)
    send = Sink.send

    def send_and_pause(self: Sink, outgoing: list[object]) -> object:
        if not self.taken:
            has_sent(shop, timezone.now(), Counts(1000, 100, 0))
        return send(self, outgoing)  # type: ignore[arg-type]

    monkeypatch.setattr(Sink, "send", send_and_pause)
    tasks.run(shop.pk, now)
    assert states(shop) == ["sent", "queued", "queued"]


def test_what_led_to_a_pause_is_forgiven_when_staff_go_on(installation: Installation, now: datetime) -> None:
    has_sent(installation, now, Counts(1000, 100, 0))
    with within(installation.pk):
        assert deliverability.resume(installation, "email", now)
        assert not deliverability.resume(installation, "email", now)
    has_sent(installation, now, Counts(500, 9, 0))
    assert (paused(installation), raised(installation)) == ("", set())
    assert list(counted(installation).values()) == [(1500, 109, 0)], "and still shown"
    has_sent(installation, now, Counts(100, 30, 0))
    assert paused(installation) == "bounces"


def test_a_warning_is_taken_back_when_the_bad_days_are_over(shop: Installation, now: datetime) -> None:
    now = timezone.now()
    has_sent(shop, now - 6 * DAY, Counts(1000, 30, 0))
    assert raised(shop) == {"lifecycle.bounces"}
    with within(shop.pk):
        deliverability.judge_channel(shop, "email", now + DAY)
    assert raised(shop) == set()


def test_a_pause_does_not_end_by_itself(installation: Installation, now: datetime) -> None:
    has_sent(installation, now, Counts(1000, 100, 0))
    with within(installation.pk):
        deliverability.judge_channel(installation, "email", now + 30 * DAY)
    assert (paused(installation), raised(installation)) == ("bounces", {"lifecycle.mail-paused"})


def test_a_switch_and_a_pause_are_two_things(installation: Installation, now: datetime) -> None:
    has_sent(installation, now, Counts(1000, 100, 0))
    with within(installation.pk):
        sending.stop(installation, "email", now)
        sending.resume(installation, "email")
        assert sending.take_turns(installation, "email", 100, now) == Turns(100, is_service_only=True)


def test_another_installation_is_left_alone(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    has_sent(installation, now, Counts(1000, 100, 0))
    assert (paused(other_installation), counted(other_installation)) == ("", {})


def warming(shop: Installation, now: datetime) -> SendingChannel:
    with within(shop.pk):
        warm_ups.begin(shop, "email")
        return SendingChannel.objects.get()


def take(shop: Installation, most: int, now: datetime) -> Turns:
    with within(shop.pk):
        return sending.take_turns(shop, "email", most, now)


def test_no_more_leave_in_a_day_than_the_plan_says(installation: Installation) -> None:
    noon = datetime(2026, 3, 11, 12, tzinfo=UTC)
    midnight = datetime(2026, 3, 12, tzinfo=UTC)
    warming(installation, noon)
    assert [take(installation, 40, noon) for _ in range(3)] == [Turns(40), Turns(10), Turns(40, is_service_only=True)]
    assert take(installation, 40, midnight - SECOND).is_service_only
    assert [take(installation, 80, midnight).count for _ in range(2)] == [80, 20]
    assert take(installation, 500, midnight + DAY) == Turns(200)
    assert take(installation, 10**6, midnight + 11 * DAY) == Turns(10**6), "the plan is through"
    with within(installation.pk):
        assert not SendingChannel.objects.get().is_warming_up


def test_places_that_nobody_used_are_free_again(installation: Installation, now: datetime) -> None:
    warming(installation, now)
    turns = take(installation, 100, now)
    with within(installation.pk):
        sending.give_back(installation, "email", turns, 30)
    assert take(installation, 100, now) == Turns(30)


def test_what_is_beyond_the_plan_waits_for_the_next_day(shop: Installation, sink: Sink) -> None:
    now = timezone.now()
    queue(shop, now, people=55)
    warming(shop, now)
    while tasks.run(shop.pk, now):
        pass
    assert (states(shop).count("sent"), states(shop).count("queued")) == (50, 5)
    assert (SEND, shop.pk) not in sweep.due(now)
    tomorrow = now + DAY
    assert (SEND, shop.pk) in sweep.due(tomorrow)
    tasks.run(shop.pk, tomorrow)
    assert states(shop).count("sent") == 55


def test_it_can_be_switched_off(installation: Installation, now: datetime) -> None:
    warming(installation, now)
    take(installation, 100, now)
    assert take(installation, 100, now).is_service_only
    with within(installation.pk):
        warm_ups.end(installation, "email")
    assert take(installation, 100, now) == Turns(100)


def sender(shop: Installation, address: str, now: datetime, channel: str = "") -> None:
    with within(shop.pk):
        brand = Brand.objects.get()
        if channel:
            assert brands.set_channel(brand, channel, {"sender_email": address}, now) == ()
        else:
            assert brands.set_up(shop, brand, {"sender_email": address}, now) == ()


def domains(shop: Installation) -> list[str]:
    with within(shop.pk):
        return sorted(SenderDomain.objects.values_list("domain", flat=True))


def is_warming_up(shop: Installation) -> bool:
    with within(shop.pk):
        return SendingChannel.objects.filter(is_warming_up=True).exists()


def test_a_new_domain_is_warmed_up_and_checked(installation: Installation, now: datetime) -> None:
    sender(installation, "hello@shop.example", now)
    assert is_warming_up(installation)
    with within(installation.pk):
        assert list(SenderDomain.objects.values_list("domain", "due_at")) == [("shop.example", now)]
        warm_ups.end(installation, "email")
    sender(installation, "other@Shop.example", now)
    assert not is_warming_up(installation)
    sender(installation, "hello@other.example", now)
    assert is_warming_up(installation)
    assert domains(installation) == ["other.example"]


def test_a_sender_that_was_there_before_is_checked_and_not_warmed_up(shop: Installation) -> None:
    with within(shop.pk):
        sender_domains.note(Brand.objects.get(), timezone.now())
    assert (domains(shop), is_warming_up(shop)) == (["shop.example.com"], False)


def test_a_channels_own_sender_is_checked_too(installation: Installation, now: datetime) -> None:
    sender(installation, "hello@shop.example", now)
    sender(installation, "hola@tienda.example", now, "es")
    assert domains(installation) == ["shop.example", "tienda.example"]
    with within(installation.pk):
        assert sender_domains.sender_channels(Brand.objects.get()) == {"shop.example": "", "tienda.example": "es"}
    sender(installation, "", now, "es")
    assert domains(installation) == ["shop.example"]
