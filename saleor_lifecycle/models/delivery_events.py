from django.db import models

from saleor_lifecycle.domain.delivery_events import EventKind, Verdict

from .installations import Installation
from .messages import Message

CLICK = {"provider": "", "kind": EventKind.CLICKED.value, "verdict": Verdict.HUMAN.value}
"""What counts as a click: of each message the first, whenever its person followed a link."""


class DeliveryEvent(models.Model):
    """What became of a message after it left, each told once: by its provider, or by a link of it that was followed.

    Nothing says who told it: no address of a person or of a machine, and no agent; only what was seen in them.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, db_index=False, related_name="delivery_events")
    provider = models.TextField()  # "": our own links
    key = models.TextField()  # what makes a repeated one the same
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in EventKind])
    reason = models.TextField(default="")  # of a bounce or a rejection, anymail's word; of a scanner, its sign
    detail = models.TextField(default="")  # what the receiving server said
    is_permanent = models.BooleanField(null=True)  # of bounces
    link = models.PositiveSmallIntegerField(null=True)  # of our clicks: which of ``links``, from 0
    links = models.PositiveSmallIntegerField(null=True)
    traits = models.JSONField(default=list)  # of clicks and openings: domain.scanners.Trait
    verdict = models.TextField(default="", choices=[(verdict.value, verdict.value) for verdict in Verdict])
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when who it was is judged; empty once it is

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "provider", "key"], name="delivery_event_key"),
        ]
        indexes = [
            models.Index(fields=["message", "occurred_at"], name="delivery_event_message"),
            # Read by actions.clicks.claim and by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="delivery_event_due"
            ),
            # Read by actions.delivery_events.expire.
            models.Index(fields=["installation", "occurred_at"], name="delivery_event_age"),
        ]


class ProviderWebhook(models.Model):
    """How a provider's reports to an installation prove that they are the provider's."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    provider = models.TextField()
    secrets = models.BinaryField()  # sealed: actions.provider_webhooks
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when it last told of something, to the hour

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "provider"], name="provider_webhook_provider")]
