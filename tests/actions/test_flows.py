from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import flow_versions, templates
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Cart, Enrollment, Flow, FlowVersion, Installation, Message
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import sweep
from tests.facts import ADA, CHECKOUT, GRACE, account, cart, deletion, order, tell

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
IDLE = timedelta(minutes=30)
MORE = (("VmFyaWFudDox", 3),)
Told = Callable[..., list[Fact]]
ADVANCE = "saleor_lifecycle.tasks.flows.advance"


def advance(installation: Installation, at: datetime) -> None:
    while passages.run(installation.pk, at):
        pass


def passage(installation: Installation) -> Enrollment | None:
    with within(installation.pk):
        return Enrollment.objects.first()


def queued(installation: Installation) -> list[tuple[str, datetime]]:
    with within(installation.pk):
        return list(Message.objects.order_by("id").values_list("step", "queued_at"))


def abandoned(installation: Installation, now: datetime) -> Enrollment:
    """Return the passage of a cart that has just gone idle."""
    tell(installation, [account(now - HOUR), cart(now)], now)
    advance(installation, now + IDLE)
    found = passage(installation)
    assert found is not None
    assert found.state == "waiting"
    return found


def test_a_cart_enters_once_nobody_has_touched_it_for_half_an_hour(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now)], now)
    advance(installation, now + IDLE - SECOND)
    assert passage(installation) is None
    assert (ADVANCE, installation.pk) not in sweep.due(now + IDLE - SECOND)
    assert (ADVANCE, installation.pk) in sweep.due(now + IDLE)
    advance(installation, now + IDLE)
    found = passage(installation)
    assert found is not None
    assert (found.key, found.entered_at, found.due_at) == (CHECKOUT, now + IDLE, now + HOUR)
    assert queued(installation) == []


def test_touches_come_at_one_twenty_four_and_seventy_two_hours(installation: Installation, now: datetime) -> None:
    found = abandoned(installation, now)
    for hours in (1, 24, 72):
        assert found.due_at == now + hours * HOUR
        advance(installation, found.due_at - SECOND)
        advance(installation, found.due_at)
        found.refresh_from_db()
    assert queued(installation) == [
        (f"touch-{number}", now + hours * HOUR) for number, hours in enumerate((1, 24, 72), 1)
    ]
    assert (found.state, found.due_at, found.ended_at) == ("finished", None, now + 72 * HOUR)


def test_a_cart_has_one_passage_only(installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    with within(installation.pk):
        Enrollment.objects.update(state="finished", due_at=None)
    tell(installation, [cart(now + DAY, lines=MORE)], now + DAY)
    with within(installation.pk):
        assert Cart.objects.get().idle_at is None
    advance(installation, now + 2 * DAY)
    with within(installation.pk):
        assert Enrollment.objects.count() == 1


def test_a_change_begins_the_wait_again(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now)], now)
    tell(installation, [cart(now + 20 * MINUTE, lines=MORE)], now + 20 * MINUTE)
    advance(installation, now + IDLE + MINUTE)
    assert passage(installation) is None
    advance(installation, now + 20 * MINUTE + IDLE)
    assert passage(installation) is not None


def test_a_stamp_on_an_unchanged_cart_does_not(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now)], now)
    tell(installation, [cart(now + 20 * MINUTE, language="es")], now + 20 * MINUTE)
    advance(installation, now + IDLE)
    assert passage(installation) is not None


def test_a_change_within_the_passage_moves_its_touches(installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    tell(installation, [cart(now + 50 * MINUTE, lines=MORE)], now + 50 * MINUTE)
    advance(installation, now + HOUR)
    assert queued(installation) == []
    found = passage(installation)
    assert found is not None
    assert found.due_at == now + 50 * MINUTE + HOUR


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("empty", lambda now: [cart(now, lines=())]),
        ("nobody's", lambda now: [cart(now, user=None, email=None)]),
        ("being paid", lambda now: [cart(now, being_paid=True)]),
        ("ordered", lambda now: [cart(now), order(now, checkout=CHECKOUT)]),
        ("left before the flow's end", lambda now: [cart(now - 7 * DAY)]),
    ],
)
def test_some_carts_never_enter(case: str, told: Told, installation: Installation, now: datetime) -> None:
    tell(installation, told(now), now)
    advance(installation, now + 2 * HOUR)
    assert passage(installation) is None, case


