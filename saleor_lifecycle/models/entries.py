import uuid

from django.db import models

from .customers import Customer
from .flows import Flow
from .installations import Installation


class Occasion(models.Model):
    """A moment that will come for a customer, at which a flow lets them in: a date, seen from where it is known."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE, db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE)
    key = models.TextField()  # of the enrollment that it leads to
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "customer"], name="occasion_customer")]
        # Read by actions.entries and by the sweep.
        indexes = [models.Index(fields=["flow", "at"], name="occasion_at")]


class Admission(models.Model):
    """A walk through the customers who are there already, letting in whom a flow's entry filter takes.

    Or setting when a date of theirs will.
    """

    class Kind(models.TextChoices):
        CUSTOMERS = "customers"
        DATES = "dates"

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.TextField(choices=Kind.choices, default=Kind.CUSTOMERS)
    key = models.TextField()  # of the enrollments: a schedule's moment, or this walk's own
    after = models.BigIntegerField(null=True)  # the last customer looked at, from the newest down; null: none yet
    after_at = models.DateTimeField(null=True)  # when that one was lost, of a walk through those who were
    customers = models.PositiveIntegerField(default=0)  # there were so many when it began
    looked_at = models.PositiveIntegerField(default=0)
    admitted = models.PositiveIntegerField(default=0)
    per_hour = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of its next block; empty once it is over
    stopped_at = models.DateTimeField(null=True)  # by staff

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "key"], name="admission_key")]
        # Read by tasks.entries and by the sweep.
        indexes = [
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="admission_due"
            )
        ]


class Tag(models.Model):
    """A name that a customer is on the list of."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False)
    name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="tag_name")]
        indexes = [models.Index(fields=["installation", "name", "customer"], name="tag_customers")]
