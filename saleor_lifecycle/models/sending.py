from django.db import models

from .installations import Installation


class SendingChannel(models.Model):
    """How one channel of an installation sends: whether at all, and how fast. Without a row: at once, without limit."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    channel = models.TextField()
    off_at = models.DateTimeField(null=True)
    off_reason = models.TextField(default="")  # "merchant", or what else switched it off
    per_minute = models.PositiveIntegerField(null=True)  # messages, at most, by all workers; null: no limit of ours
    free_at = models.DateTimeField(null=True)  # nothing leaves before: the pace, or a rest after trouble
    failures = models.PositiveSmallIntegerField(default=0)  # of the provider, in a row
    trouble = models.TextField(default="")  # the last of them, in words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "channel"], name="sending_channel")]
