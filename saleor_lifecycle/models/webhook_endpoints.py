import uuid

from django.db import models

from .installations import Installation


class WebhookEndpoint(models.Model):
    """An address of the merchant's own, told of what happens to their customers; signed as Standard Webhooks says."""

    class Off(models.TextChoices):
        MERCHANT = "merchant"
        FAILING = "failing"  # it took nothing for days
        GONE = "gone"  # it answered 410: it wants no more

    installation = models.ForeignKey(Installation, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    url = models.TextField()
    events = models.JSONField(default=list)  # domain.webhooks.WebhookEvent
    secret = models.BinaryField()  # sealed
    former_secret = models.BinaryField(null=True)  # sealed; signs as well, until then
    former_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True)
    off_reason = models.TextField(default="", choices=Off.choices)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    free_at = models.DateTimeField(null=True)  # nothing is delivered before: a rest after trouble
    trouble = models.TextField(default="")  # the last of it, in words
    served_at = models.DateTimeField(null=True)  # when it last took something
    lost = models.PositiveIntegerField(default=0)  # events that were given up

    class Meta:
        constraints = [
            # Of a message there is one receiver, or it would be said twice.
            models.UniqueConstraint(
                fields=["installation"],
                condition=models.Q(events__contains=["message.send"]),
                name="webhook_endpoint_of_messages",
            ),
        ]
        indexes = [models.Index(fields=["installation", "id"], name="webhook_endpoint_installation")]
