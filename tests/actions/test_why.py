from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import ledger, why
from saleor_lifecycle.actions.ledger import Entry, Kind
from saleor_lifecycle.models import Customer, Enrollment, Flow, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from tests.facts import ADA, GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
IDLE = timedelta(minutes=30)


def advance(installation: Installation, at: datetime) -> None:
    while passages.run(installation.pk, at):
        pass


def stories(
    installation: Installation, first: int = 10, after: why.Place | None = None, user: str = ADA
) -> list[why.Story]:
    with within(installation.pk):
        customer = Customer.objects.get(identities__value=user)
        return why.why(customer, Flow.objects.get(key="abandoned-cart"), first, after)


def told(story: why.Story) -> list[tuple[str, str, str]]:
    return [(line.kind.value, line.outcome, line.step) for line in story.lines]


def entered(installation: Installation, now: datetime, checkout: str = "a checkout") -> Enrollment:
    """Return Ada's passage for a cart that has just gone idle, by which nothing is written in the ledger yet."""
    tell(installation, [account(now - HOUR), cart(now, checkout)], now)
    advance(installation, now + IDLE)
    with within(installation.pk):
        ledger.Decision.objects.all().delete()
        return Enrollment.objects.get(key=checkout)


def write(passage: Enrollment, at: datetime, *said: tuple[Kind, str, str]) -> None:
    with within(passage.installation_id):
        of = Entry(passage.customer_id, passage.flow_id, Kind.ENTERED, enrollment_id=passage.pk)
        entries = [of._replace(kind=kind, outcome=outcome, step=step) for kind, outcome, step in said]
        ledger.record(passage.installation_id, entries, at)


def test_decisions_of_one_moment_follow_one_another_as_the_steps_do(installation: Installation, now: datetime) -> None:
    passage = entered(installation, now)
    at = passage.entered_at
    write(
        passage,
        at,
        (Kind.EXITED, "ordered", "wait-touch-2"),
        (Kind.PASSED, "", "wait-touch-2"),
        (Kind.PASSED, "", "touch-1"),
        (Kind.PASSED, "", "wait-touch-1"),
        (Kind.ENTERED, "treated", ""),
    )
    [story] = stories(installation)
    assert told(story) == [
        ("entered", "treated", ""),
        ("passed", "", "wait-touch-1"),
        ("passed", "", "touch-1"),
        ("passed", "", "wait-touch-2"),
        ("exited", "ordered", "wait-touch-2"),
    ]
    assert [line.step_kind for line in story.lines] == ["", "wait", "send", "wait", "wait"]


def test_where_the_ledger_is_silent_rows_tell_the_story(installation: Installation, now: datetime) -> None:
    passage = entered(installation, now)
    advance(installation, now + HOUR)
    with within(installation.pk):
        Message.objects.update(state="skipped", reason="no_consent", settled_at=now + HOUR + MINUTE, due_at=None)
    tell(installation, [order(now + 2 * HOUR)], now + 2 * HOUR)
    with within(installation.pk):
        ledger.Decision.objects.all().delete()
    [story] = stories(installation)
    assert told(story) == [("entered", "", ""), ("skipped", "no_consent", "touch-1"), ("exited", "ordered", "")]
    assert [line.at for line in story.lines] == [passage.entered_at, now + HOUR + MINUTE, now + 2 * HOUR]


def test_what_the_ledger_says_of_a_message_is_not_said_twice(installation: Installation, now: datetime) -> None:
    passage = entered(installation, now)
    advance(installation, now + HOUR)
    with within(installation.pk):
        Message.objects.update(state="sent", settled_at=now + HOUR + MINUTE, due_at=None)
    write(passage, now + HOUR + MINUTE, (Kind.SENT, "", "touch-1"))
    [story] = stories(installation)
    assert [kind for kind, _, step in told(story) if step == "touch-1" and kind == "sent"] == ["sent"]


def test_pages_go_back_to_the_first_passage(installation: Installation, now: datetime) -> None:
    for number in range(3):
        entered(installation, now + number * HOUR, f"checkout {number}")
    seen: list[str] = []
    place = None
    while page := stories(installation, 2, place):
        seen += [story.enrollment.key for story in page]
        place = page[-1].enrollment.entered_at, page[-1].enrollment.pk
    assert seen == ["checkout 2", "checkout 1", "checkout 0"]


def test_whoever_they_turned_out_to_be_keeps_the_story(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, user=None)], now)
    advance(installation, now + IDLE)
    with within(installation.pk):
        guest = Enrollment.objects.get()
        ledger.Decision.objects.all().delete()
    write(guest, now + IDLE, (Kind.ENTERED, "treated", ""), (Kind.PASSED, "", "wait-touch-1"))
    tell(installation, [account(now + HOUR)], now + HOUR)
    [story] = stories(installation)
    assert story.enrollment.customer_id != guest.customer_id
    assert told(story)[:2] == [("entered", "treated", ""), ("passed", "", "wait-touch-1")]


def test_nobody_else_s_passages_and_refusals_are_told(installation: Installation, now: datetime) -> None:
    passage = entered(installation, now)
    tell(installation, [account(now, GRACE, "grace@example.com")], now)
    with within(installation.pk):
        refused = Entry(passage.customer_id, passage.flow_id, Kind.REFUSED, "entry_filter")
        ledger.record(installation.pk, [refused], now)
        ledger.record(installation.pk, [refused._replace(outcome="still_inside")], now + HOUR)
        flow = Flow.objects.get(key="abandoned-cart")
        people = {user: Customer.objects.get(identities__value=user) for user in (ADA, GRACE)}
        assert [line.outcome for line in why.refusals(people[ADA], flow, 10)] == ["still_inside", "entry_filter"]
        assert [line.outcome for line in why.refusals(people[ADA], flow, 1)] == ["still_inside"]
        assert why.refusals(people[GRACE], flow, 10) == []
    assert stories(installation, user=GRACE) == []


def test_flows_are_those_that_go_on_and_those_they_were_in(installation: Installation, now: datetime) -> None:
    passage = entered(installation, now)
    with within(installation.pk):
        Flow.objects.create(installation=installation, key="new")
        Flow.objects.create(installation=installation, key="old", archived_at=now)
        Flow.objects.update(archived_at=now)
        Flow.objects.filter(key="new").update(archived_at=None)
        held = [(flow.key, count) for flow, count in why.flows_of(passage.customer_id)]
    assert held == [("abandoned-cart", 1), ("new", 0)]
