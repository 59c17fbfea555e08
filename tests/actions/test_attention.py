"""What is decided of messages among all that want their customer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from saleor_lifecycle.actions import decisions, messages
from saleor_lifecycle.actions.send_facts import Answer
from saleor_lifecycle.models import (
    AttentionSettings,
    Brand,
    Consent,
    Customer,
    Decision,
    Enrollment,
    Flow,
    FlowVersion,
    Identity,
    Installation,
    Message,
    SendingChannel,
)
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(installation: Installation) -> Installation:
    """A shop that may write to Ada."""
    with within(installation.pk):
        Brand.objects.update(**{name: "hello@shop.example.com" for name in Brand.NEEDED})
    tell(installation, [account(NOON - 300 * DAY, consent=True)], NOON - 300 * DAY)
    with within(installation.pk):
        for channel in ("on_site", "sms"):
            Consent.objects.create(
                installation=installation,
                identity=Identity.objects.get(value=ADA),
                topic="",
                channel=channel,
                source="storefront",
                is_granted=True,
                evidence="",
                at=NOON - 300 * DAY,
            )
    return installation


def ada(shop: Installation) -> Customer:
    return Customer.objects.get(identities__value=ADA)


def flow(shop: Installation, key: str = "nurture", **document: Any) -> Flow:
    """A flow that is on, of one message."""
    held = Flow.objects.create(installation=shop, key=key)
    whole = {
        "schema_version": 2,
        "topic": "cart",
        "trigger": {"kind": "manual"},
        "steps": [{"key": "hello", "kind": "send", "template": "hello"}],
        **document,
    }
    held.version = FlowVersion.objects.create(installation=shop, flow=held, number=1, document=whole, published_at=NOON)
    held.save()
    return held


def enroll(shop: Installation, in_flow: Flow, at: datetime = NOON - HOUR, **fields: Any) -> Enrollment:
    assert in_flow.version is not None
    return Enrollment.objects.create(
        installation=shop,
        flow=in_flow,
        version=in_flow.version,
        customer=ada(shop),
        key=str(uuid4()),
        state=Enrollment.State.FINISHED,
        since=at,
        anchor_at=at,
        entered_at=at,
        **fields,
    )


def queue(shop: Installation, of: Enrollment | None = None, at: datetime = NOON, **fields: Any) -> Message:
    return Message.objects.create(
        installation=shop,
        enrollment=of,
        step="hello" if of else "",
        key="" if of else str(uuid4()),
        template="hello",
        topic="cart",
        **{"customer": ada(shop), "channel": "email", "queued_at": at, "due_at": at, **fields},
    )


def past(shop: Installation, at: datetime, state: str = "sent", **fields: Any) -> Message:
    return queue(shop, at=at, state=state, due_at=None, settled_at=at, **fields)


def decide(
    shop: Installation, some: Sequence[messages.Candidate], now: datetime = NOON, address: str = "ada@example.com"
) -> list[int]:
    """Decide a batch that was leased; return the ids of those that may leave."""
    answers = {one.message_id: Answer(address) for one in some}
    leaving, _ = decisions.decide(shop, some, answers, now)
    return [row.pk for row in leaving]


def look(
    shop: Installation, now: datetime = NOON, channel: str = "email", address: str = "ada@example.com"
) -> list[int]:
    """Lease what is due on a channel and decide it."""
    return decide(shop, messages.lease(shop.pk, channel, 100, now), now, address)


def standing(message: Message) -> tuple[str, str, datetime | None]:
    message.refresh_from_db()
    return message.state, message.reason, message.due_at


def kept(message: Message) -> list[tuple[str, str, dict[str, Any]]]:
    """What the ledger says of a message."""
    rows = Decision.objects.filter(message_id=message.pk).order_by("occurred_at")
    return [(row.kind, row.outcome, row.data) for row in rows]


@pytest.mark.parametrize(
    ("case", "before", "expected"),
    [
        ("nothing", [], None),
        ("another that left within the day", [{"at": NOON - 23 * HOUR}], NOON + HOUR),
        ("on any channel", [{"at": NOON - 23 * HOUR, "channel": "webhook"}], NOON + HOUR),
        ("one of which nobody knows whether it left", [{"at": NOON - 23 * HOUR, "state": "unknown"}], NOON + HOUR),
        ("one a day ago", [{"at": NOON - DAY}], None),
        ("a service message", [{"at": NOON - HOUR, "purpose": "service"}], None),
        ("one that was refused", [{"at": NOON - HOUR, "state": "failed"}], None),
        ("one that was skipped", [{"at": NOON - HOUR, "state": "skipped"}], None),
        ("three in the week", [{"at": NOON - n * DAY} for n in (6, 4, 2)], NOON + DAY),
    ],
)
def test_a_message_waits_for_a_place_after(
    case: str, before: list[dict[str, Any]], expected: datetime | None, shop: Installation
) -> None:
    with within(shop.pk):
        for fields in before:
            past(shop, **fields)
        message = queue(shop)
        leaving = look(shop)
        assert leaving == ([message.pk] if expected is None else [])
        assert standing(message)[1:] == (
            ("", NOON + messages.LEASE) if expected is None else ("frequency_cap", expected)
        )


def test_messages_that_are_held_to_no_cap(shop: Installation) -> None:
    with within(shop.pk):
        past(shop, NOON - HOUR)
        service = queue(shop, purpose="service")
        asked_for = queue(shop, enroll(shop, flow(shop, "promised", is_asked_for=True)))
        assert set(look(shop)) == {service.pk, asked_for.pk}
        Message.objects.filter(pk=asked_for.pk).update(state="sent", settled_at=NOON)
        Message.objects.filter(pk=service.pk).update(state="sent", settled_at=NOON)
        other = queue(shop, at=NOON + 23 * HOUR)
        assert look(shop, NOON + 23 * HOUR) == [other.pk], "nor do they fill one"


def test_a_shop_sets_its_own_caps(shop: Installation) -> None:
    with within(shop.pk):
        AttentionSettings.objects.create(installation=shop, per_day=2, per_week=None, per_month=None)
        past(shop, NOON - HOUR)
        first, second = queue(shop), queue(shop)
        assert look(shop) == [first.pk]
        assert standing(second) == ("queued", "outranked", NOON + 23 * HOUR)
        AttentionSettings.objects.update(per_day=0)
        assert look(shop, NOON + 23 * HOUR) == []
        assert standing(second)[:2] == ("skipped", "cap_full")


def test_of_several_the_best_leaves_and_the_others_are_written_down(shop: Installation) -> None:
    with within(shop.pk):
        low = queue(shop, enroll(shop, flow(shop, "low", priority=10)))
        high = queue(shop, enroll(shop, flow(shop, "high", priority=90)))
        brief = queue(shop, enroll(shop, flow(shop, "brief", priority=10, ends="PT13H"), NOON - HOUR))
        assert look(shop) == [high.pk]
        later = {"until": (NOON + DAY).isoformat(), "window": "day", "most": 1}
        assert kept(high) == [("sent", "", {})]
        assert standing(low) == ("queued", "outranked", NOON + DAY)
        assert kept(low) == [("deferred", "outranked", later)]
        assert standing(brief) == ("queued", "outranked", NOON + HOUR), "the better one may not leave after all"
        Message.objects.filter(pk=high.pk).update(state="sent", settled_at=NOON, due_at=None, lease=None)
        assert look(shop, NOON + HOUR) == []
        assert standing(brief) == ("skipped", "cap_full", None)
        assert [kind for kind, _, _ in kept(brief)] == ["deferred", "skipped"]
        assert look(shop, NOON + DAY) == [low.pk]
        assert [kind for kind, _, _ in kept(low)] == ["deferred", "sent"]


def test_an_answer_is_written_down_when_it_changes(shop: Installation) -> None:
    with within(shop.pk):
        past(shop, NOON - HOUR)
        message = queue(shop, enroll(shop, flow(shop)))
        unasked = queue(shop)
        for minutes in range(3):
            look(shop, NOON + minutes * MINUTE)
            Message.objects.filter(state="queued").update(due_at=NOON)
        assert [(kind, outcome) for kind, outcome, _ in kept(message)] == [("deferred", "frequency_cap")]
        assert kept(unasked) == []
        Message.objects.filter(state="sent").update(settled_at=NOON - 2 * DAY)
        assert look(shop, NOON + 3 * MINUTE) == [message.pk]
        # The worker died, and another decides anew.
        assert look(shop, NOON + 5 * MINUTE) == [message.pk]
        assert [kind for kind, _, _ in kept(message)] == ["deferred", "sent"]


def test_what_somebody_else_lets_go_takes_its_place(shop: Installation) -> None:
    with within(shop.pk):
        first, second = queue(shop), queue(shop, channel="on_site")
        assert look(shop) == [first.pk]
        assert look(shop, NOON + MINUTE / 2, "on_site") == []
        assert standing(second)[:2] == ("queued", "frequency_cap")
        # It is being handed over.
        Message.objects.filter(pk=first.pk).update(state="sending", due_at=NOON + messages.LOST_AFTER, lease=None)
        Message.objects.filter(pk=second.pk).update(due_at=NOON)
        assert look(shop, NOON + MINUTE, "on_site") == []
        assert standing(second) == ("queued", "frequency_cap", NOON + DAY)
        # It never left.
        Message.objects.filter(pk=first.pk).update(state="failed", settled_at=NOON, due_at=None)
        Message.objects.filter(pk=second.pk).update(due_at=NOON)
        assert look(shop, NOON + MINUTE, "on_site") == [second.pk]


def test_a_decision_whose_worker_died_takes_no_place(shop: Installation) -> None:
    with within(shop.pk):
        first = queue(shop)
        assert look(shop) == [first.pk]
        assert look(shop, NOON + messages.LEASE) == [first.pk]


@pytest.mark.parametrize(
    ("case", "change", "waits"),
    [
        ("it was not looked at yet", {}, True),
        ("it waits for a place as well", {"reason": "frequency_cap"}, True),
        ("it waits for its shop", {"reason": "shop_away"}, False),
        ("the provider would not have it", {"reason": "421 try later"}, False),
        ("it comes later", {"due_at": NOON + MINUTE}, False),
        ("another worker asks about it", {"due_at": NOON + MINUTE, "lease": uuid4()}, True),
        ("it is a service message", {"purpose": "service"}, False),
        ("it is worth less", {"queued_at": NOON + MINUTE}, False),
    ],
)
def test_a_better_message_on_another_channel_is_waited_for_if(
    case: str, change: dict[str, Any], waits: bool, shop: Installation
) -> None:
    with within(shop.pk):
        queue(shop, **{"at": NOON - HOUR, "channel": "on_site", **change})
        message = queue(shop)
        assert look(shop) == ([] if waits else [message.pk])
        assert not waits or standing(message) == ("queued", "outranked", NOON + MINUTE)


@pytest.mark.parametrize(
    "closed", [{"off_at": NOON}, {"paused_at": NOON}, {"commercial_at": NOON + DAY}, {"failures": 1}]
)
def test_nothing_waits_for_a_channel_that_is_closed(closed: dict[str, Any], shop: Installation) -> None:
    with within(shop.pk):
        SendingChannel.objects.create(installation=shop, channel="on_site", **closed)
        queue(shop, at=NOON - HOUR, channel="on_site")
        message = queue(shop)
        assert look(shop) == [message.pk]


def test_nothing_waits_for_a_flow_that_is_off(shop: Installation) -> None:
    with within(shop.pk):
        still = flow(shop, priority=99)
        queue(shop, enroll(shop, still), channel="on_site")
        message = queue(shop)
        assert look(shop) == []
        Flow.objects.filter(pk=still.pk).update(is_on=False)
        Message.objects.update(due_at=NOON)
        assert look(shop) == [message.pk]


def test_each_customer_has_their_own_places(shop: Installation) -> None:
    tell(shop, [account(NOON - DAY, GRACE, "grace@example.com", consent=True)], NOON - DAY)
    with within(shop.pk):
        grace = Customer.objects.get(identities__value=GRACE)
        first, second = queue(shop), queue(shop, customer=grace)
        assert set(look(shop)) == {first.pk, second.pk}


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_a_message_each_let_one_of_them_go(shop: Installation) -> None:
    with within(shop.pk):
        first, second = queue(shop), queue(shop, channel="on_site")
        batches = [messages.lease(shop.pk, channel, 9, NOON) for channel in ("email", "on_site")]
    left: list[int] = []
    together = Barrier(2)

    def work(batch: list[messages.Candidate]) -> None:
        try:
            together.wait(10)
            with within(shop.pk):
                left.extend(decide(shop, batch))
        finally:
            connection.close()

    workers = [Thread(target=work, args=(batch,)) for batch in batches]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    with within(shop.pk):
        assert left == [first.pk], "whoever came first, the better one leaves"
        assert standing(second)[:2] in {("queued", "outranked"), ("queued", "frequency_cap")}


# Where they are, and what they wait for


@pytest.mark.parametrize(
    ("case", "facts", "until"),
    [
        ("the shop's, where nothing is known", [], datetime(2026, 3, 11, 9, tzinfo=UTC)),
        ("that of the country", [replace(cart(NOON - DAY), country="JP")], None),
        (
            "that of the postcode",
            [replace(cart(NOON - DAY), country="ES", zone="Atlantic/Canary")],
            datetime(2026, 3, 11, 10, tzinfo=UTC),
        ),
        (
            "all of the country, where no postcode is known",
            [replace(cart(NOON - DAY), country="ES")],
            datetime(2026, 3, 11, 10, tzinfo=UTC),
        ),
        (
            "that of the newest order or cart",
            [replace(cart(NOON - 2 * DAY), country="JP"), replace(order(NOON - DAY), country="FR")],
            datetime(2026, 3, 11, 9, tzinfo=UTC),
        ),
    ],
)
def test_it_is_night_by_the_clock_of(
    case: str, facts: list[Any], until: datetime | None, shop: Installation, settings: Any
) -> None:
    settings.TWILIO_ACCOUNT_SID = "AC1"
    early = datetime(2026, 3, 11, 8, 59, tzinfo=UTC)
    tell(shop, facts, NOON - DAY)
    with within(shop.pk):
        Installation.objects.update(time_zone="Europe/Madrid")
        shop.refresh_from_db()
        message = queue(shop, channel="sms", at=early)
        assert look(shop, early, "sms", "no number") == ([message.pk] if until is None else [])
        assert until is None or standing(message) == ("queued", "quiet_hours", until)
        if until is not None:
            assert look(shop, until, "sms", "no number") == [message.pk]


def test_a_number_tells_the_clock_of_somebody_of_whom_nothing_else_is_known(shop: Installation, settings: Any) -> None:
    settings.TWILIO_ACCOUNT_SID = "AC1"
    with within(shop.pk):
        message = queue(shop, channel="sms")
        assert look(shop, NOON, "sms", "+81312345678") == [], "it is nine in the evening in Tokyo"
        assert standing(message) == ("queued", "quiet_hours", datetime(2026, 3, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(("channel", "hours", "waits"), [("email", ["11:00", "13:00"], True), ("sms", None, False)])
def test_a_shop_sets_its_own_hours(
    channel: str, hours: list[str] | None, waits: bool, shop: Installation, settings: Any
) -> None:
    settings.TWILIO_ACCOUNT_SID = "AC1"
    night = NOON if channel == "email" else NOON + 10 * HOUR
    with within(shop.pk):
        AttentionSettings.objects.create(installation=shop, quiet_hours={channel: hours})
        message = queue(shop, channel=channel, at=night)
        service = queue(shop, channel=channel, at=night, purpose="service")
        assert look(shop, night, channel) == ([service.pk] if waits else [message.pk, service.pk])


CAME_BACK = {"status": "RETURNED", "charged": Decimal(20), "refunded": Decimal(0)}


@pytest.mark.parametrize(
    ("case", "trigger", "placed", "waits"),
    [
        ("goods came back", {"kind": "event", "event": "order_fulfilled"}, CAME_BACK, True),
        ("some came back", {"kind": "phase_entered", "phase": "retention"}, {"status": "PARTIALLY_RETURNED"}, True),
        ("the flow is for anybody", {"kind": "manual"}, CAME_BACK, False),
        ("they were exchanged", {"kind": "event", "event": "order_fulfilled"}, {"status": "FULFILLED"}, False),
        ("they were paid for", {"kind": "date", "date": "loss_at"}, CAME_BACK | {"refunded": Decimal(20)}, False),
        ("nothing was paid", {"kind": "date", "date": "loss_at"}, CAME_BACK | {"charged": Decimal(0)}, False),
    ],
)
def test_a_return_is_waited_for_when(
    case: str, trigger: dict[str, Any], placed: dict[str, Any], waits: bool, shop: Installation
) -> None:
    older = replace(order(NOON - 9 * DAY, "T3JkZXI6OQ=="), status="FULFILLED")
    tell(shop, [older, replace(order(NOON - 2 * DAY), **placed)], NOON - DAY)
    with within(shop.pk):
        message = queue(shop, enroll(shop, flow(shop, trigger=trigger)))
        assert look(shop) == ([] if waits else [message.pk])
        assert not waits or standing(message) == ("queued", "return_open", NOON + 6 * HOUR)


def test_a_return_of_an_older_order_holds_nothing_up(shop: Installation) -> None:
    older = replace(order(NOON - 9 * DAY, "T3JkZXI6OQ=="), **CAME_BACK)
    tell(shop, [older, order(NOON - 2 * DAY)], NOON - DAY)
    with within(shop.pk):
        message = queue(shop, enroll(shop, flow(shop, trigger={"kind": "event", "event": "order_placed"})))
        assert look(shop) == [message.pk]


@pytest.mark.parametrize(
    ("case", "document", "fields", "reason"),
    [
        ("ordered since", {}, {"at": NOON - 3 * HOUR}, "ordered"),
        ("ordered since, which ends nothing", {"exits_on_order": False}, {"at": NOON - 3 * HOUR}, ""),
        ("ordered before", {}, {"at": NOON - HOUR}, ""),
        ("held out", {}, {"arm": "holdout"}, "held_out"),
        ("treated", {}, {"arm": "treated"}, ""),
        ("only tried out", {}, {"is_shadow": True}, "shadow"),
    ],
)
def test_nobody_is_written_to_who(
    case: str, document: dict[str, Any], fields: dict[str, Any], reason: str, shop: Installation
) -> None:
    tell(shop, [order(NOON - 2 * HOUR)], NOON - HOUR)
    with within(shop.pk):
        message = queue(shop, enroll(shop, flow(shop, **document), **fields))
        assert look(shop) == ([] if reason else [message.pk])
        assert standing(message)[:2] == (("skipped", reason) if reason else ("queued", ""))
        assert [outcome for _, outcome, _ in kept(message)] == [reason]
