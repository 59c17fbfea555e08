# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Types that belong to no noun: money, metadata, pages of a list, pictures, filters."""

import base64
import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import graphene
from graphql import GraphQLError, Undefined

from ..actors import PermissionDenied
from ..catalogue import CURRENCY
from ..metadata import private_permission
from ..records import User
from .context import context
from .sorting import Sort

_PAGE = 100


class CountryDisplay(graphene.ObjectType):
    code = graphene.String(required=True)
    country = graphene.String(required=True)


class Address(graphene.ObjectType):
    """Nobody gives one here: the sandbox ships nothing."""

    postal_code = graphene.String(required=True)
    country = graphene.Field(CountryDisplay, required=True)


class Addressed:
    """What is shipped somewhere and paid from somewhere."""

    shipping_address = graphene.Field(Address)
    billing_address = graphene.Field(Address)


class PositiveDecimal(graphene.Scalar):
    """A decimal that is not below zero."""

    @staticmethod
    def parse_value(value: Any) -> Any:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return Undefined
        return number if number >= 0 else Undefined

    @staticmethod
    def parse_literal(node: Any, variables: Any = None) -> Any:
        return PositiveDecimal.parse_value(getattr(node, "value", None))

    @staticmethod
    def serialize(value: Decimal) -> float:
        return float(value)


class Node(graphene.Interface):
    id = graphene.ID(required=True)

    @classmethod
    def resolve_type(cls, root: Any, info: Any) -> Any:
        return type_of(root, info)


def type_of(record: Any, info: Any) -> Any:
    """The GraphQL type of a record: they have the same names."""
    return info.schema.get_type(type(record).__name__).graphene_type


class MetadataItem(graphene.ObjectType):
    key = graphene.String(required=True)
    value = graphene.String(required=True)


class MetadataInput(graphene.InputObjectType):
    key = graphene.String(required=True)
    value = graphene.String(required=True)


class ObjectWithMetadata(graphene.Interface):
    private_metadata = graphene.List(graphene.NonNull(MetadataItem), required=True)
    metadata = graphene.List(graphene.NonNull(MetadataItem), required=True)

    @classmethod
    def resolve_type(cls, root: Any, info: Any) -> Any:
        return type_of(root, info)

    @staticmethod
    def resolve_metadata(root: Any, info: Any) -> list[dict[str, str]]:
        return [{"key": key, "value": value} for key, value in root.metadata.items()]

    @staticmethod
    def resolve_private_metadata(root: Any, info: Any) -> list[dict[str, str]]:
        asking = context(info)
        if isinstance(root, User) and asking.shop.get(User, root.id) is None:
            raise PermissionDenied()  # on a deletion, so that the whole user is null: seen on a real Saleor
        if asking.actor.app is None or asking.actor.app.id != root.id:
            asking.actor.require(private_permission(root))
        return [{"key": key, "value": value} for key, value in root.private_metadata.items()]


def items(given: Sequence[Any] | None) -> dict[str, str]:
    """Metadata inputs as a mapping."""
    return {item.key: item.value for item in given or ()}


class Money(graphene.ObjectType):
    currency = graphene.String(required=True)
    amount = graphene.Float(required=True)


class TaxedMoney(graphene.ObjectType):
    currency = graphene.String(required=True)
    gross = graphene.Field(Money, required=True)
    net = graphene.Field(Money, required=True)
    tax = graphene.Field(Money, required=True)


def money(amount: Decimal) -> dict[str, Any]:
    return {"currency": CURRENCY, "amount": float(amount)}


def taxed(amount: Decimal) -> dict[str, Any]:
    """A gross price; this shop's goods are free of tax."""
    return {"currency": CURRENCY, "gross": money(amount), "net": money(amount), "tax": money(Decimal(0))}


class Image(graphene.ObjectType):
    url = graphene.String(required=True)
    alt = graphene.String()


class DateTimeRangeInput(graphene.InputObjectType):
    gte = graphene.DateTime()
    lte = graphene.DateTime()


