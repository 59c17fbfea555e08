"""The task deliver: what others are to know: the phase on Saleor's customer record, and staff what concerns them."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from celery import shared_task
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import installations, outbox, projection
from saleor_lifecycle.actions.outbox import Told
from saleor_lifecycle.domain.projection import Changes, at_once, changes, cleared, wanted
from saleor_lifecycle.models import Account, Customer, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import PermissionMissing, Refused, ShopError
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.projected import NOT_FOUND, Projected, ProjectedCustomer

from . import incentives, problems, staff_mails

logger = logging.getLogger(__name__)


@shared_task
def deliver(installation_id: int) -> None:
    """Deliver what is due, batch after batch, until the pace or the shop says stop; the sweep comes back."""
    problems.run(installation_id, timezone.now())
    staff_mails.run(installation_id, timezone.now())
    while incentives.run(installation_id, timezone.now()):
        pass
    while run(installation_id, timezone.now()):
        pass


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one row wants of one record."""

    row: Outbox
    user_id: str
    changes: Changes


def run(installation_id: int, now: datetime, clock: Callable[[], float] = time.monotonic) -> int:
    """Deliver one batch of projections; return how many were due. None are while the pace lets nothing out."""
    with within(installation_id):
        installation = projection.turn(installation_id, now)
        if installation is None:
            return 0
        limit = at_once(installation.projection_failures, installation.projection_per_minute)
        rows = outbox.lease(installation_id, Outbox.Kind.PROJECTION, limit, now)
        wishes = {row.pk: wish for row, wish in _wishes(installation, rows) if wish.changes.all}
        free_at = projection.use_turn(installation, len(wishes), now)
    began = clock()
    answers, trouble = _write(installation, wishes.values(), now)
    took = timedelta(seconds=clock() - began)
    with within(installation_id):
        if trouble:
            projection.troubled(installation, trouble, now)
            outbox.release((wish.row for wish in wishes.values()), now)
        elif wishes:
            projection.answered(installation, took, free_at, now)
        unsettled = set(wishes) if trouble else _refused(wishes, answers, now)
        outbox.done({row.pk: _told(row, wishes.get(row.pk), answers) for row in rows if row.pk not in unsettled}, now)
    return 0 if trouble else len(rows)


def _refused(wishes: Mapping[int, _Wish], answers: Mapping[str, Projected], now: datetime) -> set[int]:
    """Put off the rows that the shop refuses, and return them; a record that is gone is no refusal."""
    refused = set()
    for key, wish in wishes.items():
        error = answers[wish.user_id].error
        if error and error != NOT_FOUND:
            outbox.failed(wish.row, error, now)
            refused.add(key)
    return refused


def _told(row: Outbox, wish: _Wish | None, answers: Mapping[str, Projected]) -> Told:
    """Return what a row came to that the shop did not refuse."""
    answer = answers.get(wish.user_id) if wish else None
    if wish is None or answer is None or answer.error:
        return Told(row.version)
    sent = replace(wish.changes, attribute=None) if answer.is_bare else wish.changes
    return Told(row.version, sent.all, wish.user_id, answer.updated_at)


def _write(
    installation: Installation, wishes: Iterable[_Wish], now: datetime
) -> tuple[Mapping[str, Projected], str | None]:
    """Return what became of each user, and the trouble that kept all of them from being written."""
    asked = {
        wish.user_id: ProjectedCustomer(wish.user_id, wish.changes.public, wish.changes.private, wish.changes.attribute)
        for wish in wishes
    }
    if not asked:
        return {}, None
    if installation.state == Installation.State.INACTIVE:
        return {}, "the app is switched off in the shop"
    try:
        with Shop(
            installation.saleor_api_url,
            installations.unseal(installation.token),
            settings.ALLOW_PRIVATE_ADDRESSES,
            installation.saleor_version,
        ) as shop:
            if installation.has_phase_attribute and installation.attribute_prepared_at is None:
                _prepare_attribute(shop, installation, now)
            return _ask(shop, asked), None
    except ShopError as error:
        logger.warning("projection waits: %s %s", type(error).__name__, error)
        return {}, f"{type(error).__name__}: {error}"
    except InvalidToken:
        logger.error("projection waits: the shop's token cannot be read")
        return {}, "the shop's token cannot be read: its key is missing from TOKEN_KEYS"


def _prepare_attribute(shop: Shop, installation: Installation, now: datetime) -> None:
    """Make the attribute; a shop that refuses keeps the projection without it, until it is switched on again."""
    trouble = ""
    try:
        shop.prepare_phase_attribute()
    except (PermissionMissing, Refused) as error:
        trouble = f"{type(error).__name__}: {error}"
        logger.warning("no attribute for the phase in installation %s: %s", installation.pk, trouble)
    with within(installation.pk):
        projection.attribute_prepared(installation, trouble, now)


def _ask(shop: Shop, asked: Mapping[str, ProjectedCustomer]) -> dict[str, Projected]:
    """Write the records; a row that is refused with the attribute goes once more without it.

    A customer type that was made later does not have the attribute, and staff may have taken it away.
    """
    answers = shop.project_customers(list(asked.values()))
    bare = [
        replace(row, phase=None)
        for user_id, row in asked.items()
        if row.phase and answers[user_id].error not in (None, NOT_FOUND)
    ]
    return answers | {user_id: replace(one, is_bare=True) for user_id, one in shop.project_customers(bare).items()}


def _wishes(installation: Installation, rows: list[Outbox]) -> Iterable[tuple[Outbox, _Wish]]:
    """Yield for each row what its record shall say; nothing for customers without a living account."""
    if installation.state == Installation.State.REMOVED:
        return
    if not (installation.is_projecting or installation.is_clearing):
        return
    has_attribute = installation.has_phase_attribute and not installation.attribute_trouble
    ids = [int(row.key) for row in rows]
    customers = Customer.objects.filter(pk__in=ids, merged_into=None, phase_since__isnull=False).in_bulk()
    accounts = Account.objects.filter(identity__customer_id__in=customers, deleted_at=None).order_by("-pk")
    # Of several accounts the oldest: it comes last here.
    user_of = dict(accounts.values_list("identity__customer_id", "user_id"))
    for row in rows:
        customer, user_id = customers.get(int(row.key)), user_of.get(int(row.key))
        if installation.is_clearing and (record := row.record or user_id):
            yield row, _Wish(row, record, changes(cleared(row.written), row.written))
        elif installation.is_projecting and customer and customer.phase_since and user_id:
            values = wanted(customer.phase, customer.phase_since, customer.band, customer.loss_at, has_attribute)
            held = row.written if row.record in ("", user_id) else {}
            yield row, _Wish(row, user_id, changes(values, held))
