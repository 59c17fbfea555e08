"""Erasure: what is personal of someone goes, the sums stay, and nothing that comes late brings the person back.

An account's deletion erases the account and each e-mail that it ever confirmed, but for those that staff said are
another person's; an order with a placeholder for its e-mail erases that under which a guest had placed it. An erased
e-mail becomes an identity named by a keyed hash: what began until then is its, what begins later a new contact's.
What was decided about somebody stays as it is: numbers, moments and codes, of which none leads to who they were.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import connection
from django.db.models import Max, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from saleor_lifecycle.domain.consent import DATED, Source, is_withdrawn
from saleor_lifecycle.domain.facts import AccountFact, DeletionFact, Fact, OrderFact
from saleor_lifecycle.domain.flows import ExitReason
from saleor_lifecycle.domain.identity import Claim, owner_of
from saleor_lifecycle.models import (
    Account,
    Cart,
    Consent,
    Customer,
    EmailClaim,
    Enrollment,
    FileEntry,
    FlowEntry,
    Identity,
    Installation,
    Message,
    Occasion,
    OptIn,
    Order,
    Outbox,
    Preference,
    Suppression,
    Tag,
    sets,
)
from saleor_lifecycle.models.sets import TEXTS

from . import belongings, bodies, code_pools, consent, delivery_events, identities, messages, send_facts, visitors


def hash_of(installation: Installation) -> Callable[[str], str]:
    """Return how an e-mail of this installation is named after its erasure."""
    return partial(consent.address_hash, installation, "erased")


def erased_through(installation: Installation, emails: Iterable[str]) -> dict[str, datetime]:
    """Return, of those of these e-mails that were erased, through when."""
    name = hash_of(installation)
    by_hash = {name(email): email for email in emails}
    rows = Identity.objects.filter(installation=installation, kind=Identity.Kind.ERASED, value__in=by_hash)
    return {by_hash[hashed]: through for hashed, through in rows.values_list("value", "erased_through") if through}


def erase(installation: Installation, facts: Sequence[Fact], known: Iterable[str], now: datetime) -> set[int]:
    """Erase those whom these facts, stored already, end; return the customers that were touched.

    ``known`` is what their bodies hold of what was erased before.
    """
    gone, ending = _ending(installation, facts)
    texts = set(known)
    if ending or gone:
        texts |= _checkouts(ending, gone, now)
    touched: set[int] = set()
    withdrawn = _withdrawn(gone) if ending else set()
    for email in Identity.objects.filter(id__in=ending).order_by("id") if ending else ():
        texts.add(email.value)
        touched |= _erase_email(installation, email, withdrawn, now)
    if gone:
        touched |= _erase_accounts(installation.pk, gone)
    if texts:
        bodies.forget(installation.pk, texts, now)
    _forget_offers(touched)
    _end_queued(installation.pk, touched, now)
    return touched


def _ending(installation: Installation, facts: Sequence[Fact]) -> tuple[set[int], set[int]]:
    """Return the identities of the accounts that are gone, and of the e-mails that end because of these facts."""
    users = {fact.user_id for fact in facts if isinstance(fact, AccountFact | DeletionFact)}
    orders = {fact.order_id for fact in facts if isinstance(fact, OrderFact)}
    with connection.cursor() as cursor:
        cursor.execute(_ENDING, {"shop": installation.pk, "users": sets.texts(users), "orders": sets.texts(orders)})
        rows = cursor.fetchall()
    return {identity for is_account, identity in rows if is_account}, {
        identity for is_account, identity in rows if not is_account
    }


_ENDING = f"""
    WITH gone AS (
        SELECT user_id, identity_id FROM lifecycle_account
        WHERE installation_id = %(shop)s AND user_id = ANY({TEXTS.format("users")}) AND deleted_at IS NOT NULL
    )
    SELECT true, identity_id FROM gone
    UNION
    -- A living account may turn out to be whose e-mail was erased with an order.
    SELECT false, claim.identity_id FROM lifecycle_emailclaim claim
    WHERE claim.installation_id = %(shop)s AND claim.user_id = ANY({TEXTS.format("users")})
        AND claim.identity_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM lifecycle_separation said WHERE said.claim_id = claim.id AND said.rejoined_at IS NULL
        )
        AND (claim.user_id IN (SELECT user_id FROM gone) OR EXISTS (
            SELECT FROM lifecycle_identity erased
            WHERE erased.installation_id = %(shop)s AND erased.kind = 'erased' AND erased.value = claim.address_hash
        ))
    UNION
    SELECT false, placed.identity_id FROM lifecycle_order placed CROSS JOIN LATERAL (
        SELECT FROM lifecycle_identity one WHERE one.id = placed.identity_id AND one.kind = 'email' OFFSET 0
    ) email
    WHERE placed.installation_id = %(shop)s AND placed.order_id = ANY({TEXTS.format("orders")})
        AND placed.anonymised_at IS NOT NULL
