"""Screening: facts that come in after an erasure lose what was erased, before anything is made of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from saleor_lifecycle.domain.facts import AccountFact, CartFact, DeletionFact, Fact, OrderFact
from saleor_lifecycle.domain.identity import is_anonymised

from .known import Known


@dataclass(frozen=True, slots=True)
class Screened:
    """Facts without what was erased before.

    ``texts``: what their bodies hold of it; ``gone``: the accounts among those they name that were deleted before.
    """

    facts: tuple[Fact, ...]
    texts: frozenset[str]
    gone: frozenset[str]


def screen(facts: Iterable[Fact], known: Known) -> Screened:
    """Return the facts without e-mails that were erased, placeholders, and those of deleted accounts' orders."""
    kept: list[Fact] = []
    texts: set[str] = set()
    for fact in facts:
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
