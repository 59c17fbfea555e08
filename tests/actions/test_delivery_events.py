"""What follows from reports: the same, in whatever order and however often they come."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions import consent, delivery_events
from saleor_lifecycle.domain.delivery_events import EventKind, Report
from saleor_lifecycle.models import Consent, Customer, DeliveryEvent, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from tests.delivered import customer, message, queued

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def report(about: Message, kind: str, at: datetime, **more: Any) -> Report:
    key = f"{kind} {about.pk} {at} {more}"
    return Report(key, EventKind(kind), about.public_id, "theirs", occurred_at=at, **more)


def apply(shop: Installation, now: datetime, *told: Report) -> int:
    with within(shop.pk):
        return delivery_events.apply(shop, "postmark", told, now)


def state(row: Message) -> tuple[str, str]:
    held = Message.objects.get(pk=row.pk)
    return held.state, held.reason


def suppressed(shop: Installation) -> list[str]:
    with within(shop.pk):
        return list(Suppression.objects.values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("before", "kinds", "expected"),
    [
        ("unknown", ["delivered"], "sent"),
        ("unknown", ["deferred"], "sent"),
        ("unknown", ["bounced"], "sent"),
        ("unknown", ["queued"], "unknown"),
        ("unknown", ["rejected"], "failed"),
        ("unknown", ["rejected", "delivered"], "sent"),
        ("unknown", ["delivered", "failed"], "sent"),
        ("sending", ["delivered"], "sent"),
        ("sending", ["failed"], "failed"),
        ("queued", ["delivered"], "sent"),
        ("queued", ["rejected"], "queued"),
        ("failed", ["delivered"], "sent"),
        ("sent", ["rejected"], "sent"),
        ("skipped", ["delivered"], "skipped"),
    ],
)
def test_settles_a_message_by_what_is_told_of_it(
    before: str, kinds: list[str], expected: str, installation: Installation, now: datetime
) -> None:
    about = message(installation, customer(installation, now), now, state=before, due_at=now, settled_at=None)
    for kind in kinds:
        apply(installation, now, report(about, kind, now))
    with within(installation.pk):
        about.refresh_from_db()
        assert about.state == expected
        is_settled = expected != before
        assert (about.due_at is None, about.settled_at == now) == (is_settled, is_settled)
        assert about.provider_id == ("theirs" if is_settled else "")


def test_one_that_never_left_our_hands_is_not_settled_by_a_stranger(installation: Installation, now: datetime) -> None:
    about = queued(installation, customer(installation, now), now)
    apply(installation, now, report(about, "delivered", now))
    with within(installation.pk):
        assert state(about) == ("queued", "")


def test_a_provider_that_does_not_know_our_id_is_understood_by_its_own(
    installation: Installation, now: datetime
) -> None:
    about = message(installation, customer(installation, now), now, provider_id="<1@their.example>")
    told = [
        Report("a", EventKind.DELIVERED, None, "<1@their.example>"),
        Report("b", EventKind.DELIVERED, None, "other"),
    ]
    assert apply(installation, now, *told) == 1
    with within(installation.pk):
        row = DeliveryEvent.objects.get()
        assert (row.message_id, row.occurred_at) == (about.pk, now)


def test_what_is_told_of_has_happened(installation: Installation, now: datetime) -> None:
    about = message(installation, customer(installation, now), now)
    apply(installation, now, report(about, "delivered", now + 400 * DAY))
    with within(installation.pk):
        assert DeliveryEvent.objects.get().occurred_at == now


@pytest.mark.parametrize(
    ("kind", "more", "purpose", "expected"),
    [
        ("bounced", {"is_permanent": True}, "commercial", ("skipped", "bounced")),
        ("bounced", {"is_permanent": True}, "service", ("skipped", "bounced")),
        ("bounced", {"is_permanent": False}, "commercial", ("queued", "")),
        ("complained", {}, "commercial", ("skipped", "unsubscribed")),
        ("complained", {}, "service", ("skipped", "complained")),
        ("unsubscribed", {}, "commercial", ("skipped", "unsubscribed")),
        ("unsubscribed", {}, "service", ("queued", "")),
        ("rejected", {"reason": "bounced"}, "commercial", ("skipped", "bounced")),
        ("rejected", {"reason": "blocked"}, "commercial", ("queued", "")),
    ],
)
def test_what_waits_is_ended_with_it(
    kind: str,
    more: dict[str, Any],
    purpose: str,
    expected: tuple[str, str],
    installation: Installation,
    now: datetime,
) -> None:
    ada = customer(installation, now)
    about, waiting = message(installation, ada, now), queued(installation, ada, now, purpose=purpose)
    apply(installation, now, report(about, kind, now, **more))
    with within(installation.pk):
        assert state(waiting) == expected


def test_a_bounce_of_an_earlier_address_ends_nothing_of_the_person(installation: Installation, now: datetime) -> None:
    ada = customer(installation, now)
    with within(installation.pk):
        earlier = consent.address_hash(installation, "email", "earlier@example.com")
    about, waiting = message(installation, ada, now, address_hash=earlier), queued(installation, ada, now)
    apply(installation, now, report(about, "bounced", now, is_permanent=True))
    with within(installation.pk):
        assert state(waiting) == ("queued", "")
        assert Suppression.objects.get().address_hash == earlier


def test_somebody_who_comes_back_is_not_sent_away_by_a_repetition(installation: Installation, now: datetime) -> None:
    ada = customer(installation, now)
    about = message(installation, ada, now)
    apply(installation, now, report(about, "unsubscribed", now))
    with within(installation.pk):
        assert Consent.objects.filter(source="unsubscribe", is_granted=False).exists()
        Consent.objects.filter(source="unsubscribe").delete()
        Suppression.objects.all().delete()
    assert apply(installation, now, report(about, "unsubscribed", now), report(about, "delivered", now)) == 1
    with within(installation.pk):
        assert not Consent.objects.filter(source="unsubscribe").exists()
    assert suppressed(installation) == []


def test_three_messages_in_a_row_that_nobody_takes_end_it(installation: Installation, now: datetime) -> None:
    ada = customer(installation, now)
    sent = [message(installation, ada, now, key=f"{number}") for number in range(3)]
    soft = [report(one, "bounced", now - (3 - day) * DAY, is_permanent=False) for day, one in enumerate(sent)]
    again = report(sent[0], "bounced", now - DAY, is_permanent=False)
    apply(installation, now, soft[0], soft[1], again)
    assert suppressed(installation) == []
    apply(installation, now, soft[2])
    assert suppressed(installation) == ["soft_bounces"]
    # It turns out that one had arrived between.
    apply(installation, now, report(sent[1], "delivered", now - 1.5 * DAY))
    assert suppressed(installation) == []


KINDS = st.sampled_from(
    [
        ("delivered", {}),
        ("deferred", {}),
        ("queued", {}),
        ("bounced", {"is_permanent": True}),
        ("bounced", {"is_permanent": False}),
        ("complained", {}),
        ("unsubscribed", {}),
        ("rejected", {"reason": "bounced"}),
        ("rejected", {"reason": "blocked"}),
        ("failed", {}),
    ]
)


@given(
    told=st.lists(st.tuples(st.integers(0, 3), KINDS, st.integers(0, 20)), min_size=1, max_size=8, unique_by=str),
    batches=st.integers(1, 4),
    data=st.data(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_any_batches_and_any_repetition_end_the_same(
    told: list[tuple[int, tuple[str, dict[str, Any]], int]],
    batches: int,
    data: st.DataObject,
    installation: Installation,
    now: datetime,
) -> None:
    ends = []
    orders = [told, data.draw(st.permutations(told)) + told[: data.draw(st.integers(0, len(told)))]]
    for order, size in zip(orders, (len(told), batches), strict=True):
        with transaction.atomic():
            with within(installation.pk):
                Customer.objects.all().delete()
            ada = customer(installation, now)
            sent = [message(installation, ada, now, key=f"{number}", state="unknown") for number in range(4)]
            reports = [report(sent[about], kind, now - days * DAY, **more) for about, (kind, more), days in order]
            # Keys name messages by their ids, which differ from run to run.
            for first in range(0, len(reports), size):
                apply(installation, now, *reports[first : first + size])
            with within(installation.pk):
                messages = list(Message.objects.order_by("key").values_list("key", "state", "reason"))
                events = sorted(
                    DeliveryEvent.objects.values_list("message__key", "kind", "occurred_at", "is_permanent")
                )
                said = list(Consent.objects.order_by("source").values_list("source", "is_granted", "at"))
            ends.append((messages, events, said, suppressed(installation)))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]
