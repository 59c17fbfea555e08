"""The task process: what fails is set aside or left for later, and nothing else waits for it."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from psycopg.errors import DeadlockDetected

from saleor_lifecycle.actions import events as inbox
from saleor_lifecycle.actions.identities import CustomersMoved
from saleor_lifecycle.models import Cart, Event, Installation, Order
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import events, sweep
from saleor_lifecycle.tasks.nudge import PROCESS
from tests.facts import receive
from tests.recordings import recording

pytestmark = pytest.mark.django_db

NAMES = ("CHECKOUT_CREATED-1", "ORDER_CREATED-1", "CUSTOMER_CREATED-1")


def bodies() -> list[bytes]:
    return [recording(name).body for name in NAMES]


def states(installation: Installation) -> list[tuple[str, int, str]]:
    with within(installation.pk):
        return list(Event.objects.order_by("id").values_list("state", "attempts", "note"))


def failing_for(part: bytes, error: Callable[[], Exception], times: int = 10**6) -> Callable[..., None]:
    """Return ``apply`` as it is, but for one fact, at which the database answers with an error so many times."""
    real, left = inbox.apply, [times]

    def apply(installation, facts, *rest) -> None:  # type: ignore[no-untyped-def]
        held = list(facts)
        if left[0] and any(part.decode() in repr(fact) for fact in held):
            left[0] -= 1
            with connection.cursor() as cursor:
                cursor.execute("UPDATE lifecycle_event SET note = 'written before it failed'")
            raise error()
        real(installation, held, *rest)

    return apply


def test_a_batch_is_processed_at_once(installation: Installation, now: datetime) -> None:
    receive(installation, bodies(), now)
    assert events.run(installation.pk, now) == 3
    assert events.run(installation.pk, now) == 0
    assert states(installation) == [("done", 0, "")] * 3
    with within(installation.pk):
        assert (Cart.objects.count(), Order.objects.count()) == (1, 1)


@pytest.mark.parametrize("poison", [b"<order>", b"[]", b'{"__typename": "OrderCreated"}', b""])
def test_a_body_that_cannot_be_read_is_set_aside_with_its_error(
    poison: bytes, installation: Installation, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    good = bodies()
    receive(installation, [good[0], poison, good[1]], now)
    assert events.run(installation.pk, now) == 3
    (_, (state, attempts, note), _) = found = states(installation)
    assert [one[0] for one in found] == ["done", "set_aside", "done"]
    assert (state, attempts) == ("set_aside", 1)
    assert note
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


def test_what_is_set_aside_is_tried_again_later_and_later(installation: Installation, now: datetime) -> None:
    receive(installation, [b"<order>"], now)
    at = now
    pauses = [*inbox.RETRY_AFTER, inbox.RETRY_AFTER[-1], inbox.RETRY_AFTER[-1]]
    for number, pause in enumerate(pauses, 1):
        assert events.run(installation.pk, at) == 1
        assert events.run(installation.pk, at + pause - timedelta(seconds=1)) == 0
        assert states(installation) == [("set_aside", number, "not JSON")]
        at += pause
        assert (PROCESS, installation.pk) in sweep.due(at)


def deadlock() -> Exception:
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected()
    return error


@pytest.mark.parametrize("error", [DataError, ValueError, CustomersMoved])
def test_one_that_always_fails_is_set_aside_and_the_others_get_through(
    error: type[Exception], installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = json.loads(bodies()[1])["order"]["id"].encode()
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "apply", failing_for(order_id, lambda: error("about ada@example.com")))
        receive(installation, bodies(), now)
        while events.run(installation.pk, now):
            pass
    assert states(installation) == [("done", 0, ""), ("set_aside", 1, error.__name__), ("done", 0, "")]
    with within(installation.pk):
        assert (Cart.objects.count(), Order.objects.count()) == (1, 0)
    events.run(installation.pk, now + inbox.RETRY_AFTER[0])
    assert [state for state, _, _ in states(installation)] == ["done"] * 3
    with within(installation.pk):
        assert Order.objects.count() == 1


@pytest.mark.parametrize("error", [deadlock, CustomersMoved])
@pytest.mark.parametrize("times", [1, events.ATTEMPTS - 1, events.ATTEMPTS, events.ATTEMPTS + 1])
def test_a_deadlock_is_only_run_again(
    times: int,
    error: Callable[[], Exception],
    installation: Installation,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "apply", failing_for(b"", error, times))
    receive(installation, bodies(), now)
    assert events.run(installation.pk, now) == 3
    assert states(installation) == [("done", 0, "")] * 3


def test_what_postgresql_cannot_hold_is_set_aside_without_a_word_of_it_in_the_log(
    installation: Installation, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    good = bodies()
    checkout_id = json.loads(good[0])["checkout"]["id"].encode()
    # Longer than an index takes; django calls that operational, as it does a lost connection.
    endless = "".join(sha256(f"{number}".encode()).hexdigest() for number in range(200))
    receive(installation, [good[0].replace(checkout_id, endless.encode()), *good[1:]], now)
    while events.run(installation.pk, now):
        pass
    assert states(installation) == [("set_aside", 1, "OperationalError"), ("done", 0, ""), ("done", 0, "")]
    assert "set aside" in caplog.text
    assert endless[:64] not in caplog.text


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("step", ["claim", "apply"])
def test_a_database_that_goes_away_ends_the_task_and_leaves_its_work(
    step: str, error: type[Exception], installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*arguments: object) -> None:
        raise error("the connection is closed")

    receive(installation, bodies(), now)
    with monkeypatch.context() as patch:
        patch.setattr(inbox, step, lose)
        with pytest.raises(error):
            events.run(installation.pk, now)
    assert states(installation) == [("new", 0, "")] * 3
    assert events.run(installation.pk, now) == 3


def test_a_database_that_goes_away_between_the_good_and_the_bad_blames_neither(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = iter([ValueError(), OperationalError("the connection is closed")])

    def lose(*arguments: object) -> None:
        raise next(troubles)

    receive(installation, bodies(), now)
    monkeypatch.setattr(inbox, "apply", lose)
    with pytest.raises(OperationalError):
        events.run(installation.pk, now)
    assert states(installation) == [("new", 0, "")] * 3


def test_what_another_installation_received_is_not_touched(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    for one in (installation, other_installation):
        receive(one, bodies(), now)
    assert events.run(installation.pk, now) == 3
    assert states(other_installation) == [("new", 0, "")] * 3
    with within(other_installation.pk):
        assert Cart.objects.count() == 0
    assert sweep.due(now) == [(PROCESS, other_installation.pk)]