@pytest.mark.parametrize(
    ("case", "told", "reason"),
    [
        ("of this cart", lambda at: [order(at, user=None, email=None, checkout=CHECKOUT)], "ordered"),
        ("by the account, another cart", lambda at: [order(at, email="new@example.com", checkout="x")], "ordered"),
        ("as a guest with the address", lambda at: [order(at, user=None)], "ordered"),
        ("not paid yet", lambda at: [order(at, paid=False)], "ordered"),
        ("emptied", lambda at: [cart(at, lines=())], "cart_emptied"),
        ("account deleted", lambda at: [deletion(at)], "customer_gone"),
    ],
)
def test_a_passage_ends_at_once_and_takes_its_message_along(
    case: str, told: Told, reason: str, installation: Installation, now: datetime
) -> None:
    abandoned(installation, now)
    advance(installation, now + HOUR)
    at = now + HOUR + MINUTE
    tell(installation, told(at), at)
    found = passage(installation)
    assert found is not None
    assert (found.state, found.reason, found.ended_at, found.due_at) == ("exited", reason, at, None), case
    with within(installation.pk):
        message = Message.objects.get()
    assert (message.state, message.due_at, message.settled_at) == ("skipped", None, at)
    assert message.reason == (reason if reason in ("ordered", "customer_gone") else "enrollment_over")
    advance(installation, now + 3 * DAY)
    assert len(queued(installation)) == 1


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("before the cart's last change", lambda now, at: [order(now - SECOND)]),
        ("by somebody else", lambda now, at: [order(at, user=GRACE, email="grace@example.com")]),
        (
            "an unconfirmed account with that address",
            lambda now, at: [account(at, GRACE, confirmed=False), order(at, user=GRACE)],
        ),
    ],
)
def test_some_orders_are_no_reason_to_leave(case: str, told: Told, installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    facts: list[Fact] = told(now, now + HOUR)
    tell(installation, facts, now + HOUR)
    found = passage(installation)
    assert found is not None
    assert found.state == "waiting", case


def test_a_cart_that_went_over_to_an_account_still_ends_its_guests_passage(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [cart(now, user=None)], now)
    advance(installation, now + IDLE)
    at = now + HOUR - MINUTE
    tell(installation, [cart(at - MINUTE, user=ADA)], at)
    tell(installation, [order(at, user=ADA, checkout=CHECKOUT)], at)
    found = passage(installation)
    assert found is not None
    assert (found.state, found.reason, found.ended_at) == ("exited", "ordered", at)


def test_an_order_between_the_wait_and_the_entry_keeps_it_out(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - HOUR), cart(now)], now)
    tell(installation, [order(now + MINUTE, checkout="another")], now + MINUTE)
    advance(installation, now + 2 * HOUR)
    found = passage(installation)
    assert found is None or found.reason == "ordered"
    assert queued(installation) == []


def test_after_an_outage_touches_keep_their_distance(installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    late = now + 30 * HOUR
    advance(installation, late)
    assert queued(installation) == [("touch-1", late)]
    advance(installation, late + 23 * HOUR - SECOND)
    assert len(queued(installation)) == 1
    advance(installation, late + 23 * HOUR)
    assert queued(installation)[1] == ("touch-2", late + 23 * HOUR)


def test_after_a_week_nothing_is_of_use(installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    advance(installation, now + 7 * DAY)
    found = passage(installation)
    assert found is not None
    assert (found.state, found.reason) == ("exited", "too_old")
    assert queued(installation) == []


def test_a_flow_that_is_off_takes_nobody_in(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Flow.objects.update(is_on=False)
    tell(installation, [cart(now)], now)
    advance(installation, now + HOUR)
    assert passage(installation) is None
    assert sweep.due(now + HOUR) == []


def test_a_passage_keeps_the_version_that_it_began_with(installation: Installation, now: datetime) -> None:
    abandoned(installation, now)
    with within(installation.pk):
        document = FlowVersion.objects.get(flow__key="abandoned-cart").document
        flow_versions.publish(Flow.objects.get(key="abandoned-cart"), document | {"steps": document["steps"][:2]}, now)
    for hours in (1, 24, 72):
        advance(installation, now + hours * HOUR)
    assert len(queued(installation)) == 3


def test_an_invalid_document_is_not_published(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        flow = Flow.objects.get(key="abandoned-cart")
        before = flow.version_id
        with pytest.raises(DocumentError):
            flow_versions.publish(flow, {"schema_version": 1}, now)
        flow.refresh_from_db()
        assert (flow.version_id, flow.versions.count()) == (before, 1)


@pytest.mark.parametrize(
    ("purpose", "topic", "is_published"),
    [("commercial", "service", False), ("service", "service", True), ("commercial", "cart", True)],
)
def test_what_is_commercial_does_not_go_out_as_service(
    installation: Installation, now: datetime, purpose: str, topic: str, is_published: bool
) -> None:
    with within(installation.pk):
        flow = Flow.objects.select_related("version").get(key="abandoned-cart")
        assert flow.version is not None
        document = flow.version.document
        for step in [step for step in document["steps"] if step["kind"] == "send"]:
            kind = Purpose(purpose) if step is document["steps"][-1] else Purpose.SERVICE
            templates.save(installation.pk, step["template"], "en", ("", "", ""), "", now, purpose=kind)
        before = flow.version_id
        with nullcontext() if is_published else pytest.raises(DocumentError, match="commercial message"):
            flow_versions.publish(flow, document | {"topic": topic}, now)
        flow.refresh_from_db()
        assert (flow.version_id != before, flow.versions.count()) == (is_published, 1 + is_published)


def test_installations_never_mix(installation: Installation, other_installation: Installation, now: datetime) -> None:
    for one in (installation, other_installation):
        abandoned(one, now)
    tell(other_installation, [order(now + MINUTE)], now + MINUTE)
    advance(installation, now + HOUR)
    advance(other_installation, now + HOUR)
    assert (len(queued(installation)), len(queued(other_installation))) == (1, 0)
