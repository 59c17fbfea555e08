"""Choices of people, as they are made: consent per source, and the end of what waits when somebody says no."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from saleor_lifecycle.domain.consent import DATED, EVERY_TOPIC, Basis, Source
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Account, Consent, ConsentText, Customer, Identity, Installation, Message
from saleor_lifecycle.models.sets import upsert

from . import customers, fact_happenings, happenings, identities, outbox, sunset, suppressions
from .addresses import address_hash as address_hash
from .bases import bases as bases
from .bases import basis_of as basis_of
from .bases import choices as choices
from .bases import is_tracked as is_tracked
from .bases import is_unsubscribed as is_unsubscribed
from .bases import withdrawn as withdrawn
from .suppressions import UNSUBSCRIBED as UNSUBSCRIBED
from .suppressions import suppress as suppress

KEY = ("installation_id", "identity_id", "topic", "channel", "source")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported file said of one e-mail, with what is known of how it came about."""

    is_granted: bool
    at: datetime
    evidence: str


def save_imported(installation: Installation, words: Mapping[int, Imported], text_hash: str = "") -> None:
    """Store what imported files said of e-mails, by identity: no yes takes a no's place, else the newer word stays.

    ``text_hash``: of the words that all of them had before them, if that is known.
    """
    rows = [(identity_id, word.is_granted, word.evidence, word.at) for identity_id, word in sorted(words.items())]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_consent
                (installation_id, identity_id, topic, channel, source, is_granted, evidence, at, text_hash)
            SELECT %s, identity_id, %s, 'email', %s, is_granted, evidence, at, %s
            FROM unnest(%s::bigint[], %s::boolean[], %s::text[], %s::timestamptz[])
                AS new(identity_id, is_granted, evidence, at)
            ON CONFLICT (installation_id, identity_id, topic, channel, source) DO UPDATE
            SET is_granted = EXCLUDED.is_granted, evidence = EXCLUDED.evidence, at = EXCLUDED.at,
                text_hash = EXCLUDED.text_hash
            WHERE (lifecycle_consent.is_granted AND NOT EXCLUDED.is_granted)
                OR (lifecycle_consent.is_granted = EXCLUDED.is_granted
                    AND (lifecycle_consent.at, lifecycle_consent.evidence) < (EXCLUDED.at, EXCLUDED.evidence))
            RETURNING identity_id, is_granted
            """,
            [
                installation.pk,
                EVERY_TOPIC,
                Source.IMPORT.value,
                text_hash,
                *(list(column) for column in zip(*rows, strict=True)),
            ],
        )
        sunset.wake([identity_id for identity_id, is_granted in cursor.fetchall() if is_granted])


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
        "text_hash": "",
        "at": at,
    }


def unsubscribe(message: Message, now: datetime) -> None:
    """End every commercial message on the channel to the person and the address that ``message`` went to."""
    person = person_of(message)
    if person is not None:
        identities.lock([person])
        identity = identity_of(message, person)
        if identity is not None:
            at = after_every_yes(person, message.channel, now)
            row = row_of(message.installation, identity, Source.UNSUBSCRIBE, False, at)
            row |= {"channel": message.channel, "evidence": f"message {message.public_id}"}
            if upsert(Consent, [row], KEY, guard=("at", "evidence")):
                tell(message.installation, person, [row], now)
    people = [] if person is None else [person]
    entries = [suppressions.Entry(message.address_hash, UNSUBSCRIBED, now)]
    suppressions.end(message.installation_id, people, message.channel, entries, now)


def person_of(message: Message) -> int | None:
    """Return whom a message went to, by whoever they turned out to be since; None for nobody's."""
    customer_id = message.customer_id
    while customer_id is not None:
        customer = Customer.objects.only("merged_into").get(pk=customer_id)
        if customer.merged_into_id is None:
            break
        customer_id = customer.merged_into_id
    return customer_id


def identity_of(message: Message, person: int) -> Identity | None:
    """Return the identity that what is said through a message's links hangs on: its cart's, else the first."""
    cart = message.enrollment.cart if message.enrollment else None
    if cart is not None and cart.identity is not None:
        return cart.identity
    return Identity.objects.filter(customer=person).order_by("id").first()


