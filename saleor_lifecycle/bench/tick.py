"""``tick``: customers whom time alone moves, in a large shop beside a small one; as many are due in both.

A round lets the shop's clock go on until the next 200 are due, wherever they lie in the table, and moves them.
"""

import time
from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers as tasks

from .outcome import Measured, Outcome, at_most
from .shops import Shops
from .side import Side
from .surroundings import Unfit

AIM = 1.5
DUE = 200
"""In a round. In a shop of 10,000 hardly more than 2,000 are ever due: who is lost and cold is left alone."""
WARM_UP = 1
ROUNDS = 9
SMALL = 10_000


def run(shops: Shops) -> Outcome:
    """Return what the rounds came to at each size. Raises Unfit."""
    measured = [_measure(shops, people) for people in shops.sizes]
    return at_most(AIM, "tick", measured, {"rounds": ROUNDS, "due": DUE, "floor": f"{SMALL} customers"})


def _measure(shops: Shops, people: int) -> Measured:
    with (
        shops.copy(people) as one,
        shops.copy(SMALL) as other,
        Side(f"{__name__}:ticks", one) as large,
        Side(f"{__name__}:ticks", other) as small,
    ):
        times = [(large.round(), small.round()) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    return Measured(people, [value for value, _ in times], [floor for _, floor in times], large.peak_mb)


def ticks() -> Iterator[float]:
    """Yield the seconds that the next customers who are due take."""
    while True:
        at = _next_due()
        begun = time.perf_counter()
        moved = 0
        while looked := tasks.run(1, at):
            moved += looked
        seconds = time.perf_counter() - begun
        if not DUE <= moved < DUE + tasks.BATCH:  # some more share the last one's second
            raise Unfit(f"{moved} customers were due, not {DUE}")
        yield seconds


def _next_due() -> datetime:
    with within(1), connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_at FROM lifecycle_customer WHERE installation_id = 1 AND due_at IS NOT NULL "
            "ORDER BY due_at LIMIT 1 OFFSET %s",
            [DUE - 1],
        )
        found: datetime = cursor.fetchone()[0]
        return found
