"""The task deliver: what other systems have to be told. So far: the phase on Saleor's customer record."""

import logging
from collections.abc import Mapping
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import installations, outbox
from saleor_lifecycle.models import Account, Customer, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import ProjectedCustomer, Shop

BATCH = 100
PUBLIC_KEY = "lifecycle.phase"
"""The one public key: only public metadata can be filtered by in the Dashboard's customers list."""

logger = logging.getLogger(__name__)


@shared_task
def deliver(installation_id: int) -> None:
    """Deliver everything due, batch after batch."""
    while run(installation_id, timezone.now()) == BATCH:
        pass


def run(installation_id: int, now: datetime) -> int:
    """Deliver one batch of projections; return how many were due."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        rows = outbox.lease(installation_id, Outbox.Kind.PROJECTION, BATCH, now)
        wanted = {row.pk: _wanted(int(row.key)) for row in rows}
    is_open = installation.state != Installation.State.REMOVED and installation.is_projecting
    changed = {
        row.pk: ProjectedCustomer(user_id, *_changes(values, row.written))
        for row in rows
        if is_open and (found := wanted[row.pk]) is not None
        for user_id, values in [found]
        if values != row.written
    }
    errors, trouble = _write(installation, changed)
    with within(installation_id):
        settled = {}
        for row in rows:
            error = trouble or (errors.get(changed[row.pk].user_id) if row.pk in changed else None)
            if error:
                outbox.failed(row, error, now)
            else:
                found = wanted[row.pk]
                settled[row.pk] = (row.version, found[1] if found and row.pk in changed else row.written)
        outbox.done(settled, now)
    return len(rows)


def _write(
    installation: Installation, changed: Mapping[int, ProjectedCustomer]
) -> tuple[Mapping[str, str | None], str | None]:
    """Return the error of each user, and the trouble that kept all of them from being written."""
    if not changed:
        return {}, None
    if installation.state == Installation.State.INACTIVE:
        return {}, "the app is switched off in the shop"
    try:
        with Shop(
            installation.saleor_api_url, installations.unseal(installation.token), settings.ALLOW_PRIVATE_ADDRESSES
        ) as shop:
            return shop.project_customers(list(changed.values())), None
    except ShopError as error:
        logger.warning("projection waits: %s %s", type(error).__name__, error)
        return {}, f"{type(error).__name__}: {error}"


def _wanted(customer_id: int) -> tuple[str, dict[str, str]] | None:
    """Return the Saleor user and what their record shall say, or None for a customer without a living account."""
    customer = Customer.objects.filter(pk=customer_id, merged_into=None).first()
    accounts = Account.objects.filter(identity__customer_id=customer_id, deleted_at=None)
    user_id = accounts.values_list("user_id", flat=True).first()
    if customer is None or user_id is None or customer.phase_since is None:
        return None
    return user_id, {
        PUBLIC_KEY: customer.phase,
        "lifecycle.phase_since": customer.phase_since.date().isoformat(),
        "lifecycle.engagement": customer.band,
        "lifecycle.loss_date": customer.loss_at.date().isoformat() if customer.loss_at else "",
    }


def _changes(values: dict[str, str], written: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return (public, private) keys whose value is not what Saleor's record says already."""
    changed = {key: value for key, value in values.items() if written.get(key) != value}
    public = {key: value for key, value in changed.items() if key == PUBLIC_KEY}
    # The phase stands in the private metadata too: there nobody but staff and apps can read it.
    return public, changed
