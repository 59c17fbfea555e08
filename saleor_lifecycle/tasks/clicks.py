"""The task judge: links of messages that were followed a moment ago, by a person or by a program."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import clicks
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from . import entries

BATCH = 200


@shared_task
def judge(installation_id: int) -> None:
    """Judge all that is due, batch after batch."""
    while run(installation_id, timezone.now()):
        pass
    entries.pass_on(installation_id, timezone.now())


def run(installation_id: int, now: datetime) -> int:
    """Judge one batch; return how many messages it was about."""
    with within(installation_id):
        found = clicks.claim(installation_id, BATCH, now)
        if found:
            clicks.judge_due(Installation.objects.get(pk=installation_id), found, now)
        return len(found)
