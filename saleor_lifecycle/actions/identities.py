"""Who is who: identities, the accounts behind them, and the customers they point to."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from saleor_lifecycle.domain.facts import AccountFact, DeletionFact
from saleor_lifecycle.domain.flows import ExitReason
from saleor_lifecycle.domain.holdout import joined
from saleor_lifecycle.domain.identity import Claim, IdentityKind, Key, owner
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Account, Customer, EmailClaim, Enrollment, Identity, Message, Separation
from saleor_lifecycle.models.sets import update, upsert

from . import holdouts

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CustomersMoved(Exception):
    """Another transaction joined customers between our look and our locks; the batch has to be run again."""


def resolve(installation_id: int, keys: Iterable[Key], now: datetime) -> dict[Key, Identity]:
    """Return the identity of each key, made where missing with a customer of its own, in key order."""
    ordered = sorted(set(keys))
    found = find(installation_id, ordered)
    missing = [key for key in ordered if key not in found]
    if missing:
        Identity.objects.bulk_create(
            [Identity(installation_id=installation_id, kind=key.kind.value, value=key.value) for key in missing],
            ignore_conflicts=True,
        )
        found = find(installation_id, ordered)
        _give_customers(installation_id, [found[key] for key in missing], now)
    return found


def lock(customer_ids: Iterable[int]) -> None:
    """Lock customers in ascending order, so that two batches cannot block each other in a circle."""
    rows = Customer.objects.select_for_update(no_key=True).filter(id__in=sorted(set(customer_ids))).order_by("id")
    list(rows.values_list("id"))


def find(installation_id: int, keys: Iterable[Key]) -> dict[Key, Identity]:
    """Return the identities there are."""
    held = list(keys)
    by_kind = {kind: [key.value for key in held if key.kind is kind] for kind in IdentityKind}
    match = Q()
    for kind, values in by_kind.items():
        if values:
            match |= Q(kind=kind.value, value__in=values)
    if not match:
        return {}
    rows = Identity.objects.filter(match, installation_id=installation_id)
    return {Key(IdentityKind(row.kind), row.value): row for row in rows}


def customers_of(user_ids: Collection[str]) -> dict[str, Customer]:
    """Return the customers behind these accounts, by user id, without those whose account was deleted."""
    rows = Identity.objects.filter(kind=IdentityKind.USER.value, value__in=user_ids).select_related("customer")
    gone = Account.objects.filter(user_id__in=user_ids, deleted_at__isnull=False)
    return {
        row.value: row.customer for row in rows.exclude(value__in=gone.values("user_id")) if row.customer is not None
    }


def _give_customers(installation_id: int, identities: list[Identity], now: datetime) -> None:
    """Give each identity that we inserted a customer; those that another transaction inserted have theirs."""
    ours = [identity for identity in identities if identity.customer_id is None]
    customers = Customer.objects.bulk_create([Customer(installation_id=installation_id, created_at=now) for _ in ours])
    for identity, customer in zip(ours, customers, strict=True):
        identity.customer = identity.began_as = customer
    update(
        Identity,
        [{"id": one.id, "customer_id": one.customer_id, "began_as_id": one.customer_id} for one in ours],
    )


def save_accounts(
    installation_id: int, facts: Iterable[AccountFact], identities: Mapping[Key, Identity]
) -> dict[str, AccountFact]:
    """Store the newest snapshot of each account; return those that were newer than ours, by user id."""
    newest: dict[str, AccountFact] = {}
    for fact in facts:
        if fact.user_id not in newest or newest[fact.user_id].version < fact.version:
            newest[fact.user_id] = fact
    gone = set(Account.objects.filter(user_id__in=newest, deleted_at__isnull=False).values_list("user_id", flat=True))
    live = {user_id: fact for user_id, fact in newest.items() if user_id not in gone}
    written = upsert(
        Account,
        [_account_row(installation_id, fact, identities) for fact in live.values()],
        key=("installation_id", "user_id"),
    )
    won = set(Account.objects.filter(id__in=written).values_list("user_id", flat=True))
    return {user_id: fact for user_id, fact in live.items() if user_id in won}


def _account_row(installation_id: int, fact: AccountFact, identities: Mapping[Key, Identity]) -> dict[str, Any]:
    return {
        "installation_id": installation_id,
        "user_id": fact.user_id,
        "identity_id": identities[Key(IdentityKind.USER, fact.user_id)].id,
        "email": fact.email,
        "is_confirmed": fact.is_confirmed,
        "is_active": fact.is_active,
        "first_name": fact.first_name,
        "last_name": fact.last_name,
        "language": fact.language,
        "joined_at": fact.joined_at,
        "metadata": dict(fact.metadata),
        "updated_at": fact.version.updated_at,
        "issued_at": fact.version.issued_at,
        "digest": fact.version.digest,
    }


def save_deletions(
    installation_id: int, facts: Iterable[DeletionFact], identities: Mapping[Key, Identity]
) -> list[Identity]:
    """Mark accounts as deleted for good and forget what is personal in them; return their identities."""
    identities_gone = []
    for fact in sorted(facts, key=lambda fact: (fact.user_id, fact.at)):
        identity = identities[Key(IdentityKind.USER, fact.user_id)]
        # The same row whether the account was known or not, so that no order of arrival brings it back.
        account, _ = Account.objects.get_or_create(
            installation_id=installation_id, user_id=fact.user_id, defaults=_deleted_row(identity, fact.at)
        )
        row = _deleted_row(identity, min(fact.at, account.deleted_at or fact.at))
        Account.objects.filter(pk=account.pk).update(**row)
        identities_gone.append(identity)
    return identities_gone


def _deleted_row(identity: Identity, at: datetime) -> dict[str, Any]:
    return {
        "identity": identity,
        "email": "",
        "is_confirmed": False,
        "is_active": False,
        "first_name": "",
        "last_name": "",
        "language": "",
        "joined_at": at,
        "metadata": {},
        "deleted_at": at,
        "updated_at": NEVER,
        "issued_at": NEVER,
        "digest": "",
    }


def join_confirmed(
    facts: Iterable[AccountFact],
    identities: Mapping[Key, Identity],
    name: Callable[[str], str],
    now: datetime,
) -> set[int]:
    """Point each confirmed e-mail to its account's customer; return the ids of the customers that were touched.

    Every snapshot counts, late ones too: that an account once had confirmed an e-mail stays true. Deleted accounts
    claim like others, and own nothing; nor do those that staff keep apart from it. ``name`` is what an e-mail is
    called after its erasure.
    """
    claims: dict[tuple[Key, str], Claim] = {}
    for fact in facts:
        if fact.is_confirmed and fact.email:
            key = Key(IdentityKind.EMAIL, fact.email)
            claim = Claim(fact.user_id, fact.version)
            claims[key, fact.user_id] = owner(claims.get((key, fact.user_id)), claim)
    _write_claims(claims, identities, name)
    gone = set(
        Account.objects.filter(user_id__in=[user_id for _, user_id in claims], deleted_at__isnull=False).values_list(
            "user_id", flat=True
        )
    )
    kept = apart(identities[key].pk for key, _ in claims)
    touched: set[int] = set()
    for (key, user_id), claim in sorted(claims.items(), key=lambda item: item[0]):
        email = identities[key]
        current = email.claim()
        if user_id in gone or (email.pk, user_id) in kept or owner(current, claim) == current:
            continue
        assert email.customer_id
        before = email.customer_id
        give_to(email, claim)
        if before != email.customer_id:
            touched |= {before, email.customer_id}
            move_history(before, email.customer_id, now, email)
    return touched


def apart(identity_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Return which of these e-mails staff keep apart from which accounts that confirmed them, as (identity, user)."""
    standing = Separation.objects.filter(rejoined_at=None, claim__identity__in=set(identity_ids))
    return set(standing.values_list("claim__identity_id", "claim__user_id"))


