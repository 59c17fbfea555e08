from django.db import models

from saleor_lifecycle.domain.facts import Version
from saleor_lifecycle.domain.identity import Claim

from .customers import Customer
from .installations import Installation


class Identity(models.Model):
    """One handle of a customer. Carts and orders hang on identities, so joining two people re-points rows here only."""

    class Kind(models.TextChoices):
        USER = "user"
        EMAIL = "email"
        VISITOR = "visitor"  # value: the keyed hash of the browser's id
        ERASED = "erased"  # value: the e-mail's keyed hash

    installation = models.ForeignKey(Installation, models.CASCADE)
    kind = models.TextField(choices=Kind.choices)
    value = models.TextField()
    # Visitors: empty until they are somebody's. Others: only between the two statements that make a new one, inside one
    # transaction.
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="identities")
    # Who it was before anybody was joined: where it goes back to when staff separate two people.
    began_as = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+", db_index=False)
    # E-mails: the living account that confirmed it last, with the version of the snapshot that said so.
    owner_user_id = models.TextField(null=True)
    owner_updated_at = models.DateTimeField(null=True)
    owner_issued_at = models.DateTimeField(null=True)
    owner_digest = models.TextField(null=True)
    # Erased e-mails: what began until then is nameless; what began later is a new contact's.
    erased_through = models.DateTimeField(null=True)

    # Visitors: the handle through which they are somebody's, the earliest that named them, and when it did.
    tied_to = models.ForeignKey("self", models.SET_NULL, null=True, db_index=False, related_name="visitors")
    tied_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # visitors: some time of the day of their last visit
    # What stays when the activities are too old: domain.touches.document.
    first_touch = models.JSONField(null=True)
    last_touch = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "kind", "value"], name="identity_key")]
        indexes = [
            models.Index(fields=["tied_to"], condition=models.Q(tied_to__isnull=False), name="identity_tied_to"),
            # Read by actions.visitors.drop_strangers.
            models.Index(
                fields=["installation", "seen_at"],
                condition=models.Q(kind="visitor", customer__isnull=True),
                name="identity_stranger",
            ),
        ]

    def claim(self) -> Claim | None:
        """Return whose e-mail this is, as the domain reads it."""
        if self.owner_user_id is None:
            return None
        assert self.owner_updated_at
        assert self.owner_issued_at
        assert self.owner_digest is not None
        return Claim(self.owner_user_id, Version(self.owner_updated_at, self.owner_issued_at, self.owner_digest))


class Account(models.Model):
    """A Saleor user, as last seen."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    user_id = models.TextField()
    identity = models.ForeignKey(Identity, models.CASCADE)
    email = models.TextField()
    is_confirmed = models.BooleanField()
    is_active = models.BooleanField()
    first_name = models.TextField()
    last_name = models.TextField()
    language = models.TextField()
    joined_at = models.DateTimeField()
    metadata = models.JSONField(default=dict)  # {key: text}, of the mapped keys
    deleted_at = models.DateTimeField(null=True)  # final
    updated_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    digest = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "user_id"], name="account_user")]


class EmailClaim(models.Model):
    """That an account once confirmed an e-mail, with the newest snapshot that said so; never taken back.

    ``address_hash`` names the e-mail, also when it has been erased and has no identity any more.
    """

    installation = models.ForeignKey(Installation, models.CASCADE)
    identity = models.ForeignKey(Identity, models.SET_NULL, null=True)
    address_hash = models.TextField()
    user_id = models.TextField()
    updated_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    digest = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "address_hash", "user_id"], name="email_claim_key")
        ]
        # Read when an account is deleted.
        indexes = [models.Index(fields=["installation", "user_id"], name="email_claim_user")]

    def value(self) -> Claim:
        """Return the claim as the domain reads it."""
        return Claim(self.user_id, Version(self.updated_at, self.issued_at, self.digest))


class Separation(models.Model):
    """That staff said an account and an e-mail that it had confirmed are two people, or took that back.

    The row stays when it is taken back: it is also the record of who did so.
    """

    installation = models.ForeignKey(Installation, models.CASCADE)
    claim = models.ForeignKey(EmailClaim, models.CASCADE, related_name="separations")
    separated_by = models.TextField()  # Saleor's id of a staff user
    separated_at = models.DateTimeField()
    rejoined_by = models.TextField(default="")
    rejoined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=models.Q(rejoined_at__isnull=True), name="separation_standing"
            )
        ]
