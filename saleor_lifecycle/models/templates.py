from django.db import models

from saleor_lifecycle.domain.messages import Context, Purpose

from .installations import Installation


class Template(models.Model):
    """A message's form: what it is for, and what its words may name."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    key = models.TextField()
    name = models.TextField(default="")  # for staff
    context = models.TextField(default=Context.CART.value)
    purpose = models.TextField(default=Purpose.COMMERCIAL.value)
    placement = models.TextField(default="", db_default="")  # where on the site it stands; "": anywhere
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "key"], name="template_key")]


class TemplateVersion(models.Model):
    """A template's words in one language, and what the MJML was compiled to; immutable (the app's role may not update
    it)."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    template = models.ForeignKey(Template, models.CASCADE, related_name="versions")
    language = models.TextField()
    number = models.PositiveIntegerField()
    subject = models.TextField()
    mjml = models.TextField()
    html = models.TextField()
    text = models.TextField()
    short_text = models.TextField(default="", db_default="")  # what channels without room for a mail say
    is_text_made = models.BooleanField(default=False)  # from the MJML, because nobody wrote one
    saved_at = models.DateTimeField()
    saved_by = models.TextField(default="")  # a staff member's id at Saleor; "" for a ready one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "language", "number"], name="template_version_number")
        ]


class TemplateVariant(models.Model):
    """Which version of a template speaks a language."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    template = models.ForeignKey(Template, models.CASCADE, related_name="variants")
    language = models.TextField()
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "language"], name="template_variant_language")]
