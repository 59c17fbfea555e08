from django.db import models

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
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "key", "language"], name="template_language")]
