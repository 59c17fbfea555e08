"""The inbox: what Saleor told us, stored before anything is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from saleor_lifecycle.domain.facts import (
    AccountFact,
    AppFact,
    CartFact,
    DeletionFact,
    Fact,
    FulfillmentFact,
    OrderFact,
    ProductFact,
)
from saleor_lifecycle.domain.identity import IdentityKind, Key, key_of
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Event, Installation
from saleor_lifecycle.models.entry import call

from . import (
    accounts,
    attributes,
    cart_entries,
    carts,
    code_pools,
    consent,
    customers,
    deliveries,
    erasure,
    fact_happenings,
    flows,
    identities,
    installations,
    known,
    mapped_consent,
    orders,
    products,
    projection,
    recommendation_counts,
    refusals,
    screening,
    visitors,
)

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long an event that made processing fail is set aside; the last for every further time."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a shop sent, verified. ``name`` is its header's word, ``digest`` the SHA-256 of the raw body in hex."""

    name: str
    digest: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A stored event, to be processed."""

    id: int
    digest: str
    body: bytes
    name: str = ""


def record(installation_id: int, delivery: Delivery) -> bool:
    """Store a verified delivery; return whether it is new. A repeated one, equal to the byte, is there already.

    It enters the database by itself. Outside of any transaction of the caller's, it is durable when this returns.
    """
    received_at = delivery.received_at.isoformat()
    values = (str(installation_id), delivery.digest, delivery.name[:100], received_at, delivery.body)
    return call("lifecycle_record_event", values) == "true"


def claim(installation_id: int, limit: int, now: datetime) -> list[Received]:
    """Return waiting events, oldest first, locked until the transaction ends; others' locks are passed over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH claimed AS (
                SELECT id, digest, name, received_at FROM lifecycle_event
                WHERE installation_id = %s AND state <> 'done' AND next_attempt_at <= %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            )
            SELECT claimed.id, claimed.digest, claimed.name, stored.body FROM claimed
            LEFT JOIN lifecycle_event_body stored
                ON stored.event_id = claimed.id AND stored.occurred_at = claimed.received_at
            ORDER BY claimed.id
            """,
            [installation_id, now, limit],
        )
        return [Received(id, digest, bytes(body or b""), name) for id, digest, name, body in cursor.fetchall()]


def finish(notes: dict[int, str]) -> None:
    """Mark events as processed, each with its note: why nothing came of it, or ""."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_event SET state = 'done', note = new.note
            FROM unnest(%s::bigint[], %s::text[]) AS new(id, note) WHERE lifecycle_event.id = new.id
            """,
            [list(notes), list(notes.values())],
        )


def set_aside(event_id: int, error: str, now: datetime) -> None:
    """Keep an event that made processing fail out of the way until a later attempt."""
    event = Event.objects.select_for_update().get(pk=event_id)
    event.state = Event.State.SET_ASIDE
    event.next_attempt_at = now + RETRY_AFTER[min(event.attempts, len(RETRY_AFTER) - 1)]
    event.attempts += 1
    event.note = error[:500]
    event.save(update_fields=["state", "next_attempt_at", "attempts", "note"])


def apply(installation: Installation, facts: Iterable[Fact], now: datetime, cause: Cause = Cause.BEHAVIOUR) -> None:
    """Make facts into rows, rows into profiles, profiles into phases, and let flows see what changed.

    The same facts in any order, and any number of times, lead to the same rows, profiles, phases and scores. Raises
    ``CustomersMoved`` when two batches joined the same people; the caller runs its batch again.
    """
    told = tuple(facts)
    seen = known.look(installation, told)
    screened = screening.screen(told, seen)
    key = installation.pk

    found = identities.resolve(key, _keys(screened.facts), now)
    touched = {*seen.customers, *(one.customer_id for one in found.values() if one.customer_id)}
    identities.lock(touched)
    if known.look(installation, told) != seen or not identities.are_as_read(found.values()):
        raise identities.CustomersMoved
    mappings = attributes.mappings(key)
    stated = deliveries.reader(installation, screened.facts, now)
    held: dict[type, list[Fact]] = {}
    for fact in screened.facts:
        held.setdefault(type(fact), []).append(attributes.keep_mapped(stated(fact), mappings))
    account_facts: list[AccountFact] = held.get(AccountFact, [])  # type: ignore[assignment]  # keyed by type
    cart_facts: list[CartFact] = held.get(CartFact, [])  # type: ignore[assignment]
    order_facts: list[OrderFact] = held.get(OrderFact, [])  # type: ignore[assignment]
    deletions: list[DeletionFact] = held.get(DeletionFact, [])  # type: ignore[assignment]
    before = fact_happenings.look(key, screened.facts, found.values(), cause)
    newer = accounts.save(key, account_facts, found, screened.gone)
    deleted = accounts.save_deletions(key, deletions, found)
    for fact in deletions:
        hashed = consent.address_hash(installation, refusals.DELETED, fact.user_id)
        refusals.tell(key, refusals.DELETED, hashed, refusals.DELETED, fact.at)
    gone = screened.gone | {fact.user_id for fact in deletions}
    joined = identities.join_confirmed(account_facts, found, erasure.hash_of(installation), gone, now)
    touched |= joined
    visitors.tie_named(installation, [*account_facts, *cart_facts], found, now)
    touched_carts = carts.save(key, cart_facts, found)
    orders.save(key, order_facts, found)
    code_pools.end_ordered(key, {fact.order_id for fact in order_facts}, now)
    fulfillment_facts: list[FulfillmentFact] = held.get(FulfillmentFact, [])  # type: ignore[assignment]
    orders.save_fulfillments(key, fulfillment_facts)
    told_of = {fact.order_id for fact in order_facts} | {fact.order_id for fact in fulfillment_facts}
    deliveries.reckon(installation, told_of, now, cause)
    products.save(key, held.get(ProductFact, []))  # type: ignore[arg-type]
    touched_carts |= carts.mark_ordered(
        key, touched_carts, [fact.checkout_id for fact in order_facts if fact.checkout_id]
    )
    noes = [
        mapped_consent.save_of_accounts(installation, newer, found, mappings),
        mapped_consent.save_of_carts(installation, cart_facts, found, mappings),
        mapped_consent.save_of_orders(installation, order_facts, found, mappings),
    ]
    if deleted:
        consent.forget_account(deleted)
    erased = erasure.erase(installation, screened.facts, screened.texts, now)
    touched |= erased

    customers.refold(installation, touched, now, cause, mappings)
    projection.notice_edits(installation, account_facts, touched, now)
    cart_entries.watch(key, touched_carts, now, cause is Cause.IMPORT)
    fact_happenings.enter(installation, before, now)
    flows.advance(installation, touched, now)
    if any(noes):
        consent.end_refused(key, touched, now)
    if order_facts or joined or erased:
        # At the end: what everybody bought is counted in rows that others wait for.
        recommendation_counts.recount(key, touched)
    for app_fact in held.get(AppFact, []):
        installations.change(installation, app_fact, now)  # type: ignore[arg-type]


def _keys(facts: Iterable[Fact]) -> set[Key]:
    keys: set[Key] = set()
    for fact in facts:
        if isinstance(fact, CartFact | OrderFact):
            if key := key_of(fact.user_id, fact.email, fact.erased):
                keys.add(key)
        elif isinstance(fact, AccountFact | DeletionFact):
            keys.add(Key(IdentityKind.USER, fact.user_id))
            if isinstance(fact, AccountFact) and fact.email and fact.is_confirmed:
                keys.add(Key(IdentityKind.EMAIL, fact.email))
    return keys
