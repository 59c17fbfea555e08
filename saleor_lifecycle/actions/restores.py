"""A database that is not where it was, or not as new as the world: nothing is sent until an operator says so."""

import logging
from datetime import datetime

from django.conf import settings

from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.homes import home

logger = logging.getLogger(__name__)


def is_held(installation: Installation, now: datetime) -> bool:
    """Must nothing be sent, because these rows were restored or copied? It is found out here, and stays so."""
    if installation.held_at is not None:
        return True
    here = home(settings.PUBLIC_URL)
    if installation.home == here:
        return False
    if not installation.home:
        Installation.objects.filter(pk=installation.pk).update(home=here)
        return False
    installation.held_at = now
    Installation.objects.filter(pk=installation.pk, held_at=None).update(held_at=now)
    logger.error(
        "installation %s sends nothing: its database or PUBLIC_URL is another than it was. If people may be written to"
        " from here, run `resume-sending`",
        installation.pk,
    )
    return True


def hold(installation_id: int, now: datetime) -> None:
    """Mark an installation's rows as restored, where nothing else shows it."""
    Installation.objects.filter(pk=installation_id, held_at=None).update(held_at=now)
