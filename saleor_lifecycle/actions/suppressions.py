"""Addresses never to be written to, known by their keyed hashes, which outlive everything else."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.suppressions import BOUNCED, COMPLAINED, FOR_GOOD, REASONS
from saleor_lifecycle.domain.suppressions import MANUAL as MANUAL
from saleor_lifecycle.domain.suppressions import UNSUBSCRIBED as UNSUBSCRIBED
from saleor_lifecycle.models import Identity, Installation, Message, Suppression, SuppressionLift

from . import identities, messages, outbox, refusals
from .addresses import address_hash, hash_key

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Entry:
    """An address that is never to be written to, and since when."""

    address_hash: str
    reason: str
    at: datetime


def add(installation_id: int, channel: str, entries: Collection[Entry]) -> list[Entry]:
    """Never write again to these addresses; return those that were not suppressed before, or for a milder reason."""
    heaviest: dict[str, Entry] = {}
    for entry in entries:
        held = heaviest.get(entry.address_hash)
        if entry.address_hash and (held is None or REASONS.index(held.reason) < REASONS.index(entry.reason)):
            heaviest[entry.address_hash] = entry
    if not heaviest:
        return []
    rows = [heaviest[hashed] for hashed in sorted(heaviest)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_suppression AS held (installation_id, channel, address_hash, reason, at)
            SELECT %s, %s, * FROM unnest(%s::text[], %s::text[], %s::timestamptz[])
            ON CONFLICT (installation_id, channel, address_hash) DO UPDATE
            SET reason = EXCLUDED.reason, at = EXCLUDED.at
            WHERE array_position(%s::text[], held.reason) < array_position(%s::text[], EXCLUDED.reason)
            RETURNING address_hash
            """,
            [
                installation_id,
                channel,
                [row.address_hash for row in rows],
                [row.reason for row in rows],
                [row.at for row in rows],
                list(REASONS),
                list(REASONS),
            ],
        )
        new = [heaviest[hashed] for (hashed,) in cursor.fetchall()]
    for entry in new:
        refusals.tell(installation_id, channel, entry.address_hash, entry.reason, entry.at)
    return new


def suppress(message: Message, reason: str, now: datetime) -> None:
    """Never write again to the address that ``message`` went to, and end what is queued for it.

    A complaint is its person's word too, so what is queued for them at other addresses ends as well.
    """
    people = [message.customer_id] if reason == COMPLAINED and message.customer_id is not None else []
    identities.lock(people)
    end(message.installation_id, people, message.channel, [Entry(message.address_hash, reason, now)], now)


def end(
    installation_id: int, customer_ids: Collection[int], channel: str, entries: Collection[Entry], now: datetime
) -> int:
    """Suppress addresses, end what is queued for them and for these people, locked already, and tell of it.

    Return how many were not suppressed before, or for a milder reason.
    """
    new = add(installation_id, channel, entries)
    for entry in new:
        what = {"address_hash": entry.address_hash, "channel": channel, "reason": entry.reason}
        key = f"{channel}:{entry.address_hash}:{entry.reason}:{entry.at.isoformat()}"
        outbox.ask_webhook(installation_id, "address.suppressed", key, what | {"at": entry.at.isoformat()}, now)
    _end_queued(installation_id, customer_ids, channel, entries, now)
    return len(new)


def _end_queued(
    installation_id: int, customer_ids: Collection[int], channel: str, entries: Collection[Entry], now: datetime
) -> None:
    for reason in sorted({entry.reason for entry in entries}):
        hashes = [entry.address_hash for entry in entries if entry.reason == reason and entry.address_hash]
        # What a person asked for may still reach them at another address.
        people = [] if reason == BOUNCED else customer_ids
        messages.end_queued(installation_id, people, hashes, channel, reason, now)


def take_back(channel: str, address_hashes: Collection[str], now: datetime) -> None:
    """Let unsubscribed addresses be written to again, because their holder has said so; any other reason stays."""
    Suppression.objects.filter(
        channel=channel, address_hash__in=address_hashes, reason=UNSUBSCRIBED, at__lte=now
    ).delete()


