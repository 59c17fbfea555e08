"""Visits that a storefront would tell of."""

from datetime import datetime

from saleor_lifecycle.actions import visitors
from saleor_lifecycle.domain.touches import Touch
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

VISITOR = "8c3a4a52-71bf-4a62-9f4c-0d2f1f8f2b11"


def visit(
    installation: Installation,
    at: datetime,
    source: str = "google",
    user_id: str | None = None,
    visitor: str = VISITOR,
    products: tuple[str, ...] = (),
) -> None:
    """Record a visit at the moment when it happens."""
    with within(installation.pk):
        told = visitors.Visit(visitor, Touch(at, source), products=products)
        assert visitors.record(Installation.objects.select_related("policy").get(), told, user_id, at)
