"""The task ask: a merchant's answer on the projection carried to all customers, block by block."""

import time
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import projection
from saleor_lifecycle.models.entry import within

from . import nudge

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""


@shared_task
def ask(installation_id: int) -> None:
    """Go on asking for an installation's customers to be written for a while."""
    ends = time.monotonic() + STRETCH
    while run(installation_id, timezone.now()):
        if time.monotonic() >= ends:
            nudge.nudge(nudge.ASK, installation_id)
            return


def run(installation_id: int, now: datetime) -> bool:
    """Ask for one block; return whether there may be more."""
    with within(installation_id):
        return projection.ask_block(installation_id, now)
