from django.db import models

from .installations import Installation


class Activity(models.Model):
    """What no other row says of a visitor or a customer: a visit to the storefront, a product looked at.

    Partitioned by month of ``occurred_at``; tasks.upkeep makes the months and drops them. No foreign key leads away
    from here or here: ``identity_id`` is an identity's, and whoever deletes one deletes its activities.
    """

    class Kind(models.TextChoices):
        VISIT = "visit"
        PRODUCT_VIEWED = "product_viewed"

    pk = models.CompositePrimaryKey("installation", "occurred_at", "key")
    installation = models.ForeignKey(Installation, models.CASCADE, db_constraint=False, db_index=False)
    occurred_at = models.DateTimeField()
    key = models.TextField()  # with the moment: what makes a repeated one the same
    identity_id = models.BigIntegerField()
    kind = models.TextField(choices=Kind.choices)
    reference = models.TextField(default="")  # a product's id
    data = models.JSONField(default=dict)  # visits: {"path": ..., "touch": domain.touches.document}

    class Meta:
        indexes = [
            # Read by models.timeline.
            models.Index(fields=["installation", "identity_id", "occurred_at"], name="activity_identity")
        ]
