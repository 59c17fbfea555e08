"""The task rescore: a new policy or fit carried to all customers, block by block."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import rescorings
from saleor_lifecycle.models.entry import within

from . import nudge

STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""


@shared_task
def rescore(installation_id: int) -> None:
    """Go on with a part of an installation's rescoring for a while, beside whoever takes the next one."""
    nudged = partial(nudge.nudge, nudge.RESCORE, installation_id)
    if work(installation_id, STRETCH, more=nudged):
        nudged()


def work(
    installation_id: int,
    seconds: float,
    told: Callable[[], object] = lambda: None,
    clock: Callable[[], datetime] = timezone.now,
    more: Callable[[], object] = lambda: None,
) -> bool:
    """Walk for about so long; return whether more is due at once.

    ``told`` is called after each block; ``more`` at each part that is begun while another waits for a worker.
    """
    held, ends = None, time.monotonic() + seconds
    while True:
        if held is None:
            with within(installation_id):
                held = rescorings.claim(installation_id, clock())
                waits = rescorings.is_due(installation_id, clock())
            if held is None:
                return False
            if waits:
                more()
        try:
            with within(installation_id):
                held = rescorings.walk(held, clock())
        except rescorings.Overtaken:
            held = None
        told()
        if time.monotonic() >= ends:
            with within(installation_id):
                if held is not None:
                    rescorings.release(held, clock())
                return rescorings.is_due(installation_id, clock())
