from django.db import models

from saleor_lifecycle.domain.consent import ConsentRecord, Source

from .identities import Identity
from .installations import Installation


class Consent(models.Model):
    """A person's choice per topic and channel: the latest word of one source."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    identity = models.ForeignKey(Identity, models.CASCADE)
    topic = models.TextField()  # "" is every topic
    channel = models.TextField()
    source = models.TextField()
    is_granted = models.BooleanField()
    evidence = models.TextField()
    text_hash = models.TextField(default="", db_default="")  # of a ConsentText: what was before the person
    at = models.DateTimeField()  # of the snapshot or the click

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "identity", "topic", "channel", "source"], name="consent_source"
            )
        ]
        # Read when somebody is erased: a text that nobody agreed to any more goes.
        indexes = [
            models.Index(fields=["installation", "text_hash"], condition=~models.Q(text_hash=""), name="consent_text")
        ]

    def value(self) -> ConsentRecord:
        """Return the choice as the domain reads it."""
        return ConsentRecord(Source(self.source), self.is_granted, self.at)


class ConsentText(models.Model):
    """The words that people had before them when they agreed, stored once for all of them."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    hash = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "hash"], name="consent_text_hash")]


class Suppression(models.Model):
    """An address never written to. Only its keyed hash, which outlives erasure."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    channel = models.TextField()
    address_hash = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "channel", "address_hash"], name="suppression_address")
        ]
        # Read by actions.suppressions.page.
        indexes = [models.Index(fields=["installation", "channel", "-at", "-id"], name="suppression_at")]


class SuppressionLift(models.Model):
    """That staff let an address be written to again; the record of who did so."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    channel = models.TextField()
    address_hash = models.TextField()
    reason = models.TextField()  # for which it had been suppressed
    suppressed_at = models.DateTimeField()
    lifted_by = models.TextField()  # Saleor's id of a staff user
    lifted_at = models.DateTimeField()
    note = models.TextField()
