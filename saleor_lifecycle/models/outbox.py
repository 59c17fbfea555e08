from django.db import models

from .installations import Installation


class Outbox(models.Model):
    """Something to be told to another system, under a key of its own, until it is done."""

    class Kind(models.TextChoices):
        PROJECTION = "projection"  # key: the customer's id

    installation = models.ForeignKey(Installation, models.CASCADE)
    kind = models.TextField(choices=Kind.choices)
    key = models.TextField()
    version = models.PositiveIntegerField(default=0)  # moves when the row is asked for again meanwhile
    written = models.JSONField(default=dict)  # what the other side holds: only changes go out
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    due_at = models.DateTimeField(null=True)  # empty once it is done

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "kind", "key"], name="outbox_key")]
        indexes = [
            # Read by actions.outbox.lease and by the sweep.
            models.Index(fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="outbox_due")
        ]
