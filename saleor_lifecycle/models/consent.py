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
    at = models.DateTimeField()  # of the snapshot or the click

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "identity", "topic", "channel", "source"], name="consent_source"
            )
        ]

    def value(self) -> ConsentRecord:
        """Return the choice as the domain reads it."""
        return ConsentRecord(Source(self.source), self.is_granted, self.at)


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
