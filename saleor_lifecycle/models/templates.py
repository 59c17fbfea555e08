from django.db import models

from saleor_lifecycle.domain.messages import Context, Purpose

from .installations import Installation


class Template(models.Model):
    """A message's form in one language: its MJML, and what that was compiled to when it was saved."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    key = models.TextField()
    language = models.TextField()
    subject = models.TextField()
    mjml = models.TextField()
    html = models.TextField()
    text = models.TextField()
    context = models.TextField(default=Context.CART.value)
    purpose = models.TextField(default=Purpose.COMMERCIAL.value)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "key", "language"], name="template_language")]
