"""The task move: people brought to a flow's new version, or out of it, block by block."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import flow_moves, restores
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within


@shared_task
def move(installation_id: int) -> None:
    """Take people along who are still to be moved."""
    run(installation_id)


def run(installation_id: int, clock: Callable[[], datetime] = timezone.now) -> int:
    """Go on block after block; return how many there were. After a restore everybody stays until sending goes on."""
    blocks, goes_on = 0, True
    while goes_on:
        now = clock()
        with within(installation_id):
            if restores.is_held(Installation.objects.get(pk=installation_id), now):
                return blocks
            goes_on = flow_moves.move_block(installation_id, now)
        blocks += goes_on
    return blocks
