from django.db import models

from .installations import Installation


class Erasure(models.Model):
    """A text of an erased person that is still to be looked for in stored bodies; the row goes when that is done."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    text = models.TextField()  # an e-mail, or the id of an account or a checkout
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "text"], name="erasure_text")]
