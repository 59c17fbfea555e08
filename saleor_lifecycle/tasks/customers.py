"""The task tick: customers whom time alone has moved."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import customers
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from . import entries

BATCH = 500


@shared_task
def tick(installation_id: int) -> None:
    """Move every customer who is due, batch after batch."""
    while run(installation_id, timezone.now()) == BATCH:
        pass
    entries.pass_on(installation_id, timezone.now())


def run(installation_id: int, now: datetime) -> int:
    """Move one batch; return how many were due."""
    with within(installation_id):
        due = customers.claim_due(installation_id, BATCH, now)
        if due:
            installation = Installation.objects.select_related("policy").get(pk=installation_id)
            customers.tick(installation, due, now)
        return len(due)