"""


def _forget_offers(customer_ids: set[int]) -> None:
    """Forget what messages offered these people, but for what still waits for somebody who can be written to."""
    unreachable = customer_ids - send_facts.addresses(customer_ids).keys()
    offered = Message.objects.filter(customer__in=customer_ids, offer__isnull=False)
    offered.filter(Q(customer__in=unreachable) | Q(settled_at__isnull=False)).update(offer=None)


def _end_queued(installation_id: int, customer_ids: set[int], now: datetime) -> None:
    """End what is queued for those of these customers who have no account and no e-mail left."""
    living = Account.objects.filter(identity__customer_id__in=customer_ids, deleted_at=None)
    named = Identity.objects.filter(customer_id__in=customer_ids, kind=Identity.Kind.EMAIL)
    gone = customer_ids - set(living.values_list("identity__customer_id", flat=True))
    gone -= set(named.values_list("customer_id", flat=True))
    Tag.objects.filter(customer__in=gone).delete()
    code_pools.forget(installation_id, gone, now)
    _forget_occasions(gone)
    queued = Message.objects.filter(customer_id__in=gone, state=Message.State.QUEUED)
    for channel in sorted(set(queued.values_list("channel", flat=True))):
        messages.end_queued(installation_id, gone, [], channel, ExitReason.CUSTOMER_GONE.value, now)


def _forget_occasions(customer_ids: set[int]) -> None:
    """Forget what brought people into flows, as far as other systems may have told it, and what would yet."""
    Occasion.objects.filter(customer__in=customer_ids).delete()
    named = Enrollment.objects.filter(customer__in=customer_ids, cart=None)
    named.update(properties={}, key=Concat(Value("erased:"), Cast("id", TextField())))
    Enrollment.objects.filter(customer__in=customer_ids).exclude(properties={}).update(properties={})
    Enrollment.objects.filter(customer__in=customer_ids, carries__isnull=False).update(carries=None)


def _erase_email(installation: Installation, email: Identity, withdrawn: set[str], now: datetime) -> set[int]:
    """Move what is erased of an e-mail to its nameless identity, and drop the e-mail where nothing else needs it."""
    hashed = hash_of(installation)(email.value)
    apart = {user_id for _, user_id in identities.apart([email.pk])}
    claims = [
        row.value()
        for row in EmailClaim.objects.filter(installation=installation, address_hash=hashed)
        if row.user_id not in apart
    ]
    deleted = dict(
        Account.objects.filter(user_id__in=[claim.user_id for claim in claims], deleted_at__isnull=False).values_list(
            "user_id", "deleted_at"
        )
    )
    dead = owner_of(claim for claim in claims if claim.user_id in deleted)
    living = owner_of(claim for claim in claims if claim.user_id not in deleted)
    signals = [moment for moment in deleted.values() if moment]
    at = Order.objects.filter(identity=email).aggregate(at=Max("anonymised_at"))["at"]
    erased = Identity.objects.filter(kind=Identity.Kind.ERASED, value=hashed).first()
    through = max([*signals, *([at] if at else []), *([erased.erased_through] if erased else [])])
    heir_of = dead or living
    heir = identities.customer_of_user(heir_of.user_id) if heir_of else None
    before = {email.customer_id, erased.customer_id if erased else None, heir}
    erased = erased or Identity(installation=installation, kind=Identity.Kind.ERASED, value=hashed)
    was = erased.customer_id
    assert email.customer_id
    after = erased.customer_id = heir or was or email.customer_id
    erased.erased_through = through
    erased.save()
    if was and was != after:
        belongings.move(was, after, now)
    _keep_no(installation, email, through, withdrawn)
    Order.objects.filter(identity=email, created_at__lte=through).update(identity=erased, metadata={})
    carts = Cart.objects.filter(identity=email, created_at__lte=through)
    carts.update(identity=erased, email=None, metadata={}, touch={})
    FileEntry.objects.filter(identity=email, at__lte=through).delete()
    FlowEntry.objects.filter(identity=email, at__lte=through).delete()
    visitors.forget_owned([email.pk], through)
    Preference.objects.filter(identity=email, at__lte=through).delete()
    _forget_forms(installation, email.value, through)
    addressed = consent.address_hash(installation, "email", email.value)
    delivery_events.forget([customer for customer in before if customer], addressed)
    return {customer for customer in before | _settle(email, living, erased, now) if customer}


def _forget_forms(installation: Installation, address: str, through: datetime) -> None:
    """Forget the forms that were filled in with an address until then."""
    hashed = consent.address_hash(installation, "email", address)
    forms = OptIn.objects.filter(channel="email", address_hash=hashed, asked_at__lte=through)
    texts = list(forms.values_list("text_hash", flat=True))
    forms.delete()
    consent.drop_texts(installation.pk, texts)


def _settle(email: Identity, living: Claim | None, erased: Identity, now: datetime) -> set[int | None]:
    """Give an e-mail that is still somebody's to them, and drop one that is not; return the customers touched."""
    before = email.customer_id
    is_used = (
        Order.objects.filter(identity=email).exists()
        or Cart.objects.filter(identity=email).exists()
        or Consent.objects.filter(identity=email).exists()
        or FileEntry.objects.filter(identity=email).exists()
        or FlowEntry.objects.filter(identity=email).exists()
        or Preference.objects.filter(identity=email).exists()
    )
    if living is None and not is_used:
        email.delete()
    elif living is not None:
        identities.give_to(email, living)
    elif identities.is_shared(email):
        # A new contact by this e-mail is another person than the one who was erased.
        email.customer = email.began_as = Customer.objects.create(installation_id=email.installation_id, created_at=now)
        email.save(update_fields=["began_as"])
        identities.give_to(email, None)
        entered = Enrollment.objects.filter(cart__identity=email)
        Message.objects.filter(enrollment__in=entered).update(customer=email.customer)
        entered.update(customer=email.customer)
    after = email.customer_id if email.pk else None
    if before and before != after:
        belongings.move(before, after or erased.customer_id or before, now)
    return {before, after}