class DateRangeInput(graphene.InputObjectType):
    gte = graphene.Date()
    lte = graphene.Date()


class GlobalIDFilterInput(graphene.InputObjectType):
    eq = graphene.ID()
    one_of = graphene.List(graphene.NonNull(graphene.ID))


class StringFilterInput(graphene.InputObjectType):
    eq = graphene.String()
    one_of = graphene.List(graphene.NonNull(graphene.String))


class MetadataValueFilterInput(graphene.InputObjectType):
    eq = graphene.String()
    one_of = graphene.List(graphene.NonNull(graphene.String))


class MetadataFilterInput(graphene.InputObjectType):
    key = graphene.String(required=True)
    value = MetadataValueFilterInput()


def within(value: Any, wanted: Any) -> bool:
    """Whether a value passes a range or an eq/oneOf filter; no filter lets everything through."""
    if wanted is None:
        return True
    if isinstance(wanted, DateTimeRangeInput | DateRangeInput) or "gte" in wanted or "lte" in wanted:
        return not (wanted.get("gte") and value < wanted["gte"]) and not (wanted.get("lte") and value > wanted["lte"])
    return ("eq" not in wanted or value == wanted["eq"]) and (
        "one_of" not in wanted or value in (wanted["one_of"] or ())
    )


def has_metadata(metadata: Any, wanted: Any) -> bool:
    if wanted is None:
        return True
    value = metadata.get(wanted["key"])
    return value is not None and (not wanted.get("value") or within(value, wanted["value"]))


class PageInfo(graphene.ObjectType):
    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


def connection(node: Any) -> Any:
    """``<Node>CountableConnection`` with its edge."""
    name = node._meta.name
    edge = type(
        f"{name}CountableEdge",
        (graphene.ObjectType,),
        {"node": graphene.Field(node, required=True), "cursor": graphene.String(required=True)},
    )
    return type(
        f"{name}CountableConnection",
        (graphene.ObjectType,),
        {
            "page_info": graphene.Field(PageInfo, required=True),
            "edges": graphene.List(graphene.NonNull(edge), required=True),
            "total_count": graphene.Int(),
        },
    )


PAGING = {"first": graphene.Int(), "after": graphene.String()}


def page(
    rows: Sequence[Any], name: str, first: int | None, after: str | None, sort: Sort | None = None
) -> dict[str, Any]:
    """One page of the rows, at most 100, as in Saleor: sorted, or in their order if they are to be in none.

    A sorted list goes on behind what its cursor says, whether or not that row is still there.
    """
    if first is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise GraphQLError(message)
    if first > _PAGE:
        limit = f"exceeds the `first` limit of {_PAGE} records."
        raise GraphQLError(f"Requesting {first} records on the `{name}` connection {limit}")
    place = _place(after)
    if sort is None:
        start = next((n for n, row in enumerate(rows, 1) if [row.id] == place), 0)
    else:
        rows = sorted(rows, key=sort.place, reverse=sort.is_descending)
        start = sum(not sort.is_behind(row, place) for row in rows) if place else 0
    shown = rows[start : start + first]
    cursors = [_cursor(sort.place(row) if sort else [row.id]) for row in shown]
    info = {
        "has_next_page": start + first < len(rows),
        "has_previous_page": start > 0,
        "start_cursor": cursors[0] if cursors else None,
        "end_cursor": cursors[-1] if cursors else None,
    }
    edges = [{"node": row, "cursor": cursor} for row, cursor in zip(shown, cursors, strict=True)]
    return {"page_info": info, "edges": edges, "total_count": len(rows)}


def _cursor(place: Sequence[str]) -> str:
    return base64.b64encode(json.dumps(list(place)).encode()).decode()


def _place(cursor: str | None) -> list[str]:
    if not cursor:
        return []
    try:
        return [str(part) for part in json.loads(base64.b64decode(cursor, validate=True))]
    except (ValueError, TypeError):
        raise GraphQLError("Received cursor is invalid.") from None
