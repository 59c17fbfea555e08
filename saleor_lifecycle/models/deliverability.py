from django.db import models

from .installations import Installation


class SenderDomain(models.Model):
    """A domain that an installation writes from, and what DNS said of it when it was last asked."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    domain = models.TextField()
    provider = models.TextField(default="")  # by anymail's name, when it was last checked
    selectors = models.JSONField(default=list)  # below which keys stand, where the merchant has said so
    findings = models.JSONField(default=list)  # of domain.sender_records.Finding, as texts and numbers
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when it is checked again

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "domain"], name="sender_domain")]
        indexes = [
            # Read by actions.sender_domains.take_due and by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="sender_domain_due"
            ),
        ]


class SendingDay(models.Model):
    """How many messages left on one day (UTC) on one channel, and what became of messages on it.

    What was forgiven, when staff ended a pause, is not judged again.
    """

    installation = models.ForeignKey(Installation, models.CASCADE)
    channel = models.TextField()
    day = models.DateField()
    sent = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)  # messages, for good
    complained = models.PositiveIntegerField(default=0)  # messages
    forgiven_sent = models.PositiveIntegerField(default=0)
    forgiven_bounced = models.PositiveIntegerField(default=0)
    forgiven_complained = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "channel", "day"], name="sending_day")]
