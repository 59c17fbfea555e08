# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""How lists are sorted: by the times of our records, in either direction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import graphene
from graphql import GraphQLError

from .enums import CheckoutSortField, OrderDirection, OrderSortField, UserSortField, plain


class UserSortingInput(graphene.InputObjectType):
    direction = OrderDirection(required=True)
    field = UserSortField(required=True)


class OrderSortingInput(graphene.InputObjectType):
    direction = OrderDirection(required=True)
    field = OrderSortField(required=True)


class CheckoutSortingInput(graphene.InputObjectType):
    direction = OrderDirection(required=True)
    field = CheckoutSortField(required=True)


@dataclass(frozen=True, slots=True)
class Sort:
    """By which of a record's times a list is sorted; rows of the same time by their id."""

    field: str
    is_descending: bool = False

    def place(self, row: Any) -> list[str]:
        return [getattr(row, self.field).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), row.id]

    def is_behind(self, row: Any, place: Sequence[str]) -> bool:
        here = self.place(row)
        return here < list(place) if self.is_descending else here > list(place)


def sort_of(given: Any, fields: Mapping[str, str]) -> Sort | None:
    """What a sorting input asks for; ``fields`` are those of Saleor's that are times of our records."""
    if not given:
        return None
    field, direction = plain(given["field"]), plain(given["direction"])
    if field not in fields:
        raise GraphQLError(f"The sandbox does not sort by {field}.")
    return Sort(fields[field], direction == "DESC")