@dataclass(frozen=True, slots=True)
class Word:
    """What a customer said in the storefront. ``evidence``: who tells us; ``text``: what they had before them."""

    is_granted: bool
    topics: tuple[str, ...]
    channel: str
    evidence: str
    text: str = ""


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
    at = now if word.is_granted else after_every_yes(identity.customer_id, word.channel, now)
    text_hash = keep_text(installation.pk, word.text)
    rows = [
        row_of(installation, identity, Source.STOREFRONT, word.is_granted, at)
        | {"topic": topic, "channel": word.channel, "evidence": word.evidence, "text_hash": text_hash}
        for topic in word.topics
    ]
    if upsert(Consent, rows, KEY, guard=("at", "evidence")):
        tell(installation, identity.customer_id, rows, now)
    if word.is_granted:
        _take_back_unsubscription(installation, user_id, word.channel, now)
    else:
        end_refused(installation.pk, [identity.customer_id], now)
    if Customer.objects.filter(pk=identity.customer_id, phase_since=None).exists():
        customers.refold(installation, [identity.customer_id], now, Cause.BEHAVIOUR)
    return identity.customer_id


def after_every_yes(customer_id: int, channel: str, now: datetime) -> datetime:
    """Return the moment of a no said now: no yes that is there counts as newer, if a clock that ran ahead dated it."""
    given = Consent.objects.filter(
        identity__customer_id=customer_id,
        channel=channel,
        source__in=[each.value for each in DATED - {Source.IMPORT}],
        is_granted=True,
        at__gte=now,
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
    suppressions.take_back(channel, hashes, now)


def end_refused(installation_id: int, customer_ids: Collection[int], now: datetime) -> None:
    """End the queued commercial messages of these customers, locked already, to which somebody has said no."""
    queued = list(
        Message.objects.filter(
            installation_id=installation_id,
            customer_id__in=customer_ids,
            state=Message.State.QUEUED,
            purpose=Purpose.COMMERCIAL.value,
        )
    )
    refused = [pk for pk, basis in bases(queued, now).items() if basis is Basis.REFUSED]
    Message.objects.filter(pk__in=refused, state=Message.State.QUEUED).update(
        state=Message.State.SKIPPED, reason=SkipReason.CONSENT_REFUSED.value, due_at=None, settled_at=now, lease=None
    )


def keep_text(installation_id: int, text: str) -> str:
    """Return the hash under which the words that somebody had before them are kept, once for all; "" for none."""
    if not text.strip():
        return ""
    hashed = hashlib.sha256(text.strip().encode()).hexdigest()
    ConsentText.objects.bulk_create(
        [ConsentText(installation_id=installation_id, hash=hashed, text=text.strip())], ignore_conflicts=True
    )
    return hashed


def drop_texts(installation_id: int, hashes: Iterable[str]) -> None:
    """Forget those of these texts to which nobody has agreed any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM lifecycle_consenttext held WHERE installation_id = %(shop)s AND hash = ANY(%(hashes)s)
                AND NOT EXISTS (SELECT FROM lifecycle_consent one
                    WHERE one.installation_id = %(shop)s AND one.text_hash = held.hash)
                AND NOT EXISTS (SELECT FROM lifecycle_optin one
                    WHERE one.installation_id = %(shop)s AND one.text_hash = held.hash)
                AND NOT EXISTS (SELECT FROM lifecycle_preference one
                    WHERE one.installation_id = %(shop)s AND one.text_hash = held.hash)
            """,
            {"shop": installation_id, "hashes": sorted({hashed for hashed in hashes if hashed})},
        )


def tell(installation: Installation, customer_id: int, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Ask for the merchant's other systems to be told of new rows of one person's consent; flows hear of it too."""
    rows = list(rows)
    customer = Customer.objects.get(pk=customer_id)
    users = Identity.objects.filter(customer=customer, kind=IdentityKind.USER.value).order_by("id")
    who = {"customer": str(customer.public_id), "users": list(users.values_list("value", flat=True))}
    for row in rows:
        event = "consent.given" if row["is_granted"] else "consent.withdrawn"
        what = {name: row[name] for name in ("topic", "channel", "source")} | {"at": row["at"].isoformat()}
        key = f"{customer.public_id}:{row['channel']}:{row['topic']}:{row['at'].isoformat()}"
        outbox.ask_webhook(installation.pk, event, key, {**who, **what}, now)
    given = [
        fact_happenings.subscribed(customer_id, row["topic"], row["channel"], row["source"], row["at"])
        for row in rows
        if row["is_granted"]
    ]
    happenings.enter(installation, given, now)
