"""The task rescore: a new policy or fit carried to all customers, block by block."""

import time
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import rescorings
from saleor_lifecycle.models.entry import within

from . import nudge

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""


@shared_task
def rescore(installation_id: int) -> None:
    """Go on with an installation's rescoring for a while."""
    if work(installation_id, STRETCH):
        nudge.nudge(nudge.RESCORE, installation_id)


def work(
    installation_id: int,
    seconds: float,
    told: Callable[[], object] = lambda: None,
    clock: Callable[[], datetime] = timezone.now,
) -> bool:
    """Walk for about so long; return whether more is due at once. ``told`` is called after each block."""
    with within(installation_id):
        held = rescorings.claim(installation_id, clock())
    ends = time.monotonic() + seconds
    while held is not None:
        try:
            with within(installation_id):
                held = rescorings.walk(held, clock())
        except rescorings.Overtaken:
            return False
        told()
        if held is not None and time.monotonic() >= ends:
            with within(installation_id):
                rescorings.release(held, clock())
            return True
    return False
