"""The task advance: carts gone idle enter their flow, and enrollments whose moment has come go on."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import cart_entries, flows, restores
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from . import nudge

BATCH = 1000


@shared_task
def advance(installation_id: int) -> None:
    """Advance whatever is due, batch after batch, then have the queued messages sent."""
    while run(installation_id, timezone.now()):
        pass
    nudge.nudge(nudge.SEND, installation_id)


def run(installation_id: int, now: datetime) -> int:
    """Advance one batch; return how many carts and customers were looked at."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if restores.is_held(installation, now):
            return 0
        entered = cart_entries.enter_idle(installation, BATCH, now)
    with within(installation_id):
        due = flows.due_customers(installation_id, BATCH, now)
        flows.advance(installation, due, now)
    return entered + len(due)
