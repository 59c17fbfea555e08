from collections.abc import Mapping

from django.db import models

from saleor_lifecycle.domain.attention import Caps
from saleor_lifecycle.domain.quiet_hours import QuietHours, read_hours

from .installations import Installation


class AttentionSettings(models.Model):
    """How much of its customers' attention a shop takes; there is no row before the merchant has said anything."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    per_day = models.PositiveSmallIntegerField(null=True, default=Caps().day)  # null: any number
    per_week = models.PositiveSmallIntegerField(null=True, default=Caps().week)
    per_month = models.PositiveSmallIntegerField(null=True, default=Caps().month)
    quiet_hours = models.JSONField(default=dict)  # by channel: domain.quiet_hours.hours_document

    def caps(self) -> Caps:
        """Return the caps as the domain reads them."""
        return Caps(self.per_day, self.per_week, self.per_month)

    def hours(self) -> Mapping[str, QuietHours | None]:
        """Return the quiet hours by channel."""
        return read_hours(self.quiet_hours)
