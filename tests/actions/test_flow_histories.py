"""Drawn flows in the database: whatever happens, whenever anybody looks, and wherever a look dies."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions import entries, flows
from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_steps import Send, TagStep
from saleor_lifecycle.models import Decision, Enrollment, Flow, FlowVersion, Identity, Installation, Message, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.flow_documents import read_program
from saleor_lifecycle.tasks import flows as passages
from tests.domain.flow_drawing import documents
from tests.facts import ADA, GRACE, account, order, tell
from tests.kills import Died

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WHATS = ("look", "dies", "ordered", "off", "on", "again", "sent")


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """Let the worker die in place of the n-th statement from now; what its transaction had done is undone."""
    left = statement

    def count(execute: Any, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise Died
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        yield


def let_in(installation: Installation, user: str, now: datetime) -> None:
    with within(installation.pk):
        customer_id = Identity.objects.get(value=user).customer_id
        assert customer_id is not None
        entries.call(installation, "drawn", [customer_id], now)
        flows.advance(installation, [customer_id], now)


def look(installation: Installation, now: datetime) -> None:
    while passages.run(installation.pk, now):
        pass


def happens(installation: Installation, what: str, number: int, now: datetime) -> None:
    match what:
        case "dies":
            try:
                with dying_at(number):
                    look(installation, now)
            except Died:
                pass
        case "ordered":
            tell(installation, [order(now, f"order {number} {now}")], now)
        case "off" | "on":
            with within(installation.pk):
                Flow.objects.filter(key="drawn").update(is_on=what == "on")
        case "again":
            let_in(installation, GRACE, now)
        case "sent":
            with within(installation.pk):
                queued = Message.objects.filter(state="queued")
                queued.update(state="sent", settled_at=now, due_at=None)
    look(installation, now)


def judge(installation: Installation) -> None:
    """Whatever there was: each step once, each enrollment in one state, each effect that of a step that was passed."""
    states = Counter(Enrollment.objects.values_list("state", flat=True))
    assert states.total() == sum(states[each] for each in Enrollment.State.values) == Enrollment.objects.count()
    assert states["failed"] == 0
    for enrollment in Enrollment.objects.select_related("version"):
        told = Decision.objects.filter(enrollment_id=enrollment.pk)
        passed = list(told.filter(kind=Decision.Kind.PASSED).values_list("step", flat=True))
        assert len(passed) == len(set(passed))
        ends = told.filter(kind__in=["exited", "finished", "failed"]).count()
        assert ends == (enrollment.state != Enrollment.State.WAITING)
        assert (enrollment.due_at is None) == (enrollment.ended_at is not None) == (ends == 1)
        steps = list(walk(read_program(enrollment.version.document).document.steps))
        sends = {step.key for step in steps if isinstance(step, Send)} & set(passed)
        assert set(Message.objects.filter(enrollment=enrollment).values_list("step", flat=True)) == sends
        tells = {
            f"flow:{enrollment.public_id}:{step.key}" for step in steps if step.kind in ("webhook", "notify_staff")
        }
        asked = set(Outbox.objects.filter(key__startswith=f"flow:{enrollment.public_id}").values_list("key", flat=True))
        assert asked == {key for key in tells if key.rpartition(":")[2] in passed}
        assert any(isinstance(step, TagStep) for step in steps) or not enrollment.customer.tag_set.exists()


events = st.tuples(st.integers(0, 100), st.sampled_from(WHATS), st.integers(1, 25))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(document=documents(), history=st.lists(events, max_size=8))
def test_each_step_is_decided_once_and_each_passage_comes_to_one_end(
    installation: Installation, now: datetime, document: dict[str, Any], history: list[tuple[int, str, int]]
) -> None:
    with transaction.atomic():
        tell(installation, [account(now), account(now, GRACE, "grace@example.com")], now)
        with within(installation.pk):
            made = Flow.objects.create(installation=installation, key="drawn", switched_on_at=now)
            made.version = FlowVersion.objects.create(
                installation=installation, flow=made, number=1, document=document, published_at=now
            )
            made.save()
        for user in (ADA, GRACE):
            let_in(installation, user, now)
        for hours, what, number in sorted(history):
            happens(installation, what, number, now + hours * HOUR)
            with within(installation.pk):
                judge(installation)
        with within(installation.pk):
            made.refresh_from_db()
            Flow.objects.filter(pk=made.pk).update(is_on=True)
            at = now + 100 * HOUR
        while True:
            with within(installation.pk):
                waiting = Enrollment.objects.filter(due_at__isnull=False).order_by("due_at").first()
            if waiting is None or waiting.due_at is None:
                break
            at = max(at, waiting.due_at)
            look(installation, at)
            with within(installation.pk):
                waiting.refresh_from_db()
                assert waiting.due_at is None or waiting.due_at > at
        with within(installation.pk):
            judge(installation)
            assert not Enrollment.objects.filter(state="waiting").exists()
        transaction.set_rollback(True)
