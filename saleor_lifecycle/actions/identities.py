"""Who is who: identities, the accounts behind them, and the customers they point to."""

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.facts import AccountFact
from saleor_lifecycle.domain.identity import Claim, IdentityKind, Key, owner
from saleor_lifecycle.models import Account, Customer, EmailClaim, Identity, Separation
from saleor_lifecycle.models.sets import ids, insert, update, upsert

from . import belongings


class CustomersMoved(Exception):
    """Another transaction came between our look and our locks; the batch has to be run again."""


def resolve(installation_id: int, keys: Iterable[Key], now: datetime) -> dict[Key, Identity]:
    """Return the identity of each key, made where missing with a customer of its own, in key order."""
    ordered = sorted(set(keys))
    found = find(installation_id, ordered)
    missing = [key for key in ordered if key not in found]
    if missing:
        rows = [{"installation_id": installation_id, "kind": key.kind.value, "value": key.value} for key in missing]
        insert(Identity, rows, skips_held=True)
        found |= find(installation_id, missing)
        _give_customers(installation_id, [found[key] for key in missing], now)
    return found


def lock(customer_ids: Iterable[int]) -> None:
    """Lock customers in ascending order, so that two batches cannot block each other in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM lifecycle_customer WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
            [ids(customer_ids)],
        )


def find(installation_id: int, keys: Iterable[Key]) -> dict[Key, Identity]:
    """Return the identities there are."""
    told = [{"kind": key.kind, "value": key.value} for key in keys]
    if not told:
        return {}
    # One by one: the planner cannot know how few they are, and would read a small shop's table as a whole.
    rows = Identity.objects.raw(
        """
        SELECT held.* FROM json_to_recordset(%s::json) AS told(kind text, value text) CROSS JOIN LATERAL (
            SELECT * FROM lifecycle_identity one
            WHERE one.installation_id = %s AND one.kind = told.kind AND one.value = told.value OFFSET 0
        ) held
        """,
        [json.dumps(told), installation_id],
    )
    return {Key(IdentityKind(row.kind), row.value): row for row in rows}


def are_as_read(found: Collection[Identity]) -> bool:
    """Do these identities still lead to the customers, and belong to the accounts, that they did when read?"""
    told = [{"id": identity.pk, **{name: getattr(identity, name) for name in _CLAIMED}} for identity in found]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM json_to_recordset(%s::json) AS told(id bigint, customer_id bigint, owner_user_id text,
                owner_updated_at timestamptz, owner_issued_at timestamptz, owner_digest text)
            CROSS JOIN LATERAL (SELECT * FROM lifecycle_identity one WHERE one.id = told.id OFFSET 0) held
            WHERE (held.customer_id, held.owner_user_id, held.owner_updated_at, held.owner_issued_at, held.owner_digest)
                IS NOT DISTINCT FROM (told.customer_id, told.owner_user_id, told.owner_updated_at,
                    told.owner_issued_at, told.owner_digest)
            """,
            [json.dumps(told, default=str)],
        )
        [(count,)] = cursor.fetchall()
    return bool(count == len(told))


def customers_of(user_ids: Collection[str]) -> dict[str, Customer]:
    """Return the customers behind these accounts, by user id, without those whose account was deleted."""
    rows = Identity.objects.filter(kind=IdentityKind.USER.value, value__in=user_ids).select_related("customer")
    gone = Account.objects.filter(user_id__in=user_ids, deleted_at__isnull=False)
    return {
        row.value: row.customer for row in rows.exclude(value__in=gone.values("user_id")) if row.customer is not None
    }


_NEW_CUSTOMER: dict[str, Any] = {
    str(field.column): field.get_default()
    for field in Customer._meta.concrete_fields
    if not field.null and field.has_default() and field.column != "public_id"
}


def _give_customers(installation_id: int, identities: list[Identity], now: datetime) -> None:
    """Give each identity that we inserted a customer; those that another transaction inserted have theirs."""
    ours = [identity for identity in identities if identity.customer_id is None]
    same = _NEW_CUSTOMER | {"installation_id": installation_id, "created_at": now}
    made = insert(Customer, [{**same, "public_id": uuid.uuid4()} for _ in ours])
    for identity, customer_id in zip(ours, made, strict=True):
        identity.customer_id = identity.began_as_id = customer_id
    update(
        Identity,
        [{"id": one.id, "customer_id": one.customer_id, "began_as_id": one.customer_id} for one in ours],
    )