def _keep_no(installation: Installation, email: Identity, through: datetime, withdrawn: set[str]) -> None:
    """Keep a no as a suppression of the address, under its keyed hash, and forget what else the erased person said."""
    said = Consent.objects.filter(Q(at__lte=through) | Q(id__in=_said_since(email, through)), identity=email)
    dated = list(said.filter(source__in=[source.value for source in DATED]))
    channels = {
        row.channel for row in dated if is_withdrawn(one.value() for one in dated if one.channel == row.channel)
    }
    for channel in sorted(channels | withdrawn):
        Suppression.objects.get_or_create(
            installation=installation,
            channel=channel,
            address_hash=consent.address_hash(installation, channel, email.value),
            defaults={"reason": consent.UNSUBSCRIBED, "at": through},
        )
    texts = list(said.values_list("text_hash", flat=True))
    said.delete()
    consent.drop_texts(installation.pk, texts)


def _said_since(email: Identity, through: datetime) -> list[int]:
    """Return what carts and orders that were begun before the erasure have said of consent after it.

    Words do not tell which they came with: of what also a new contact's can have said, only a yes counts as such.
    """
    found = []
    for source, model in ((Source.CHECKOUT, Cart), (Source.ORDER, Order)):
        for said in Consent.objects.filter(identity=email, source=source.value, at__gt=through):
            told = model.objects.filter(identity=email, updated_at__gte=said.at)
            is_new = told.filter(created_at__gt=through).exists()
            if not is_new or (said.is_granted and told.filter(created_at__lte=through).exists()):
                found.append(said.pk)
    return found


def _withdrawn(identity_ids: set[int]) -> set[str]:
    """Return the channels on which deleted accounts had said no to us."""
    rows = Consent.objects.filter(identity__in=identity_ids, source__in=[source.value for source in DATED])
    said = [(row.channel, row.value()) for row in rows]
    return {channel for channel, _ in said if is_withdrawn(value for by, value in said if by == channel)}


def _erase_accounts(installation_id: int, identity_ids: Iterable[int]) -> set[int]:
    """Forget what hangs on deleted accounts themselves: addresses of carts, every yes, the words of a no."""
    ids = list(identity_ids)
    Cart.objects.filter(identity__in=ids).update(email=None, metadata={}, touch={})
    Order.objects.filter(identity__in=ids).update(metadata={})
    visitors.forget_owned(ids)
    Preference.objects.filter(identity__in=ids).delete()
    FlowEntry.objects.filter(identity__in=ids).delete()
    said = Consent.objects.filter(identity__in=ids)
    texts = list(said.values_list("text_hash", flat=True))
    said.exclude(is_granted=False, source__in=[source.value for source in DATED]).delete()
    said.update(evidence="", text_hash="")
    consent.drop_texts(installation_id, texts)
    customers = set(Identity.objects.filter(id__in=ids).values_list("customer_id", flat=True))
    living = Account.objects.filter(identity__customer_id__in=customers, deleted_at=None)
    nameless = customers - set(living.values_list("identity__customer_id", flat=True))
    Outbox.objects.filter(kind=Outbox.Kind.PROJECTION, key__in=[str(customer) for customer in nameless]).delete()
    delivery_events.forget(customer for customer in nameless if customer)
    return {customer for customer in customers if customer}


def _checkouts(email_ids: Iterable[int], account_ids: Iterable[int], now: datetime) -> set[str]:
    """Return the erased checkouts of which bodies may still be stored."""
    erased = Cart.objects.filter(identity__in=[*email_ids, *account_ids], updated_at__gte=now - bodies.BODIES_STAY)
    return set(erased.values_list("checkout_id", flat=True))
