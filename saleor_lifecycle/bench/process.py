"""``process``: stored deliveries made into rows, profiles and phases, beside the same facts in one statement a batch.

Ours begins with what lies in the inbox: claim, read, apply, finish. The floor is handed the facts as they were read.
Each side has a database of its own, a copy of the same shop, and hears the same.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import islice

from saleor_lifecycle.actions import erasure, events
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.readings import read
from saleor_lifecycle.tasks import events as tasks

from . import floor, population, stream
from .outcome import Measured, Outcome, at_most
from .shops import Shops
from .side import Side
from .surroundings import Unfit

AIM = 4.0
WARM_UP = 3
ROUNDS = 15
BATCHES = 2
"""In a round, for each of the two."""
EVERY = timedelta(seconds=30)


def run(shops: Shops) -> Outcome:
    """Return what the rounds came to at each size. Raises Unfit."""
    measured = [_measure(shops, people) for people in shops.sizes]
    return at_most(AIM, "process", measured, {"rounds": ROUNDS, "batches": BATCHES, "facts_in_a_batch": tasks.BATCH})


def _measure(shops: Shops, people: int) -> Measured:
    with (
        shops.copy(people) as one,
        shops.copy(people) as other,
        Side(f"{__name__}:ours", one, people=people) as app,
        Side(f"{__name__}:by_hand", other, people=people) as hand,
    ):
        times = [(app.round(), hand.round()) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    return Measured(people, [ours for ours, _ in times], [theirs for _, theirs in times], app.peak_mb)


def ours(people: int) -> Iterator[float]:
    """Yield the seconds of each round of the app."""
    installation = _installation()
    now = population.NOW
    batches = stream.batches(people, tasks.BATCH)
    while True:
        seconds = 0.0
        for bodies in islice(batches, BATCHES):
            now += EVERY
            for body in bodies:
                events.record(installation.pk, events.Delivery("", sha256(body).hexdigest(), body, now))
            begun = time.perf_counter()
            if tasks.run(installation.pk, now) != len(bodies):
                raise Unfit("a batch was not settled as a whole")
            seconds += time.perf_counter() - begun
        yield seconds


def by_hand(people: int) -> Iterator[float]:
    """Yield the seconds of each round of the floor."""
    installation = _installation()
    hash_of = erasure.hash_of(installation)
    now = population.NOW
    batches = stream.batches(people, tasks.BATCH)
    while True:
        seconds = 0.0
        for bodies in islice(batches, BATCHES):
            now += EVERY
            told = [read(body, sha256(body).hexdigest(), installation.consent_key) for body in bodies]
            facts = [fact for reading in told for fact in reading.facts]
            begun = time.perf_counter()
            with within(installation.pk):
                floor.apply(installation, facts, hash_of, now)
            seconds += time.perf_counter() - begun
        yield seconds


def _installation() -> Installation:
    with within(1):
        return Installation.objects.select_related("policy").get(pk=1)
