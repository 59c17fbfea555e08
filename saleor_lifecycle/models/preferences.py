from django.db import models

from saleor_lifecycle.domain import preferences

from .identities import Identity
from .installations import Installation


class Preference(models.Model):
    """How somebody wants to be written to, said through one of their identities."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    identity = models.ForeignKey(Identity, models.CASCADE)
    frequency = models.TextField(default=preferences.Frequency.ALL.value)
    paused_until = models.DateTimeField(null=True)
    is_personalised = models.BooleanField(null=True)  # null: never asked
    language = models.TextField(default="")  # BCP-47; "" as the shop knows it
    text_hash = models.TextField(default="")  # of a ConsentText: what was before them when they agreed to be tracked
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "identity"], name="preference_identity")]

    def value(self) -> preferences.Preferences:
        """Return it as the domain reads it."""
        return preferences.Preferences(
            preferences.Frequency(self.frequency), self.paused_until, self.is_personalised, self.language
        )
