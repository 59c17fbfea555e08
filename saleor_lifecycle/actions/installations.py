"""Installations: registered, switched off and on, removed, set up."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection

from saleor_lifecycle.domain.facts import AppChange, AppFact
from saleor_lifecycle.domain.ladder import next_refit
from saleor_lifecycle.domain.policies import policy_document
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY
from saleor_lifecycle.models import Brand, Installation, PolicyVersion
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.models.homes import home

from . import backfill, named_flows

SERVER_KEY_PREFIX = "sk_"


@dataclass(frozen=True, slots=True)
class Registration:
    """What a Saleor that installed us has proved."""

    saleor_api_url: str
    app_id: str
    token: str = field(repr=False)
    jwks: Mapping[str, Any] = field(repr=False)
    saleor_version: str = ""
    shop_name: str = ""
    permissions: Sequence[str] = ()


def register(registration: Registration, now: datetime) -> int:
    """Store an installation, or the new token and app of one that installed us again; return its id.

    It opens its own transactions: an installation has to have a number before it can be entered.
    """
    installation_id = _number(registration.saleor_api_url)
    with within(installation_id):
        installation, _ = Installation.objects.update_or_create(
            id=installation_id,
            defaults={
                "saleor_api_url": registration.saleor_api_url,
                "app_id": registration.app_id,
                "token": seal(registration.token),
                "jwks": dict(registration.jwks),
                "jwks_fetched_at": now,
                "saleor_version": registration.saleor_version,
                "shop_name": registration.shop_name,
                "permissions": list(registration.permissions),
                "state": Installation.State.ACTIVE,
                "registered_at": now,
                "webhooks_due_at": now,
            },
        )
        _furnish(installation, now)
    return installation_id


def _number(saleor_api_url: str) -> int:
    with across(), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT COALESCE(
                (SELECT id FROM lifecycle_installation WHERE saleor_api_url = %s),
                nextval('lifecycle_installation_id_seq')
            )
            """,
            [saleor_api_url],
        )
        return int(cursor.fetchone()[0])


def _furnish(installation: Installation, now: datetime) -> None:
    """Give a new installation what it starts with: a policy, a brand to fill in and its flows."""
    if installation.policy is None:
        installation.policy = PolicyVersion.objects.create(
            installation=installation, number=1, document=policy_document(DEFAULT_POLICY), created_at=now
        )
        installation.refit_at = next_refit(now, installation.time_zone)
        installation.save(update_fields=["policy", "refit_at"])
    if not installation.home:
        installation.home = home(settings.PUBLIC_URL)
        installation.save(update_fields=["home"])
    Brand.objects.get_or_create(installation=installation, defaults={"sender_name": installation.shop_name})
    named_flows.furnish(installation, now)


def change(installation: Installation, fact: AppFact, now: datetime) -> None:
    """Take in that staff switched our app off or on, or removed it. News of an earlier installation changes nothing."""
    if fact.app_id != installation.app_id or fact.at < installation.registered_at:
        return
    installation.state = {
        AppChange.ACTIVATED: Installation.State.ACTIVE,
        AppChange.DEACTIVATED: Installation.State.INACTIVE,
        AppChange.DELETED: Installation.State.REMOVED,
    }[fact.change]
    values: dict[str, Any] = {"state": installation.state}
    if fact.change is AppChange.DELETED:
        values["token"] = b""  # dead at Saleor; the shop's data stay for a return
    # It may have returned since it was read here: that one is not meant.
    same = Installation.objects.filter(pk=installation.pk, app_id=fact.app_id, registered_at__lte=fact.at)
    is_meant = same.update(**values)
    if is_meant and fact.change is AppChange.ACTIVATED:
        backfill.catch_up(installation.pk, now)  # Saleor has dropped our events meanwhile, for good


def erase(installation_id: int) -> None:
    """Delete an installation and every row it owns, for good, in a transaction of its own."""
    owned = [
        model._meta.db_table for model in apps.get_app_config("lifecycle").get_models() if model is not Installation
    ]
    # Foreign keys are looked at when the transaction ends, so the order of the tables does not matter.
    with within(installation_id), connection.cursor() as cursor:
        for table in (*owned, "lifecycle_event_body"):
            cursor.execute(f'DELETE FROM "{table}" WHERE installation_id = %s', [installation_id])
        cursor.execute("DELETE FROM lifecycle_installation WHERE id = %s", [installation_id])


def keep_keys(installation_id: int, jwks: Mapping[str, Any], now: datetime) -> None:
    """Store the keys that the shop publishes now."""
    Installation.objects.filter(id=installation_id).update(jwks=dict(jwks), jwks_fetched_at=now)


def confirm(installation: Installation, saleor_version: str, permissions: Sequence[str], now: datetime) -> None:
    """Store what the shop says now to the token that the installation held when it was read.

    A living token is an active app's: so one that was switched off is on again, whether or not we heard of it, and
    what it missed is read.
    """
    known = Installation.objects.filter(pk=installation.pk, token=installation.token)
    known.update(saleor_version=saleor_version, permissions=list(permissions))
    if installation.state == Installation.State.INACTIVE:
        is_back = known.filter(state=Installation.State.INACTIVE).update(state=Installation.State.ACTIVE)
        if is_back:
            backfill.catch_up(installation.pk, now)


def put_off_webhooks(installation_id: int, due_at: datetime | None) -> None:
    """Say when an installation's webhooks have to be looked at, if they have to; None once that was done."""
    Installation.objects.filter(pk=installation_id, webhooks_due_at__isnull=False).update(webhooks_due_at=due_at)


def new_server_key(installation: Installation) -> str:
    """Return a new secret for the storefronts' servers; the one before stops working. Only its hash is stored."""
    key = f"{SERVER_KEY_PREFIX}{secrets.token_urlsafe(32)}"
    installation.server_key_hash = _hash(key)
    installation.save(update_fields=["server_key_hash"])
    return key


def is_server_key(installation: Installation, key: str) -> bool:
    """Is this the installation's server key?"""
    held = installation.server_key_hash
    return held != "" and hmac.compare_digest(held, _hash(key))


def _hash(key: str) -> str:
    """A plain digest will do: nobody guesses 256 random bits, however fast it is tried."""
    return hashlib.sha256(key.encode()).hexdigest()


def seal(token: str) -> bytes:
    """Return a secret as it lies in the database."""
    return _fernet().encrypt(token.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Return a sealed secret. Raises InvalidToken when none of TOKEN_KEYS made it."""
    return _fernet().decrypt(bytes(sealed)).decode()


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])
