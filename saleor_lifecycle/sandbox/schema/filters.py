# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Saleor's older filters of lists, as far as the sandbox knows them: by metadata and by when they changed."""

from collections.abc import Iterable
from typing import Any

import graphene

from .shared import DateRangeInput, DateTimeRangeInput


class MetadataFilter(graphene.InputObjectType):
    key = graphene.String(required=True)
    value = graphene.String()


class CustomerFilterInput(graphene.InputObjectType):
    updated_at = DateTimeRangeInput()
    metadata = graphene.List(graphene.NonNull(MetadataFilter))


class OrderFilterInput(graphene.InputObjectType):
    updated_at = DateTimeRangeInput()
    metadata = graphene.List(graphene.NonNull(MetadataFilter))


class CheckoutFilterInput(graphene.InputObjectType):
    updated_at = DateRangeInput()
    metadata = graphene.List(graphene.NonNull(MetadataFilter))


def filtered(records: Iterable[Any], given: Any) -> list[Any]:
    """Return the records that have each of the keys, with its value where one is named."""
    wanted = (given or {}).get("metadata") or ()
    return [one for one in records if all(_has(one.metadata, each) for each in wanted)]


def _has(metadata: Any, wanted: Any) -> bool:
    held = metadata.get(wanted["key"])
    return held is not None and wanted.get("value") in (None, "", held)
