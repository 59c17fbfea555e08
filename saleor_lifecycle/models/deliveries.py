from django.db import models

from saleor_lifecycle.domain.delivery import Rules, Source

from .installations import Installation
from .orders import Order


class DeliverySettings(models.Model):
    """How a shop's deliveries are told; there is no row before the merchant has said anything."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    metadata_key = models.TextField(default="delivered_at")  # of fulfilments, else of orders; "": none
    methods = models.JSONField(default=dict)  # {name of the shipping method: working days}
    otherwise = models.PositiveSmallIntegerField(default=Rules().otherwise)  # working days

    def rules(self) -> Rules:
        """Return for how long parcels are on their way."""
        return Rules(self.methods, self.otherwise)


class OrderDelivery(models.Model):
    """When an order was delivered, or will be as far as is known. Once it has come, it stays as it is."""

    order = models.OneToOneField(Order, models.CASCADE, primary_key=True, related_name="delivery")
    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    at = models.DateTimeField()
    source = models.TextField(choices=[(one.value, one.value) for one in Source])
    told_at = models.DateTimeField(null=True)  # the moment that another system has told
    came_at = models.DateTimeField(null=True)  # when it counted as delivered; of what was imported the moment itself

    class Meta:
        # Read by actions.deliveries and by the sweep.
        indexes = [
            models.Index(
                fields=["installation", "at"], condition=models.Q(came_at__isnull=True), name="order_delivery_due"
            )
        ]


class SecondOrderDays(models.Model):
    """After how many days those who order a second time usually do, by what they had ordered first."""

    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    category = models.TextField()  # a slug of the catalogue's root; "": the whole shop
    days = models.FloatField(null=True)  # null: too few have
    customers = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "category"], name="second_order_category")]
