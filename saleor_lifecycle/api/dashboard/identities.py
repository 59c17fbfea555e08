"""Who is one person: a customer's handles, and staff's word that two of them are two people."""

from datetime import datetime
from uuid import UUID

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import consent, separations
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.actions.identities import CustomersMoved
from saleor_lifecycle.domain.identity import IdentityKind, masked
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(IdentityKind)

ATTEMPTS = 3
NOBODY = "Nobody is known by this id."


@strawberry.type
class Identity:
    id: strawberry.ID
    kind: IdentityKind
    label: str = strawberry.field(description="An account's Saleor user id; of an e-mail its first letter and domain.")
    joined_at: datetime | None = strawberry.field(
        description="When the account was made; when the shop said that the e-mail was confirmed."
    )
    separated_at: datetime | None = strawberry.field(
        description="Since when staff keep it apart from this customer; null for those that are the customer's."
    )


@strawberry.type(description="The customer's handles, after what was said; empty with an error.")
class CustomerIdentities:
    identities: list[Identity]
    errors: list[Error]


def identities_of(customer_id: int, installation_id: int) -> list[Identity]:
    """Return a customer's handles, then the e-mails that staff keep apart from the customer's accounts."""
    installation = models.Installation.objects.get(pk=installation_id)
    own = list(models.Identity.objects.filter(customer=customer_id).order_by("id"))
    users = [one.value for one in own if one.kind == models.Identity.Kind.USER]
    made = dict(models.Account.objects.filter(user_id__in=users, deleted_at=None).values_list("user_id", "joined_at"))
    apart = models.Separation.objects.filter(
        claim__user_id__in=users, rejoined_at=None, claim__identity__isnull=False
    ).exclude(claim__identity__customer=customer_id)
    return [_shown(installation, one, made.get(one.value, one.owner_updated_at)) for one in own] + [
        _shown(installation, row.claim.identity, row.claim.updated_at, row.separated_at)
        for row in apart.select_related("claim__identity").order_by("separated_at", "id")
        if row.claim.identity is not None
    ]


def _shown(
    installation: models.Installation,
    identity: models.Identity,
    joined_at: datetime | None,
    separated_at: datetime | None = None,
) -> Identity:
    kind = IdentityKind(identity.kind)
    label = {IdentityKind.USER: identity.value, IdentityKind.EMAIL: masked(identity.value)}.get(kind, "")
    return Identity(
        id=_public_id(installation, identity),
        kind=kind,
        label=label,
        joined_at=joined_at,
        separated_at=separated_at,
    )


def _public_id(installation: models.Installation, identity: models.Identity) -> strawberry.ID:
    """Return an id that tells nothing: part of a keyed hash. It stays with the handle, whoever's it becomes."""
    return strawberry.ID(str(UUID(consent.address_hash(installation, f"id of {identity.kind}", identity.value)[:32])))


@strawberry.type
class IdentityQuery:
    @strawberry.field(
        description="The newest account of the customer who has that e-mail; null when the app knows none.",
        extensions=[Needs(Permission.USERS)],
    )
    def account_with_email(self, info: Info, email: str) -> Identity | None:
        with within(info.context.installation_id):
            held = models.Identity.objects.filter(kind=IdentityKind.EMAIL.value, value=email.strip().lower())
            accounts = models.Account.objects.filter(identity__customer__in=held.values("customer"), deleted_at=None)
            found = accounts.select_related("identity", "installation").order_by("-joined_at", "-id").first()
            return _shown(found.installation, found.identity, found.joined_at) if found else None


@strawberry.type
class IdentityMutation:
    @strawberry.mutation(
        description="Says that an e-mail is another person than its account, or an account another than all its"
        " e-mails; it stays so whatever the shop tells later.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_separate(
        self, info: Info, customer_id: strawberry.ID, identity_id: strawberry.ID
    ) -> CustomerIdentities:
        return _changed(info, customer_id, identity_id, is_apart=True)

    @strawberry.mutation(
        description="Takes back that an e-mail is another person than this customer.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_rejoin(self, info: Info, customer_id: strawberry.ID, identity_id: strawberry.ID) -> CustomerIdentities:
        return _changed(info, customer_id, identity_id, is_apart=False)


def _changed(
    info: Info, customer_id: strawberry.ID, identity_id: strawberry.ID, *, is_apart: bool
) -> CustomerIdentities:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with within(info.context.installation_id):
                return _change(info, customer_id, identity_id, is_apart=is_apart)
        except CustomersMoved:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _change(
    info: Info, customer_id: strawberry.ID, identity_id: strawberry.ID, *, is_apart: bool
) -> CustomerIdentities:
    installation = models.Installation.objects.select_related("policy").get(pk=info.context.installation_id)
    public_id = _uuid(customer_id)
    customer = public_id and models.Customer.objects.filter(public_id=public_id, merged_into=None).first()
    if not customer:
        return _refused("customer_id", NOBODY)
    emails, users = _handles(customer)
    found = next((one for one in (*emails, *users) if _public_id(installation, one) == identity_id), None)
    if found is None:
        return _refused("identity_id", NOBODY)
    by, now = info.context.token.user_id, info.context.now
    if is_apart:
        touched = separations.separate(installation, found, by, now)
    else:
        touched = set()
        for user in users:
            touched |= separations.rejoin(installation, found, user.value, by, now)
    if not touched:
        return _refused("identity_id", "It is joined to nobody." if is_apart else "It is not kept apart.")
    return CustomerIdentities(identities=identities_of(customer.pk, installation.pk), errors=[])


def _handles(customer: models.Customer) -> tuple[list[models.Identity], list[models.Identity]]:
    """Return the e-mails of a customer, with those kept apart from the customer, and the accounts."""
    users = list(models.Identity.objects.filter(customer=customer, kind=IdentityKind.USER.value).order_by("id"))
    claimed = models.EmailClaim.objects.filter(user_id__in=[user.value for user in users], identity__isnull=False)
    emails = models.Identity.objects.filter(pk__in=claimed.values("identity"))
    return list(emails.order_by("id")), users


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _refused(field: str, text: str) -> CustomerIdentities:
    return CustomerIdentities(identities=[], errors=errors([Problem(field, Code.INVALID, text)]))
