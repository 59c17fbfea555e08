"""The catalogue: the newest snapshot of each product, and which product a variant is of."""

from collections.abc import Iterable
from datetime import datetime

from saleor_lifecycle.domain.facts import ProductFact
from saleor_lifecycle.models import Product, Variant
from saleor_lifecycle.models.sets import upsert


def save(installation_id: int, facts: Iterable[ProductFact]) -> None:
    """Store the newest snapshot of each product; one that was missing is there again."""
    newest: dict[str, ProductFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.version):
        newest[fact.product_id] = fact
    if not newest:
        return
    rows = [
        {
            "installation_id": installation_id,
            "product_id": fact.product_id,
            "name": fact.name,
            "slug": fact.slug,
            "category": fact.category,
            "collections": list(fact.collections),
            "removed_at": None,
            "updated_at": fact.version.updated_at,
            "issued_at": fact.version.issued_at,
            "digest": fact.version.digest,
        }
        for fact in newest.values()
    ]
    upsert(Product, rows, key=("installation_id", "product_id"))
    numbers = dict(Product.objects.filter(product_id__in=newest).values_list("product_id", "id"))
    Variant.objects.bulk_create(
        [
            Variant(installation_id=installation_id, variant_id=variant, product_id=numbers[fact.product_id])
            for fact in newest.values()
            for variant in fact.variants
        ],
        ignore_conflicts=True,  # a variant never changes its product
    )


def mark_removed(installation_id: int, seen_since: datetime, now: datetime) -> None:
    """Mark the products that a reading of all, begun then, did not find."""
    missing = Product.objects.filter(installation_id=installation_id, issued_at__lt=seen_since, removed_at=None)
    missing.update(removed_at=now)
