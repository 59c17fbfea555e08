"""The task refit: what a shop's own orders say of loss, measured anew and proposed."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from saleor_lifecycle.actions import fits, rescorings
from saleor_lifecycle.models import Fit
from saleor_lifecycle.models.entry import within

from . import nudge


@shared_task
def refit(installation_id: int) -> None:
    """Fit a shop that is due, and begin to look at what would change."""
    if run(installation_id, timezone.now()) is not None:
        nudge.nudge(nudge.RESCORE, installation_id)


def run(installation_id: int, now: datetime) -> Fit | None:
    """Fit a shop that is due; return the fit, or None if none is due or somebody else came first."""
    with within(installation_id):
        measured = fits.measure(installation_id, now)
    if measured is None:
        return None
    found = fits.fitted(measured)
    try:
        with within(installation_id):
            return fits.store(measured, found, now)
    except rescorings.Busy:
        return None  # the lease ends by itself, and with it the wait
