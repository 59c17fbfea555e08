"""The task learn: what goes with what, counted in everybody's orders, block by block."""

import time
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import recommendation_counts
from saleor_lifecycle.models.entry import within

from . import nudge

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""


@shared_task
def learn(installation_id: int) -> None:
    """Go on with an installation's walk for a while."""
    if not run(installation_id, timezone.now()):
        nudge.nudge(nudge.LEARN, installation_id)


def run(installation_id: int, now: datetime, seconds: float = STRETCH) -> bool:
    """Count for about so long, each block in a transaction of its own; return whether nothing is left."""
    ends = time.monotonic() + seconds
    with within(installation_id):
        held = recommendation_counts.claim(installation_id, now)
    while held is not None:
        with within(installation_id):
            held = recommendation_counts.count_block(held, now)
        if held is not None and time.monotonic() >= ends:
            with within(installation_id):
                recommendation_counts.release(held, now)
            return False
    return True
