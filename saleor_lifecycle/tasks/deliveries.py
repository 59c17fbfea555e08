"""The task deliveries: orders whose delivery has come."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import deliveries as actions
from saleor_lifecycle.actions import restores
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from . import nudge

BATCH = 200


@shared_task
def deliveries(installation_id: int) -> None:
    """Let come what has come, batch after batch, and have the messages of it sent."""
    while run(installation_id, timezone.now()):
        pass
    nudge.nudge(nudge.SEND, installation_id)


def run(installation_id: int, now: datetime) -> int:
    """Let come one batch; return how many there were."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if installation.state == Installation.State.REMOVED or restores.is_held(installation, now):
            return 0
        return actions.come(installation, BATCH, now)
