"""Through whom messages leave."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from saleor_lifecycle.actions import mail_accounts, webhook_endpoints
from saleor_lifecycle.domain.provider_accounts import OPERATORS, ProviderAccount
from saleor_lifecycle.models import Installation, Message

from .contents import Found


def of_channel(installation: Installation, channel: str) -> Mapping[str, ProviderAccount]:
    """Return through whom messages leave, by Saleor's channel, and under "" of all others."""
    match channel:
        case "email":
            return mail_accounts.by_channel(installation.pk)
        case "webhook":
            receiver = webhook_endpoints.receiver(installation.pk, timezone.now())
            reached = {"url": receiver.url, "secrets": " ".join(receiver.secrets)} if receiver else {}
            return {"": ProviderAccount(channel, reached)}
    return {"": OPERATORS}


def share(
    leaving: Iterable[Message], found: Mapping[int, Found], accounts: Mapping[str, ProviderAccount]
) -> list[tuple[ProviderAccount, list[Message]]]:
    """Return messages under the account that each leaves through."""
    shared: dict[int | None, tuple[ProviderAccount, list[Message]]] = {}
    for message in leaving:
        account = mail_accounts.of(accounts, found[message.pk].channel if message.pk in found else "")
        shared.setdefault(account.id, (account, []))[1].append(message)
    return list(shared.values())
