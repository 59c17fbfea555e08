"""The task upkeep: partitions of the months to come, and bodies whose time is over."""

from datetime import date, datetime, timedelta

from celery import shared_task
from django.db import connection
from django.utils import timezone

from saleor_lifecycle.actions import bodies
from saleor_lifecycle.actions.bodies import BODIES_STAY
from saleor_lifecycle.models.entry import across, maintaining, within

BATCH = 5000
DAY = timedelta(days=1)


@shared_task
def upkeep() -> None:
    """Do what has to be done about once an hour."""
    run(timezone.now())


def run(now: datetime) -> None:
    """Make the partitions of this month and the next two; drop bodies older than 30 days or of erased people."""
    for month in _months(now.date(), 3):
        _add_partition(month)
    with across(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM lifecycle_installation")
        ids = [row[0] for row in cursor.fetchall()]
    for installation_id in ids:
        while _drop_bodies(installation_id, now - BODIES_STAY) == BATCH:
            pass
        while erase_bodies(installation_id, now):
            pass


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
        bodies.settle(installation_id, asked)
    return len(asked)


def _months(first: date, count: int) -> list[date]:
    months = [first.replace(day=1)]
    while len(months) <= count:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months[:count]


def _add_partition(month: date) -> None:
    following = (month + timedelta(days=32)).replace(day=1)
    name = f"lifecycle_event_body_{month:%Y_%m}"
    with maintaining(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            return
        # Rows that came before their month was made lie in the default partition, which PostgreSQL looks through
        # here; if it holds some of this month, they stay there and so does the month.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM lifecycle_event_body_default WHERE occurred_at >= %s AND occurred_at < %s)",
            [month, following],
        )
        if cursor.fetchone()[0]:
            return
        cursor.execute(
            f"CREATE TABLE {name} PARTITION OF lifecycle_event_body "
            f"FOR VALUES FROM ('{month.isoformat()}') TO ('{following.isoformat()}')"
        )


def _drop_bodies(installation_id: int, before: datetime) -> int:
    with within(installation_id), connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM lifecycle_event_body WHERE (event_id, occurred_at) IN (
                SELECT event_id, occurred_at FROM lifecycle_event_body
                WHERE installation_id = %s AND occurred_at < %s LIMIT %s
            )
            """,
            [installation_id, before, BATCH],
        )
        return cursor.rowcount
