"""By what providers prove that their reports to an installation are theirs."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from saleor_lifecycle.models import Installation, ProviderWebhook

from .installations import seal, unseal


@dataclass(frozen=True, slots=True)
class Proof:
    """The name and password in the address, and what the provider signs with, under anymail's names."""

    provider: str
    secrets: Mapping[str, str] = field(repr=False)


def set_up(installation: Installation, provider: str, signing: Mapping[str, str], now: datetime) -> Proof:
    """Return what a provider's requests have to show from now on; the password before it stops working."""
    held = {"webhook_secret": f"lifecycle:{secrets.token_urlsafe(24)}", **signing}
    ProviderWebhook.objects.update_or_create(
        installation=installation,
        provider=provider,
        defaults={"secrets": seal(json.dumps(held)), "created_at": now, "told_at": None},
    )
    return Proof(provider, held)


def end(installation_id: int, provider: str) -> bool:
    """Take no more reports of a provider; return whether any were taken."""
    return ProviderWebhook.objects.filter(installation=installation_id, provider=provider).delete()[0] > 0


def note(installation_id: int, provider: str, now: datetime) -> None:
    """Write down that a provider told of something; once an hour, because many requests at once tell of much."""
    stale = Q(told_at=None) | Q(told_at__lte=now - timedelta(hours=1))
    ProviderWebhook.objects.filter(stale, installation=installation_id, provider=provider).update(told_at=now)


def proof(installation_id: int, provider: str) -> Proof | None:
    """Return what a provider's requests have to show; None where it was not set up."""
    row = ProviderWebhook.objects.filter(installation=installation_id, provider=provider).first()
    return Proof(provider, json.loads(unseal(row.secrets))) if row else None
