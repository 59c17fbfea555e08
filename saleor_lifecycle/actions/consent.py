"""Choices of people: consent per source, and addresses never to be written to."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from saleor_lifecycle.domain.consent import Source
from saleor_lifecycle.domain.facts import AccountFact, CartFact
from saleor_lifecycle.domain.identity import IdentityKind, Key, key_of
from saleor_lifecycle.models import Consent, Identity, Installation, Message, Suppression
from saleor_lifecycle.models.sets import upsert

from . import identities

EVERY_TOPIC = ""
KEY = ("installation_id", "identity_id", "topic", "channel", "source")


def save_from_accounts(
    installation: Installation, newer: Mapping[str, AccountFact], found: Mapping[Key, Identity]
) -> None:
    """Store what the mapped metadata key of newer accounts says; where it says nothing any more, nothing is left."""
    silent = [found[Key(IdentityKind.USER, user)].id for user, fact in newer.items() if fact.consent is None]
    Consent.objects.filter(identity_id__in=silent, source=Source.ACCOUNT.value).delete()
    rows = [
        _row(
            installation,
            found[Key(IdentityKind.USER, user)],
            Source.ACCOUNT,
            fact.consent,
            fact.version.updated_at,
        )
        for user, fact in newer.items()
        if fact.consent is not None
    ]
    upsert(Consent, rows, KEY, guard=("at", "evidence"))


def save_from_carts(installation: Installation, facts: Iterable[CartFact], found: Mapping[Key, Identity]) -> None:
    """Store what the mapped metadata key of checkouts says: a person's newest checkout that says anything counts."""
    newest: dict[int, dict[str, Any]] = {}
    for fact in facts:
        key = key_of(fact.user_id, fact.email)
        if key is None or fact.consent is None:
            continue
        row = _row(installation, found[key], Source.CHECKOUT, fact.consent, fact.version.updated_at)
        held = newest.get(row["identity_id"])
        if held is None or (held["at"], held["evidence"]) < (row["at"], row["evidence"]):
            newest[row["identity_id"]] = row
    upsert(Consent, list(newest.values()), KEY, guard=("at", "evidence"))


def forget_account(deleted: Iterable[Identity]) -> None:
    """Drop what the metadata of deleted accounts said. A withdrawal made with us stays."""
    Consent.objects.filter(identity__in=list(deleted), source=Source.ACCOUNT.value).delete()


def _row(
    installation: Installation, identity: Identity, source: Source, is_granted: bool, at: datetime
) -> dict[str, Any]:
    return {
        "installation_id": installation.pk,
        "identity_id": identity.pk,
        "topic": EVERY_TOPIC,
        "channel": "email",
        "source": source.value,
        "is_granted": is_granted,
        "evidence": f"{installation.consent_key}={'yes' if is_granted else 'no'}",
        "at": at,
    }


def unsubscribe(message: Message, now: datetime) -> None:
    """End every commercial message on the channel to the person and the address that ``message`` went to."""
    identities.lock([message.customer_id])
    identity = message.enrollment.cart.identity if message.enrollment.cart else None
    if identity is None:
        identity = Identity.objects.filter(customer=message.customer).order_by("id").first()
    if identity is not None:
        row = _row(message.installation, identity, Source.UNSUBSCRIBE, False, now)
        row |= {"channel": message.channel, "evidence": f"message {message.public_id}"}
        upsert(Consent, [row], KEY, guard=("at", "evidence"))
    suppress(message, "unsubscribed", now)


def suppress(message: Message, reason: str, now: datetime) -> None:
    """Never write again to the address that ``message`` went to."""
    if message.address_hash:
        Suppression.objects.get_or_create(
            installation_id=message.installation_id,
            channel=message.channel,
            address_hash=message.address_hash,
            defaults={"reason": reason, "at": now},
        )


def is_unsubscribed(message: Message) -> bool:
    """Has the person or the address that ``message`` went to ended every commercial message on its channel?"""
    return (
        Consent.objects.filter(
            identity__customer=message.customer,
            channel=message.channel,
            source=Source.UNSUBSCRIBE.value,
            is_granted=False,
        ).exists()
        or Suppression.objects.filter(
            installation_id=message.installation_id, channel=message.channel, address_hash=message.address_hash
        ).exists()
    )


def address_hash(installation: Installation, channel: str, address: str) -> str:
    """Return the keyed hash under which an address is known after it has been forgotten."""
    text = f"{installation.public_id}:{channel}:{address.strip().lower()}"
    return hmac.new(settings.SUPPRESSION_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
