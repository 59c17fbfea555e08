import uuid

from django.db import models

from saleor_lifecycle.domain.facts import Version
from saleor_lifecycle.domain.offers import CartFacts, OfferLine

from .identities import Identity
from .installations import Installation


class Cart(models.Model):
    """A Saleor checkout, as last seen. ``checkout_id`` is a bearer secret: it never goes into a mail or a log."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    checkout_id = models.TextField()
    identity = models.ForeignKey(Identity, models.CASCADE, null=True)  # nobody's until it has an account or an e-mail
    email = models.TextField(null=True)
    channel = models.TextField(default="")
    language = models.TextField(default="en")
    country = models.TextField(default="", db_default="")  # ISO 3166 alpha-2 of the shipping, else billing address
    zone = models.TextField(default="", db_default="")  # IANA, as its postcode says; "" where the country has to do
    lines = models.JSONField(default=list)  # [[variant id, quantity], ...]
    lines_hash = models.TextField(default="")  # "" when empty
    sightings = models.JSONField(default=list)  # [[moment, hash], ...]: domain.carts.observe
    changed_at = models.DateTimeField(null=True)  # when the lines became what they are
    is_being_paid = models.BooleanField(default=False)
    voucher_code = models.TextField(default="", db_default="")  # that is in it, of whatever voucher
    touch = models.JSONField(default=dict)  # domain.touches.document; empty when its metadata says nothing
    ordered_at = models.DateTimeField(null=True)  # final
    created_at = models.DateTimeField(null=True)
    metadata = models.JSONField(default=dict)  # {key: text}, of the mapped keys
    idle_at = models.DateTimeField(null=True)  # when a flow wants to look at it next; empty: none does
    updated_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    digest = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "checkout_id"], name="cart_checkout")]
        indexes = [
            # Read by actions.cart_entries and by the sweep.
            models.Index(
                fields=["installation", "idle_at"], condition=models.Q(idle_at__isnull=False), name="cart_idle"
            ),
            models.Index(fields=["identity"], name="cart_identity"),
            # Read by actions.activities.keep_touches.
            models.Index(fields=["installation", "created_at"], condition=~models.Q(touch={}), name="cart_touch"),
        ]

    def version(self) -> Version | None:
        """Return how new the stored snapshot is; None when only the checkout's id is known."""
        if self.updated_at is None or self.issued_at is None or self.digest is None:
            return None
        return Version(self.updated_at, self.issued_at, self.digest)

    def facts(self) -> CartFacts | None:
        """Return the cart as an offer may be made of it; None when only the checkout's id is known."""
        if self.changed_at is None:
            return None
        return CartFacts(
            key=str(self.public_id),
            channel=self.channel,
            language=self.language,
            lines=tuple(OfferLine(variant_id, quantity) for variant_id, quantity in self.lines),
            changed_at=self.changed_at,
            is_being_paid=self.is_being_paid,
            is_ordered=self.ordered_at is not None,
        )
