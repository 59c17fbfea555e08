from django.db import models

from .installations import Installation


class Product(models.Model):
    """A Saleor product, as last seen. Where it is published, price and stock are asked for when an offer is made."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    product_id = models.TextField()
    name = models.TextField()
    slug = models.TextField()
    category = models.TextField(default="")  # slugs from the root on, "home/kitchen/mugs"; "" for none
    collections = models.JSONField(default=list)  # slugs
    removed_at = models.DateTimeField(null=True)  # when it was missing among all of the shop's
    updated_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    digest = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "product_id"], name="product_key")]


class Variant(models.Model):
    """Which product a variant is of. It stays when the variant goes: orders name it."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    variant_id = models.TextField()
    product = models.ForeignKey(Product, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "variant_id"], name="variant_key")]
