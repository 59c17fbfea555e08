"""Real purchases through the real actions, with a clock of our own: months of a shop in minutes.

The clock stands at each moment at which something is due, then at each day's orders, as live work would have met them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import connection

from saleor_lifecycle.actions import customers, events, installations
from saleor_lifecycle.domain.facts import AppChange, AppFact, OrderFact, Version
from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.models import Identity, Installation, PhaseChange
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks import customers as tasks

from .brute_force import Answer, evaluate
from .purchases import Purchase

SALEOR_API_URL = "https://simulation.invalid/graphql/"
APP_ID = "simulation"


class StuckError(Exception):
    """A customer was due, was looked at, and is due still: the clock would stand for ever."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's orders are in."""

    on: date
    orders: int
    done: float  # share of all orders, up to 1


@dataclass(frozen=True, slots=True)
class Month:
    """Where customers stand as a month ends, and who moved in it."""

    first: date
    customers: int
    phases: dict[str, int]
    lost: int
    came_back: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is stored at an instant against the brute-force answer."""

    at: datetime
    compared: int
    differences: list[str]


class Stored(NamedTuple):
    """What the app holds of a customer."""

    phase: str
    band: str
    loss_at: datetime | None
    orders: int


class Stop(NamedTuple):
    """Where the clock stands still for more than time: for one of these three, in this order on the same second."""

    at: datetime
    orders: tuple[Purchase, ...] = ()
    is_check: bool = False
    month: date | None = None


def open_shop(now: datetime) -> int:
    """Return the id of a new installation for simulations; one that is left over goes first.

    It counts as removed by its shop, so that no worker beside us looks at it with today's clock.
    """
    close_shop()
    registration = installations.Registration(
        saleor_api_url=SALEOR_API_URL, app_id=APP_ID, token="", jwks={}, shop_name="simulation"
    )
    installation_id = installations.register(registration, now)
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        installations.change(installation, AppFact(APP_ID, AppChange.DELETED, now), now)
    return installation_id


def close_shop() -> None:
    """Remove the installation for simulations with all its rows, if there is one."""
    with across():
        held = list(Installation.objects.filter(saleor_api_url=SALEOR_API_URL).values_list("id", flat=True))
    for installation_id in held:
        installations.erase(installation_id)


def replay(
    installation_id: int, purchases: Sequence[Purchase], checks: Iterable[datetime]
) -> Iterator[Day | Month | Comparison]:
    """Yield what there is to tell while the orders, sorted by day, are taken in one day after the other."""
    done = 0
    for stop in timeline(purchases, checks):
        let_time_pass(installation_id, stop.at)
        if stop.orders:
            with within(installation_id):
                installation = Installation.objects.select_related("policy").get(pk=installation_id)
                events.apply(installation, [order(purchase) for purchase in stop.orders], stop.at)
            done += len(stop.orders)
            yield Day(stop.at.date(), len(stop.orders), done / len(purchases))
        if stop.is_check:
            yield compare(installation_id, evaluate(purchases, stop.at), stop.at)
        if stop.month:
            yield month(installation_id, stop.month, stop.at)


def timeline(purchases: Sequence[Purchase], checks: Iterable[datetime]) -> list[Stop]:
    """Return the stops of the clock: each day's orders, each check, the end of each month."""
    stops = [Stop(at, orders=tuple(group)) for at, group in groupby(purchases, key=lambda purchase: purchase.at)]
    stops += [Stop(at, is_check=True) for at in checks]
    for first in sorted({purchase.on.replace(day=1) for purchase in purchases}):
        following = (first + timedelta(days=31)).replace(day=1)
        stops.append(Stop(datetime.combine(following, time(), UTC), month=first))
    return sorted(stops, key=lambda stop: (stop.at, not stop.orders, not stop.is_check))


