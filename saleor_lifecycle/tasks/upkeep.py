"""The task upkeep: partitions of the months to come, and bodies, activities and decisions whose time is over."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from celery import shared_task
from django.db import connection
from django.utils import timezone

from saleor_lifecycle.actions import (
    activities,
    bodies,
    customer_files,
    deliverability,
    delivery_events,
    ledger,
    named_flows,
    opt_ins,
    recommendation_counts,
    second_orders,
    sender_domains,
    visitors,
)
from saleor_lifecycle.actions.bodies import BODIES_STAY
from saleor_lifecycle.actions.sender_domains import EMAIL
from saleor_lifecycle.actions.visitors import TOLD_WITHIN
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.models.entry import across, maintaining, within

BATCH = 5000
AT_ONCE = 500
"""Of rows that take others with them."""
BODIES, ACTIVITIES, DECISIONS = "lifecycle_event_body", "lifecycle_activity", "lifecycle_decision"
DAY = timedelta(days=1)


@shared_task
def upkeep() -> None:
    """Do what has to be done about once an hour."""
    run(timezone.now())


def run(now: datetime) -> None:
    """Make the partitions of this month and the next two; drop what is too old or erased of what lies in them."""
    for table in (BODIES, DECISIONS):
        for month in _months(now.date(), 3):
            _add_partition(table, month)
    for month in _months((now - TOLD_WITHIN).date(), 4):
        _add_partition(ACTIVITIES, month)
    with across(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM lifecycle_installation")
        ids = [row[0] for row in cursor.fetchall()]
    for installation_id in ids:
        expire_bodies(installation_id, now - BODIES_STAY)
        while erase_bodies(installation_id, now):
            pass
        with within(installation_id):
            customer_files.drop_old(installation_id, now)
            opt_ins.forget_networks(installation_id, now)
            second_orders.learn(installation_id, now)
            named_flows.furnish(Installation.objects.get(pk=installation_id), now)
            sender_domains.note(Brand.objects.get(pk=installation_id), now)
            deliverability.judge_channel(Installation.objects.get(pk=installation_id), EMAIL, now)
            deliverability.expire(installation_id, now)
            recommendation_counts.keep_up(installation_id, now)
    horizons = [expire(installation_id, now) for installation_id in ids]
    if horizons:
        for table in (ACTIVITIES, DECISIONS):
            _drop_partitions(table, min(horizons))


def expire(installation_id: int, now: datetime) -> datetime:
    """Drop an installation's activities, decisions and what goes with them that are too old; return before when."""
    with within(installation_id):
        before = activities.horizon(Installation.objects.get(pk=installation_id), now)
    _in_batches(installation_id, lambda: activities.settle_carts(installation_id, before, AT_ONCE), AT_ONCE)
    _in_batches(installation_id, lambda: visitors.drop_strangers(installation_id, before, AT_ONCE), AT_ONCE)
    _in_batches(installation_id, lambda: activities.expire(installation_id, before, BATCH), BATCH)
    _in_batches(installation_id, lambda: delivery_events.expire(before, BATCH), BATCH)
    _in_batches(installation_id, lambda: ledger.expire(installation_id, before, BATCH), BATCH)
    return before


def _in_batches(installation_id: int, step: Callable[[], int], limit: int) -> None:
    """Do a step again, each time in a transaction of its own, until it finds less than it may take."""
    while True:
        with within(installation_id):
            if step() < limit:
                return


def expire_bodies(installation_id: int, before: datetime) -> None:
    """Drop an installation's bodies that are too old: an hour's as a rule; after an outage a day's at a time."""
    with within(installation_id):
        begins = bodies.oldest(installation_id, before)
    while begins is not None and begins < before:
        ends = min(begins + DAY, before)
        with within(installation_id):
            bodies.expire(installation_id, begins, ends)
        begins = ends


def erase_bodies(installation_id: int, now: datetime) -> int:
    """Look for what was asked to be erased; return for how many texts. A search that dies begins again."""
    with within(installation_id):
        asked = bodies.asked(installation_id)
    if not asked:
        return 0
    texts = [text for text, _ in asked]
    # A day at a time: no transaction is long. An hour more, because clocks of machines differ.
    begins, ends = now - BODIES_STAY - DAY, now + timedelta(hours=1)
    while begins < ends:
        with within(installation_id):
            bodies.delete(installation_id, texts, begins, min(begins + DAY, ends))
        begins += DAY
    with within(installation_id):
        customer_files.forget(installation_id, texts)
        bodies.settle(installation_id, asked)
    return len(asked)


def _months(first: date, count: int) -> list[date]:
    months = [first.replace(day=1)]
    while len(months) <= count:
        months.append(_following(months[-1]))
    return months[:count]


def _following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _add_partition(table: str, month: date) -> None:
    following = _following(month)
    name = f"{table}_{month:%Y_%m}"
    with maintaining(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            return
        # Rows that came before their month was made lie in the default partition, which PostgreSQL looks through
        # here; if it holds some of this month, they stay there and so does the month.
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {table}_default WHERE occurred_at >= %s AND occurred_at < %s)",
            [month, following],
        )
        if cursor.fetchone()[0]:
            return
        cursor.execute(
            f"CREATE TABLE {name} PARTITION OF {table} "
            f"FOR VALUES FROM ('{month.isoformat()}') TO ('{following.isoformat()}')"
        )


def _drop_partitions(table: str, before: datetime) -> None:
    """Drop the months that ended before; nobody holds a row in them any more."""
    with maintaining(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1", [table]
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        found = re.fullmatch(rf"{table}_(\d{{4}})_(\d{{2}})", name)
        if found and _following(date(int(found[1]), int(found[2]), 1)) <= before.date():
            with maintaining(), connection.cursor() as cursor:
                # Whoever reads or writes the table waits for this, and this for them: rather another time.
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute(f"DROP TABLE {name}")