def join_confirmed(
    facts: Iterable[AccountFact],
    identities: Mapping[Key, Identity],
    name: Callable[[str], str],
    gone: Set[str],
    now: datetime,
) -> set[int]:
    """Point each confirmed e-mail to its account's customer; return the ids of the customers that were touched.

    Every snapshot counts, late ones too: that an account once had confirmed an e-mail stays true. Deleted accounts
    claim like others, and own nothing; nor do those that staff keep apart from it. ``name`` is what an e-mail is
    called after its erasure, ``gone`` are those of the accounts that were deleted.
    """
    claims: dict[tuple[Key, str], Claim] = {}
    for fact in facts:
        if fact.is_confirmed and fact.email:
            key = Key(IdentityKind.EMAIL, fact.email)
            claim = Claim(fact.user_id, fact.version)
            claims[key, fact.user_id] = owner(claims.get((key, fact.user_id)), claim)
    _write_claims(claims, identities, name)
    kept = apart(identities[key].pk for key, _ in claims)
    moved: dict[int, tuple[Identity, int]] = {}  # by identity, with whose it was
    for (key, user_id), claim in sorted(claims.items(), key=lambda item: item[0]):
        email = identities[key]
        current = email.claim()
        if user_id in gone or (email.pk, user_id) in kept or owner(current, claim) == current:
            continue
        assert email.customer_id
        moved.setdefault(email.pk, (email, email.customer_id))
        _claim(email, claim, identities[Key(IdentityKind.USER, user_id)].customer_id)
    update(
        Identity, [{"id": email.pk, **{name: getattr(email, name) for name in _CLAIMED}} for email, _ in moved.values()]
    )
    return belongings.move_all(
        [(email, before) for email, before in moved.values() if email.customer_id != before], now
    )


def apart(identity_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Return which of these e-mails staff keep apart from which accounts that confirmed them, as (identity, user)."""
    standing = Separation.objects.filter(rejoined_at=None, claim__identity__in=set(identity_ids))
    return set(standing.values_list("claim__identity_id", "claim__user_id"))


def _write_claims(
    claims: Mapping[tuple[Key, str], Claim], identities: Mapping[Key, Identity], name: Callable[[str], str]
) -> None:
    if not claims:
        return
    rows: list[dict[str, Any]] = [
        {
            "installation_id": identities[key].installation_id,
            "address_hash": name(key.value),
            "user_id": user_id,
            "identity_id": identities[key].pk,
            "updated_at": claim.version.updated_at,
            "issued_at": claim.version.issued_at,
            "digest": claim.version.digest,
        }
        for (key, user_id), claim in claims.items()
    ]
    written = upsert(EmailClaim, rows, key=("installation_id", "address_hash", "user_id"))
    if len(written) == len(rows):
        return
    # An older snapshot leaves the claim as it is, but the e-mail may have a new identity.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_emailclaim AS held SET identity_id = new.identity
            FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS new(address_hash, user_id, identity)
            WHERE held.installation_id = %s AND held.address_hash = new.address_hash AND held.user_id = new.user_id
                AND held.identity_id IS NULL
            """,
            [
                *([row[name] for row in rows] for name in ("address_hash", "user_id", "identity_id")),
                rows[0]["installation_id"],
            ],
        )


def with_merged(customer_id: int) -> list[int]:
    """Return the customer and all who turned out to be them."""
    people = [customer_id]
    while more := list(
        Customer.objects.filter(merged_into__in=people).exclude(pk__in=people).values_list("pk", flat=True)
    ):
        people += more
    return people


def give_to(email: Identity, claim: Claim | None) -> None:
    """Point an e-mail to the account that claims it; without a claim it stays where it is, as nobody's account's.

    Visitors that are somebody's through the e-mail go where it goes.
    """
    _claim(email, claim, customer_of_user(claim.user_id) if claim else email.customer_id)
    email.save(update_fields=_CLAIMED)
    belongings.take_visitors_along([email.pk])


_CLAIMED = ("customer_id", "owner_user_id", "owner_updated_at", "owner_issued_at", "owner_digest")


def _claim(email: Identity, claim: Claim | None, customer_id: int | None) -> None:
    version = claim.version if claim else None
    email.owner_user_id = claim.user_id if claim else None
    email.owner_updated_at = version.updated_at if version else None
    email.owner_issued_at = version.issued_at if version else None
    email.owner_digest = version.digest if version else None
    email.customer_id = customer_id


def customer_of_user(user_id: str) -> int:
    """Return the customer behind an account, which is known."""
    customer_id = Identity.objects.values_list("customer_id", flat=True).get(kind=Identity.Kind.USER, value=user_id)
    assert customer_id is not None
    return customer_id


def is_shared(identity: Identity) -> bool:
    """Has its customer other handles, beside visitors that are theirs through this one?"""
    others = Identity.objects.filter(customer=identity.customer).exclude(pk=identity.pk)
    return others.exclude(tied_to=identity).exists()