def let_time_pass(installation_id: int, until: datetime) -> None:
    """Move everybody whom time alone moves up to and with ``until``, moment after moment. Raises StuckError.

    As the task does it, but in one transaction a stop: the moments are thousands, most of them one customer's own.
    """
    with within(installation_id):
        installation = Installation.objects.select_related("policy").get(pk=installation_id)
        before = None
        while found := _next_due(installation_id, until):
            at, waiting = found
            if before is not None and at <= before:
                raise StuckError(f"Customers who were looked at at {at:%Y-%m-%d %H:%M:%S} are due still")
            while waiting > 0 and (due := customers.claim_due(installation_id, min(waiting, tasks.BATCH), at)):
                customers.tick(installation, due, at)
                waiting -= len(due)
            before = at


def _next_due(installation_id: int, until: datetime) -> tuple[datetime, int] | None:
    """Return the earliest moment at which somebody is due, and how many are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_at, count(*) FROM lifecycle_customer WHERE installation_id = %s AND due_at <= %s "
            "GROUP BY due_at ORDER BY due_at LIMIT 1",
            [installation_id, until],
        )
        return cursor.fetchone()


def order(purchase: Purchase) -> OrderFact:
    """Return a purchase as Saleor would tell of it: by a guest, paid and sent."""
    number = str(purchase.number)
    return OrderFact(
        order_id=number,
        number=number,
        user_id=None,
        email=address(purchase.customer),
        checkout_id=None,
        channel="simulation",
        language="en",
        status="FULFILLED",
        charge_status="FULL",
        origin="CHECKOUT",
        total=purchase.amount,
        charged=purchase.amount,
        refunded=purchase.amount * 0,
        currency="USD",
        created_at=purchase.at,
        is_import=False,
        version=Version(purchase.at, purchase.at, number),
    )


def address(customer: str) -> str:
    return f"{customer}@simulation.invalid"


def month(installation_id: int, first: date, end: datetime) -> Month:
    """Return the month that ends just before ``end``."""
    with within(installation_id):
        counts = customers.counts(installation_id)
        moves = PhaseChange.objects.filter(
            installation_id=installation_id, at__gte=datetime.combine(first, time(), UTC), at__lt=end
        )
        return Month(
            first,
            customers=sum(counts.values()),
            phases={phase.value: counts.get(phase.value, 0) for phase in Phase},
            lost=moves.filter(after=Phase.LOSS.value).count(),
            came_back=moves.filter(before=Phase.LOSS.value, after=Phase.RETENTION.value).count(),
        )


def compare(installation_id: int, answers: Mapping[str, Answer], at: datetime) -> Comparison:
    """Return how what is stored of every customer differs from the answers."""
    with within(installation_id):
        rows = Identity.objects.filter(installation_id=installation_id).values_list(
            "value", "customer__phase", "customer__band", "customer__loss_at", "customer__orders"
        )
        stored = {
            value.partition("@")[0]: Stored(phase, band, loss_at, orders)
            for value, phase, band, loss_at, orders in rows
        }
    everybody = sorted(stored.keys() | answers.keys())
    found = (_difference(customer, stored.get(customer), answers.get(customer)) for customer in everybody)
    return Comparison(at, len(everybody), [difference for difference in found if difference])


def _difference(customer: str, stored: Stored | None, answer: Answer | None) -> str:
    if stored is None or answer is None:
        return f"customer {customer}: {'not stored' if stored is None else 'stored, but nobody bought'}"
    is_equal = (stored.phase, stored.loss_at, stored.orders) == (answer.phase, answer.loss_at, answer.orders)
    if is_equal and stored.band in answer.bands:
        return ""
    is_now = f"{stored.phase}, {stored.band}, lost {stored.loss_at}, {stored.orders} orders"
    right = f"{answer.phase}, {' or '.join(sorted(answer.bands))}, lost {answer.loss_at}, {answer.orders} orders"
    return f"customer {customer}: {is_now}; should be {right}"
