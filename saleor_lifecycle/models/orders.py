from django.db import models

from .identities import Identity
from .installations import Installation


class Order(models.Model):
    """A placed Saleor order, as last seen."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    order_id = models.TextField()
    number = models.TextField()
    identity = models.ForeignKey(Identity, models.CASCADE, null=True)
    checkout_id = models.TextField(null=True)
    channel = models.TextField()
    language = models.TextField()
    country = models.TextField(default="", db_default="")  # ISO 3166 alpha-2 of the shipping, else billing address
    zone = models.TextField(default="", db_default="")  # IANA, as its postcode says; "" where the country has to do
    status = models.TextField()
    charge_status = models.TextField()
    origin = models.TextField()
    total = models.DecimalField(max_digits=20, decimal_places=3)
    charged = models.DecimalField(max_digits=20, decimal_places=3)
    refunded = models.DecimalField(max_digits=20, decimal_places=3)
    currency = models.TextField()
    voucher_code = models.TextField(default="", db_default="")  # with which it was placed
    lines = models.JSONField(null=True)  # [[variant id, quantity], ...]; null until a snapshot tells them
    shipping_method = models.TextField(null=True)  # its name; null until a snapshot tells it
    stated_at = models.DateTimeField(null=True)  # when its metadata says that it is delivered
    created_at = models.DateTimeField()
    metadata = models.JSONField(default=dict)  # {key: text}, of the mapped keys
    anonymised_at = models.DateTimeField(null=True)  # when the shop had put a placeholder in its e-mail's place
    updated_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    digest = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "order_id"], name="order_key")]
        indexes = [
            models.Index(fields=["identity"], name="order_identity"),
            models.Index(
                fields=["installation", "checkout_id"],
                condition=models.Q(checkout_id__isnull=False),
                name="order_checkout",
            ),
        ]


class Fulfillment(models.Model):
    """A shipment, as last seen. Saleor knows no "delivered": models.deliveries."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    fulfillment_id = models.TextField()
    order_id = models.TextField()  # Saleor's; the order's row may come later
    status = models.TextField()
    stated_at = models.DateTimeField(null=True)  # when its metadata says that it is delivered
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    digest = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "fulfillment_id"], name="fulfillment_key")]
        # Read by actions.rule_facts.
        indexes = [models.Index(fields=["installation", "order_id"], name="fulfillment_order")]
