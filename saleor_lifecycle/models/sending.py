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
    paused_at = models.DateTimeField(null=True)  # since then nothing commercial leaves; service messages do
    pause_reason = models.TextField(default="")  # domain.deliverability.Harm
    is_warming_up = models.BooleanField(default=False)  # domain.warm_up limits each day, until its plan is through
    warm_up_on = models.DateField(null=True)  # its first day, the one of the first message
    warmed_on = models.DateField(null=True)  # the day (UTC) of which ``warmed`` messages have taken their place
    warmed = models.PositiveIntegerField(default=0)
    commercial_at = models.DateTimeField(null=True)  # nothing commercial leaves before: the day's places are taken

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "channel"], name="sending_channel")]
