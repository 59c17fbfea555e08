from django.db import models

from saleor_lifecycle.domain.messages import Purpose

from .installations import Installation


class Plan(models.Model):
    """One message to many: whom it goes to is written down block by block, as queued messages."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    template = models.TextField()
    topic = models.TextField()
    channel = models.TextField()
    purpose = models.TextField(default=Purpose.COMMERCIAL.value)
    after = models.BigIntegerField(null=True, default=0)  # the last customer looked at; null: everybody was
    planned = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField()
    created_at = models.DateTimeField()