def _write_claims(
    claims: Mapping[tuple[Key, str], Claim], identities: Mapping[Key, Identity], name: Callable[[str], str]
) -> None:
    rows = [
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
    upsert(EmailClaim, rows, key=("installation_id", "address_hash", "user_id"))
    # An older snapshot leaves the claim as it is, but the e-mail may have a new identity.
    for row in rows:
        EmailClaim.objects.filter(address_hash=row["address_hash"], user_id=row["user_id"], identity=None).update(
            identity_id=row["identity_id"]
        )


def give_to(email: Identity, claim: Claim | None) -> None:
    """Point an e-mail to the account that claims it; without a claim it stays where it is, as nobody's account's.

    Visitors that are somebody's through the e-mail go where it goes.
    """
    before, version = email.customer_id, claim.version if claim else None
    email.owner_user_id = claim.user_id if claim else None
    email.owner_updated_at = version.updated_at if version else None
    email.owner_issued_at = version.issued_at if version else None
    email.owner_digest = version.digest if version else None
    if claim:
        email.customer_id = customer_of_user(claim.user_id)
    email.save(update_fields=["customer", "owner_user_id", "owner_updated_at", "owner_issued_at", "owner_digest"])
    if claim is None or before != email.customer_id:
        Identity.objects.filter(tied_to=email).update(customer=email.customer_id)


def customer_of_user(user_id: str) -> int:
    """Return the customer behind an account, which is known."""
    customer_id = Identity.objects.values_list("customer_id", flat=True).get(kind=Identity.Kind.USER, value=user_id)
    assert customer_id is not None
    return customer_id


def is_shared(identity: Identity) -> bool:
    """Has its customer other handles, beside visitors that are theirs through this one?"""
    others = Identity.objects.filter(customer=identity.customer).exclude(pk=identity.pk)
    return others.exclude(tied_to=identity).exists()


def move_history(before: int, after: int, now: datetime, moved: Identity | None = None) -> None:
    """Move what belongs to an identity that went from one customer to another: passages, and whoever it began as.

    A customer who has no identity left turned out to be the other, and gives up every passage.
    """
    is_left = Identity.objects.filter(customer_id=before).exists()
    if is_left and moved is None:
        return
    if not is_left:
        Customer.objects.filter(id=before).update(merged_into=after, due_at=None)
    if moved is not None and moved.began_as_id not in (None, after):
        empty = Customer.objects.filter(id=moved.began_as_id, identities=None)
        Customer.objects.filter(id__in=empty.values("id")).update(merged_into=after)
    passages = Enrollment.objects.filter(customer_id=before)
    _move_passages(list(passages.filter(cart__identity=moved) if is_left else passages), after, now)
    holdouts.keep_first({before, after})


def _move_passages(passages: Iterable[Enrollment], after: int, now: datetime) -> None:
    """Hand passages over. Of two that collide, the same cart seen by both, the surviving customer's own goes on."""
    held = {(one.flow_id, one.key): one for one in Enrollment.objects.filter(customer_id=after)}
    moving, ended = [], []
    for passage in passages:
        other = held.get((passage.flow_id, passage.key))
        if other is None:
            moving.append(passage.pk)
        elif other.reason != ExitReason.MERGED:  # else it is the one that went on, of two that collided before
            Enrollment.objects.filter(id=other.pk).update(arm=joined(other.arm, passage.arm))
            ended.append(passage.pk)
    Enrollment.objects.filter(id__in=moving).update(customer_id=after)
    Message.objects.filter(enrollment__in=moving).update(customer_id=after)
    over = Enrollment.objects.filter(id__in=ended, state=Enrollment.State.WAITING)
    Message.objects.filter(enrollment__in=over, state=Message.State.QUEUED).update(
        state=Message.State.SKIPPED, reason=SkipReason.ENROLLMENT_OVER.value, due_at=None, settled_at=now
    )
    over.update(state=Enrollment.State.EXITED, reason=ExitReason.MERGED.value, due_at=None, ended_at=now)
