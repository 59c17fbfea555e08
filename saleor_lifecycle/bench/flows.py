"""``flows``: everybody's wait is over at one instant: a branch on their orders, a message for some, another wait.

Beside one UPDATE ... RETURNING of as many rows of the same table and columns. Then what a look costs when nothing is
due, with a thousand and with a million people waiting.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection

from saleor_lifecycle.actions import flows
from saleor_lifecycle.models import Flow, FlowVersion, Installation
from saleor_lifecycle.models.entry import maintaining, within
from saleor_lifecycle.tasks import flows as tasks
from saleor_lifecycle.tasks import nudge, sweep

from .outcome import Measured, Outcome, at_most
from .population import NOW
from .shops import Shops
from .side import Side
from .surroundings import Unfit

AIM = 8.0
AT_REST = 1.5
"""What a look may cost with a million waiting, beside one with a thousand."""
ROUNDS = 3
LARGEST = 100_000
FEW, MANY = 1_000, 1_000_000
LOOKS = 50
DAY = timedelta(days=1)
DOCUMENT: dict[str, Any] = {
    "schema_version": 2,
    "topic": "news",
    "trigger": {"kind": "manual"},
    "steps": [
        {"key": "pause", "kind": "wait", "duration": "P1D"},
        {
            "key": "buyers",
            "kind": "branch",
            "cases": [
                {
                    "when": {"kind": "compare", "fact": "orders", "op": ">=", "value": 2},
                    "then": [{"key": "hello", "kind": "send", "template": "hello"}],
                }
            ],
        },
        {"key": "again", "kind": "wait", "duration": "P2D"},
    ],
    "exits_on_order": False,
}
ENROLL = """
INSERT INTO lifecycle_enrollment (installation_id, flow_id, version_id, customer_id, public_id, key, state, reason, arm,
    is_shadow, step, since, anchor_at, properties, depth, entered_at, due_at)
SELECT 1, %(flow)s, %(version)s, customer.id, gen_random_uuid(), number::text, 'waiting', '', 'treated', false, 'pause',
    %(since)s, %(since)s, '{}', 0, %(since)s, %(due)s::timestamptz + make_interval(secs => number * %(apart)s)
FROM generate_series(0, (%(count)s - 1) / %(people)s) AS number
    CROSS JOIN (SELECT id FROM lifecycle_customer WHERE merged_into_id IS NULL ORDER BY id LIMIT %(people)s) customer
LIMIT %(count)s
"""
FLOOR = """
UPDATE lifecycle_enrollment SET state = 'waiting', reason = '', step = 'again', since = %(now)s, ended_at = NULL,
    due_at = %(later)s
WHERE flow_id = %(flow)s AND due_at <= %(now)s RETURNING id
"""
AGAIN = """
UPDATE lifecycle_enrollment SET state = 'waiting', step = 'pause', since = %(since)s, due_at = %(now)s
"""


def run(shops: Shops) -> Outcome:
    """Return what the rounds came to at each size, and what a look at rest costs. Raises Unfit."""
    sizes = [people for people in shops.sizes if people <= LARGEST] or [min(shops.sizes)]
    measured = [_measure(shops, people) for people in sizes]
    few, many = _at_rest(shops, min(sizes))
    rest = round(many / few, 2)
    looks = {f"look_us_at_{FEW}": round(few * 1e6), f"look_us_at_{MANY}": round(many * 1e6), "look_ratio": rest}
    outcome = at_most(AIM, "flows", measured, {"rounds": ROUNDS, "batch": tasks.BATCH, **looks})
    return replace(outcome, aim=f"{outcome.aim}; a look at rest <= {AT_REST}", met=outcome.met and rest <= AT_REST)


def _measure(shops: Shops, people: int) -> Measured:
    with (
        shops.copy(people) as one,
        shops.copy(people) as other,
        Side(f"{__name__}:ours", one) as app,
        Side(f"{__name__}:at_once", other) as hand,
    ):
        times = [(app.round(), hand.round()) for _ in range(ROUNDS)]
    return Measured(people, [ours for ours, _ in times], [theirs for _, theirs in times], app.peak_mb)


def _at_rest(shops: Shops, people: int) -> tuple[float, float]:
    with (
        shops.copy(people) as one,
        shops.copy(people) as other,
        Side(f"{__name__}:looks", one, waiting=FEW) as small,
        Side(f"{__name__}:looks", other, waiting=MANY) as large,
    ):
        times = [(small.round(), large.round()) for _ in range(2 * ROUNDS + 1)][1:]
    return median(few for few, _ in times), median(many for _, many in times)


def ours() -> Iterator[float]:
    """Yield the seconds in which all who are due at one instant go on, batch after batch, each a transaction."""
    count = _enroll()
    while True:
        begun = time.perf_counter()
        moved = 0
        while looked := tasks.run(1, NOW):
            moved += looked
        seconds = time.perf_counter() - begun
        if moved != count:
            raise Unfit(f"{moved} went on, not {count}")
        _begin_again()
        yield seconds


def at_once() -> Iterator[float]:
    """Yield the seconds of each single statement."""
    count = _enroll()
    with within(1):
        flow = Flow.objects.get(key="bench").pk
    while True:
        begun = time.perf_counter()
        with within(1), connection.cursor() as cursor:
            cursor.execute(FLOOR, {"flow": flow, "now": NOW, "later": NOW + 2 * DAY})
            moved = len(cursor.fetchall())
        seconds = time.perf_counter() - begun
        if moved != count:
            raise Unfit(f"{moved} went on, not {count}")
        _begin_again()
        yield seconds


def looks(waiting: int) -> Iterator[float]:
    """Yield the seconds of one look: the sweep's, and a worker's."""
    _enroll(waiting, due=NOW + DAY, apart=1)
    while True:
        begun = time.perf_counter()
        for _ in range(LOOKS):
            found = sweep.due(NOW)
            with within(1):
                due = flows.due_customers(1, tasks.BATCH, NOW)
        seconds = (time.perf_counter() - begun) / LOOKS
        if due or any(task == nudge.ADVANCE for task, _ in found):
            raise Unfit("somebody was due")
        yield seconds


def _enroll(count: int | None = None, due: Any = NOW, apart: int = 0) -> int:
    with within(1), connection.cursor() as cursor:
        # A copy of a database: it is at home here.
        Installation.objects.update(home="")
        flow = Flow.objects.create(installation=Installation.objects.get(), key="bench", switched_on_at=NOW - 9 * DAY)
        version = FlowVersion.objects.create(
            installation_id=1, flow=flow, number=1, document=DOCUMENT, published_at=NOW - 9 * DAY
        )
        flow.version = version
        flow.save()
        cursor.execute("SELECT count(*) FROM lifecycle_customer WHERE merged_into_id IS NULL")
        people = cursor.fetchone()[0]
        asked = {"flow": flow.pk, "version": version.pk, "since": NOW - DAY, "due": due, "apart": apart}
        cursor.execute(ENROLL, {**asked, "count": count or people, "people": min(people, count or people)})
        enrolled: int = cursor.rowcount
    _vacuum()
    return enrolled


def _begin_again() -> None:
    """Put everybody before the wait again, in tables as they were."""
    with within(1), connection.cursor() as cursor:
        cursor.execute(AGAIN, {"since": NOW - DAY, "now": NOW})
    with maintaining(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE lifecycle_message, lifecycle_decision CASCADE")
    _vacuum()


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) lifecycle_enrollment")
