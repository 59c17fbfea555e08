"""``backfill``: the import of 3,000 people into shops of every size, beside the same pages read and thrown away.

A page takes the shop 0.3 s, as the quickest of a real Saleor's do (0.3 to 1 s), and costs this machine next to
nothing: Saleor's work is its own machine's. The floor reads each kind of page with a connection of its own, all kinds
at once, which is the most that cursors allow. Five kinds at that pace are 17 pages a second; both may read as many as a
merchant can ever set, 50.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.models import Account, Installation, Order
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.processes import Group, Program
from saleor_lifecycle.tasks import backfill as tasks

from . import pages
from .outcome import Measured, Outcome, at_most
from .shops import Shops
from .side import Side
from .surroundings import Unfit, free_port, wait_for

AIM = 1.2
ROUNDS = 3
PEOPLE = 3_000
PAGE_SECONDS = 0.3


def run(shops: Shops) -> Outcome:
    """Return what the rounds came to at each size. Raises Unfit."""
    port = free_port()
    with Group() as group:
        command = [sys.executable, "-m", pages.__name__, str(port), str(PEOPLE), str(PAGE_SECONDS)]
        group.start(Program("pages", command, {"OPENBLAS_NUM_THREADS": "1"}))
        wait_for(port, group)
        measured = [_measure(shops, people, port) for people in shops.sizes]
    sizes = {"rounds": ROUNDS, "imported_people": PEOPLE, "page_seconds": PAGE_SECONDS}
    return at_most(AIM, "backfill", measured, sizes)


def _measure(shops: Shops, people: int, port: int) -> Measured:
    """Import into a fresh copy in each round, so that every round finds the same."""
    values, floors, peaks = [], [], []
    for _ in range(ROUNDS):
        with shops.copy(people) as database_url, Side(f"{__name__}:imports", database_url, port=port) as app:
            floors.append(read_all(port))
            values.append(app.round())
            peaks.append(app.peak_mb)
    return Measured(people, values, floors, max(peaks))


def read_all(port: int) -> float:
    """Return the seconds in which every page of every kind is read, and nothing done with it."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(pages.KINDS)) as readers:
        list(readers.map(lambda kind: _read(port, kind), pages.KINDS))
    return time.perf_counter() - begun


def _read(port: int, operation: str) -> None:
    after, is_more = None, True
    with httpx.Client(timeout=60) as client:
        while is_more:
            asked = {"operationName": operation, "query": "", "variables": {"first": pages.SIZE, "after": after}}
            (found,) = client.post(_address(port), json=asked).json()["data"].values()
            found = found.get("eventDeliveries", found)["pageInfo"]
            after, is_more = found["endCursor"], found["hasNextPage"]


def imports(port: int) -> Iterator[float]:
    """Yield the seconds of one import."""
    with within(1):
        installation = Installation.objects.get(pk=1)
        installation.saleor_api_url = _address(port)
        installation.save(update_fields=["saleor_api_url"])
        backfills.set_rate(installation, backfills.FASTEST)
        backfills.start(1, datetime.now(UTC))
        before = _held()
    begun = time.perf_counter()
    while tasks.work(1, 60.0):
        pass
    seconds = time.perf_counter() - begun
    held = pages.nodes(PEOPLE)
    expected = (len(held["CustomersPage"]), len(held["OrdersPage"]))
    with within(1):
        found = tuple(now - then for now, then in zip(_held(), before, strict=True))
    if found != expected:
        raise Unfit(f"of {expected} accounts and orders {found} were stored")
    yield seconds


def _held() -> tuple[int, int]:
    return Account.objects.count(), Order.objects.count()


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/graphql/"
