from collections.abc import Mapping

from django.db import models

from saleor_lifecycle.domain.legal_basis import SoftOptIn, read_rules
from saleor_lifecycle.domain.topics import READY, Topic, read_topics

from .installations import Installation


class ConsentSettings(models.Model):
    """What a merchant says of consent; there is no row before they have said anything."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    topics = models.JSONField(null=True)  # domain.topics.topics_document; null: the ready ones
    soft_opt_in = models.JSONField(default=dict)  # by country: domain.legal_basis.rules_document
    is_tracking_default = models.BooleanField(default=False)  # of those who were never asked

    def topic_list(self) -> tuple[Topic, ...]:
        """Return the topics, also those that are offered to nobody any more."""
        return READY if self.topics is None else read_topics(self.topics)

    def rules(self) -> Mapping[str, SoftOptIn]:
        """Return where orders stand in for consent."""
        return read_rules(self.soft_opt_in)
