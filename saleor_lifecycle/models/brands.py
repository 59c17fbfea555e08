from django.db import models

from .installations import Installation


class ChannelBrand(models.Model):
    """What is said otherwise in one of the shop's channels."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    channel = models.TextField()  # its slug at Saleor
    values = models.JSONField(default=dict)  # by the names of Brand's fields; what is not there is Brand's

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "channel"], name="channel_brand")]
