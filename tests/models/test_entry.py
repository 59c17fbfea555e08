"""The entry, outside of the transaction that most tests run in: commits are real here."""

from collections.abc import Callable
from datetime import datetime

import psycopg
import pytest
from django.db import DataError, ProgrammingError, connection

from saleor_lifecycle.actions import events
from saleor_lifecycle.models import Event, Installation
from saleor_lifecycle.models.entry import across, call, within

pytestmark = pytest.mark.django_db(transaction=True)


def delivery(now: datetime) -> events.Delivery:
    return events.Delivery("an_event", "digest", b"\x00\xff body", now)


def stored(installation: Installation) -> list[tuple[str, bytes]]:
    with within(installation.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest, body FROM lifecycle_event JOIN lifecycle_event_body ON event_id = lifecycle_event.id"
        )
        return [(digest, bytes(body)) for digest, body in cursor.fetchall()]


def waiting() -> list[int]:
    with across():
        return list(Installation.objects.values_list("id", flat=True))


def end_own_session() -> None:
    """End the session behind this thread's connection, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.parametrize("is_in_transaction", [False, True], ids=["by itself", "in a transaction"])
def test_a_delivery_is_stored_once_byte_for_byte(
    installation: Installation, now: datetime, is_in_transaction: bool
) -> None:
    def record() -> bool:
        if not is_in_transaction:
            return events.record(installation.pk, delivery(now))
        with within(installation.pk):
            return events.record(installation.pk, delivery(now))

    assert [record(), record()] == [True, False]
    assert stored(installation) == [("digest", b"\x00\xff body")]
    with within(installation.pk):
        assert Event.objects.get().received_at == now


def test_what_was_recorded_is_committed_and_leaves_no_role_behind(installation: Installation, now: datetime) -> None:
    events.record(installation.pk, delivery(now))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, current_setting('app.installation', true)")
        assert cursor.fetchone() == (True, "")
    connection.close()  # whatever was not committed is gone
    assert stored(installation) == [("digest", b"\x00\xff body")]


def test_what_the_database_refuses_is_raised_as_an_error_of_django(installation: Installation) -> None:
    with pytest.raises(ProgrammingError):
        call("lifecycle_no_such_function", ["1"])
    assert stored(installation) == []


def test_a_function_that_fails_stores_nothing(installation: Installation, now: datetime) -> None:
    with pytest.raises(DataError):
        call("lifecycle_record_event", [str(installation.pk), "digest", "an_event", "no time", b"body"])
    assert stored(installation) == []


@pytest.mark.parametrize("is_ended", [False, True], ids=["open", "ended while idle"])
def test_what_is_done_meanwhile_is_done_once(installation: Installation, now: datetime, is_ended: bool) -> None:
    if is_ended:
        end_own_session()
    done: list[bool] = []
    assert call("lifecycle_record_event", said(installation, now), lambda: done.append(True)) == "true"
    assert (done, len(stored(installation))) == ([True], 1)


def test_what_fails_meanwhile_is_raised_after_the_call_was_made(installation: Installation, now: datetime) -> None:
    def fail() -> None:
        raise KeyError

    ours = session()
    with pytest.raises(KeyError):
        call("lifecycle_record_event", said(installation, now), fail)
    assert len(stored(installation)) == 1
    assert session() == ours, "its answer was read, and it serves whoever comes next"


def test_a_failure_of_the_database_is_raised_whatever_was_done_meanwhile(installation: Installation) -> None:
    done: list[bool] = []
    with pytest.raises(ProgrammingError):
        call("lifecycle_no_such_function", ["1"], lambda: done.append(True))
    assert done == [True]


def said(installation: Installation, now: datetime) -> list[str | bytes]:
    return [str(installation.pk), "digest", "an_event", now.isoformat(), b"body"]


@pytest.mark.parametrize(
    "use",
    [
        lambda installation, now: events.record(installation.pk, delivery(now)),
        lambda installation, now: stored(installation),
        lambda installation, now: waiting(),
    ],
    ids=["call", "within", "across"],
)
def test_a_session_that_ended_while_idle_is_replaced_unseen(
    installation: Installation, now: datetime, use: Callable[[Installation, datetime], object]
) -> None:
    ended = session()
    end_own_session()
    use(installation, now)
    assert session() != ended


def session() -> int:
    """Return the number of the server's process behind our connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)
