"""What rules ask for, read for many customers at once."""

from collections.abc import Collection
from datetime import datetime

from saleor_lifecycle.domain.rule_facts import Facts
from saleor_lifecycle.models import Customer, Installation


def load(
    installation: Installation, customer_ids: Collection[int], needed: Collection[str], now: datetime
) -> dict[int, Facts]:
    """Return the facts of customers."""
    rows = Customer.objects.filter(id__in=customer_ids)
    return {row.pk: Facts(profile=row.profile(), values=_values(row)) for row in rows}


def _values(row: Customer) -> dict[str, str | int | float | bool]:
    return {f"attribute.{name}": one["value"] for name, one in row.attributes.items()}
