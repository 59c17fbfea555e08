from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions import ledger
from saleor_lifecycle.actions.ledger import COMPARED_WITHIN, Entry, Kind
from saleor_lifecycle.models import Decision, Installation
from saleor_lifecycle.models.entry import within

pytestmark = pytest.mark.django_db

ADA, GRACE, CARTS, BIRTHDAYS = 1, 2, 11, 12
HOUR = timedelta(hours=1)
WAITS = Entry(ADA, CARTS, Kind.DEFERRED, "quiet_hours", 5, 50, "touch-1")
REFUSED = Entry(ADA, CARTS, Kind.REFUSED, "still_inside")


def write(installation: Installation, entries: Sequence[Entry], at: datetime) -> None:
    with within(installation.pk):
        ledger.record(installation.pk, entries, at)


def written(installation: Installation) -> list[tuple[Any, ...]]:
    with within(installation.pk):
        return list(Decision.objects.order_by("occurred_at", "key").values_list("kind", "outcome", "enrollment_id"))


def test_keeps_all_that_is_said_of_a_decision(installation: Installation, now: datetime) -> None:
    write(installation, [WAITS._replace(data={"until": now + HOUR, "sent": 3})], now)
    with within(installation.pk):
        [row] = Decision.objects.values()
    assert row == {
        "installation_id": installation.pk,
        "occurred_at": now,
        "key": "5:touch-1:50:deferred:quiet_hours",
        "customer_id": ADA,
        "flow_id": CARTS,
        "enrollment_id": 5,
        "message_id": 50,
        "step": "touch-1",
        "kind": "deferred",
        "outcome": "quiet_hours",
        "data": {"until": (now + HOUR).isoformat(), "sent": 3},
    }


def test_takes_an_empty_batch(installation: Installation, now: datetime) -> None:
    write(installation, [], now)
    assert written(installation) == []


@pytest.mark.parametrize(
    ("before", "again", "rows"),
    [
        pytest.param(WAITS, WAITS, 1, id="the same deferral"),
        pytest.param(WAITS, WAITS._replace(data={"until": "later"}), 1, id="the same deferral until later"),
        pytest.param(WAITS, WAITS._replace(outcome="shop_away"), 2, id="deferred for another reason"),
        pytest.param(WAITS, WAITS._replace(kind=Kind.SKIPPED, outcome="too_old"), 2, id="skipped after a deferral"),
        pytest.param(WAITS, WAITS._replace(kind=Kind.SKIPPED), 2, id="skipped for what deferred it"),
        pytest.param(WAITS, WAITS._replace(kind=Kind.SENT, outcome=""), 2, id="sent after a deferral"),
        pytest.param(WAITS, WAITS._replace(message_id=51, step="touch-2"), 2, id="another message of the passage"),
        pytest.param(WAITS, WAITS._replace(enrollment_id=6), 2, id="another passage"),
        pytest.param(WAITS, WAITS._replace(customer_id=GRACE, enrollment_id=6), 2, id="somebody else"),
        pytest.param(REFUSED, REFUSED, 1, id="the same refusal"),
        pytest.param(REFUSED, REFUSED._replace(outcome="too_soon"), 2, id="refused for another reason"),
        pytest.param(REFUSED, REFUSED._replace(flow_id=BIRTHDAYS), 2, id="refused by another flow"),
    ],
)
def test_answers_that_do_not_change_are_written_once(
    before: Entry, again: Entry, rows: int, installation: Installation, now: datetime
) -> None:
    write(installation, [before], now)
    write(installation, [again], now + HOUR)
    assert len(written(installation)) == rows


def test_an_answer_that_comes_back_is_one_that_changed(installation: Installation, now: datetime) -> None:
    for hours, reason in enumerate(["quiet_hours", "shop_away", "quiet_hours", "quiet_hours"]):
        write(installation, [WAITS._replace(outcome=reason)], now + hours * HOUR)
    assert [outcome for _, outcome, _ in written(installation)] == ["quiet_hours", "shop_away", "quiet_hours"]


def test_a_refusal_counts_anew_after_an_entry(installation: Installation, now: datetime) -> None:
    write(installation, [REFUSED], now)
    write(installation, [Entry(ADA, CARTS, Kind.ENTERED, "cart_idle", 5)], now + HOUR)
    write(installation, [Entry(ADA, CARTS, Kind.PASSED, "", 5, step="wait")], now + 2 * HOUR)
    write(installation, [REFUSED], now + 3 * HOUR)
    write(installation, [REFUSED], now + 4 * HOUR)
    assert [kind for kind, _, _ in written(installation)] == ["refused", "entered", "passed", "refused"]


@pytest.mark.parametrize(
    ("later", "rows"),
    [(COMPARED_WITHIN - timedelta(seconds=1), 1), (COMPARED_WITHIN, 2)],
    ids=["the last moment", "too long ago"],
)
def test_an_answer_of_long_ago_is_given_again(
    later: timedelta, rows: int, installation: Installation, now: datetime
) -> None:
    write(installation, [WAITS], now)
    write(installation, [WAITS], now + later)
    assert len(written(installation)) == rows


def test_another_shop_changes_nothing(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    write(other_installation, [WAITS], now)
    write(installation, [WAITS], now + HOUR)
    assert len(written(installation)) == len(written(other_installation)) == 1


ENTRIES = st.builds(
    Entry,
    customer_id=st.sampled_from([ADA, GRACE]),
    flow_id=st.sampled_from([CARTS, BIRTHDAYS]),
    kind=st.sampled_from(Kind),
    outcome=st.sampled_from(["", "quiet_hours", "shop_away"]),
    enrollment_id=st.sampled_from([None, 5, 6]),
    message_id=st.sampled_from([None, 50]),
    step=st.sampled_from(["", "touch-1"]),
    data=st.just({}),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(ENTRIES, max_size=6), min_size=1, max_size=4))
def test_a_batch_that_runs_twice_writes_nothing_new(
    batches: list[list[Entry]], installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        Decision.objects.all().delete()
    for hours, batch in enumerate(batches):
        write(installation, batch, now + hours * HOUR)
        before = written(installation)
        write(installation, batch, now + hours * HOUR)
        assert written(installation) == before
