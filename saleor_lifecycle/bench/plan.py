"""``plan``: everybody planned for, as ids, block by block, beside one INSERT ... SELECT of the same rows."""

import time
from collections.abc import Iterator

from django.db import connection

from saleor_lifecycle.actions import plans
from saleor_lifecycle.models import Installation, Plan
from saleor_lifecycle.models.entry import maintaining, within

from .outcome import Measured, Outcome, at_most
from .population import NOW
from .shops import Shops
from .side import Side
from .surroundings import Unfit

AIM = 1.5
WARM_UP = 0
ROUNDS = 3
AT_ONCE = """
INSERT INTO lifecycle_message (installation_id, public_id, customer_id, step, key, purpose, template, topic, channel,
    state, reason, attempts, address_hash, provider_id, queued_at, due_at)
SELECT 1, gen_random_uuid(), id, '', 'plan:0:' || id, 'commercial', 'news', 'news', 'email', 'queued', '', 0, '', '',
    %(now)s, %(now)s
FROM lifecycle_customer WHERE merged_into_id IS NULL
"""


def run(shops: Shops) -> Outcome:
    """Return what the rounds came to at each size. Raises Unfit."""
    measured = [_measure(shops, people) for people in shops.sizes]
    return at_most(AIM, "plan", measured, {"rounds": ROUNDS, "block": plans.BLOCK})


def _measure(shops: Shops, people: int) -> Measured:
    with (
        shops.copy(people) as one,
        shops.copy(people) as other,
        Side(f"{__name__}:ours", one) as app,
        Side(f"{__name__}:at_once", other) as hand,
    ):
        times = [(app.round(), hand.round()) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    return Measured(people, [ours for ours, _ in times], [theirs for _, theirs in times], app.peak_mb)


def ours() -> Iterator[float]:
    """Yield the seconds of each whole plan, each block a transaction."""
    while True:
        begun = time.perf_counter()
        with within(1):
            plan = plans.make(Installation.objects.get(), "news", "news", "email", NOW, NOW)
        has_more = True
        while has_more:
            with within(1):
                has_more = plans.plan_block(plan, plans.EVERYBODY, NOW)
        seconds = time.perf_counter() - begun
        with within(1):
            planned = Plan.objects.get(pk=plan.pk).planned
        _forget(planned)
        yield seconds


def at_once() -> Iterator[float]:
    """Yield the seconds of each single statement."""
    while True:
        begun = time.perf_counter()
        with within(1), connection.cursor() as cursor:
            cursor.execute(AT_ONCE, {"now": NOW})
            planned = cursor.rowcount
        seconds = time.perf_counter() - begun
        _forget(planned)
        yield seconds


def _forget(planned: int) -> None:
    """Begin the next round with no message. Raises Unfit if there were fewer than were said."""
    with within(1), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lifecycle_message")
        if cursor.fetchone() != (planned,):
            raise Unfit("other rows than planned")
    with maintaining(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE lifecycle_message CASCADE")
