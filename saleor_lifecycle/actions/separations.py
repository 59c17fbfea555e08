"""Separations: staff say that an account and an e-mail are two people, although Saleor calls the e-mail confirmed.

Only the claim of the account is set aside. Whose the e-mail is follows from the claims that are left, as ever, so the
same facts in any order end in the same people. Carts, guest orders and consent hang on the identity and go along;
passages through flows go with their cart. Two that were merged stay so.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from saleor_lifecycle.domain.identity import IdentityKind, owner_of
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Account, Customer, EmailClaim, Identity, Installation, Separation

from . import belongings, customers, flows, holdouts, identities, recommendation_counts


def separate(installation: Installation, identity: Identity, by: str, now: datetime) -> set[int]:
    """Take an e-mail out of the customer of its account; an account out of those of all its e-mails.

    Each e-mail becomes who it was before it was joined. ``by``: the staff user's id. Returns the customers touched,
    none where nothing was joined. Raises CustomersMoved when another transaction came between; run it again.
    """
    if identity.kind == IdentityKind.USER:
        emails = Identity.objects.filter(owner_user_id=identity.value)
    else:
        emails = Identity.objects.filter(pk=identity.pk, owner_user_id__isnull=False)
    held = _locked(emails)
    Separation.objects.bulk_create(
        Separation(
            installation=installation,
            claim=EmailClaim.objects.get(identity=email, user_id=email.owner_user_id),
            separated_by=by,
            separated_at=now,
        )
        for email in held
    )
    return _settle(installation, held, now)


def rejoin(installation: Installation, email: Identity, user_id: str, by: str, now: datetime) -> set[int]:
    """Take back that an account and an e-mail are two people; return the customers touched.

    None where they are not apart, or the account was deleted meanwhile: its person is gone.
    """
    gone = Account.objects.filter(user_id=user_id, deleted_at__isnull=False)
    standing = Separation.objects.filter(claim__identity=email, claim__user_id=user_id, rejoined_at=None)
    if gone.exists() or not standing.exists():
        return set()
    held = _locked(Identity.objects.filter(pk=email.pk))
    standing.update(rejoined_by=by, rejoined_at=now)
    return _settle(installation, held, now)


def _locked(emails: QuerySet[Identity]) -> list[Identity]:
    """Return these e-mails with everybody locked whose they are, were or may become."""
    concerned = _concerned(emails)
    identities.lock(concerned)
    if _concerned(emails) != concerned:
        raise identities.CustomersMoved
    return list(emails.order_by("id"))


def _concerned(emails: QuerySet[Identity]) -> set[int]:
    claimants = EmailClaim.objects.filter(identity__in=emails).values("user_id")
    people = set(emails.values_list("customer_id", flat=True)) | set(emails.values_list("began_as_id", flat=True))
    people |= set(
        Identity.objects.filter(kind=Identity.Kind.USER, value__in=claimants).values_list("customer_id", flat=True)
    )
    return {customer for customer in people if customer}


def _settle(installation: Installation, emails: Iterable[Identity], now: datetime) -> set[int]:
    """Point each e-mail to whose it is by the claims that count, and fold everybody touched again."""
    touched: set[int] = set()
    for email in emails:
        before = email.customer_id
        claims = EmailClaim.objects.filter(identity=email)
        gone = Account.objects.filter(user_id__in=claims.values("user_id"), deleted_at__isnull=False)
        apart = {user_id for _, user_id in identities.apart([email.pk])}
        claim = owner_of((row.value() for row in claims), apart | set(gone.values_list("user_id", flat=True)))
        if claim is None:
            email.customer_id = _home(installation, email, now)
        identities.give_to(email, claim)
        assert before
        assert email.customer_id
        if before != email.customer_id:
            touched |= {before, email.customer_id}
            belongings.move(before, email.customer_id, now, email)
    holdouts.keep_first(touched)
    customers.refold(installation, touched, now, Cause.CORRECTION)
    flows.advance(installation, touched, now)
    recommendation_counts.recount(installation.pk, touched)
    return touched


def _home(installation: Installation, email: Identity, now: datetime) -> int:
    """Return who an e-mail was before it was joined, back again; a new customer where that is not known."""
    if email.began_as_id is None:
        email.began_as = Customer.objects.create(installation=installation, created_at=now)
        email.save(update_fields=["began_as"])
    else:
        Customer.objects.filter(id=email.began_as_id).update(merged_into=None)
    assert email.began_as_id
    return email.began_as_id
