"""Accounts: the newest snapshot of each Saleor user, and those that are gone."""

from collections.abc import Iterable, Mapping, Set
from datetime import UTC, datetime
from typing import Any

from saleor_lifecycle.domain.facts import AccountFact, DeletionFact
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.models import Account, Identity
from saleor_lifecycle.models.sets import upsert

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def save(
    installation_id: int, facts: Iterable[AccountFact], identities: Mapping[Key, Identity], gone: Set[str]
) -> dict[str, AccountFact]:
    """Store the newest snapshot of each account but those ``gone``; return those that were newer, by user id."""
    newest: dict[str, AccountFact] = {}
    for fact in facts:
        if fact.user_id not in newest or newest[fact.user_id].version < fact.version:
            newest[fact.user_id] = fact
    live = {user_id: fact for user_id, fact in newest.items() if user_id not in gone}
    written = upsert(
        Account,
        [_account_row(installation_id, fact, identities) for fact in live.values()],
        key=("installation_id", "user_id"),
        returning="user_id",
    )
    return {user_id: fact for user_id, fact in live.items() if user_id in written}


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
