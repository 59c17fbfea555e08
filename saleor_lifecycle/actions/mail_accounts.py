"""Through which provider's account mails leave: an installation's own, or the operator's."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cryptography.fernet import InvalidToken

from saleor_lifecycle.domain.problems import ProblemKey
from saleor_lifecycle.domain.provider_accounts import OPERATORS, ProviderAccount
from saleor_lifecycle.domain.sending import DeferReason
from saleor_lifecycle.models import Installation, MailAccount, Message

from . import problems
from .installations import seal, unseal


def account_of(installation_id: int, channel: str) -> ProviderAccount:
    """Return through whom the mails of one of the shop's channels leave."""
    return of(by_channel(installation_id), channel)


def by_channel(installation_id: int) -> Mapping[str, ProviderAccount]:
    """Return the accounts of the channels that have one of their own, and under "" that of all others."""
    rows = MailAccount.objects.filter(installation_id=installation_id)
    return {"": OPERATORS, **{row.channel: value_of(row) for row in rows}}


def of(accounts: Mapping[str, ProviderAccount], channel: str) -> ProviderAccount:
    """Return the account of a channel, of what ``by_channel`` gave."""
    return accounts.get(channel, accounts[""])


def value_of(row: MailAccount) -> ProviderAccount:
    """Return an account as channels read it; without settings where none of TOKEN_KEYS opens them any more."""
    try:
        settings = json.loads(unseal(row.settings))
    except InvalidToken:
        settings = {}
    return ProviderAccount(row.provider, settings, row.pk, row.held_at is not None)


def save(
    installation: Installation, channel: str, provider: str, settings: Mapping[str, str], now: datetime
) -> MailAccount:
    """Store an account, in place of the one that a channel had; what waited for it goes."""
    row, _ = MailAccount.objects.update_or_create(
        installation=installation,
        channel=channel,
        defaults={
            "provider": provider,
            "settings": seal(json.dumps(dict(settings))),
            "saved_at": now,
            "verified_at": None,
            "held_at": None,
            "held_reason": "",
        },
    )
    _mended(installation.pk, now)
    wake(installation.pk, DeferReason.SENDER_NOT_VERIFIED, now)
    return row


def remove(installation_id: int, channel: str, now: datetime) -> bool:
    """Forget an account and its secrets; return whether there was one."""
    is_gone = MailAccount.objects.filter(installation=installation_id, channel=channel).delete()[0] > 0
    if is_gone:
        _mended(installation_id, now)
    return is_gone


def verified(installation_id: int, account: ProviderAccount, now: datetime) -> None:
    """Write down that the provider takes an account's secrets, as they were read; what waited for it goes."""
    row = _held(account)
    if row is None:
        return
    row.verified_at, row.held_at, row.held_reason = now, None, ""
    row.save(update_fields=["verified_at", "held_at", "held_reason"])
    _mended(installation_id, now)


def hold(account: ProviderAccount, reason: str, now: datetime) -> None:
    """Let nothing leave through an account, as it was read, until somebody mends it."""
    row = _held(account)
    if row is None or row.held_at is not None:
        return
    row.held_at, row.held_reason, row.verified_at = now, reason[:500], None
    row.save(update_fields=["held_at", "held_reason", "verified_at"])
    problems.tell(row.installation, ProblemKey.MAIL_PROVIDER, True, now)


def _mended(installation_id: int, now: datetime) -> None:
    """Make due what waited for an account; take back what staff were told, unless another is held still."""
    wake(installation_id, DeferReason.ACCOUNT_HELD, now)
    if not MailAccount.objects.filter(installation=installation_id, held_at__isnull=False).exists():
        problems.clear(installation_id, ProblemKey.MAIL_PROVIDER.value, now)


def wake(installation_id: int, reason: DeferReason, now: datetime) -> None:
    """Make due what waits for a reason that is gone."""
    waiting = Message.objects.filter(
        installation_id=installation_id, channel="email", state=Message.State.QUEUED, reason=reason.value
    )
    waiting.filter(due_at__gt=now).update(due_at=now)


def _held(account: ProviderAccount) -> MailAccount | None:
    """Return the row of an account, locked; None where it is not what was read any more: somebody has mended it."""
    if account.id is None:
        return None
    row = MailAccount.objects.select_for_update().filter(pk=account.id).first()
    return row if row and replace(value_of(row), is_held=account.is_held) == account else None
