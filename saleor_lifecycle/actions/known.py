"""What stands already of what some facts are about: looked at before the locks, and again under them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.facts import AccountFact, CartFact, DeletionFact, Fact, OrderFact
from saleor_lifecycle.domain.identity import is_anonymised
from saleor_lifecycle.models import Identity, Installation
from saleor_lifecycle.models.sets import TEXTS, texts

from . import erasure


@dataclass(frozen=True, slots=True)
class Known:
    """What was erased before, as far as some facts touch it, and every customer whom they may concern.

    Those are whose carts, passages and orders these were, and whom an erasure because of them may change; whom the
    facts themselves name, their identities tell.
    """

    hash_of: Callable[[str], str] = field(compare=False)
    erased: Mapping[str, datetime]  # by hash, through when
    gone: Set[str]  # deleted accounts
    owned: Set[str]  # orders that they had placed
    customers: Set[int]

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


def look(installation: Installation, facts: Iterable[Fact]) -> Known:
    """Return what stands already of what these facts are about."""
    held = list(facts)
    name = erasure.hash_of(installation)
    told = [fact for fact in held if isinstance(fact, OrderFact | CartFact)]
    orders = [fact for fact in told if isinstance(fact, OrderFact)]
    accounts = {fact.user_id for fact in held if isinstance(fact, AccountFact)}
    asked = {
        "hashes": {name(email) for email in {fact.email for fact in told} if email},
        "users": accounts | {fact.user_id for fact in told if fact.user_id},
        "ending": accounts | {fact.user_id for fact in held if isinstance(fact, DeletionFact)},
        "checkouts": {fact.checkout_id for fact in told if fact.checkout_id},
        "orders": {fact.order_id for fact in orders},
    }
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    people: set[int | None] = set()
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"shop": installation.pk, **{key: texts(values) for key, values in asked.items()}})
        for what, key, email, through, customer in cursor.fetchall():
            found[what][key] = through or email
            people.add(customer)
    gone = found["gone"].keys()
    return Known(
        hash_of=name,
        erased=found["erased"],
        gone=gone,
        owned={
            fact.order_id
            for fact in orders
            if fact.user_id in gone or (fact.user_id is None and fact.order_id in found["deleted"])
        },
        customers={customer for customer in people | _of_anonymised(orders, found, name) if customer},
    )


def _of_anonymised(
    orders: Iterable[OrderFact], found: Mapping[str, Mapping[str, Any]], name: Callable[[str], str]
) -> set[int | None]:
    """Return the customers of e-mails that were erased, or will be, with these orders."""
    anonymised = {fact.order_id for fact in orders if is_anonymised(fact.email)} | found["anonymised"].keys()
    if not anonymised:
        return set()
    emails = {fact.email for fact in orders if fact.order_id in anonymised}
    emails |= {found[what].get(order_id) for what in ("placed", "anonymised") for order_id in anonymised}
    erased = Identity.objects.filter(kind=Identity.Kind.ERASED, value__in={name(email) for email in emails if email})
    return set(erased.values_list("customer_id", flat=True))


# OFFSET 0 has rows looked up one by one: the planner cannot know how few they are.
_IDENTITY = "LATERAL (SELECT * FROM lifecycle_identity WHERE id = {}.identity_id OFFSET 0) identity ON true"
_LOOK = f"""
    WITH cart AS (
        SELECT id, identity_id FROM lifecycle_cart
        WHERE installation_id = %(shop)s AND checkout_id = ANY({TEXTS.format("checkouts")})
    ), placed AS (
        SELECT order_id, identity_id, anonymised_at FROM lifecycle_order
        WHERE installation_id = %(shop)s AND order_id = ANY({TEXTS.format("orders")})
    ), claim AS (
        SELECT address_hash, identity_id FROM lifecycle_emailclaim
        WHERE installation_id = %(shop)s AND user_id = ANY({TEXTS.format("ending")})
    )
    SELECT 'erased' AS what, value AS key, NULL AS email, erased_through AS through, NULL::bigint AS customer
    FROM lifecycle_identity
    WHERE installation_id = %(shop)s AND kind = 'erased' AND value = ANY({TEXTS.format("hashes")})
        AND erased_through IS NOT NULL
    UNION ALL
    SELECT 'gone', user_id, NULL, NULL, NULL FROM lifecycle_account
    WHERE installation_id = %(shop)s AND user_id = ANY({TEXTS.format("users")}) AND deleted_at IS NOT NULL
    UNION ALL
    SELECT CASE WHEN anonymised_at IS NULL THEN 'placed' ELSE 'anonymised' END, order_id,
        CASE WHEN kind = 'email' THEN value END, NULL, customer_id
    FROM placed LEFT JOIN {_IDENTITY.format("placed")}
    UNION ALL
    SELECT 'deleted', order_id, NULL, NULL, NULL FROM placed CROSS JOIN LATERAL (
        SELECT FROM lifecycle_account account
        WHERE account.identity_id = placed.identity_id AND deleted_at IS NOT NULL OFFSET 0
    ) account
    UNION ALL
    SELECT 'person', '', NULL, NULL, customer_id FROM cart JOIN {_IDENTITY.format("cart")}
    UNION ALL
    -- A passage stays with whom it began, also when the cart has gone over to another identity.
    SELECT 'person', '', NULL, NULL, customer_id FROM cart CROSS JOIN LATERAL (
        SELECT customer_id FROM lifecycle_enrollment passage WHERE passage.cart_id = cart.id OFFSET 0
    ) passage
    UNION ALL
    -- Whom an account's deletion would erase with it.
    SELECT 'person', '', NULL, NULL, customer_id FROM claim JOIN {_IDENTITY.format("claim")}
    UNION ALL
    SELECT 'person', '', NULL, NULL, customer_id FROM claim CROSS JOIN LATERAL (
        SELECT customer_id FROM lifecycle_identity one
        WHERE one.installation_id = %(shop)s AND one.kind = 'erased' AND one.value = claim.address_hash OFFSET 0
    ) erased
"""
