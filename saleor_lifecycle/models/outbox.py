from django.db import models

from .installations import Installation
from .webhook_endpoints import WebhookEndpoint


class Outbox(models.Model):
    """Something to be told to another system, under a key of its own, until it is done."""

    class Kind(models.TextChoices):
        PROJECTION = "projection"  # key: the customer's id
        # Key: what happened, and to whom; what is told stands in ``written``. Then a row for each endpoint, with its id
        # before that, and none where nobody asked for it.
        WEBHOOK = "webhook"
        STAFF = "staff"  # key: the step of a flow that asks for it, and of whom; the mail's words in ``written``
        VOUCHER = "voucher"  # key: the id of a code pool, whose voucher the shop is to have as it stands here
        PROBLEM = "problem"  # key: domain.problems; what staff shall read in ``written``, nothing where it is over

    installation = models.ForeignKey(Installation, models.CASCADE)
    kind = models.TextField(choices=Kind.choices)
    key = models.TextField()
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, null=True)  # of a webhook's row, once it has one
    version = models.PositiveIntegerField(default=0)  # moves when the row is asked for again meanwhile
    written = models.JSONField(default=dict)  # what the other side holds: only changes go out
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    due_at = models.DateTimeField(null=True)  # empty once it is done
    record = models.TextField(default="")  # the Saleor user that ``written`` stands at
    record_updated_at = models.DateTimeField(null=True)  # its updatedAt when we last knew what stands there
    repaired = models.TextField(default="")  # the value that was written once more after an edit
    edited_at = models.DateTimeField(null=True)  # a second edit of the same value, which stays

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "kind", "key"], name="outbox_key")]
        indexes = [
            # Read by actions.outbox.lease and by the sweep. With the kind, or right after a million rows were asked for
            # the planner, which does not know of them yet, goes by the key and reads and sorts them all.
            models.Index(
                fields=["installation", "kind", "due_at"], condition=models.Q(due_at__isnull=False), name="outbox_due"
            ),
            # Read where a merchant is told of records that staff have edited.
            models.Index(
                fields=["installation", "edited_at"], condition=models.Q(edited_at__isnull=False), name="outbox_edited"
            ),
        ]