@dataclass(frozen=True, slots=True)
class Named:
    """An address as staff or a file names it: itself, or by its hash only."""

    address: str
    address_hash: str
    reason: str
    at: datetime


def suppress_named(
    installation: Installation, channel: str, named: Collection[Named], now: datetime, *, is_told: bool = True
) -> int:
    """Suppress addresses that were named, and end what is queued for their people; return how many are new."""
    entries = [
        Entry(one.address_hash or address_hash(installation, channel, one.address), one.reason, min(one.at, now))
        for one in named
    ]
    held = Identity.objects.filter(kind=IdentityKind.EMAIL.value, value__in={one.address for one in named} - {""})
    people = sorted({person for person in held.values_list("customer_id", flat=True) if person})
    identities.lock(people)
    if is_told:
        return end(installation.pk, people, channel, entries, now)
    new = add(installation.pk, channel, entries)
    _end_queued(installation.pk, people, channel, entries, now)
    return len(new)


def page(
    channel: str, limit: int, after: tuple[datetime, int] | None, hashed: str = "", reason: str = ""
) -> list[Suppression]:
    """Return suppressed addresses, the newest first; ``after``: the moment and id of the last that is known."""
    rows = Suppression.objects.filter(channel=channel)
    if hashed:
        rows = rows.filter(address_hash=hashed)
    if reason:
        rows = rows.filter(reason=reason)
    if after is not None:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    return list(rows.order_by("-at", "-id")[:limit])


def counts(channel: str) -> list[tuple[str, int]]:
    """Return how many addresses are suppressed for which reason, the most frequent first."""
    found = Suppression.objects.filter(channel=channel).values_list("reason").annotate(rows=Count("id"))
    return list(found.order_by("-rows", "reason"))


def of_customer(installation: Installation, customer_id: int) -> list[Suppression]:
    """Return a customer's addresses that are suppressed, the newest first."""
    held = Identity.objects.filter(customer=customer_id, kind=IdentityKind.EMAIL.value)
    hashes = [address_hash(installation, EMAIL, address) for address in held.values_list("value", flat=True)]
    return list(Suppression.objects.filter(channel=EMAIL, address_hash__in=hashes).order_by("-at", "-id"))


def lift(installation: Installation, channel: str, hashed: str, staff_id: str, note: str, now: datetime) -> bool | None:
    """Let an address be written to again, by a member of staff; False where its reason forbids it, None for no such.

    It ends no person's own no: whoever unsubscribed stays so until they say otherwise.
    """
    row = Suppression.objects.select_for_update().filter(channel=channel, address_hash=hashed).first()
    if row is None:
        return None
    if row.reason in FOR_GOOD:
        return False
    SuppressionLift.objects.create(
        installation=installation,
        channel=channel,
        address_hash=hashed,
        reason=row.reason,
        suppressed_at=row.at,
        lifted_by=staff_id,
        lifted_at=now,
        note=note,
    )
    row.delete()
    return True


def export(installation: Installation, channel: str) -> Iterator[tuple[str, str, str, datetime]]:
    """Yield (address, hash, reason, since) of each suppressed address, inside the caller's transaction.

    The address is "" where we hold it nowhere else. The hash is worked out in SQL, as actions.addresses does, so that
    neither a million addresses nor their hashes pass through here to be compared.
    """
    inner, outer = hash_key()
    # Server-side, so that a million rows are never in memory; it ends with the transaction, as pgbouncer wants it.
    with connection.connection.cursor(name="suppressions") as cursor:
        cursor.execute(
            """
            SELECT COALESCE(identity.value, ''), held.address_hash, held.reason, held.at
            FROM lifecycle_suppression held LEFT JOIN lifecycle_identity identity
                ON identity.installation_id = %(shop)s AND identity.kind = 'email' AND held.address_hash = encode(
                    sha256(%(outer)s || sha256(%(inner)s || convert_to(%(before)s || identity.value, 'UTF8'))), 'hex')
            WHERE held.installation_id = %(shop)s AND held.channel = %(channel)s ORDER BY held.id
            """,
            {
                "shop": installation.pk,
                "channel": channel,
                "inner": inner,
                "outer": outer,
                "before": f"{installation.public_id}:{channel}:",
            },
        )
        yield from cursor
