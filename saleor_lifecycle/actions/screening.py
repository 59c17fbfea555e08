"""Screening: facts that come in after an erasure lose what was erased, before anything is made of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from saleor_lifecycle.domain.facts import AccountFact, CartFact, DeletionFact, Fact, OrderFact
from saleor_lifecycle.domain.identity import is_anonymised
from saleor_lifecycle.models import Installation

from . import erasure


@dataclass(frozen=True, slots=True)
class Screened:
    """Facts without what was erased before.

    ``texts``: what their bodies hold of it; ``gone``: the accounts among those they name that were deleted before.
    """

    facts: tuple[Fact, ...]
    texts: frozenset[str]
    gone: frozenset[str]


def screen(installation: Installation, facts: Iterable[Fact]) -> Screened:
    """Return the facts without e-mails that were erased, placeholders, and those of deleted accounts' orders."""
    held = list(facts)
    known = _known(installation, held)
    kept: list[Fact] = []
    texts: set[str] = set()
    for fact in held:
        if isinstance(fact, DeletionFact) or (isinstance(fact, AccountFact) and fact.user_id in known.gone):
            texts |= {text for text in (fact.user_id, fact.email) if text}
        if isinstance(fact, OrderFact | CartFact):
            screened = known.without(fact)
            if fact.email and screened.email is None and not is_anonymised(fact.email):
                texts |= {fact.email} | ({fact.checkout_id} if isinstance(fact, CartFact) else set())
            if fact.user_id and fact.user_id in known.gone:
                texts.add(fact.user_id)
            fact = screened
        kept.append(fact)
    return Screened(tuple(kept), frozenset(texts), frozenset(known.gone))


@dataclass(frozen=True, slots=True)
class _Known:
    """What was erased before, as far as some facts touch it."""

    hash_of: Callable[[str], str]
    erased: Mapping[str, datetime]  # by hash, through when
    gone: Set[str]  # deleted accounts
    owned: Set[str]  # orders that they had placed

    def without(self, fact: OrderFact | CartFact) -> OrderFact | CartFact:
        is_gone = fact.user_id in self.gone
        if isinstance(fact, CartFact) and is_gone:
            fact = replace(fact, consent=None, touch=None, visitor=None)
        if is_gone:
            fact = replace(fact, metadata=())
        if not fact.email:
            return fact
        if isinstance(fact, OrderFact) and is_anonymised(fact.email):
            return replace(fact, email=None, is_anonymised=True, metadata=())
        if isinstance(fact, OrderFact) and fact.user_id is None and fact.order_id in self.owned:
            # Saleor takes the account off its orders when it is deleted, and leaves the e-mail.
            return replace(fact, email=None, metadata=())
        through = self.erased.get(hashed := self.hash_of(fact.email))
        if through is not None and fact.created_at <= through:
            fact = replace(fact, email=None, erased=hashed, metadata=())
            return replace(fact, consent=None, touch=None, visitor=None) if isinstance(fact, CartFact) else fact
        return replace(fact, email=None) if is_gone else fact


def _known(installation: Installation, facts: Sequence[Fact]) -> _Known:
    name = erasure.hash_of(installation)
    told = [fact for fact in facts if isinstance(fact, OrderFact | CartFact)]
    users = {fact.user_id for fact in told if fact.user_id}
    users |= {fact.user_id for fact in facts if isinstance(fact, AccountFact)}
    orders = [fact for fact in told if isinstance(fact, OrderFact)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'erased', value, erased_through FROM lifecycle_identity
            WHERE installation_id = %(shop)s AND kind = 'erased' AND value = ANY(%(hashes)s)
                AND erased_through IS NOT NULL
            UNION ALL
            SELECT 'gone', user_id, NULL FROM lifecycle_account
            WHERE installation_id = %(shop)s AND user_id = ANY(%(users)s) AND deleted_at IS NOT NULL
            UNION ALL
            SELECT 'owned', order_id, NULL FROM lifecycle_order placed
            JOIN lifecycle_account account ON account.identity_id = placed.identity_id
            WHERE placed.installation_id = %(shop)s AND order_id = ANY(%(orders)s) AND account.deleted_at IS NOT NULL
            """,
            {
                "shop": installation.pk,
                "hashes": list({name(email) for email in {fact.email for fact in told} if email}),
                "users": list(users),
                "orders": [fact.order_id for fact in orders if fact.user_id is None],
            },
        )
        rows = cursor.fetchall()
    gone = {value for what, value, _ in rows if what == "gone"}
    named = {fact.order_id for fact in orders if fact.user_id in gone}
    return _Known(
        hash_of=name,
        erased={value: through for what, value, through in rows if what == "erased"},
        gone=gone,
        owned=named | {value for what, value, _ in rows if what == "owned"},
    )
