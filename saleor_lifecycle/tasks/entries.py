"""The task enter: whom a schedule, a date, or a walk through those who are there already lets into a flow."""

import time
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import admissions, flows, occasions, restores
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from . import nudge

BATCH = 200
STRETCH = 20.0
"""Seconds for which one task goes on; then whatever else waits in the queue has its turn."""


@shared_task
def enter(installation_id: int) -> None:
    """Let in whoever is due for a while, and have their flows go on."""
    ends = time.monotonic() + STRETCH
    while run(installation_id, timezone.now()):
        if time.monotonic() >= ends:
            nudge.nudge(nudge.ENTER, installation_id)
            break
    pass_on(installation_id, timezone.now())


def run(installation_id: int, now: datetime) -> bool:
    """Do one block of each kind; return whether any was due. Each is a transaction: a kill takes back one of them."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if installation.state == Installation.State.REMOVED or restores.is_held(installation, now):
            return False
        begun = admissions.run_schedules(installation, now)
    with within(installation_id):
        come = occasions.enter_due(installation, BATCH, now)
    with within(installation_id):
        has_walked = admissions.walk(installation, now)
    return bool(begun or come or has_walked)


def pass_on(installation_id: int, now: datetime) -> None:
    """Nudge the worker of those who have entered."""
    with within(installation_id):
        is_due = bool(flows.due_customers(installation_id, 1, now))
    if is_due:
        nudge.nudge(nudge.ADVANCE, installation_id)
