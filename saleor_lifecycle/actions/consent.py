"""Choices of people: consent per source, and addresses never to be written to."""

import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from saleor_lifecycle.domain.consent import (
    DATED,
    EVERY_TOPIC,
    TOPICS,
    Choice,
    ConsentRecord,
    Source,
    choice,
    is_withdrawn,
)
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Account, Consent, Customer, Identity, Installation, Message, Suppression
from saleor_lifecycle.models.sets import upsert

from . import customers, identities, messages, refusals

UNSUBSCRIBED = "unsubscribed"
KEY = ("installation_id", "identity_id", "topic", "channel", "source")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported file said of one e-mail, with what is known of how it came about."""

    is_granted: bool
    at: datetime
    evidence: str


def save_imported(installation: Installation, words: Mapping[int, Imported]) -> None:
    """Store what imported files said of e-mails, by identity: no yes takes a no's place, else the newer word stays."""
    rows = [(identity_id, word.is_granted, word.evidence, word.at) for identity_id, word in sorted(words.items())]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_consent
                (installation_id, identity_id, topic, channel, source, is_granted, evidence, at)
            SELECT %s, identity_id, %s, 'email', %s, is_granted, evidence, at
            FROM unnest(%s::bigint[], %s::boolean[], %s::text[], %s::timestamptz[])
                AS new(identity_id, is_granted, evidence, at)
            ON CONFLICT (installation_id, identity_id, topic, channel, source) DO UPDATE
            SET is_granted = EXCLUDED.is_granted, evidence = EXCLUDED.evidence, at = EXCLUDED.at
            WHERE (lifecycle_consent.is_granted AND NOT EXCLUDED.is_granted)
                OR (lifecycle_consent.is_granted = EXCLUDED.is_granted
                    AND (lifecycle_consent.at, lifecycle_consent.evidence) < (EXCLUDED.at, EXCLUDED.evidence))
            """,
            [installation.pk, EVERY_TOPIC, Source.IMPORT.value, *(list(column) for column in zip(*rows, strict=True))],
        )


def forget_account(deleted: Iterable[Identity]) -> None:
    """Drop what the metadata of deleted accounts said. A withdrawal made with us stays."""
    Consent.objects.filter(identity__in=list(deleted), source=Source.ACCOUNT.value).delete()


def row_of(
    installation: Installation, identity: Identity, source: Source, is_granted: bool, at: datetime
) -> dict[str, Any]:
    """Return a row of consent, about every topic and e-mail, with the default key as its evidence."""
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
    if message.customer_id is not None:
        identities.lock([message.customer_id])
        refused = SkipReason.CONSENT_REFUSED
        messages.end_queued(message.installation_id, [message.customer_id], [], message.channel, refused, now)
        cart = message.enrollment.cart if message.enrollment else None
        identity = cart.identity if cart else None
        if identity is None:
            identity = Identity.objects.filter(customer=message.customer_id).order_by("id").first()
        if identity is not None:
            at = _after_every_yes(message.customer_id, message.channel, now)
            row = row_of(message.installation, identity, Source.UNSUBSCRIBE, False, at)
            row |= {"channel": message.channel, "evidence": f"message {message.public_id}"}
            upsert(Consent, [row], KEY, guard=("at", "evidence"))
    suppress(message, UNSUBSCRIBED, now)


def suppress(message: Message, reason: str, now: datetime) -> None:
    """Never write again to the address that ``message`` went to.

    Only an unsubscription can be taken back by its person, so any other reason takes its place and stays.
    """
    if not message.address_hash:
        return
    row, is_new = Suppression.objects.get_or_create(
        installation_id=message.installation_id,
        channel=message.channel,
        address_hash=message.address_hash,
        defaults={"reason": reason, "at": now},
    )
    is_service_too = reason != UNSUBSCRIBED
    messages.end_queued(
        *(message.installation_id, [], [message.address_hash], message.channel, SkipReason.SUPPRESSED, now),
        is_service_too=is_service_too,
    )
    refusals.tell(message.installation_id, message.channel, message.address_hash, reason, now)
    if not is_new and row.reason == UNSUBSCRIBED != reason:
        Suppression.objects.filter(pk=row.pk).update(reason=reason, at=now)


@dataclass(frozen=True, slots=True)
class Word:
    """What a customer said in the storefront. ``evidence``: the words that they had before them, and who tells us."""

    is_granted: bool
    topics: tuple[str, ...]
    channel: str
    evidence: str


def say(installation: Installation, user_id: str, word: Word, now: datetime) -> int | None:
    """Store what a customer said; return the customer's id, or None when the account was deleted.

    A yes also takes back the unsubscription of the account's address, if Saleor says that the address is theirs; any
    other suppression stays. A customer of whom Saleor has told nothing yet begins with this.
    """
    if Account.objects.filter(user_id=user_id, deleted_at__isnull=False).exists():
        return None
    key = Key(IdentityKind.USER, user_id)
    identity = identities.resolve(installation.pk, [key], now)[key]
    assert identity.customer_id is not None
    identities.lock([identity.customer_id])
    at = now if word.is_granted else _after_every_yes(identity.customer_id, word.channel, now)
    rows = [
        row_of(installation, identity, Source.STOREFRONT, word.is_granted, at)
        | {"topic": topic, "channel": word.channel, "evidence": word.evidence}
        for topic in word.topics
    ]
    upsert(Consent, rows, KEY, guard=("at", "evidence"))
    if word.is_granted:
        _take_back_unsubscription(installation, user_id, word.channel, now)
    if Customer.objects.filter(pk=identity.customer_id, phase_since=None).exists():
        customers.refold(installation, [identity.customer_id], now, Cause.BEHAVIOUR)
    return identity.customer_id


def _after_every_yes(customer_id: int, channel: str, now: datetime) -> datetime:
    """Return the moment of a no said now: no yes that is there counts as newer, if a clock that ran ahead dated it."""
    given = Consent.objects.filter(
        identity__customer_id=customer_id, channel=channel, source=Source.STOREFRONT.value, is_granted=True, at__gte=now
    )
    newest = given.aggregate(newest=Max("at"))["newest"]
    return now if newest is None else newest + timedelta(microseconds=1)


def _take_back_unsubscription(installation: Installation, user_id: str, channel: str, now: datetime) -> None:
    """Write to an account's address again, if it is theirs: anybody may register a stranger's."""
    addresses = Account.objects.filter(user_id=user_id).values("email")
    confirmed = Identity.objects.filter(
        kind=Identity.Kind.EMAIL, value__in=addresses, owner_user_id=user_id
    ).values_list("value", flat=True)
    hashes = [address_hash(installation, channel, address) for address in confirmed]
    Suppression.objects.filter(channel=channel, address_hash__in=hashes, reason=UNSUBSCRIBED, at__lte=now).delete()


def choices(installation: Installation, user_id: str, email: str | None, channel: str) -> dict[str, Choice]:
    """Return what stands for each topic of an account; ``email``: its address, where Saleor has not told us of it."""
    address = Account.objects.filter(user_id=user_id).values_list("email", flat=True).first() or email
    is_suppressed = (
        address is not None
        and Suppression.objects.filter(
            channel=channel, address_hash=address_hash(installation, channel, address)
        ).exists()
    )
    persons = Customer.objects.filter(identities__kind=IdentityKind.USER.value, identities__value=user_id)
    records = list(Consent.objects.filter(identity__customer__in=persons, channel=channel))
    return {
        topic: choice((row.value() for row in records if row.topic in (EVERY_TOPIC, topic)), is_suppressed)
        for topic in TOPICS
    }


def withdrawn(customer_ids: Iterable[int]) -> Callable[[int, str, str], bool]:
    """Return how to tell, of one of these customers, a topic and a channel, whether the person told us to stop."""
    words: dict[int | None, list[tuple[str, str, ConsentRecord]]] = defaultdict(list)
    rows = Consent.objects.filter(identity__customer_id__in=customer_ids, source__in=[each.value for each in DATED])
    for row in rows.select_related("identity"):
        words[row.identity.customer_id].append((row.topic, row.channel, row.value()))

    def is_over(customer_id: int, topic: str, channel: str) -> bool:
        return is_withdrawn(
            record for about, by, record in words[customer_id] if about in (EVERY_TOPIC, topic) and by == channel
        )

    return is_over


def is_unsubscribed(message: Message) -> bool:
    """Has the person or the address that ``message`` went to ended every commercial message on its channel?"""
    person = message.customer_id
    if person is not None and withdrawn([person])(person, message.topic, message.channel):
        return True
    return Suppression.objects.filter(
        installation_id=message.installation_id, channel=message.channel, address_hash=message.address_hash
    ).exists()


def address_hash(installation: Installation, channel: str, address: str) -> str:
    """Return the keyed hash under which an address is known after it has been forgotten."""
    text = f"{installation.public_id}:{channel}:{address.strip().lower()}"
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), text.encode(), "sha256").hex()
