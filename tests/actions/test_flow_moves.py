"""People inside a flow when a new version of it is published."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import flow_drafts, flow_moves, flow_switches
from saleor_lifecycle.domain.flow_moves import Choices, People, Place, Standing
from saleor_lifecycle.models import Decision, Enrollment, Flow, FlowMove, FlowVersion, Installation, Message
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flow_moves as walks
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.facts import CHECKOUT, account, cart, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
IDLE = timedelta(minutes=30)
WALK = "saleor_lifecycle.tasks.flow_moves.move"


@pytest.fixture(autouse=True)
def _templates(installation: Installation, now: datetime) -> None:
    add_ready_templates(installation.pk, now)


def wait(key: str, duration: str) -> dict[str, Any]:
    return {"key": key, "kind": "wait", "duration": duration, "since": "anchor"}


def send(key: str, number: int) -> dict[str, Any]:
    return {"key": key, "kind": "send", "template": f"abandoned-cart-{number}"}


def document(*steps: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "schema_version": 2,
        "topic": "cart",
        "trigger": {"kind": "cart_idle", "idle": "PT30M"},
        "steps": list(steps),
        "ends": "P7D",
        "holdout": 0,
    }


def left(installation: Installation, at: datetime, number: int = 1) -> int:
    """Return the id of the passage of a cart of its own person that was left at that moment."""
    checkout, user = f"{CHECKOUT}{number}", f"VXNlcjo{number}"
    tell(installation, [account(at, user, f"{number}@example.com"), cart(at, checkout, user, None)], at)
    advance(installation, at + IDLE)
    with within(installation.pk):
        return Enrollment.objects.get(key=checkout).pk


def advance(installation: Installation, at: datetime) -> None:
    while passages.run(installation.pk, at):
        pass


def publish(
    installation: Installation, written: Any, at: datetime, people: People = People.STAY, choices: Choices | None = None
) -> FlowVersion:
    with within(installation.pk):
        flow = flow_drafts.locked(installation.pk, "abandoned-cart")
        return flow_drafts.publish_document(flow, written, people, choices or {}, "VXNlcjoyMQ==", at)[0]


def where(installation: Installation) -> list[tuple[int, str, str]]:
    with within(installation.pk):
        return list(Enrollment.objects.order_by("id").values_list("version__number", "state", "step"))


def queued(installation: Installation) -> list[str]:
    with within(installation.pk):
        return list(Message.objects.order_by("id").values_list("step", flat=True))


def moved(installation: Installation) -> list[tuple[str, str, dict[str, Any]]]:
    with within(installation.pk):
        rows = Decision.objects.filter(kind__in=("moved", "exited")).order_by("enrollment_id")
        return list(rows.values_list("kind", "step", "data"))


def test_who_is_inside_stays_unless_the_merchant_says_otherwise(installation: Installation, now: datetime) -> None:
    left(installation, now)
    publish(installation, document(wait("later", "P2D"), send("one", 1)), now + HOUR / 2)
    with within(installation.pk):
        assert not FlowMove.objects.exists()
    assert (WALK, installation.pk) not in sweep.due(now + DAY)
    assert where(installation) == [(1, "waiting", "wait-touch-1")]
    for hours in (1, 24, 72):
        advance(installation, now + hours * HOUR)
    assert queued(installation) == ["touch-1", "touch-2", "touch-3"]


def test_who_is_moved_keeps_since_when_they_stand_there(installation: Installation, now: datetime) -> None:
    left(installation, now)
    publish(installation, document(wait("wait-touch-1", "PT2H"), send("touch-1", 1)), now + HOUR / 2, People.MOVE)
    with within(installation.pk):
        before = Enrollment.objects.get()
    assert (WALK, installation.pk) in sweep.due(now + HOUR)
    walks.run(installation.pk, lambda: now + HOUR)
    with within(installation.pk):
        after = Enrollment.objects.get()
    assert where(installation) == [(2, "waiting", "wait-touch-1")]
    assert (after.since, after.entered_at, after.anchor_at) == (before.since, before.entered_at, before.anchor_at)
    assert moved(installation) == [("moved", "wait-touch-1", {"from": 1, "from_step": "wait-touch-1", "to": 2})]
    advance(installation, now + HOUR)
    assert queued(installation) == []
    advance(installation, now + 2 * HOUR)
    assert queued(installation) == ["touch-1"]
    assert (WALK, installation.pk) not in sweep.due(now + DAY)


def test_no_message_is_sent_twice_though_the_place_lies_before_it(installation: Installation, now: datetime) -> None:
    left(installation, now)
    advance(installation, now + HOUR)
    assert queued(installation) == ["touch-1"]
    written = document(wait("first", "PT30M"), send("touch-1", 1), wait("second", "P2D"), send("touch-9", 2))
    publish(installation, written, now + HOUR, People.MOVE, {Place(1, "wait-touch-2"): "first"})
    walks.run(installation.pk, lambda: now + 2 * HOUR)
    for hours in (2, 24, 48, 72):
        advance(installation, now + hours * HOUR)
    assert queued(installation) == ["touch-1", "touch-9"]
    assert where(installation) == [(2, "finished", "")]


def test_who_is_let_out_leaves_with_what_waits_for_them(installation: Installation, now: datetime) -> None:
    left(installation, now)
    advance(installation, now + HOUR)
    publish(installation, document(wait("x", "P1D"), send("one", 1)), now + HOUR, People.EXIT)
    walks.run(installation.pk, lambda: now + 2 * HOUR)
    assert where(installation) == [(1, "exited", "wait-touch-2")]
    with within(installation.pk):
        enrollment, message = Enrollment.objects.get(), Message.objects.get()
    assert (enrollment.reason, enrollment.ended_at, enrollment.due_at) == ("version_changed", now + 2 * HOUR, None)
    assert (message.state, message.reason, message.due_at) == ("skipped", "enrollment_over", None)
    assert [kind for kind, *_ in moved(installation)] == ["exited"]


def test_those_of_one_step_may_leave_while_those_of_another_go_on(installation: Installation, now: datetime) -> None:
    left(installation, now, 1)
    advance(installation, now + HOUR)
    left(installation, now + HOUR, 2)
    with within(installation.pk):
        assert flow_moves.standing(Flow.objects.get(key="abandoned-cart")) == [
            Standing(Place(1, "wait-touch-1"), 1),
            Standing(Place(1, "wait-touch-2"), 1),
        ]
    choices = {Place(1, "wait-touch-1"): "x", Place(1, "wait-touch-2"): None}
    publish(installation, document(wait("x", "P1D"), send("one", 1)), now + 1.6 * HOUR, People.MOVE, choices)
    walks.run(installation.pk, lambda: now + 1.7 * HOUR)
    assert where(installation) == [(1, "exited", "wait-touch-2"), (2, "waiting", "x")]
    with within(installation.pk):
        walk = FlowMove.objects.get()
    assert (walk.moved, walk.exited, walk.stayed) == (1, 1, 0)


def test_a_step_that_is_gone_needs_a_word(installation: Installation, now: datetime) -> None:
    left(installation, now)
    written = document(wait("x", "P1D"), send("one", 1))
    with pytest.raises(DocumentError) as refused:
        publish(installation, written, now + HOUR, People.MOVE)
    assert refused.value.faults == (("choices[1][wait-touch-1]", "say where they go"),)
    with pytest.raises(DocumentError) as refused:
        publish(installation, written, now + HOUR, People.MOVE, {Place(1, "wait-touch-1"): "y"})
    assert refused.value.faults == (("choices[1][wait-touch-1]", 'there is no step "y" in the new version'),)
    with within(installation.pk):
        assert FlowVersion.objects.filter(flow__key="abandoned-cart").count() == 1
        assert not FlowMove.objects.exists()


def test_a_walk_that_dies_goes_on_where_it_stopped(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        left(installation, now, number)
    monkeypatch.setattr(flow_moves, "BLOCK", 2)
    publish(installation, document(wait("wait-touch-1", "PT2H"), send("one", 1)), now + HOUR / 2, People.MOVE)
    with within(installation.pk):
        assert flow_moves.move_block(installation.pk, now + HOUR)
    assert Counter(version for version, *_ in where(installation)) == {1: 3, 2: 2}

    class Killed(Exception):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(FlowMove, "save", die)
        with pytest.raises(Killed), within(installation.pk):
            flow_moves.move_block(installation.pk, now + HOUR)
    assert Counter(version for version, *_ in where(installation)) == {1: 3, 2: 2}
    assert walks.run(installation.pk, lambda: now + HOUR) == 2
    assert Counter(version for version, *_ in where(installation)) == {2: 5}
    with within(installation.pk):
        walk = FlowMove.objects.get()
    assert (walk.moved, walk.exited, walk.stayed, walk.due_at) == (5, 0, 0, None)
    assert len(moved(installation)) == 5


def test_who_went_on_to_a_step_without_a_word_stays(installation: Installation, now: datetime) -> None:
    left(installation, now)
    written = document(wait("x", "P1D"), send("one", 1))
    publish(installation, written, now + HOUR / 2, People.MOVE, {Place(1, "wait-touch-1"): "x"})
    advance(installation, now + HOUR)
    walks.run(installation.pk, lambda: now + HOUR)
    assert where(installation) == [(1, "waiting", "wait-touch-2")]
    with within(installation.pk):
        assert FlowMove.objects.get().stayed == 1


def test_a_newer_walk_takes_the_place_of_an_older_one(installation: Installation, now: datetime) -> None:
    left(installation, now)
    for hours in ("2", "3"):
        written = document(wait("wait-touch-1", f"PT{hours}H"), send("one", 1))
        publish(installation, written, now + HOUR / 2, People.MOVE)
    walks.run(installation.pk, lambda: now + HOUR)
    assert where(installation) == [(3, "waiting", "wait-touch-1")]
    with within(installation.pk):
        assert list(FlowMove.objects.order_by("id").values_list("moved", "due_at")) == [(0, None), (1, None)]


def test_a_pause_loses_and_repeats_nothing(installation: Installation, now: datetime) -> None:
    left(installation, now)
    advance(installation, now + HOUR)
    for state, hours in ((flow_switches.State.OFF, 2), (flow_switches.State.ON, 100)):
        with within(installation.pk):
            flow_switches.switch(flow_drafts.locked(installation.pk, "abandoned-cart"), state, now + hours * HOUR)
        if state is flow_switches.State.OFF:
            advance(installation, now + 90 * HOUR)
            assert queued(installation) == ["touch-1"]
            assert where(installation) == [(1, "waiting", "wait-touch-2")]
    advance(installation, now + 100 * HOUR)
    assert queued(installation) == ["touch-1", "touch-2"]
    with within(installation.pk):
        Message.objects.filter(step="touch-2").update(state="sent", settled_at=now + 100 * HOUR, due_at=None)
    advance(installation, now + 149 * HOUR)
    advance(installation, now + 149 * HOUR)
    assert queued(installation) == ["touch-1", "touch-2", "touch-3"]


@pytest.mark.parametrize("exits", [False, True])
def test_who_is_in_a_flow_that_is_put_away_goes_on_or_leaves(
    installation: Installation, now: datetime, exits: bool
) -> None:
    left(installation, now)
    with within(installation.pk):
        flow = flow_drafts.locked(installation.pk, "abandoned-cart")
        flow_switches.archive(flow, exits, "VXNlcjoyMQ==", now + IDLE)
    walks.run(installation.pk, lambda: now + IDLE)
    tell(installation, [cart(now, "another", "VXNlcjo5", "9@example.com")], now)
    for hours in (1, 24, 72):
        advance(installation, now + hours * HOUR)
    with within(installation.pk):
        assert list(Enrollment.objects.values_list("state", "reason")) == [
            ("exited", "flow_archived") if exits else ("finished", "all steps done")
        ]
    assert len(queued(installation)) == (0 if exits else 3)


def test_nobody_of_another_shop_is_moved(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    left(installation, now)
    left(other_installation, now)
    publish(installation, document(wait("wait-touch-1", "PT2H"), send("one", 1)), now + HOUR / 2, People.EXIT)
    walks.run(other_installation.pk, lambda: now + HOUR)
    walks.run(installation.pk, lambda: now + HOUR)
    assert [state for _, state, _ in where(installation)] == ["exited"]
    assert where(other_installation) == [(1, "waiting", "wait-touch-1")]
