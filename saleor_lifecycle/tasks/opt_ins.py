"""The task opt-ins: forms that nobody has confirmed are reminded of once, expire, and are forgotten."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import opt_ins
from saleor_lifecycle.models.entry import within

BATCH = 500


@shared_task
def follow(installation_id: int) -> None:
    """See to every form whose moment has come, batch after batch."""
    while run(installation_id, timezone.now()) == BATCH:
        pass


def run(installation_id: int, now: datetime) -> int:
    """See to one batch; return how many there were."""
    with within(installation_id):
        return opt_ins.take_due(installation_id, BATCH, now)
