"""The task check: what DNS says of the domains that an installation writes from, daily and when staff ask."""

import logging
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import mail_accounts, sender_domains
from saleor_lifecycle.channels import domain_records
from saleor_lifecycle.channels.sender_needs import needs_of, provider_of
from saleor_lifecycle.domain.sender_checks import check as findings_of
from saleor_lifecycle.models import Brand
from saleor_lifecycle.models.entry import within

BATCH = 5

logger = logging.getLogger(__name__)


@shared_task
def check(installation_id: int) -> None:
    """Check every domain whose moment has come."""
    while run(installation_id, timezone.now()):
        pass


def run(installation_id: int, now: datetime) -> int:
    """Check one batch of domains; return how many there were."""
    with within(installation_id):
        rows = sender_domains.take_due(installation_id, BATCH, now)
        channels = sender_domains.sender_channels(Brand.objects.get(pk=installation_id)) if rows else {}
    for row in rows:
        provider = _provider(installation_id, channels.get(row.domain, ""))
        needs = needs_of(provider, row.domain, tuple(row.selectors))
        found = findings_of(domain_records.look(row.domain, needs), needs, settings.PUBLIC_URL)
        with within(installation_id):
            sender_domains.keep(row, provider, found, now)
        logger.info("sender domain %s of installation %s checked", row.pk, installation_id)
    return len(rows)


def _provider(installation_id: int, channel: str) -> str:
    """Return by anymail's name through whom is written in a Saleor channel."""
    with within(installation_id):
        account = mail_accounts.account_of(installation_id, channel)
    return account.provider or provider_of(settings.EMAIL_BACKEND)
