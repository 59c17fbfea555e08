"""Senders: the addresses in whose name an installation writes, and whether their holders have said that it may."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings

from saleor_lifecycle.domain.provider_accounts import is_sender_trusted
from saleor_lifecycle.domain.sending import DeferReason
from saleor_lifecycle.models import Installation, Sender

from . import mail_accounts

LASTS = timedelta(days=7)
"""How long a sender's link can be followed; asked again, as long once more."""


class Standing(StrEnum):
    """How it stands with a sender, for whoever follows the link."""

    ASK = "ask"
    DONE = "done"
    ALREADY = "already"
    EXPIRED = "expired"


def ask(installation: Installation, address: str, now: datetime) -> Sender:
    """Return the sender whose holder is being asked; asked again, their earlier link still works."""
    row, _ = Sender.objects.update_or_create(
        installation=installation, address=address.strip().lower(), defaults={"asked_at": now}
    )
    return row


def find(public_id: UUID) -> Sender | None:
    """Return a sender by its public id."""
    return Sender.objects.filter(public_id=public_id).first()


def state_of(sender: Sender, now: datetime) -> Standing:
    """Return how it stands with a sender."""
    if sender.verified_at is not None:
        return Standing.ALREADY
    return Standing.ASK if now < sender.asked_at + LASTS else Standing.EXPIRED


def confirm(sender: Sender, now: datetime) -> Standing:
    """Store the yes of an address's holder; what waited for it goes."""
    if (state := state_of(sender, now)) is not Standing.ASK:
        return state
    Sender.objects.filter(pk=sender.pk, verified_at=None).update(verified_at=now)
    mail_accounts.wake(sender.installation_id, DeferReason.SENDER_NOT_VERIFIED, now)
    return Standing.DONE


def verified(installation_id: int) -> frozenset[str]:
    """Return the addresses whose holders have said yes."""
    rows = Sender.objects.filter(installation_id=installation_id, verified_at__isnull=False)
    return frozenset(rows.values_list("address", flat=True))


def may_share(address: str, confirmed: Collection[str]) -> bool:
    """Return whether an address may stand on commercial mails that leave through the operator's own account."""
    return address.strip().lower() in confirmed or is_sender_trusted(address, settings.TRUSTED_SENDERS)
